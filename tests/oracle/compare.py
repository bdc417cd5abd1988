"""Compare kvs_edge_schedules with the real Quartz on the corpus and generated expressions; exit code 1 on a difference.

    python tests/oracle/compare.py --generated 5000 --seed 7 [--record]

With --record, the answers for the corpus and as many generated expressions are kept in quartz-2.3.2.jsonl.gz, for the
tests. Needs Debian's openjdk-17-jdk-headless and libquartz2-java.
"""

import argparse
import gzip
import json
import random
import sys
import zoneinfo
from collections import Counter
from collections.abc import Iterator
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

from corpus import corpus, generated
from moments import Clock, clocks

from kvs_edge_schedules import CronExpression, Leniency, Verdict, fire_seconds, judge
from oracle import BREAKS, JARS, Oracle

FIXTURE = Path(__file__).with_name("quartz-2.3.2.jsonl.gz")
_COUNT = 6
_MOMENTS = 6

Row = dict[str, Any]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--generated", type=int, default=1000, metavar="N")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--record", action="store_true")
    arguments = parser.parse_args()
    texts = list(dict.fromkeys([*corpus(), *islice(generated(arguments.seed), arguments.generated)]))
    oracle, year = Oracle(), date.today().year
    verdicts = [judge(text, this_year=year) for text in texts]
    rows = _validities(oracle, texts, verdicts)
    known = clocks(oracle)
    _add_fires(oracle, known, rows, verdicts, random.Random(arguments.seed))
    differences = list(_differences(rows, verdicts))
    sys.stdout.writelines(f"{line}\n" for line in [*differences[:20], _summary(rows, verdicts, len(differences))])
    if arguments.record:
        _record(rows, known, year, next(iter(oracle.ask([("about",)]))))
    return bool(differences)


def _validities(oracle: Oracle, texts: list[str], verdicts: list[Verdict]) -> list[Row]:
    answers = oracle.ask([("valid", text) for text in texts])
    rows = []
    for text, answer, verdict in zip(texts, answers, verdicts, strict=True):
        row: Row = {"expr": text, "quartz": answer}
        if verdict.error is not None and verdict.error.leniency is not None:
            row["refused"] = verdict.error.leniency.value
        rows.append(row)
    return rows


def _add_fires(
    oracle: Oracle, known: list[Clock], rows: list[Row], verdicts: list[Verdict], chance: random.Random
) -> None:
    asked: list[tuple[Row, Clock, int]] = []
    for row, verdict in zip(rows, verdicts, strict=True):
        if verdict.valid:
            row["fires"] = []
            picked = chance.sample(known, _MOMENTS)
            asked.extend((row, clock, clock.moment(chance)) for clock in picked)
    questions = [("fires", row["expr"], clock.zone, after, _COUNT) for row, clock, after in asked]
    for (row, clock, after), answer in zip(asked, oracle.ask(questions), strict=True):
        row["fires"].append([clock.zone, after, _fires(answer, after, clock)])


def _fires(answer: str, after: int, clock: Clock) -> list[int | str]:
    """Fire times as far as the clocks agree; "end" where there is no other, "astray" where Quartz goes in circles."""
    fires = [word if word.isalpha() else int(word) for word in answer.split()]
    times = [fire for fire in fires if isinstance(fire, int)]
    if BREAKS in fires or [after, *times] != sorted({after, *times}):
        return ["astray"]
    beyond = next((index for index, fire in enumerate(times) if fire >= clock.agreed_until), None)
    return fires if beyond is None else fires[:beyond]


def _differences(rows: list[Row], verdicts: list[Verdict]) -> Iterator[str]:
    for row, verdict in zip(rows, verdicts, strict=True):
        if verdict.quartz_valid != (row["quartz"] != "no"):
            yield f"{row['expr']!r}: Quartz says {row['quartz']}, we say {verdict.error}"
        for zone, after, expected in row.get("fires", ()):
            if expected == ["astray"] or verdict.expression is None:
                continue
            found = ours(verdict.expression, zone, after, expected)
            if found != expected:
                yield f"{row['expr']!r} in {zone} after {after}: Quartz {expected}, we {found}"


def ours(expression: CronExpression, zone: str, after: int, expected: list[int | str]) -> list[int | str]:
    """Our answer, of the length of Quartz's."""
    found: list[int | str] = [*islice(fire_seconds(expression, after, zoneinfo.ZoneInfo(zone)), len(expected))]
    return [*found, "end"] if len(found) < len(expected) else found


def _summary(rows: list[Row], verdicts: list[Verdict], differences: int) -> str:
    lists = [fires for row in rows for _, _, fires in row.get("fires", ())]
    counts = Counter(row["refused"] for row in rows if "refused" in row)
    return (
        f"{len(rows)} expressions, {sum(row['quartz'] == 'no' for row in rows)} that Quartz refuses, "
        f"{sum(verdict.valid for verdict in verdicts)} taken by both, "
        f"{counts.total()} refused on purpose: {dict(counts)}\n"
        f"{len(lists)} lists of fire times, {sum(map(len, lists))} fire times, {lists.count(['astray'])} astray\n"
        f"{differences} differences"
    )


def _record(rows: list[Row], known: list[Clock], year: int, about: str) -> None:
    header = {
        "about": f"{JARS[0].resolve().stem} on {about}",
        "this_year": year,
        "quartz": "what Quartz says of the expression: yes, no, or breaks (no end, or no memory left)",
        "fires": "[zone, after, fire times, in seconds since 1970]; end: no other; astray: no end, or back in time",
        "agreed_until": {clock.zone: clock.agreed_until for clock in known},
        "refused": {leniency.value: leniency.explanation for leniency in Leniency},
    }
    lines = [json.dumps(line, ensure_ascii=True, separators=(",", ":")) for line in (header, *rows)]
    FIXTURE.write_bytes(gzip.compress("\n".join([*lines, ""]).encode("ascii"), mtime=0))


if __name__ == "__main__":
    sys.exit(main())
