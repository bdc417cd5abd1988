"""Health, rule by rule: what a person reads, since when, what comes next, and what is at risk."""

from datetime import UTC, datetime, timedelta

import pytest

from kvs_edge_health import (
    RETENTION,
    Always,
    Cause,
    Due,
    FootageAtRisk,
    Health,
    JobReport,
    Kind,
    Limits,
    Observation,
    Recording,
    Unclear,
    assess,
)
from kvs_edge_schedules.zone import seconds_since_epoch

BERLIN = "Europe/Berlin"
OFFICE = {"ScheduleExpression": "0 0 9-16 ? * * *", "DurationInSeconds": 3599}
ONE_HOUR = {"ScheduleExpression": "0 0 17 ? * * *", "DurationInSeconds": 3600}
EVENING = {"ScheduleExpression": "0 0 19,20,21 ? * * *", "DurationInSeconds": 3599}
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LONG_AGO = datetime(2026, 11, 1, 8, tzinfo=UTC)


def at(hour, minute=0, day=23):
    """Return a time on a wall clock of Berlin in November, which is UTC + 1."""
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC) - HOUR


def recording(recorder=None, uploader=None, retention=None, zone=BERLIN):
    config = {"RecorderConfig": {"ScheduleConfig": recorder} if recorder else {}}
    if uploader:
        config["UploaderConfig"] = {"ScheduleConfig": uploader}
    if retention:
        config["DeletionConfig"] = {"EdgeRetentionInHours": retention}
    return Recording.of(config, zone, at(12))


def job(status="SUCCESS", updated=None, collected=None, details=""):
    return JobReport(status, details, collected, updated)


def in_sync(recorder=None, uploader=None, updated=LONG_AGO, created=LONG_AGO):
    return Observation("IN_SYNC", recorder=recorder, uploader=uploader, updated=updated, created=created)


def test_a_camera_that_is_not_due_at_3_am_is_no_alarm():
    """The last report is of the afternoon, and the answer says when the next window opens."""
    health = assess(in_sync(job(updated=at(16, 59, day=22))), recording(OFFICE), at(3))
    assert (health.kind, health.recording, health.next_due) == (Kind.NOT_DUE, Due.NOT_DUE, at(9))
    assert health.reason == "recording is not due; the next window opens at 2026-11-23T08:00:00Z"
    assert not health.kind.needs_attention


def test_a_failure_of_the_night_stays_visible_and_says_that_it_is_not_due():
    """A wrong password will be wrong at 9, too."""
    health = assess(
        in_sync(job("USER_ERROR", at(16, 10, day=22), details="401\nfrom the  camera")), recording(OFFICE), at(3)
    )
    assert (health.kind, health.since, health.recording) == (Kind.RECORDING_FAILED, at(16, 10, day=22), Due.NOT_DUE)
    assert health.reason == (
        "the recorder reported USER_ERROR at 2026-11-22T15:10:00Z: 401 from the camera; recording is not due now"
    )


def test_an_error_from_before_a_new_submission_counts_until_the_next_report():
    """The sentence says that the configuration is younger."""
    facts = in_sync(job("SYSTEM_ERROR", at(10)), updated=at(11))
    health = assess(facts, recording(), at(12))
    assert health.kind is Kind.RECORDING_FAILED
    assert health.reason == (
        "the recorder reported SYSTEM_ERROR at 2026-11-23T09:00:00Z: no reason given; the configuration was updated"
        " after that at 2026-11-23T10:00:00Z"
    )


def test_a_stream_that_records_one_hour_a_day_is_not_silent_at_noon():
    """Only due time counts: two hours of it are two days."""
    facts = in_sync(job(updated=at(18, 0, day=20)))
    assert assess(facts, recording(ONE_HOUR), at(12, day=21)).kind is Kind.NOT_DUE
    assert assess(facts, recording(ONE_HOUR), at(17, 30, day=21)).kind is Kind.HEALTHY
    assert assess(facts, recording(ONE_HOUR), at(17, 59, day=22)).kind is Kind.HEALTHY
    health = assess(facts, recording(ONE_HOUR), at(18, 0, day=22))
    assert (health.kind, health.since) == (Kind.SILENT_HUB, at(18, 0, day=20))
    assert health.reason == (
        "the recorder has not reported since 2026-11-20T17:00:00Z; recording was due for 2 hours or more since then;"
        " recording is not due now"
    )


