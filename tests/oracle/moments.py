"""Time zones and instants for the comparison of fire times: unusual clocks, and instants near their changes.

The JDK and Python bring a tz database each, seldom of the same release. Fire times are compared only up to the first
instant at which the two disagree about a zone, so that a difference is Quartz's and not the database's.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from oracle import Oracle

ZONES = (
    "UTC",
    "Europe/Berlin",
    "Europe/Dublin",
    "Europe/Lisbon",
    "Europe/Moscow",
    "America/New_York",
    "America/St_Johns",  # changed at 00:01
    "America/Sao_Paulo",  # changed at midnight
    "America/Santiago",
    "America/Havana",
    "America/Caracas",  # by half an hour, in 2007 and 2016
    "Africa/Cairo",
    "Africa/Casablanca",  # suspended in Ramadan
    "Asia/Amman",
    "Asia/Beirut",
    "Asia/Gaza",
    "Asia/Kathmandu",
    "Asia/Kolkata",
    "Asia/Pyongyang",  # by half an hour at the end of a day, in 2018
    "Asia/Tehran",
    "Australia/Lord_Howe",  # by half an hour, every year
    "Pacific/Apia",  # left out 30 December 2011
    "Pacific/Chatham",
    "Pacific/Kiritimati",  # left out a day at the turn of 1994
    "Pacific/Norfolk",
    "Antarctica/Casey",
    "Antarctica/Troll",  # by two hours, every year
)
FROM = int(datetime(1990, 1, 1, tzinfo=UTC).timestamp())
_TO = int(datetime(2040, 1, 1, tzinfo=UTC).timestamp())
_LATEST = int(datetime(2036, 1, 1, tzinfo=UTC).timestamp())
_DAY = 86_400
_NEAR, _NEARER = 3 * _DAY, 7200


@dataclass(frozen=True)
class Clock:
    """A zone: when its offset changes, and until when the JDK and Python agree about it."""

    zone: str
    changes: tuple[int, ...]
    agreed_until: int

    def moment(self, chance: random.Random) -> int:
        """Return a start instant: mostly near a change, half of the time at a whole quarter of an hour."""
        latest = min(self.agreed_until, _LATEST)
        changes = [change for change in self.changes if change < latest]
        near = chance.choice((_NEAR, _NEARER))
        moment = chance.randrange(FROM, latest)
        if changes and chance.random() < 0.8:
            moment = chance.choice(changes) + chance.randint(-near, near // 3)
        return moment // 900 * 900 if chance.random() < 0.5 else moment


def clocks(oracle: Oracle) -> list[Clock]:
    """Return the zones' changes in the JDK, as far as Python agrees."""
    answers = oracle.ask([("clock", zone, FROM, _TO) for zone in ZONES])
    return [_clock(zone, answer) for zone, answer in zip(ZONES, answers, strict=True)]


def _clock(zone: str, answer: str) -> Clock:
    offsets = [(int(at), int(offset)) for at, offset in (change.split(":") for change in answer.split())]
    disagreed = (at for at, offset in _samples(offsets) if _offset(zone, at) != offset)
    return Clock(zone, tuple(at for at, _ in offsets[1:]), next(disagreed, _TO))


def _samples(offsets: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Instants in order with the offset that the JDK gives: each change, the second before it, and every third day."""
    for (start, offset), (end, _) in zip(offsets, [*offsets[1:], (_TO, 0)], strict=True):
        yield from ((at, offset) for at in range(start, end, 3 * _DAY))
        yield end - 1, offset


def _offset(zone: str, at: int) -> int:
    offset = datetime.fromtimestamp(at, ZoneInfo(zone)).utcoffset()
    return 0 if offset is None else int(offset.total_seconds())
