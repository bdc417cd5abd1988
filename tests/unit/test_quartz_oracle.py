"""Comparison with Quartz 2.3.2, whose results tests/oracle/compare.py --record has stored."""

import gzip
import json
from itertools import islice
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from kvs_edge_schedules import Leniency, fire_seconds, judge

pytestmark = pytest.mark.no_cover

FIXTURE = Path(__file__).parents[1] / "oracle" / "quartz-2.3.2.jsonl.gz"


@pytest.fixture(scope="module")
def recorded():
    header, *rows = map(json.loads, gzip.decompress(FIXTURE.read_bytes()).decode("ascii").splitlines())
    return header, rows


@pytest.fixture(scope="module")
def verdicts(recorded):
    header, rows = recorded
    return [(row, judge(row["expr"], this_year=header["this_year"])) for row in rows]


def test_the_recorded_answers_are_quartz_2_3_2s_and_many(recorded):
    header, rows = recorded
    assert header["about"].startswith("quartz2-2.3.2 ")
    assert len(rows) > 2000
    assert sum(len(row.get("fires", ())) for row in rows) > 5000
    assert len(header["agreed_until"]) > 20


def test_quartz_validity_is_foretold_without_exception(verdicts):
    wrong = [row["expr"] for row, verdict in verdicts if verdict.quartz_valid != (row["quartz"] != "no")]
    assert wrong == []


def test_what_quartz_accepts_is_taken_unless_the_record_says_why_not(verdicts):
    found = [(row["expr"], verdict.error and verdict.error.leniency) for row, verdict in verdicts]
    assert found == [(row["expr"], row.get("refused")) for row, _ in verdicts]


def test_what_breaks_quartz_is_refused(verdicts):
    broken = [verdict.error.leniency for row, verdict in verdicts if row["quartz"] == "breaks"]
    assert set(broken) == {Leniency.NEVER_ENDS, Leniency.TOO_MANY_VALUES}


def test_the_record_explains_each_refusal_on_purpose(recorded):
    header, rows = recorded
    assert header["refused"] == {leniency.value: leniency.explanation for leniency in Leniency}
    assert {row["refused"] for row in rows if "refused" in row} == set(header["refused"])


def test_fire_times_are_quartzs_without_exception(verdicts):
    """Lists end where the two tz databases differ; if Quartz loops, ours only has to end."""
    wrong = []
    for row, verdict in verdicts:
        for zone, after, expected in row.get("fires", ()):
            found = list(islice(fire_seconds(verdict.expression, after, ZoneInfo(zone)), len(expected)))
            if len(found) < len(expected):
                found.append("end")
            if found != expected != ["astray"]:
                wrong.append((row["expr"], zone, after, expected, found))
    assert wrong == []
