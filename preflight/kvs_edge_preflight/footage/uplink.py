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

from kvs_edge_preflight.footage.buffer import Uplink
from kvs_edge_preflight.footage.expiry import split_at_expiry
from kvs_edge_preflight.footage.intervals import Interval


@dataclass(frozen=True, slots=True, eq=False)
class Demand:
    """Upload windows of a stream, and the bits per second that it needs in them."""

    windows: tuple[Interval, ...]
    rate: int


@dataclass(frozen=True, slots=True, eq=False)
class Load:
    """Bits per second that all uploads need together, from each instant on, up to the end of the horizon."""

    instants: tuple[int, ...]
    rates: tuple[int, ...]


def sum_demands(needs: Iterable[Demand], span: Interval) -> Load:
    """Add up the demands of the streams of a hub."""
    changes = dict.fromkeys(span, 0)
    for demand in needs:
        for start, end in demand.windows:
            changes[start] = changes.get(start, 0) + demand.rate
            changes[end] = changes.get(end, 0) - demand.rate
    instants = sorted(changes)
    return Load(tuple(instants), tuple(accumulate(changes[instant] for instant in instants)))


def shared_uplink(demand: Demand, load: Load, line: float, retention: int) -> tuple[Uplink, ...]:
    """Return what a stream gets of a line under the `load` of all streams, itself included; in units of `line`."""
    pieces = _pieces(demand, load, line)
    return tuple(split_at_expiry(pieces, load.instants[0], retention))


def _pieces(demand: Demand, load: Load, line: float) -> Iterator[Uplink]:
    instants, rates = load.instants, load.rates
    now, horizon = instants[0], instants[-1]
    for start, end in demand.windows:
        if start > now:
            yield Uplink(start, 0.0, had_window=True)
        now, at = start, bisect_right(instants, start)
        while now < end:
            rate = rates[at - 1]
            while instants[at] < end and rates[at] == rate:
                at += 1
            now = min(end, instants[at])
            yield Uplink(now, line * demand.rate / rate, had_window=True)
            at += 1
    if now < horizon:
        yield Uplink(horizon, 0.0, had_window=True)


@lru_cache(maxsize=64)
def exclusive_uplink(windows: tuple[Interval, ...], span: Interval, line: float, retention: int) -> tuple[Uplink, ...]:
    """Return what a stream gets of a line without other streams. Many streams of a fleet share the result."""
    return shared_uplink(Demand(windows, 1), Load(span, (1, 0)), line, retention)
