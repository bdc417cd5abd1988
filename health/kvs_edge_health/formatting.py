"""Times, durations and the texts of agents in reasons."""

from datetime import UTC, datetime, timedelta

_MAX_TEXT = 300
"""A reason shows this many characters of an agent's text."""
_UNITS = (("day", timedelta(days=1)), ("hour", timedelta(hours=1)), ("minute", timedelta(minutes=1)))


def time_text(moment: datetime) -> str:
    """Return a text such as ``2026-11-23T09:00:00Z``."""
    try:
        return f"{moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='seconds')}Z"
    except OverflowError:  # the first and the last day of the calendar, from a clock that was never set
        return moment.isoformat(timespec="seconds")


def at(moment: datetime | None) -> str:
    """Return a text such as `` at 2026-11-23T09:00:00Z``; empty for None."""
    return f" at {time_text(moment)}" if moment else ""


def duration_text(duration: timedelta) -> str:
    """Return the duration in the largest unit that divides it, such as ``90 minutes`` or ``2 hours``."""
    for name, unit in _UNITS:
        if duration >= unit and not duration % unit:
            count = duration // unit
            return f"{count} {name}{'' if count == 1 else 's'}"
    return f"{duration / timedelta(seconds=1):g} seconds"


def quoted(text: str) -> str:
    """Return a text from outside on one line, shortened, in quotation marks."""
    return f'"{one_line(text)}"'


def one_line(text: str) -> str:
    """Return a text from outside on one line, without characters that cannot be printed, shortened."""
    line = "".join(character if character.isprintable() else "?" for character in " ".join(text.split()))
    return line if len(line) <= _MAX_TEXT else f"{line[: _MAX_TEXT - 1]}…"


def given_reason(text: str) -> str:
    """Return the agent's or the service's reason, or that there is none."""
    return one_line(text) or "no reason given"
