"""Properties of health: total, monotone, and quiet where nothing is due."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from kvs_edge_health import JobReport, Kind, Limits, Observation, Recording, Scheduled, assess
from kvs_edge_schedules.zone import seconds_since_epoch

ZONES = (None, "UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "not a zone")
EXPRESSIONS = (
    "0 0 9-16 ? * * *", "0 0 17 ? * MON-FRI *", "0 0/15 * ? * * *", "0 30 2 ? * * *", "0 0 12 L * ?",
    "0 0 9 ? * * 2025", "@daily", "",
)  # fmt: skip
STATUSES = (
    "IN_SYNC", "SYNCING", "ACKNOWLEDGED", "SYNC_FAILED", "DELETING", "DELETING_ACKNOWLEDGED", "DELETE_FAILED",
    "NO_STREAM", "NO_CONFIGURATION", "NEW",
)  # fmt: skip
NOWS = st.datetimes(datetime(2024, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))
OFFSETS = st.integers(-840, 840).map(lambda minutes: timezone(timedelta(minutes=minutes)))
ANY_TIMES = st.one_of(
    st.none(),
    st.datetimes(timezones=OFFSETS),
    st.datetimes(datetime(2023, 12, 1), datetime(2040, 2, 1), timezones=st.just(UTC)),
)
JOB_STATUSES = ("SUCCESS", "NEW", "USER_ERROR", "SYSTEM_ERROR")


def reports(statuses=(None, "", *JOB_STATUSES)):
    return st.builds(JobReport, st.sampled_from(statuses), st.text(max_size=20), ANY_TIMES, ANY_TIMES)


SCHEDULES = st.one_of(
    st.none(),
    st.fixed_dictionaries(
        {"ScheduleExpression": st.sampled_from(EXPRESSIONS), "DurationInSeconds": st.sampled_from((60, 3599, 3600))}
    ),
)


@st.composite
def recordings(draw):
    config = {
        "RecorderConfig": {"ScheduleConfig": draw(SCHEDULES)},
        "UploaderConfig": {"ScheduleConfig": draw(SCHEDULES)},
        "DeletionConfig": {"EdgeRetentionInHours": draw(st.integers(1, 720))},
    }
    return Recording.of(config, draw(st.sampled_from(ZONES)), draw(NOWS))


OBSERVATIONS = st.builds(
    Observation,
    st.sampled_from(STATUSES),
    st.text(max_size=20),
    st.none() | reports(),
    st.none() | reports(),
    ANY_TIMES,
    ANY_TIMES,
)


@given(OBSERVATIONS, recordings(), NOWS)
def test_any_facts_have_an_answer(facts, recording, now):
    """One kind, one sentence on one line, and no time at risk that is after its deletion."""
    health = assess(facts, recording, now)
    assert health.kind is min((cause.kind for cause in health.causes), key=list(Kind).index)
    assert health.reason.isprintable()
    if health.at_risk is not None:
        assert health.at_risk.until - health.at_risk.since == recording.retention
        assert health.at_risk.since <= now


@given(OBSERVATIONS, recordings(), NOWS, reports(JOB_STATUSES), st.data())
def test_a_worse_status_never_gives_a_better_kind(facts, recording, now, report, data):
    """SUCCESS, a new status, an error: in this order, for the recorder and for the uploader."""
    job = data.draw(st.sampled_from(("recorder", "uploader")))
    ranks = [
        assess(replace(facts, **{job: replace(report, status=status)}), recording, now).kind.severity
        for status in JOB_STATUSES
    ]
    assert ranks == sorted(ranks)


@given(OBSERVATIONS, recordings(), NOWS, st.integers(0, 10**7), st.integers(0, 10**7))
def test_an_older_success_never_gives_a_better_kind(facts, recording, now, age, older):
    """As the report ages, the hub becomes silent, and nothing else changes."""

    def severity(seconds):
        moment = now - timedelta(seconds=seconds)
        return assess(replace(facts, recorder=JobReport("SUCCESS", updated=moment)), recording, now).kind.severity

    assert severity(age + older) >= severity(age)


@given(recordings(), NOWS, st.integers(0, 10**7), st.integers(1, 10**6))
def test_silence_is_never_an_alarm_without_due_time(recording, now, age, limit):
    """A hub is silent exactly if recording was due for the limit since the last report."""
    last = now - timedelta(seconds=age)
    facts = Observation("IN_SYNC", recorder=JobReport("SUCCESS", updated=last))
    kind = assess(facts, recording, now, Limits(silent_after=timedelta(seconds=limit))).kind
    start, end = seconds_since_epoch(last), seconds_since_epoch(now)
    due = recording.recorder.due_seconds(start, end, 10**9)
    assert (kind is Kind.SILENT_HUB) == (due >= limit)


@given(recordings(), NOWS)
def test_the_next_window_is_the_first_one(recording, now):
    """It is due at its start, and nothing is due between now and then."""
    health = assess(Observation("IN_SYNC"), recording, now)
    if health.next_due is None or not isinstance(recording.recorder, Scheduled):
        return
    start, end = seconds_since_epoch(now), seconds_since_epoch(health.next_due)
    assert recording.recorder.due(end) == "due"
    assert recording.recorder.due_seconds(start, end, 10**9) == 0
