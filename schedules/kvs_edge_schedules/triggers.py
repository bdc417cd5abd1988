"""Start times of equal runs that one expression can express; times in minutes after midnight of the first day."""

from collections.abc import Collection, Iterable, Sequence

from kvs_edge_schedules.ranges import contiguous_ranges

HOUR, DAY = 60, 1440
WEEK = ("MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN")
_SHORTEST_OF_SEVERAL = 2
"""In minutes: consecutive runs last one second less, and AWS allows at least 60 s."""


def triggers_of(start: int, length: int, *, every_day: bool) -> tuple[int, ...]:
    """Return the minutes at which equal runs of at most one hour start, as few as one expression allows; or none.

    An expression fires at each of its minutes in each of its hours, so a run must start at every such pair.
    """
    if length >= 2 * HOUR and length % HOUR:
        # The minutes of all hours are equal only for whole hours.
        return ()
    fewest = -(-length // HOUR)
    most = fewest if length >= 2 * HOUR else max(fewest, length // _SHORTEST_OF_SEVERAL)
    for number in range(fewest, most + 1):
        step, rest = divmod(length, number)
        if rest:
            continue
        triggers = tuple(range(start, start + length, step))
        on_their_days = every_day or triggers[-1] < DAY
        if on_their_days and len(triggers) == len(_hours(triggers)) * len(_minutes(triggers)):
            return triggers
    return ()


def _hours(triggers: Iterable[int]) -> set[int]:
    return {trigger % DAY // HOUR for trigger in triggers}


def _minutes(triggers: Iterable[int]) -> set[int]:
    return {trigger % HOUR for trigger in triggers}


def duration_of(length: int, triggers: int) -> int:
    """Return the seconds of each run; one of several ends one second before the next."""
    return length * 60 if triggers == 1 else length // triggers * 60 - 1


def expression_of(triggers: tuple[int, ...], days: frozenset[int]) -> str:
    """Return the expression that fires at the triggers on days, numbered from Monday as 0."""
    minutes = ",".join(map(str, sorted(_minutes(triggers))))
    hours = _hours(triggers)
    in_hours = ranged(hours, [str(hour) for hour in range(DAY // HOUR)])
    return f"0 {minutes} {in_hours} ? * {ranged(days, WEEK)} *"


def ranged(values: Collection[int], names: Sequence[str]) -> str:
    """Return the values by name, with ranges where they are contiguous; all of them as ``*``."""
    if len(values) == len(names):
        return "*"
    found = contiguous_ranges(values, range(len(names)), closed=True)
    return ",".join(names[first] if first == last else f"{names[first]}-{names[last]}" for first, last in found)
