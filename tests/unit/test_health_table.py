"""Health for each combination of sync status, reports, schedule and age, against tables written by hand."""

import itertools
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from kvs_edge_health import Due, JobReport, Kind, Observation, Recording, assess

NOW = datetime(2026, 11, 23, 12, 30, tzinfo=UTC)  # a Monday; 13:30 in Berlin
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)

AGES = {"new": timedelta(minutes=5), "old": 40 * DAY, "never": None}
"""The ages of the configuration's last update."""
SCHEDULES = {
    "always": ({}, None),
    "due": ({"ScheduleExpression": "0 0 9-16 ? * * *", "DurationInSeconds": 3599}, "Europe/Berlin"),
    "not due": ({"ScheduleExpression": "0 0 0-5 ? * * *", "DurationInSeconds": 3599}, "Europe/Berlin"),
    "no zone": ({"ScheduleExpression": "0 0 9-16 ? * * *", "DurationInSeconds": 3599}, None),
}


def report(status: str | None, age: timedelta | None) -> JobReport:
    return JobReport(status, updated=None if age is None else NOW - age)


REPORTS = {
    "none": None,
    "success": report("SUCCESS", timedelta(minutes=1)),
    "old success": report("SUCCESS", 3 * DAY),
    "timeless success": report("SUCCESS", None),
    "future success": report("SUCCESS", -HOUR),
    "skewed success": report("SUCCESS", -timedelta(minutes=4)),
    "user error": report("USER_ERROR", timedelta(minutes=1)),
    "old system error": report("SYSTEM_ERROR", 3 * DAY),
    "future error": report("USER_ERROR", -HOUR),
    "new status": report("PAUSED", timedelta(minutes=1)),
    "no status": report(None, timedelta(minutes=1)),
}
SYNC_STATUSES = (
    "IN_SYNC", "SYNCING", "ACKNOWLEDGED", "SYNC_FAILED", "DELETING", "DELETING_ACKNOWLEDGED", "DELETE_FAILED",
    "NO_STREAM", "NO_CONFIGURATION", "PARTIALLY_IN_SYNC", "",
)  # fmt: skip
_PENDING = ("SYNCING", "ACKNOWLEDGED", "DELETING", "DELETING_ACKNOWLEDGED")
_WITHOUT_JOBS = ("DELETING", "DELETING_ACKNOWLEDGED", "NO_STREAM", "NO_CONFIGURATION")
_STATUS_OF_JOB = {
    "none": "fine", "success": "fine", "old success": "fine", "timeless success": "fine", "skewed success": "fine",
    "future success": "unknown", "new status": "unknown", "no status": "unknown",
    "user error": "failed", "old system error": "failed", "future error": "failed",
}  # fmt: skip


def of_sync(status: str, age: str) -> Kind | None:
    if status in _PENDING:
        return Kind.NOT_IN_SYNC if age == "old" else Kind.IN_PROGRESS
    if status in {"SYNC_FAILED", "DELETE_FAILED", "NO_STREAM", "NO_CONFIGURATION"}:
        return Kind.NOT_IN_SYNC
    return None if status == "IN_SYNC" else Kind.UNKNOWN


def of_job(name: str, failed: Kind) -> Kind | None:
    return {"fine": None, "unknown": Kind.UNKNOWN, "failed": failed}[_STATUS_OF_JOB[name]]


def of_silence(recorder: str, schedule: str, age: str) -> Kind | None:
    """Return the kind; the old success is of three days ago, which is longer than two hours of each schedule."""
    if schedule == "no zone" or recorder == "timeless success":
        return Kind.UNKNOWN
    never = {
        ("new", True): Kind.IN_PROGRESS, ("new", False): None, ("old", True): Kind.SILENT_HUB,
        ("old", False): Kind.SILENT_HUB, ("never", True): Kind.UNKNOWN, ("never", False): None,
    }  # fmt: skip
    if recorder == "none":
        return never[age, schedule != "not due"]
    return Kind.SILENT_HUB if recorder == "old success" and age != "new" else None


def expected(status: str, recorder: str, uploader: str, schedule: str, age: str) -> Kind:
    kinds = [of_sync(status, age)]
    if status not in _WITHOUT_JOBS:
        kinds += [of_job(recorder, Kind.RECORDING_FAILED), of_job(uploader, Kind.UPLOAD_FAILED)]
    if status == "IN_SYNC":
        kinds.append(of_silence(recorder, schedule, age))
    found = [kind for kind in kinds if kind is not None]
    fine = Kind.NOT_DUE if schedule == "not due" else Kind.HEALTHY
    return min(found, key=list(Kind).index) if found else fine


def recording(schedule: str) -> Recording:
    declared, zone = SCHEDULES[schedule]
    config: dict[str, Any] = {"RecorderConfig": {"ScheduleConfig": declared} if declared else {}}
    return Recording.of(config, zone, NOW)


@pytest.mark.parametrize("status", SYNC_STATUSES)
def test_each_combination_has_the_kind_of_the_tables(status):
    """The worst of what the sync, the recorder, the uploader and the silence mean on their own."""
    count = 0
    for recorder, uploader, schedule, age in itertools.product(REPORTS, REPORTS, SCHEDULES, AGES):
        updated = None if AGES[age] is None else NOW - AGES[age]
        facts = Observation(status, recorder=REPORTS[recorder], uploader=REPORTS[uploader], updated=updated)
        health = assess(facts, recording(schedule), NOW)
        assert health.kind is expected(status, recorder, uploader, schedule, age), (recorder, uploader, schedule, age)
        assert health.reason == health.causes[0].reason != ""
        assert not health.reason.endswith(".")
        assert (health.kind, health.since) == (health.causes[0].kind, health.causes[0].since)
        assert health.next_due is None or (health.recording is Due.NOT_DUE and health.next_due > NOW)
        count += 1
    assert count == len(REPORTS) ** 2 * len(SCHEDULES) * len(AGES)
