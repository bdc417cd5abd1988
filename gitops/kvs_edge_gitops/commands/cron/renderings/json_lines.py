"""Answers as JSON lines: one line for each line of the input, in order, valid or not."""

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from functools import lru_cache, partial
from itertools import islice
from typing import Any, BinaryIO, TextIO

from kvs_edge_gitops.commands.cron.query import MAX_FIRE_TIMES, Query
from kvs_edge_gitops.errors import UsageError
from kvs_edge_gitops.instants import instant, utc
from kvs_edge_schedules import ScheduleError, fire_times, judge, remarks, time_zone

MAX_LINE_BYTES = 65_536

Answer = dict[str, Any]


def answer_lines(questions: BinaryIO, answers: TextIO, defaults: Query) -> None:
    """Answer each line as it arrives, so that a script can wait for an answer before it writes the next line."""
    year = datetime.now(UTC).year
    for line in _lines(questions):
        json.dump(answer(line, defaults, year), answers)
        answers.write("\n")
        answers.flush()


def answer(line: bytes | None, defaults: Query, this_year: int) -> Answer:
    """Return the answer to a line; None means that the line is too long.

    `error` says why the expression is not valid or, if it is, why there are no fire times. `meant` is present only for
    an invalid expression whose meaning is sure, and `remarks` only for a valid one that has some. A member with null
    counts as absent, and unknown members are ignored, so that a script can carry its own.
    """
    found: Answer = {
        "expr": None,
        "valid": False,
        "quartz_valid": False,
        "error": None,
        "next": [],
    }
    try:
        question = _question(line)
        text = _member(question, "expr", str, None)
        found["expr"] = text
        verdict = judge(text, this_year=this_year)
        found["valid"], found["quartz_valid"] = verdict.valid, verdict.quartz_valid
        if verdict.expression is None:
            return found | _of_error(verdict.error)
        if noted := [remark.sentence for remark in remarks(verdict.expression)]:
            found["remarks"] = noted
        zone = time_zone(_member(question, "tz", str, defaults.tz))
        after = _instant(_member(question, "after", str, None)) if "after" in question else defaults.after
        fires = fire_times(verdict.expression, after, zone)
        found["next"] = [utc(fire) for fire in islice(fires, _count(question, defaults))]
    except (UsageError, ScheduleError) as error:
        found["error"] = str(error)
    return found


def _of_error(error: ScheduleError | None) -> Answer:
    meant = getattr(error, "meant", None)
    return {"error": str(error)} | ({} if meant is None else {"meant": meant})


_instant: Callable[[str], datetime] = lru_cache(maxsize=64)(partial(instant, option="after"))


def _lines(questions: BinaryIO) -> Iterator[bytes | None]:
    while line := questions.readline(MAX_LINE_BYTES + 1):
        if len(line) <= MAX_LINE_BYTES or line.endswith(b"\n"):
            yield line
            continue
        while (rest := questions.readline(MAX_LINE_BYTES)) and not rest.endswith(b"\n"):
            pass
        yield None


def _question(line: bytes | None) -> Mapping[str, Any]:
    if line is None:
        raise UsageError(f"the line is longer than {MAX_LINE_BYTES} bytes")
    try:
        question = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"the line is not JSON: {error or 'it is nested too deep'}") from None
    if not isinstance(question, dict):
        raise UsageError("the line is not a JSON object with expr, and optionally tz, after and count")
    return {name: value for name, value in question.items() if value is not None}


def _member(question: Mapping[str, Any], name: str, kind: type, default: Any) -> Any:
    value = question.get(name, default)
    if not isinstance(value, kind) or isinstance(value, bool):
        raise UsageError(f"{name} is {value!r:.60}; give {'text' if kind is str else 'a whole number'}")
    return value


def _count(question: Mapping[str, Any], defaults: Query) -> int:
    count: int = _member(question, "count", int, defaults.count)
    if not 0 <= count <= MAX_FIRE_TIMES:
        raise UsageError(f"count is {count!r:.60}; give 0 to {MAX_FIRE_TIMES}")
    return count
