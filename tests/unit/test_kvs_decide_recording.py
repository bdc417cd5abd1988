"""The recording gate: each row of its table in docs/lifecycle.md, and the whole product of reports and times."""

import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from kvs_edge.configuration import Stream
from kvs_edge.decide import deadline, decide
from kvs_edge.decide_recording import NEXT_REPORT_SECONDS
from kvs_edge.decisions import Done, Fail, RecordingStatus, Wait
from kvs_edge.observed import Absent, Found, SyncStatus
from kvs_edge.operation import Relation
from kvs_edge.progress import Progress
from kvs_edge.reasons import FailureCode
from kvs_edge.request import Request, RequestType
from kvs_edge.wait_for import WaitFor
from support.thoroughness import IS_CAMPAIGN

NINE = datetime(2026, 11, 23, 8, tzinfo=UTC)
"""A Monday at 9:00 in Berlin, where the hub is."""
SENT = NINE.timestamp() + 600.0
IN_SYNC = SENT + 10.0
NOW = IN_SYNC + 5.0
SETTLED = IN_SYNC + NEXT_REPORT_SECONDS
LONG_BEFORE, SINCE = SENT - 3600.0, SENT + 4.0

WORK_HOURS = {"ScheduleExpression": "0 0 9-16 ? * MON-FRI *", "DurationInSeconds": 3599}
AT_NIGHT = {"ScheduleExpression": "0 0 22 ? * MON-FRI *", "DurationInSeconds": 3600}
LAST_YEAR = {"ScheduleExpression": "0 0 9 1 1 ? 2026", "DurationInSeconds": 3600}
TEN_MINUTES = {"ScheduleExpression": "0 0 9 ? * * *", "DurationInSeconds": 612}
NO_SCHEDULE = {"ScheduleExpression": "0 0 25 * * ? *", "DurationInSeconds": 60}


def _request(schedule: dict | None = None, zone: str | None = "Europe/Berlin", **changes) -> Request:
    recorder = {"MediaSourceConfig": {}, **({"ScheduleConfig": schedule} if schedule else {})}
    return Request(
        **{
            "type": RequestType.UPDATE,
            "stream": Stream("front-door"),
            "desired": {"HubDeviceArn": "arn:thing/hub-a", "RecorderConfig": recorder},
            "physical_id": "front-door",
            "wait_for": WaitFor.RECORDING,
            "hub_time_zone": zone,
            "sent_at": SENT - 5.0,
            "received_at": SENT - 5.0,
            **changes,
        }
    )


def _report(status: str | None, updated: float | None, collected: float | None = None) -> dict:
    times = {"LastUpdatedTime": updated, "LastCollectedTime": collected}
    return {
        "JobStatusDetails": "rtsp://admin:hunter2@10.0.0.7/: 401 Unauthorized",
        **({} if status is None else {"RecorderStatus": status}),
        **{name: datetime.fromtimestamp(time, UTC) for name, time in times.items() if time is not None},
    }


def _found(request: Request, report: dict | None, status: SyncStatus = SyncStatus.IN_SYNC, updated: float = SENT):
    last = datetime.fromtimestamp(updated, UTC).isoformat(timespec="milliseconds")
    return Found(status, request.desired, "", "front-door", "arn", last, last, recorder=report)


def _version(report: dict | None) -> str:
    return _found(_request(), report).report_version


BEFORE = Progress(
    relation=Relation.FORWARD,
    submitted=True,
    written_at=SENT,
    before=("IN_SYNC", "earlier"),
    status="IN_SYNC",
    status_since=IN_SYNC,
    report_at_sync="",
)
"""Progress of an Update that replaced a configuration."""
FIRST = BEFORE.replace(before=None)
"""Progress where there was no configuration before."""

FINE, WRONG = _report("SUCCESS", SINCE), _report("USER_ERROR", SINCE)
OLD_FINE, OLD_WRONG = _report("SUCCESS", LONG_BEFORE), _report("SYSTEM_ERROR", LONG_BEFORE)
FROM_THE_PAST = _report("SUCCESS", 86_400.0)
AHEAD = _report("USER_ERROR", NOW + 3600.0)