@pytest.mark.parametrize(
    ("minutes", "limits", "kind"),
    [
        (119, None, Kind.HEALTHY),
        (120, None, Kind.SILENT_HUB),
        (29, Limits(silent_after=timedelta(minutes=30)), Kind.HEALTHY),
        (30, Limits(silent_after=timedelta(minutes=30)), Kind.SILENT_HUB),
        (600_000, Limits(silent_after=None), Kind.HEALTHY),
        (0, Limits(silent_after=timedelta(0)), Kind.HEALTHY),
    ],
)
def test_the_limit_of_silence_is_a_parameter(minutes, limits, kind):
    """None is any time."""
    now = at(12)
    facts = in_sync(job(updated=now - timedelta(minutes=minutes)), updated=None)
    assert assess(facts, recording(), now, limits).kind is kind


def test_media_that_were_stored_are_a_sign_of_life_even_if_the_status_is_older():
    """LastCollectedTime and LastUpdatedTime: the later one counts."""
    assert assess(in_sync(job(updated=at(1), collected=at(11, 59))), recording(), at(12)).kind is Kind.HEALTHY


def test_an_agent_that_never_reported_is_waited_for_and_then_silent():
    """From the last update of the configuration on."""
    facts = in_sync(updated=at(10))
    health = assess(facts, recording(), at(11))
    assert (health.kind, health.since) == (Kind.IN_PROGRESS, at(10))
    assert (
        health.reason == "the recorder has not reported yet; the configuration was last updated at 2026-11-23T09:00:00Z"
    )
    health = assess(facts, recording(), at(12))
    assert (health.kind, health.since) == (Kind.SILENT_HUB, at(10))
    assert health.reason == (
        "the recorder has not reported yet, and the configuration was last updated at 2026-11-23T09:00:00Z; recording"
        " was due for 2 hours or more since then"
    )


def test_without_any_time_silence_cannot_be_told():
    """Neither a report nor the time of the configuration, or a report without a time."""
    assert assess(in_sync(updated=None), recording(), at(12)).reason == (
        "the recorder has not reported yet, and the service gives no time of the configuration's last update"
    )
    health = assess(in_sync(job(), updated=None), recording(), at(12))
    assert (health.kind, health.reason) == (Kind.UNKNOWN, "the recorder's report has no time, so its age is not known")


@pytest.mark.parametrize(
    ("schedule", "zone", "reason"),
    [
        (OFFICE, None, "the hub's time zone is not stated, so it is not known when recording is due"),
        (OFFICE, "Berlin", 'the hub\'s time zone "Berlin" is not valid, so it is not known when recording is due'),
        (
            {**OFFICE, "ScheduleExpression": "@daily"},
            BERLIN,
            'the schedule "@daily" is not valid, so it is not known when recording is due',
        ),
        (
            {"ScheduleExpression": "@"},
            BERLIN,
            "the schedule \"{'ScheduleExpression': '@'}\" is not valid, so it is not known when recording is due",
        ),
        (
            {"DurationInSeconds": 60},
            BERLIN,
            "the schedule \"{'DurationInSeconds': 60}\" is not valid, so it is not known when recording is due",
        ),
    ],
)
def test_what_is_not_known_about_the_schedule_is_said_and_never_guessed(schedule, zone, reason):
    """Not even if the recorder reported a minute ago."""
    health = assess(in_sync(job(updated=at(11, 59))), recording(schedule, zone=zone), at(12))
    assert (health.kind, health.recording, health.next_due) == (Kind.UNKNOWN, Due.UNKNOWN, None)
    assert health.reason == reason


def test_continuous_recording_needs_no_zone():
    """It is due in each of them."""
    health = assess(in_sync(job(updated=at(11, 59), details="25 fps")), recording(zone=None), at(12))
    assert (health.kind, health.recording, health.next_due) == (Kind.HEALTHY, Due.DUE, None)
    assert health.reason == "the recorder reported SUCCESS at 2026-11-23T10:59:00Z: 25 fps"


def test_new_words_of_the_api_are_quoted():
    """On one line, and shortened."""
    health = assess(Observation("PARTLY\nSYNCED"), recording(), at(12))
    assert (health.kind, health.reason) == (
        Kind.UNKNOWN,
        'the sync status "PARTLY SYNCED" is not one of the present API',
    )
    health = assess(in_sync(job("PAUSED", at(11), details="low battery")), recording(), at(12))
    assert health.reason == (
        'the recorder reported the status "PAUSED", not one of the present API, at 2026-11-23T10:00:00Z: low battery'
    )
    health = assess(in_sync(job("\x1b[2J" * 200, at(11))), recording(), at(12))
    assert "\x1b" not in health.reason
    assert len(health.reason) < 450
    assert assess(in_sync(job(None, at(11))), recording(), at(12)).reason == (
        "the recorder reported no status at 2026-11-23T10:00:00Z"
    )


