"""Contiguous ranges of values."""

from collections.abc import Collection, Sequence

SHORTEST = 3
"""Shorter ranges read better as single values."""


def contiguous_ranges(values: Collection[int], cycle: Sequence[int], *, closed: bool) -> list[tuple[int, int]]:
    """Return the values as (first, last) of each contiguous range, in the cycle's order.

    If the cycle is closed, as a week is, a range of at least `SHORTEST` values may wrap around its end; it comes last.
    """
    found: list[tuple[int, int]] = []
    previous = None
    for value in cycle:
        if value not in values:
            previous = None
            continue
        start = value if previous is None else found.pop()[0]
        found.append((start, value))
        previous = value
    if closed and len(found) > 1 and _length(found[-1][0], found[0][1], cycle) >= SHORTEST:
        first, last = found[0], found[-1]
        if first[0] == cycle[0] and last[1] == cycle[-1]:
            return [*found[1:-1], (last[0], first[1])]
    return found


def _length(first: int, last: int, cycle: Sequence[int]) -> int:
    return (cycle.index(last) - cycle.index(first)) % len(cycle) + 1


def range_members(first: int, last: int, cycle: Sequence[int]) -> list[int]:
    """Return the values of a range, in order."""
    start = cycle.index(first)
    return [cycle[(start + ahead) % len(cycle)] for ahead in range(_length(first, last, cycle))]
