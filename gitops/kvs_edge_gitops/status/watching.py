"""Look, show, wait, and again, until somebody ends it."""

from collections.abc import Callable
from datetime import datetime
from typing import NoReturn, Protocol

from kvs_edge_gitops.aws.failures import passes, throttles
from kvs_edge_gitops.cli import AwsError
from kvs_edge_gitops.status.looking import Snapshot


class View(Protocol):
    """Where a watch shows what it sees."""

    def show(self, snapshot: Snapshot) -> None:
        """Show what was seen."""

    def tell(self, error: AwsError, now: datetime) -> None:
        """Tell that nothing could be seen, and why."""


def watch(
    look: Callable[[], Snapshot],
    view: View,
    seconds: float,
    now: Callable[[], datetime],
    sleep: Callable[[float], None],
) -> NoReturn:
    """Show one look after the other, with so many seconds between them.

    Raises:
        AwsError: AWS can't be asked, and that won't pass by itself; or at the first look, when a setting may be wrong.
        KeyboardInterrupt: It was ended.
    """
    view.show(look())
    while True:
        sleep(seconds)
        try:
            snapshot = look()
        except AwsError as error:
            if not _passes(error):
                raise
            view.tell(error, now())
        else:
            view.show(snapshot)


def _passes(error: AwsError) -> bool:
    """Whether it was the network, AWS itself or its limits: credentials that are refused stay so."""
    cause = error.__cause__
    return isinstance(cause, Exception) and (passes(cause) or throttles(cause))