def test_clocks_that_differ_are_tolerated_and_then_said():
    """Five minutes; an error is an error at any time."""
    assert assess(in_sync(job(updated=at(12, 5))), recording(), at(12)).kind is Kind.HEALTHY
    health = assess(in_sync(job(updated=at(12, 6))), recording(), at(12))
    assert (health.kind, health.since) == (Kind.UNKNOWN, None)
    assert health.reason == (
        "the recorder's report is dated 2026-11-23T11:06:00Z, 6 minutes after 2026-11-23T11:00:00Z: the clocks differ,"
        " so its age is not known"
    )
    health = assess(in_sync(job("USER_ERROR", at(12, 6))), recording(), at(12))
    assert [cause.kind for cause in health.causes] == [Kind.RECORDING_FAILED, Kind.UNKNOWN]
    assert assess(in_sync(job(updated=at(12, 6))), recording(), at(12), Limits(clock_skew=HOUR)).kind is Kind.HEALTHY
    facts = in_sync(job(updated=at(11, 59)), job(updated=at(12) + timedelta(seconds=401)))
    assert "401 seconds after" in assess(facts, recording(), at(12)).reason
    facts = in_sync(job(updated=at(12) + timedelta(seconds=4181)))
    assert "69 minutes after" in assess(facts, recording(), at(12)).reason


@pytest.mark.parametrize("moment", [datetime.max.replace(tzinfo=UTC), datetime.min.replace(tzinfo=UTC)])
def test_a_clock_that_was_never_set_is_no_crash(moment):
    """From the first to the last day of the calendar, in any offset."""
    for offset in (UTC, datetime.now().astimezone().tzinfo):
        report = job("SUCCESS", moment.replace(tzinfo=offset), moment)
        for schedule in (None, OFFICE):
            assert assess(in_sync(report, report), recording(schedule), at(12)).reason
    ahead = datetime.max.replace(tzinfo=UTC).replace(tzinfo=_WEST)
    assert "9999-12-31T23:59:59-01:00" in assess(in_sync(job(updated=ahead)), recording(), at(12)).reason


_WEST = datetime.fromisoformat("2026-01-01T00:00:00-01:00").tzinfo


@pytest.mark.parametrize(
    ("status", "updated", "kind", "reason"),
    [
        ("NO_STREAM", None, Kind.NOT_IN_SYNC, "the stream does not exist"),
        ("NO_CONFIGURATION", None, Kind.NOT_IN_SYNC, "the stream has no edge configuration"),
        ("SYNC_FAILED", at(10), Kind.NOT_IN_SYNC, "the sync failed: no disk"),
        ("DELETE_FAILED", at(10), Kind.NOT_IN_SYNC, "the deletion failed: no disk"),
        ("SYNCING", at(11, 40), Kind.IN_PROGRESS, "the sync status is SYNCING, last updated at 2026-11-23T10:40:00Z"),
        ("DELETING", None, Kind.IN_PROGRESS, "the sync status is DELETING, last updated at no known time"),
        (
            "ACKNOWLEDGED",
            at(11, 39),
            Kind.NOT_IN_SYNC,
            "the sync status is ACKNOWLEDGED, last updated at 2026-11-23T10:39:00Z, more than 20 minutes ago",
        ),
    ],
)
def test_a_sync_is_in_progress_for_twenty_minutes(status, updated, kind, reason):
    """Then it is stuck; the service tries for fifteen."""
    health = assess(Observation(status, "no disk", updated=updated), recording(OFFICE), at(12))
    assert (health.kind, health.since, health.reason) == (kind, updated, reason)


def test_a_stream_without_a_configuration_is_due_for_nothing():
    """A declared one does not matter: no hub has it."""
    health = assess(Observation("NO_CONFIGURATION"), recording(), at(12))
    assert (health.recording, health.uploading, health.next_due, health.at_risk) == (
        Due.NOT_DUE,
        Due.NOT_DUE,
        None,
        None,
    )


def test_a_schedule_that_has_ended_is_not_due_for_good():
    """The sentence says that no window follows."""
    ended = {"ScheduleExpression": "0 0 9 ? * * 2025", "DurationInSeconds": 60}
    health = assess(in_sync(job(updated=at(11))), recording(ended), at(12))
    assert (health.kind, health.reason) == (Kind.NOT_DUE, "recording is not due; no window follows")


