"""A URI from standard input, which is neither on a command line nor in an environment."""

import getpass
import sys
import warnings

from kvs_edge_gitops.errors import UsageError

_MAX_CHARACTERS = 65_536


def read_uri() -> str:
    """Return the URI on standard input, without its line end; at a terminal, ask for it without showing it.

    Raises:
        UsageError: There is none, or more than one.
    """
    text = _ask() if sys.stdin.isatty() else sys.stdin.read(_MAX_CHARACTERS)
    uri = text.removesuffix("\n").removesuffix("\r")
    if not uri:
        raise UsageError("--uri-from-stdin: there is no URI on standard input")
    if "\n" in uri or len(text) == _MAX_CHARACTERS:
        raise UsageError("--uri-from-stdin: standard input is more than one line: pass one URI")
    return uri


def _ask() -> str:
    try:
        with warnings.catch_warnings():
            # Without control of the terminal, getpass warns and then reads the password in sight of all.
            warnings.simplefilter("error", getpass.GetPassWarning)
            return getpass.getpass("RTSP URI (not shown): ", sys.stderr)
    except (EOFError, getpass.GetPassWarning):
        raise UsageError("--uri-from-stdin: the terminal cannot hide what is typed: pass the URI by a pipe") from None
