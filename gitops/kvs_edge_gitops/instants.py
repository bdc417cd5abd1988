"""Instants on the command line and in reports."""

from datetime import UTC, datetime

from kvs_edge_gitops.calendar_days import missing_day
from kvs_edge_gitops.errors import UsageError


def instant(text: str, option: str) -> datetime:
    """Return the instant of an ISO 8601 text with an offset; `option` names the option, or the field, in an error.

    Raises:
        UsageError: The text is not an instant, or has no offset.
    """
    try:
        found = datetime.fromisoformat(text)
        if found.utcoffset() is not None:
            return found.astimezone(UTC)
    except (ValueError, OverflowError):
        reason = missing_day(text) or "; an example is 2026-03-29T00:00:00Z"
        raise UsageError(f"{option}: {text!r:.80} is not a time{reason}") from None
    raise UsageError(f"{option}: {text!r:.80} has no UTC offset; append Z or an offset such as +01:00")


def utc(moment: datetime) -> str:
    """Return the instant in UTC, to the second: ``2026-03-29T01:00:00Z``."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def utc_of_text(text: str) -> str:
    """Return an ISO 8601 text of the service as `utc` shows it; "an unknown time" for an empty text."""
    return utc(datetime.fromisoformat(text)) if text else "an unknown time"
