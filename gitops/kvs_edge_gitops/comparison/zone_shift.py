"""The shift of all windows of a hub between two time zones."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta, tzinfo

from kvs_edge_gitops.formatting import plural

_DAYS = 366
_HOUR = 3600
_SECOND = timedelta(seconds=1)


def shifts_between(before: tzinfo, after: tzinfo, now: datetime) -> tuple[int, ...]:
    """Return by how many seconds noon is later in a zone than in another; negative if it is earlier.

    Args:
        before: The earlier zone.
        after: The later zone.
        now: The start of a year; each day of it counts, because the zones may change their clocks on different days.

    Returns:
        The distinct shifts, the shortest first.
    """
    noons = [datetime.combine(now.date() + timedelta(days=day), time(12)) for day in range(_DAYS)]
    shifts = {(noon.replace(tzinfo=after) - noon.replace(tzinfo=before)) // _SECOND for noon in noons}
    return tuple(sorted(shifts, key=abs))


def shift_text(shifts: Sequence[int]) -> str:
    """Return when a window starts, such as "1 hour later", or "8 or 9 hours earlier, depending on the date"."""
    directions = {_direction(seconds) for seconds in shifts}
    if len(directions) == 1 and not any(seconds % _HOUR for seconds in shifts) and shifts[-1]:
        numbers = " or ".join(str(abs(seconds) // _HOUR) for seconds in shifts)
        text = f"{numbers} hour{'' if numbers == '1' else 's'}{directions.pop()}"
    else:
        text = " or ".join(_text(seconds) + _direction(seconds) for seconds in shifts)
    return text + (", depending on the date" if len(shifts) > 1 else "")


def _direction(seconds: int) -> str:
    return f" {'later' if seconds > 0 else 'earlier'}" if seconds else ""


def _text(seconds: int) -> str:
    if not seconds:
        return "at the same time"
    hours, minutes = divmod(abs(seconds) // 60, 60)
    parts = [plural(hours, "hour") if hours else "", f"{minutes} minutes" if minutes else ""]
    return " ".join(filter(None, parts))
