"""Statistics of metrics, by period."""

from collections.abc import Callable, Mapping, Sequence
from statistics import fmean

from kvs_edge_local.monitoring.emf import Datum

STATISTICS: Mapping[str, Callable[[Sequence[float]], float]] = {
    "Average": fmean,
    "Maximum": max,
    "Minimum": min,
    "SampleCount": len,
    "Sum": sum,
}


def by_period(data: Sequence[Datum], statistic: str, period: int, end: float, count: int) -> list[float | None]:
    """Return the statistic of the last `count` periods before `end`, oldest first; None for a period without data."""
    values: list[float | None] = []
    for index in reversed(range(count)):
        until = end - index * period
        found = [datum.value for datum in data if until - period <= datum.time < until]
        values.append(STATISTICS[statistic](found) if found else None)
    return values
