"""Arguments and run of `kvs-edge explain`."""

import argparse
import shutil
import sys

from kvs_edge_gitops.errors import UsageError
from kvs_edge_gitops.exit_codes import OK


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument(
        "codes", nargs="*", metavar="CODE", help="the code of a finding, a fault, a failure reason or a problem"
    )
    parser.add_argument("--list", action="store_true", help="list all codes, with their summaries")
    parser.epilog = "exit codes: 0 printed; 2 wrong usage, or an unknown code"


def run(options: argparse.Namespace) -> int:
    """Print the page of each code, or the list of codes."""
    from kvs_edge_gitops.commands.explain.markdown import as_text
    from kvs_edge_gitops.commands.explain.pages import Pages
    from kvs_edge_gitops.terminal import Paint
    from kvs_edge_preflight.suggestions import did_you_mean

    if options.list == bool(options.codes):
        raise UsageError("explain takes either CODE or --list")
    pages = Pages.installed()
    if options.list:
        sys.stdout.writelines(f"{line}\n" for line in pages.listing())
        return OK
    # A code may be pasted with the colon that follows it in a message.
    codes = [code.strip(":, ") for code in options.codes]
    for code in codes:
        if pages.find(code) is None:
            hint = did_you_mean(code, pages.codes) or "; kvs-edge explain --list shows all codes"
            raise UsageError(f"{code!r:.80} is not a code{hint}")
    width, paint = min(shutil.get_terminal_size().columns, 100), Paint(sys.stdout)
    texts = ("\n".join(as_text(pages.find(code) or "", width, paint)) for code in codes)
    sys.stdout.write("\n\n".join(texts) + "\n")
    return OK
