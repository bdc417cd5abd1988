"""Instants as people give them, and as they are shown."""

from datetime import UTC, datetime

from kvs_edge_gitops.cli import UsageError


def instant(text: str) -> datetime:
    """The instant of an ISO 8601 text with an offset.

    Raises:
        UsageError: It is none, or has no offset.
    """
    try:
        found = datetime.fromisoformat(text)
        if found.utcoffset() is not None:
            return found.astimezone(UTC)
    except (ValueError, OverflowError):
        raise UsageError(f"{text!r:.80} is no instant; write one such as 2026-03-29T00:00:00Z") from None
    raise UsageError(f"{text!r:.80} has no offset from UTC; append Z or one such as +01:00")


def utc(moment: datetime) -> str:
    """The instant in UTC, to the second: ``2026-03-29T01:00:00Z``."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
