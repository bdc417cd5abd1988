"""The loop of --watch."""

from collections.abc import Callable
from datetime import datetime
from typing import NoReturn

from kvs_edge_gitops.aws.failures import is_throttling, is_transient
from kvs_edge_gitops.checks.fleet.snapshot import Snapshot
from kvs_edge_gitops.commands.status.renderings.view import View
from kvs_edge_gitops.errors import AwsError


def watch(
    take: Callable[[], Snapshot],
    view: View,
    seconds: float,
    now: Callable[[], datetime],
    sleep: Callable[[float], None],
) -> NoReturn:
    """Show one snapshot after the other, with a pause of some seconds between them.

    Raises:
        AwsError: A request fails permanently; or any request of the first snapshot, when a setting may be wrong.
        KeyboardInterrupt: The user pressed Ctrl-C.
    """
    view.show(take())
    while True:
        sleep(seconds)
        try:
            snapshot = take()
        except AwsError as error:
            if not _is_transient(error):
                raise
            view.show_error(error, now())
        else:
            view.show(snapshot)


def _is_transient(error: AwsError) -> bool:
    """Return whether the cause was the network, AWS itself or throttling; rejected credentials stay rejected."""
    cause = error.__cause__
    return isinstance(cause, Exception) and (is_transient(cause) or is_throttling(cause))
