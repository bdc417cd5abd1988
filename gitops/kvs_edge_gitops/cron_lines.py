"""Questions about expressions as JSON lines: one answer a line, in order, whatever the line holds."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from itertools import islice
from typing import Any, BinaryIO, TextIO

from kvs_edge_gitops.cli import UsageError
from kvs_edge_gitops.cron import MOST_FIRE_TIMES
from kvs_edge_gitops.instants import instant, utc
from kvs_edge_schedules import ScheduleError, fire_times, judge, time_zone

LONGEST_LINE = 65_536
"""Bytes; more is no question about an expression."""

Answer = dict[str, Any]


@dataclass(frozen=True)
class Defaults:
    """What a line need not give."""

    tz: str
    after: datetime
    count: int


def answer_lines(questions: BinaryIO, answers: TextIO, defaults: Defaults) -> None:
    """Answer each line as it comes, so that a script may wait for one answer before it asks again."""
    year = datetime.now(UTC).year
    for line in _lines(questions):
        json.dump(answer(line, defaults, year), answers)
        answers.write("\n")
        answers.flush()


def answer(line: bytes | None, defaults: Defaults, this_year: int) -> Answer:
    """The answer to a line; None is one that is too long.

    `error` says why the expression is not taken or, where it is, why there are no fire times. A member of null is as
    good as none, and members of other names are let pass, so that a script can carry its own.
    """
    found: Answer = {"expr": None, "valid": False, "quartz_valid": False, "error": None, "next": []}
    try:
        question = _question(line)
        text = _given(question, "expr", str, None)
        found["expr"] = text
        verdict = judge(text, this_year=this_year)
        found["valid"], found["quartz_valid"] = verdict.valid, verdict.quartz_valid
        if verdict.expression is None:
            found["error"] = str(verdict.error)
            return found
        zone = time_zone(_given(question, "tz", str, defaults.tz))
        after = _instant(_given(question, "after", str, None)) if "after" in question else defaults.after
        fires = fire_times(verdict.expression, after, zone)
        found["next"] = [utc(fire) for fire in islice(fires, _count(question, defaults))]
    except (UsageError, ScheduleError) as error:
        found["error"] = str(error)
    return found


_instant: Callable[[str], datetime] = lru_cache(maxsize=64)(instant)


def _lines(questions: BinaryIO) -> Iterator[bytes | None]:
    while line := questions.readline(LONGEST_LINE + 1):
        if len(line) <= LONGEST_LINE or line.endswith(b"\n"):
            yield line
            continue
        while (rest := questions.readline(LONGEST_LINE)) and not rest.endswith(b"\n"):
            pass
        yield None


def _question(line: bytes | None) -> Mapping[str, Any]:
    if line is None:
        raise UsageError(f"the line is longer than {LONGEST_LINE} bytes")
    try:
        question = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"the line is not JSON: {error or 'it is nested too deep'}") from None
    if not isinstance(question, dict):
        raise UsageError("the line is no JSON object with expr, and tz, after and count as needed")
    return {name: value for name, value in question.items() if value is not None}


def _given(question: Mapping[str, Any], name: str, kind: type, default: Any) -> Any:
    value = question.get(name, default)
    if not isinstance(value, kind) or isinstance(value, bool):
        raise UsageError(f"{name} is {value!r:.60}; give {'text' if kind is str else 'a whole number'}")
    return value


def _count(question: Mapping[str, Any], defaults: Defaults) -> int:
    count: int = _given(question, "count", int, defaults.count)
    if not 0 <= count <= MOST_FIRE_TIMES:
        raise UsageError(f"count is {count!r:.60}; give 0 to {MOST_FIRE_TIMES}")
    return count
