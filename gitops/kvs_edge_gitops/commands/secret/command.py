"""Arguments and run of `kvs-edge secret`."""

import argparse
import sys

from kvs_edge_gitops.arguments import add_references, add_targets, references, targets
from kvs_edge_gitops.aws.arguments import Settings, add_aws
from kvs_edge_gitops.exit_codes import AWS_FAILED, FINDINGS, OK


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_targets(parser, is_required=False)
    parser.add_argument("--format", choices=("text", "json"), default="text", help="default: text")
    add_references(parser)
    add_aws(parser)
    parser.epilog = (
        "exit codes: 0 no errors; 1 a hub cannot use a secret; 2 wrong usage, a stream that is not declared, or files"
        " that cannot be read or have errors; 3 an AWS request failed, such as for a secret that you may not read"
    )


def run(options: argparse.Namespace) -> int:
    """Read and judge the secrets; write the issues to standard output."""
    from kvs_edge_gitops.aws.access import Aws
    from kvs_edge_gitops.commands.secret.reading import judge, streams_of
    from kvs_edge_gitops.commands.secret.renderings import json, text
    from kvs_edge_gitops.state import desired
    from kvs_edge_gitops.terminal import Progress

    names, paths = targets(options)
    progress, given = Progress(), references(options)
    try:
        aws = Aws(Settings.of(options))
        streams = streams_of(names, desired.resolve(desired.read(paths, progress, given), aws, given))
        secrets = judge(streams, aws, lambda done: progress.show("reading secrets", done, len(streams)))
    finally:
        progress.clear()
    if any(secret.failure is not None for secret in secrets):
        code = AWS_FAILED
    else:
        code = FINDINGS if any(secret.has_error for secret in secrets) else OK
    (json if options.format == "json" else text).write(secrets, code, sys.stdout)
    return code
