"""Instants and wall times as in Java's GregorianCalendar, and so in Quartz, around shifts of the clock."""

from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

from kvs_edge_schedules.error import ScheduleError
from kvs_edge_schedules.printable import printable

DAY = 86_400
"""Seconds of a day of wall time."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_DAY = _EPOCH.toordinal()
_SECOND = timedelta(seconds=1)

_OF_THE_MACHINE = frozenset({"localtime", "posixrules", "Factory"})
_FOLDERS = ("posix/", "right/")
"""Copies of all zones that some systems have: without leap seconds, and with them. A JVM knows neither."""

Wall = tuple[int, int]
"""Wall time: the proleptic Gregorian ordinal of its day, and the second of that day."""


def time_zone(name: str) -> ZoneInfo:
    """Return the time zone of an IANA name such as ``Europe/Berlin``; raise ScheduleError if there is none.

    Names that depend on this machine (``localtime``), or count leap seconds (``right/Europe/Berlin``), are rejected.
    """
    if name in _OF_THE_MACHINE or name.startswith(_FOLDERS):
        raise ScheduleError(
            f'"{printable(name)}" depends on the machine that reads it, or counts leap seconds; write the IANA name of'
            " the hub's time zone, such as Europe/Berlin"
        )
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # a folder of zones, such as "Europe", is an OSError up to Python 3.11
        raise ScheduleError(
            f'"{printable(name)}" is not a valid IANA time zone; write a name such as Europe/Berlin'
        ) from None


def seconds_since_epoch(instant: datetime) -> int:
    """Return whole seconds since 1970 of an aware datetime, rounded down; raise ScheduleError if it is naive."""
    try:
        return (instant - _EPOCH) // _SECOND
    except TypeError:  # the difference of a naive and an aware datetime
        raise ScheduleError(
            f'instant "{instant.isoformat()}" has no UTC offset; append Z or an offset such as +01:00'
        ) from None


def instant_of(seconds: int) -> datetime:
    """Return the aware datetime in UTC for seconds since 1970."""
    return _EPOCH + timedelta(seconds=seconds)


def wall_of(seconds: int, zone: tzinfo) -> Wall:
    """Return the wall time in a zone for seconds since 1970."""
    wall = datetime.fromtimestamp(seconds, zone)
    return wall.toordinal(), wall.hour * 3600 + wall.minute * 60 + wall.second


def _offset(wall: datetime, zone: tzinfo, fold: int) -> int:
    offset = wall.replace(tzinfo=zone, fold=fold).utcoffset()
    return 0 if offset is None else offset // _SECOND


def _midnight_offset(zone: tzinfo, day: int, fold: int) -> int:
    return _offset(datetime.fromordinal(day), zone, fold)


@lru_cache(maxsize=8192)
def midnight_seconds(zone: tzinfo, day: int) -> int:
    """Return the start of a day in seconds since 1970."""
    return (day - _EPOCH_DAY) * DAY - _midnight_offset(zone, day, 0)


@lru_cache(maxsize=8192)
def shift(zone: tzinfo, day: int) -> int:
    """Return the seconds by which the clock moves forward (negative: back) from one midnight to the next, inclusive.

    If it is 0, each wall time of the day occurs exactly once.
    """
    return _midnight_offset(zone, day + 1, 1) - _midnight_offset(zone, day, 0)


def _datetime_of(wall: Wall) -> datetime:
    return datetime.fromordinal(wall[0]) + timedelta(seconds=wall[1])


def seconds_of(wall: Wall, zone: tzinfo) -> int:
    """Return the seconds since 1970 of a wall time; if the clock shows it twice, of the second time."""
    return (wall[0] - _EPOCH_DAY) * DAY + wall[1] - _offset(_datetime_of(wall), zone, fold=1)


def normalized(day: int, second: int, zone: tzinfo) -> Wall:
    """Normalize a wall time as a Java calendar does: carry overflows, and move out of a gap by its length."""
    day, second = day + second // DAY, second % DAY
    if shift(zone, day) <= 0:
        return day, second
    wall = datetime.fromordinal(day) + timedelta(seconds=second)
    missing = max(0, _offset(wall, zone, fold=1) - _offset(wall, zone, fold=0))
    second += missing
    return day + second // DAY, second % DAY
