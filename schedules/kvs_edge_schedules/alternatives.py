"""Alternatives to a window that one expression cannot express."""

from collections.abc import Iterator
from itertools import count

from kvs_edge_schedules.triggers import DAY, HOUR, WEEK, duration_of, expression_of, ranged, triggers_of

EVERY_DAY = frozenset(range(len(WEEK)))


def not_possible(window: str, start: int, length: int, days: frozenset[int]) -> str:
    """Return the reason why a window needs several expressions, and what one expression can do instead."""
    on_all_days = () if days == EVERY_DAY else triggers_of(start, length, every_day=True)
    if on_all_days:
        return f'window "{window}" on {ranged(days, WEEK)} {_over_midnight(window, on_all_days, length, days)}'
    first, last = _nearest(start, length)
    is_daily = not triggers_of(first, last - first, every_day=days == EVERY_DAY)
    return (
        f'window "{window}" needs more than one expression with one duration; '
        f'the nearest possible window is "{_time(first)}-{_time(last)}"{", every day" if is_daily else ""}'
    )


def _over_midnight(window: str, triggers: tuple[int, ...], length: int, days: frozenset[int]) -> str:
    """Return what covers a window over midnight: all its days and the next days, in all its hours."""
    covering = days | {(day + 1) % len(WEEK) for day in days}
    after_midnight = next(trigger for trigger in triggers if trigger >= DAY)
    mornings, evenings = {day for day in covering if (day - 1) % len(WEEK) not in days}, covering - days
    surplus = " and ".join(
        f"{ranged(on, WEEK)} {_time(first)}-{_time(last)}"
        for on, first, last in (
            (mornings, after_midnight % DAY, triggers[0] + length),
            (evenings, triggers[0], after_midnight),
        )
    )
    return (
        "needs two expressions, as its hours after midnight are on the next days; leave the days out for "
        f'"{window}" every day, or cover it with "{expression_of(triggers, frozenset(covering))}" '
        f"of {duration_of(length, len(triggers))} s, which also runs {surplus}"
    )


def _nearest(start: int, length: int) -> tuple[int, int]:
    """Return the window possible every day with the least change of start and end; of equals, the better coverage."""
    rings = (list(_made(start, length, moved)) for moved in count(1))
    *_, first, last = min(next(ring for ring in rings if ring))
    return first, last


def _made(start: int, length: int, moved: int) -> Iterator[tuple[int, int, int, int]]:
    """Yield possible windows with start and end moved by `moved` minutes in total, each after its rank."""
    for by_start, by_end in _moves(moved):
        first, new_length = start + by_start, length + by_end - by_start
        is_window = 0 <= first < DAY and 0 < new_length <= (DAY if first == 0 else DAY - 1)
        if is_window and triggers_of(first, new_length, every_day=True):
            yield max(0, by_start) + max(0, -by_end), abs(by_start), first, first + new_length


def _moves(moved: int) -> Iterator[tuple[int, int]]:
    for by_start in range(-moved, moved + 1):
        rest = moved - abs(by_start)
        yield from {(by_start, rest), (by_start, -rest)}


def _time(minute: int) -> str:
    hour, minute = divmod(minute if minute == DAY else minute % DAY, HOUR)
    return f"{hour:02}:{minute:02}"