def _had(progress: Progress, report: dict | None) -> Progress:
    return progress.replace(report_at_sync=_version(report))


ROWS = [
    ("no report yet", None, FIRST, NOW, Wait),
    ("a success after IN_SYNC", FINE, BEFORE, NOW, RecordingStatus.RECORDING),
    ("a failure after IN_SYNC", WRONG, BEFORE, NOW, FailureCode.RECORDING_FAILED),
    ("a success of a hub whose clock is years behind", FROM_THE_PAST, BEFORE, NOW, RecordingStatus.RECORDING),
    ("a failure of a hub whose clock is ahead", AHEAD, BEFORE, NOW, FailureCode.RECORDING_FAILED),
    ("an old success, still there", OLD_FINE, _had(BEFORE, OLD_FINE), SETTLED, Wait),
    ("an old failure, still there", OLD_WRONG, _had(BEFORE, OLD_WRONG), SETTLED, Wait),
    ("an old failure at the first configuration", OLD_WRONG, _had(FIRST, OLD_WRONG), SETTLED, Wait),
    ("another old report follows", OLD_FINE, _had(BEFORE, OLD_WRONG), NOW, RecordingStatus.RECORDING),
    ("a success from before IN_SYNC, perhaps of the former camera", FINE, _had(BEFORE, FINE), NOW, Wait),
    ("the same, and no other followed", FINE, _had(BEFORE, FINE), SETTLED, RecordingStatus.RECORDING),
    ("a failure from before IN_SYNC, perhaps of the former camera", WRONG, _had(BEFORE, WRONG), NOW, Wait),
    ("the same, and no other followed", WRONG, _had(BEFORE, WRONG), SETTLED, FailureCode.RECORDING_FAILED),
    ("a success from before IN_SYNC, the first camera", FINE, _had(FIRST, FINE), NOW, RecordingStatus.RECORDING),
    ("a failure from before IN_SYNC, the first camera", WRONG, _had(FIRST, WRONG), NOW, FailureCode.RECORDING_FAILED),
    ("a report from the future, still there", AHEAD, _had(FIRST, AHEAD), SETTLED, Wait),
    ("a report without a time", _report("SUCCESS", None), _had(FIRST, _report("SUCCESS", None)), SETTLED, Wait),
    ("a report without a time, after IN_SYNC", _report("SUCCESS", None), FIRST, NOW, RecordingStatus.RECORDING),
    (
        "an unchanged success, and media stored since the submission",
        _report("SUCCESS", LONG_BEFORE, SINCE),
        _had(BEFORE, _report("SUCCESS", LONG_BEFORE, SINCE)),
        SETTLED,
        RecordingStatus.RECORDING,
    ),
    ("a status that no model has", _report("PAUSED", SINCE), BEFORE, NOW, Wait),
    ("a report without a status", _report(None, SINCE), BEFORE, NOW, Wait),
    (
        "a report of the moment of the submission",
        _report("SUCCESS", SENT),
        _had(BEFORE, _report("SUCCESS", SENT)),
        SETTLED,
        RecordingStatus.RECORDING,
    ),
    ("the first poll after a crash, an old success", OLD_FINE, FIRST.replace(report_at_sync=None), SETTLED, Wait),
    (
        "an old success, still there, and a crashed tick sent the configuration",
        OLD_FINE,
        _had(FIRST.replace(crashed=True, submitted=False, written_at=0.0), OLD_FINE),
        SETTLED,
        Wait,
    ),
    ("the first poll after a crash", FINE, FIRST.replace(report_at_sync=None), NOW, RecordingStatus.RECORDING),
]


def _assert_decided(decision, expected) -> None:
    match expected:
        case FailureCode():
            assert isinstance(decision, Fail)
            assert decision.reason.code is expected
        case RecordingStatus():
            assert isinstance(decision, Done)
            assert decision.attributes["RecordingStatus"] == expected
        case _:
            assert type(decision) is expected


@pytest.mark.parametrize("schedule", [None, WORK_HOURS], ids=["always", "in a window"])
@pytest.mark.parametrize(("report", "progress", "now", "expected"), [row[1:] for row in ROWS], ids=[r[0] for r in ROWS])
def test_a_report_about_the_new_configuration_decides_while_recording_is_due(schedule, report, progress, now, expected):
    """Each row; a schedule's open window is like recording without a schedule."""
    request = _request(schedule)
    _assert_decided(decide(request, _found(request, report), progress, now), expected)