def test_all_causes_are_there_and_the_worst_decides():
    """In the documented order."""
    facts = Observation("SYNC_FAILED", "gone", job("USER_ERROR", at(11)), job("SYSTEM_ERROR", at(11)), updated=at(10))
    health = assess(facts, recording(), at(12))
    assert [cause.kind for cause in health.causes] == [Kind.RECORDING_FAILED, Kind.NOT_IN_SYNC, Kind.UPLOAD_FAILED]


def test_a_caller_adds_causes_and_says_what_it_could_not_observe():
    """A difference from a file is one more cause; a refused request leaves nothing to assess."""
    moved = Cause(Kind.NOT_IN_SYNC, None, "it is on another hub")
    health = assess(in_sync(job(updated=at(11, 59))), recording(), at(12), further=[moved])
    assert health.causes == (moved,)
    denied = Health.unknown("AccessDenied")
    assert (denied.kind, denied.since, denied.reason) == (Kind.UNKNOWN, None, "AccessDenied")
    assert (denied.recording, denied.next_due, denied.at_risk_until) == (Due.UNKNOWN, None, None)


# Footage


def test_footage_is_at_risk_from_the_last_upload_on_until_it_leaves_retention():
    """The uploader fails: what was recorded since then waits for its deletion."""
    facts = in_sync(job(updated=at(11, 59), collected=at(11, 59)), job("SYSTEM_ERROR", at(9), collected=at(7)))
    health = assess(facts, recording(retention=15), at(12))
    assert health.kind is Kind.UPLOAD_FAILED
    assert health.at_risk == FootageAtRisk(since=at(7), until=at(22))
    assert health.at_risk_until == at(22)


def test_footage_is_counted_from_the_first_recording_after_the_upload():
    """AWS's example: recorded from 9 to 17, uploaded from 19 to 22, kept for 15 hours."""
    aws = recording(OFFICE, EVENING, 15)
    uploaded = job(updated=at(21, 59, day=22), collected=at(21, 59, day=22))
    facts = in_sync(job(updated=at(12), collected=at(12)), uploaded)
    assert assess(facts, aws, at(12)).at_risk is None
    failing = in_sync(facts.recorder, job("USER_ERROR", at(19), collected=uploaded.collected))
    assert assess(failing, aws, at(20)).at_risk == FootageAtRisk(since=at(9), until=at(0, day=24))


def test_footage_that_no_upload_window_reaches_is_at_risk_even_if_all_is_well():
    """It leaves retention before the next one."""
    facts = in_sync(job(updated=at(12), collected=at(12)), job(updated=at(8), collected=at(8)))
    health = assess(facts, recording(None, EVENING, 10), at(12))
    assert (health.kind, health.at_risk) == (Kind.HEALTHY, FootageAtRisk(since=at(8), until=at(18)))
    assert assess(facts, recording(None, EVENING, 12), at(12)).at_risk is None
    ended = {"ScheduleExpression": "0 0 9 ? * * 2025", "DurationInSeconds": 60}
    assert assess(facts, recording(None, ended), at(12)).at_risk_until == at(8) + RETENTION


def test_footage_that_is_being_deleted_already_has_a_time_in_the_past():
    """The uploader works again, and comes too late."""
    facts = in_sync(job(updated=at(12), collected=at(12)), job(updated=at(1, day=22), collected=at(1, day=22)))
    assert assess(facts, recording(retention=24), at(12)).at_risk == FootageAtRisk(at(1, day=22), at(1))


def test_nothing_is_at_risk_where_nothing_is_known_or_nothing_was_stored():
    """No report of the recorder, no upload and no creation, or an upload after the last storage."""
    failed = job("USER_ERROR", at(11), collected=at(10))
    assert assess(in_sync(None, failed), recording(), at(12)).at_risk is None
    assert assess(in_sync(job(updated=at(11))), recording(), at(12)).at_risk is None
    stored = job(updated=at(11), collected=at(9))
    assert assess(in_sync(stored, failed), recording(), at(12)).at_risk is None
    assert assess(in_sync(stored, job("USER_ERROR", at(11)), created=None), recording(), at(12)).at_risk is None


def test_before_the_first_upload_the_footage_is_as_old_as_the_first_configuration():
    """A silent hub uploads nothing, as far as is known."""
    facts = in_sync(job(updated=at(9), collected=at(9)), updated=at(8), created=at(8))
    health = assess(facts, recording(retention=24), at(12))
    assert (health.kind, health.at_risk) == (Kind.SILENT_HUB, FootageAtRisk(at(8), at(8, day=24)))


