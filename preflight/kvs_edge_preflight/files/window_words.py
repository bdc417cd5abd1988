"""Schedules in words: ``{between: 08:30-16:30, days: MON-FRI}`` in place of a ScheduleExpression and its duration."""

from collections.abc import Iterator, Mapping
from typing import Any

from kvs_edge_preflight.files.schema_check import Violation, violations
from kvs_edge_schedules import ScheduleError, from_words

WORDS = frozenset({"between", "days"})
API_FIELDS = frozenset({"ScheduleExpression", "DurationInSeconds"})
_SCHEDULES = tuple(("EdgeConfig", job, "ScheduleConfig") for job in ("RecorderConfig", "UploaderConfig"))
_NEUTRAL = {"ScheduleExpression": "0 0 * ? * * *", "DurationInSeconds": 3599}
"""Stands for a window with a fault, so that the fault is reported alone."""
_ANY_WINDOW = "00:00-24:00"


def expanded(
    values: Mapping[str, Any], optional: frozenset[str] = frozenset()
) -> tuple[Mapping[str, Any], list[Violation]]:
    """Return a stream or defaults with AWS's fields in place of words, and the violations by the words.

    `optional` fields may be missing, as in defaults.
    """
    faults: list[Violation] = []
    for path in _SCHEDULES:
        schedule = _at(values, path)
        if isinstance(schedule, dict) and not WORDS.isdisjoint(schedule):
            wrong = [found._replace(path=(*path, *found.path)) for found in _violations(schedule, optional)]
            faults.extend(wrong)
            values = _replaced(values, path, dict(_NEUTRAL) if wrong else _from_words(schedule))
    return values, faults


def without_other_style(own: Mapping[str, Any], defaults: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the defaults without the schedules that a stream states in the other style, words or AWS's fields."""
    for path in _SCHEDULES:
        mine, theirs = _at(own, path), _at(defaults, path)
        if isinstance(mine, dict) and isinstance(theirs, dict) and _is_other_style(mine, theirs):
            defaults = _replaced(defaults, path, {})
    return defaults


def _is_other_style(mine: Mapping[str, Any], theirs: Mapping[str, Any]) -> bool:
    return any(mine.keys() & one and theirs.keys() & other for one, other in ((WORDS, API_FIELDS), (API_FIELDS, WORDS)))


def _violations(schedule: Mapping[str, Any], optional: frozenset[str]) -> Iterator[Violation]:
    if schedule.keys() & API_FIELDS:
        yield Violation((), "give between and days, or ScheduleExpression and DurationInSeconds, not both")
        return
    wrong = list(violations(schedule, "ScheduleInWords", optional))
    yield from wrong
    if not wrong:
        yield from _impossible(schedule)


def _impossible(schedule: Mapping[str, Any]) -> Iterator[Violation]:
    """Yield the fault of a word alone, or else of both: one may be the stream's and the other a default."""
    for name in sorted(WORDS & schedule.keys()):
        if (message := _message({name: schedule[name]})) is not None:
            yield Violation((name,), message)
            return
    if (message := _message(schedule)) is not None:
        yield Violation((), message)


def _message(schedule: Mapping[str, Any]) -> str | None:
    try:
        _from_words(schedule)
    except ScheduleError as error:
        return str(error)
    return None


def _from_words(schedule: Mapping[str, Any]) -> dict[str, Any]:
    found = from_words(schedule.get("between", _ANY_WINDOW), schedule.get("days"))
    return {"ScheduleExpression": found.expression, "DurationInSeconds": found.duration}


def _at(values: Mapping[str, Any], path: tuple[str, ...]) -> Any:
    here: Any = values
    for step in path:
        here = here.get(step) if isinstance(here, dict) else None
    return here


def _replaced(values: Mapping[str, Any], path: tuple[str, ...], value: Any) -> dict[str, Any]:
    name, *rest = path
    return {**values, name: _replaced(values[name], tuple(rest), value) if rest else value}