@pytest.mark.parametrize(
    ("schedule", "zone", "opens"),
    [
        (AT_NIGHT, "Europe/Berlin", "2026-11-23T21:00:00.000+00:00"),
        (WORK_HOURS, "Asia/Tokyo", "2026-11-24T00:00:00.000+00:00"),
        (LAST_YEAR, "Europe/Berlin", ""),
    ],
)
@pytest.mark.parametrize("report", [None, FINE, WRONG], ids=["none", "success", "failure"])
def test_outside_a_window_in_sync_is_enough_and_the_answer_says_when_the_next_opens(schedule, zone, opens, report):
    """Whatever the agent reports then: it may be an old status with a new date."""
    request = _request(schedule, zone)
    decision = decide(request, _found(request, report), BEFORE, NOW)
    _assert_decided(decision, RecordingStatus.NOT_DUE)
    assert decision.attributes["NextRecordingTime"] == opens
    assert (f"the next window opens at {opens}" if opens else "no window follows") in decision.warning
    assert "the window closed" not in decision.warning


def test_a_window_that_closes_before_the_recorder_reports_ends_the_wait():
    """The warning says that the camera is not known to record."""
    request = _request(TEN_MINUTES)
    assert type(decide(request, _found(request, None), BEFORE, IN_SYNC + 1.0)) is Wait
    decision = decide(request, _found(request, None), BEFORE, IN_SYNC + 3.0)
    _assert_decided(decision, RecordingStatus.NOT_DUE)
    assert "the window closed before the recorder reported" in decision.warning


@pytest.mark.parametrize(
    ("schedule", "zone", "why"),
    [
        (WORK_HOURS, "Europe/Berlino", 'the hub\'s time zone "Europe/Berlino" is not valid'),
        (NO_SCHEDULE, "Europe/Berlin", 'the schedule "0 0 25 * * ? *" is not valid'),
    ],
)
def test_a_schedule_that_cannot_be_evaluated_is_no_failure_and_is_said(schedule, zone, why):
    """For example on a runtime without the rules of the time zone."""
    request = _request(schedule, zone)
    decision = decide(request, _found(request, WRONG), BEFORE, NOW)
    _assert_decided(decision, RecordingStatus.UNKNOWN)
    assert decision.warning == f"stream front-door is in sync, and whether it records was not checked: {why}"


@pytest.mark.parametrize(
    ("report", "said"),
    [
        (None, "no report of the recorder arrived since the submission at 2026-11-23T08:10:00Z. Check"),
        (OLD_WRONG, "Its last report: SYSTEM_ERROR at 2026-11-23T07:10:00Z: rtsp://...@10.0.0.7/: 401"),
        (_report("PAUSED", SINCE), "a status that this version does not know: PAUSED at 2026-11-23T08:10:04Z"),
    ],
)
def test_at_the_deadline_the_missing_recording_is_the_reason(report, said):
    """And not the sync, which is there."""
    request = _request()
    found = _found(request, report)
    progress = BEFORE if report and report.get("RecorderStatus") == "PAUSED" else _had(BEFORE, report)
    last = deadline(request, progress)
    assert type(decide(request, found, progress, last - 1.0)) is Wait
    decision = decide(request, found, progress, last)
    _assert_decided(decision, FailureCode.RECORDING_FAILED)
    assert said in str(decision.reason)


def test_without_a_sync_the_deadline_is_the_syncs():
    """The gate begins with IN_SYNC."""
    request = _request()
    found = _found(request, WRONG, SyncStatus.SYNCING)
    assert type(decide(request, found, BEFORE, NOW)) is Wait
    _assert_decided(decide(request, found, BEFORE, deadline(request, BEFORE)), FailureCode.TIMED_OUT)