def test_footage_of_an_earlier_schedule_counts_from_the_last_upload():
    """It was stored at a time at which the present schedule records nothing."""
    facts = in_sync(job(updated=at(8), collected=at(8)), job("USER_ERROR", at(8), collected=at(7)))
    assert assess(facts, recording(OFFICE, retention=24), at(12)).at_risk == FootageAtRisk(at(7), at(7, day=24))
    ended = {"ScheduleExpression": "0 0 9 ? * * 2025", "DurationInSeconds": 60}
    assert assess(facts, recording(ended, retention=24), at(12)).at_risk == FootageAtRisk(at(7), at(7, day=24))


def test_an_upload_at_unknown_times_makes_no_risk_as_long_as_it_works():
    """The hub's zone is not stated; once it fails, the deadline needs no zone."""
    stored = job(updated=at(12), collected=at(12))
    health = assess(in_sync(stored, job(updated=at(8), collected=at(8))), recording(None, EVENING, zone=None), at(12))
    assert (health.kind, health.uploading, health.at_risk) == (Kind.HEALTHY, Due.UNKNOWN, None)
    failing = in_sync(stored, job("USER_ERROR", at(8), collected=at(8)))
    assert assess(failing, recording(None, EVENING, 24, zone=None), at(12)).at_risk_until == at(8, day=24)


# Timetables and facts


def test_a_timetable_says_only_what_is_known():
    """A continuous one has no window that opens; an unclear one counts no second as due."""
    always, unclear = recording().recorder, recording(OFFICE, zone=None).recorder
    assert isinstance(always, Always)
    assert (always.due(0), always.next_start(0), always.due_seconds(0, 9, 5)) == (Due.DUE, None, 5)
    assert isinstance(unclear, Unclear)
    assert (unclear.due(0), unclear.next_start(0), unclear.due_seconds(0, 9, 5)) == (Due.UNKNOWN, None, 0)


def test_hourly_runs_of_a_second_less_are_one_window():
    """As in AWS's examples."""
    office = recording(OFFICE).recorder
    between = seconds_since_epoch(at(10)) - 1
    assert [office.due(between + step) for step in (-1, 0, 1)] == [Due.DUE] * 3
    assert office.due_seconds(between - 3600, between + 3600, 10**6) == 7199
    last = seconds_since_epoch(at(17)) - 1
    assert [office.due(last + step) for step in (-1, 0, 1)] == [Due.DUE, Due.NOT_DUE, Due.NOT_DUE]


def test_times_without_an_offset_are_refused_by_name():
    """They would be compared with the wrong zone."""
    naive = datetime(2026, 11, 23, 12)
    with pytest.raises(ValueError, match="now is 2026-11-23T12:00:00, without a UTC offset"):
        assess(in_sync(), recording(), naive)
    with pytest.raises(ValueError, match="a job's report has the time 2026-11-23T12:00:00 without a UTC offset"):
        job(updated=naive)
    with pytest.raises(ValueError, match="an observation has the time"):
        in_sync(updated=naive)


def test_a_response_of_the_api_becomes_facts():
    """As boto3 returns it; members that are missing are not known."""
    response = {
        "SyncStatus": "SYNC_FAILED",
        "FailedStatusDetails": "why",
        "CreationTime": at(1),
        "LastUpdatedTime": at(2),
        "EdgeAgentStatus": {
            "LastRecorderStatus": {
                "RecorderStatus": "SUCCESS",
                "JobStatusDetails": "fine",
                "LastCollectedTime": at(3),
                "LastUpdatedTime": at(4),
            },
            "LastUploaderStatus": {"UploaderStatus": "USER_ERROR"},
        },
    }
    assert Observation.of(response) == Observation(
        "SYNC_FAILED", "why", JobReport("SUCCESS", "fine", at(3), at(4)), JobReport("USER_ERROR"), at(1), at(2)
    )
    assert Observation.of({}) == Observation("")


@pytest.mark.parametrize("hours", [None, 0, 721, "48", 2.5])
def test_a_retention_that_is_not_valid_is_the_services_default(hours):
    """The service would reject it."""
    assert Recording.of({"DeletionConfig": {"EdgeRetentionInHours": hours}}, None, at(12)).retention == RETENTION


def test_the_order_of_severity_is_the_order_of_the_members():
    """The worst first."""
    assert [kind.severity for kind in Kind] == [7, 6, 5, 4, 3, 2, 1, 0]
    assert [kind for kind in Kind if not kind.needs_attention] == [Kind.IN_PROGRESS, Kind.NOT_DUE, Kind.HEALTHY]
