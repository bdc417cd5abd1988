"""Share of a hub's uplink that each stream gets.

AWS does not document how simultaneous uploads share an uplink. The assumption: in proportion to the rate that each
stream needs, which is what it records over its upload time. So if the uplink can carry each stream at that rate, each
stream gets it.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple

from kvs_edge_preflight.footage.weeks import Timetable, Week

UNLIMITED_RATE = 1e9
"""Rate of an unknown uplink: so fast that footage never waits for it."""


class Demand(NamedTuple):
    """Upload windows of a stream, and the bits per second that it needs in them."""

    timetable: Timetable
    rate: int


class WeekLoad(NamedTuple):
    """Bits per second that all uploads need together, from each instant of a week on, up to its end."""

    instants: tuple[int, ...]
    rates: tuple[int, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Load:
    """Load of a hub's uplink. Equal weeks are the same object."""

    weeks: tuple[WeekLoad, ...]


Uplink = tuple[int, float, bool]
"""Up to an instant of a week: the rate of upload in seconds of footage per second, 0 outside of upload windows, and
whether footage that expires in this time had an upload window."""


@dataclass(frozen=True, slots=True, eq=False)
class UplinkWeeks:
    """Uplink of a stream by week. Equal weeks are the same object."""

    weeks: tuple[tuple[Uplink, ...], ...]

    @property
    def capacity(self) -> float:
        """Seconds of footage that it can carry."""
        known: dict[int, float] = {}
        for week in self.weeks:
            if id(week) not in known:
                known[id(week)] = _capacity(week)
        return sum(known[id(week)] for week in self.weeks)


def _capacity(week: tuple[Uplink, ...]) -> float:
    carried, now = 0.0, 0
    for until, rate, _ in week:
        carried += rate * (until - now)
        now = until
    return carried


@lru_cache(maxsize=64)
def sum_demands(demands: tuple[Demand, ...], lengths: tuple[int, ...]) -> Load:
    """Add up the demands of the streams of a hub, for weeks of such lengths in seconds.

    Hubs with equal demands share the result.
    """
    known: dict[tuple[Week, ...], WeekLoad] = {}
    found = []
    for place, length in enumerate(lengths):
        weeks = tuple(demand.timetable.weeks[place] for demand in demands)
        if weeks not in known:
            known[weeks] = _sum(zip(weeks, (demand.rate for demand in demands), strict=True), length)
        found.append(known[weeks])
    return Load(tuple(found))


def _sum(demands: Iterable[tuple[Week, int]], length: int) -> WeekLoad:
    changes = {0: 0, length: 0}
    for week, rate in demands:
        for start, end in week.windows:
            changes[start] = changes.get(start, 0) + rate
            changes[end] = changes.get(end, 0) - rate
    instants = sorted(changes)
    return WeekLoad(tuple(instants), tuple(accumulate(changes[instant] for instant in instants)))


@lru_cache(maxsize=64)
def shared_uplink(timetable: Timetable, rate: int, load: Load, line: float, retention: int) -> UplinkWeeks:
    """Return what a stream gets of a line under the `load` of all streams, itself included; in units of `line`.

    The stream needs `rate` in the windows of its timetable. Streams of a hub with equal arguments share the result.
    """
    return UplinkWeeks(tuple(_uplink_weeks(timetable, rate, load, line, retention)))


@lru_cache(maxsize=256)
def exclusive_uplink(timetable: Timetable, line: float, retention: int) -> UplinkWeeks:
    """Return what a stream gets of a line without other streams. Streams with equal arguments share the result."""
    return UplinkWeeks(tuple(exclusive_weeks(timetable, line, retention)))


def exclusive_weeks(timetable: Timetable, line: float, retention: int) -> Iterator[tuple[Uplink, ...]]:
    """Yield the weeks of `exclusive_uplink`, each computed when it is read."""
    return _uplink_weeks(timetable, 1, _alone(timetable), line, retention)


def _uplink_weeks(
    timetable: Timetable, rate: int, load: Load, line: float, retention: int
) -> Iterator[tuple[Uplink, ...]]:
    known: dict[tuple[Week, int, int], tuple[Uplink, ...]] = {}
    closed = 0
    for week, of_all in zip(timetable.weeks, load.weeks, strict=True):
        key = week, id(of_all), closed
        if key not in known:
            known[key] = tuple(_pieces(week, line * rate, of_all, retention, closed))
        yield known[key]
        # After the retention it no longer matters for how long the uplink was closed.
        closed = min(retention, week.length - week.windows[-1][1] if week.windows else closed + week.length)


@lru_cache(maxsize=64)
def _alone(timetable: Timetable) -> Load:
    lengths = [week.length for week in timetable.weeks]
    loads = {length: WeekLoad((0, length), (1, 0)) for length in lengths}
    return Load(tuple(loads[length] for length in lengths))


def _pieces(week: Week, needed: float, load: WeekLoad, retention: int, closed: int) -> Iterator[Uplink]:
    """Yield the pieces of a week. Before the week, the uplink was closed for `closed` seconds.

    `needed` is the line times what the stream needs, so the stream gets `needed` divided by the load.
    """
    instants, rates = load
    now, closed_since = 0, -closed
    for start, end in week.windows:
        if start > now:
            yield from _closed(now, start, closed_since + retention)
        now, at, closed_since = start, bisect_right(instants, start), end
        while now < end:
            rate = rates[at - 1]
            while instants[at] < end and rates[at] == rate:
                at += 1
            now = min(end, instants[at])
            yield now, needed / rate, True
            at += 1
    if now < week.length:
        yield from _closed(now, week.length, closed_since + retention)


def _closed(now: int, until: int, parting: int) -> Iterator[Uplink]:
    """Yield closed time, split at the instant from which expiring footage had no upload window."""
    if now < parting < until:
        yield parting, 0.0, True
    yield until, 0.0, parting >= until