@pytest.mark.parametrize("kind", [RequestType.CREATE, RequestType.UPDATE])
def test_a_request_that_sends_nothing_does_not_wait_for_the_recording(kind):
    """A camera that failed before must not fail a deployment that does not touch it."""
    request = _request(type=kind)
    unsent = Progress(relation=Relation.FORWARD, status="IN_SYNC", status_since=NOW - 60.0)
    decision = decide(request, _found(request, WRONG, updated=LONG_BEFORE), unsent, NOW + 60.0)
    _assert_decided(decision, RecordingStatus.NOT_CHECKED)


def test_a_request_whose_tick_crashed_after_the_submission_waits_for_the_recording():
    """The service shows an update since the request."""
    request = _request()
    forgotten = Progress(relation=Relation.FORWARD, status="IN_SYNC", status_since=NOW, report_at_sync="")
    decision = decide(request, _found(request, WRONG), forgotten, NOW + 60.0)
    _assert_decided(decision, FailureCode.RECORDING_FAILED)


def test_only_the_gate_looks_at_reports():
    """WaitFor SYNC and NOTHING end with IN_SYNC, as before."""
    for waits_for in (WaitFor.SYNC, WaitFor.NOTHING):
        request = _request(wait_for=waits_for)
        _assert_decided(decide(request, _found(request, WRONG), BEFORE, NOW), RecordingStatus.NOT_CHECKED)


@pytest.mark.no_cover
def test_the_whole_product_of_reports_schedules_and_times_is_decided():
    """Never in a rollback, never before IN_SYNC, never without a new report, never past the deadline.

    Where no report is read, only a campaign has all cases, and `make test` each fifth: 5 divides no dimension's length.
    """
    schedules = [None, WORK_HOURS, AT_NIGHT, NO_SCHEDULE]
    statuses = ["SUCCESS", "USER_ERROR", "SYSTEM_ERROR", "PAUSED", None]
    times = [None, 0.0, LONG_BEFORE, SENT, SINCE, NOW + 3600.0]
    reports = [None, *(_report(*case) for case in itertools.product(statuses, times, [None, SINCE]))]
    seen = [
        (request, report, status, _found(request, report, status))
        for request, report, status in itertools.product(
            map(_request, schedules), reports, [SyncStatus.IN_SYNC, SyncStatus.SYNCING, SyncStatus.SYNC_FAILED]
        )
    ]
    memories = [
        BEFORE.replace(relation=relation, before=before, report_at_sync=at_sync, began=SENT - 60.0)
        for relation, before, at_sync in itertools.product(
            Relation, [None, ("IN_SYNC", "earlier")], [None, "", _version(FINE)]
        )
    ]
    times_of_polls = [NOW, SETTLED, SENT + 10_000.0]
    product = itertools.product(seen, memories, times_of_polls)
    for number, ((request, report, status, found), progress, now) in enumerate(product):
        relation = progress.relation
        is_gated = status is SyncStatus.IN_SYNC and relation is Relation.FORWARD
        if number % 5 and not (is_gated or IS_CAMPAIGN):
            continue
        decision = decide(request, found, progress, now)
        case = (request, report, status, progress, now, decision)
        is_failed = isinstance(decision, Fail) and decision.reason.code is FailureCode.RECORDING_FAILED
        is_recording = isinstance(decision, Done) and decision.attributes["RecordingStatus"] == "RECORDING"
        if relation is not Relation.FORWARD:
            assert not is_failed, case
        if relation is Relation.ROLLBACK:
            assert isinstance(decision, Done), case
            assert decision.attributes["RecordingStatus"] == "NOT_CHECKED", case
        if status is not SyncStatus.IN_SYNC:
            assert not is_failed, case
            assert not is_recording, case
        if is_recording:
            assert report["RecorderStatus"] == "SUCCESS", case
        if is_failed and now < deadline(request, progress):
            assert report["RecorderStatus"] in {"USER_ERROR", "SYSTEM_ERROR"}, case
        assert not (isinstance(decision, Wait) and now >= deadline(request, progress)), case


def test_a_delete_never_waits_for_a_recording():
    """It is gone when it is gone."""
    request = replace(_request(), type=RequestType.DELETE)
    decision = decide(request, Absent(), Progress(relation=Relation.FORWARD), NOW + timedelta(hours=1).total_seconds())
    assert isinstance(decision, Done)
