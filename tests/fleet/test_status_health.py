"""The rule for health, case by case."""

from datetime import UTC, datetime, timedelta

import pytest

from kvs_edge.observed import Absent, Found, StreamAbsent, SyncStatus
from kvs_edge_gitops.aws.stream_status import Job, StreamStatus
from kvs_edge_gitops.commands.status.health import Health, ProblemCode, assess

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
HUB = "arn:aws:iot:eu-west-1:123456789012:thing/site-hub"
OTHER = "arn:aws:iot:eu-west-1:123456789012:thing/old-hub"
IN_SYNC, SYNCING, DELETING = SyncStatus.IN_SYNC, SyncStatus.SYNCING, SyncStatus.DELETING


def found(status=IN_SYNC, minutes=60, hub=HUB, details=""):
    updated = (NOW - timedelta(minutes=minutes)).isoformat()
    return Found(status, {"HubDeviceArn": hub}, details, updated=updated)


def job(status="SUCCESS", hours=1.0, details=""):
    moment = NOW - timedelta(hours=hours)
    return Job(status, details, moment, moment)


def codes(observed, recorder=None, uploader=None, stale=None):
    judgement = assess(StreamStatus(observed, recorder, uploader), HUB, NOW, stale)
    return judgement.health, [trouble.code for trouble in judgement.problems]


@pytest.mark.parametrize("recorder", [None, job()])
@pytest.mark.parametrize("uploader", [None, job()])
def test_in_sync_on_its_hub_without_an_error_of_a_job_is_well(recorder, uploader):
    """A job that has not said anything yet has not failed."""
    assert codes(found(), recorder, uploader) == (Health.HEALTHY, [])


@pytest.mark.parametrize("status", [status for status in SyncStatus if status.syncing or status.deleting])
def test_what_is_on_its_way_is_under_way_for_20_minutes_and_overdue_then(status):
    """A deployment raises no alarm; what is stuck does."""
    assert codes(found(status, minutes=20)) == (Health.IN_PROGRESS, [])
    assert codes(found(status, minutes=21)) == (Health.UNHEALTHY, [ProblemCode.OVERDUE])


def test_a_clock_behind_awss_makes_nothing_overdue():
    """A time in the future counts as now."""
    assert codes(found(SYNCING, minutes=-600)) == (Health.IN_PROGRESS, [])


def test_without_a_time_nothing_says_that_it_is_stuck():
    """LastUpdatedTime is an optional member of the answer."""
    assert codes(Found(SYNCING, {"HubDeviceArn": HUB})) == (Health.IN_PROGRESS, [])


@pytest.mark.parametrize(
    ("observed", "code"),
    [
        (StreamAbsent(), ProblemCode.NO_STREAM),
        (Absent(), ProblemCode.NO_CONFIGURATION),
        (found(hub=OTHER), ProblemCode.OTHER_HUB),
        (found(SYNCING, minutes=1, hub=OTHER), ProblemCode.OTHER_HUB),
        (found(SyncStatus.SYNC_FAILED), ProblemCode.SYNC_FAILED),
        (found(SyncStatus.DELETE_FAILED), ProblemCode.DELETE_FAILED),
    ],
)
def test_what_is_not_as_declared_is_in_trouble(observed, code):
    """Each for its own reason."""
    assert codes(observed) == (Health.UNHEALTHY, [code])


def test_what_leaves_another_hub_is_being_moved():
    """Until that takes too long."""
    assert codes(found(DELETING, minutes=1, hub=OTHER)) == (Health.IN_PROGRESS, [])
    assert codes(found(DELETING, minutes=30, hub=OTHER)) == (
        Health.UNHEALTHY,
        [ProblemCode.OTHER_HUB, ProblemCode.OVERDUE],
    )


@pytest.mark.parametrize("status", ["USER_ERROR", "SYSTEM_ERROR"])
@pytest.mark.parametrize("sync", [IN_SYNC, SYNCING])
def test_an_error_of_a_job_is_trouble_whatever_the_sync_status(status, sync):
    """IN_SYNC says that the hub has the configuration, not that the camera records."""
    assert codes(found(sync, 1), job(status))[1] == [ProblemCode.RECORDER_ERROR]
    assert codes(found(sync, 1), job(), job(status))[1] == [ProblemCode.UPLOADER_ERROR]
    assert codes(found(sync, 1), job(status), job(status))[1] == [
        ProblemCode.RECORDER_ERROR,
        ProblemCode.UPLOADER_ERROR,
    ]


def test_a_recorder_may_be_silent_for_as_long_as_is_said():
    """Without --stale, for any time: schedules have pauses that nothing here knows."""
    day = timedelta(hours=24)
    assert codes(found(), job(hours=1000)) == (Health.HEALTHY, [])
    assert codes(found(), job(hours=24), stale=day) == (Health.HEALTHY, [])
    assert codes(found(), job(hours=25), stale=day) == (Health.UNHEALTHY, [ProblemCode.RECORDER_STALE])


def test_a_recorder_that_never_stored_anything_is_silent_since_it_was_configured():
    """A new camera has as much time as any."""
    day = timedelta(hours=24)
    silent = Job("SUCCESS", "", None, None)
    for recorder in (None, silent):
        assert codes(found(minutes=60), recorder, stale=day) == (Health.HEALTHY, [])
        assert codes(found(minutes=60 * 25), recorder, stale=day) == (Health.UNHEALTHY, [ProblemCode.RECORDER_STALE])


def test_a_recorder_with_an_error_is_not_called_silent_as_well():
    """One trouble is told once."""
    assert codes(found(), job("USER_ERROR", 99), stale=timedelta(hours=1))[1] == [ProblemCode.RECORDER_ERROR]


def message(observed, recorder=None, stale=None):
    (trouble,) = assess(StreamStatus(observed, recorder), HUB, NOW, stale).problems
    return trouble.message


def test_sentences_name_what_is_wrong():
    """With the service's words, and since when."""
    assert message(found(hub=OTHER)) == "it is on hub old-hub instead of site-hub"
    twin = HUB.replace("123456789012", "111122223333")
    assert message(found(hub=twin)) == f"it is on hub {twin} instead of {HUB}"
    assert message(found(SyncStatus.SYNC_FAILED, details="no\n disk")) == "the sync failed: no disk"
    assert message(found(SyncStatus.DELETE_FAILED)) == "the deletion failed: no reason given"
    stuck = "it is SYNCING, and was last updated at 2026-11-23T11:00:00Z, more than 20 minutes ago"
    assert message(found(SYNCING, 60)) == stuck
    error = job("USER_ERROR", 2, "wrong password")
    assert (
        message(found(), error) == "the recorder reports USER_ERROR, last updated 2026-11-23T10:00:00Z: wrong password"
    )
    assert message(found(), Job("SYSTEM_ERROR", "", None, None)) == "the recorder reports SYSTEM_ERROR: no reason given"
    hour = timedelta(hours=1)
    assert message(found(), job(hours=2), hour) == "the recorder has stored nothing since 2026-11-23T10:00:00Z"
    assert message(found(minutes=90), None, hour) == "the recorder has never reported stored media"


@pytest.mark.parametrize("status", [SyncStatus.IN_SYNC, SyncStatus.SYNCING, SyncStatus.SYNC_FAILED])
def test_another_configuration_than_the_declared_one_is_unhealthy(status):
    """Field by field, at most three; another hub is a problem of its own, and a deletion is half of a move."""
    live = found(status)
    declared = {**live.config, "DeletionConfig": {"EdgeRetentionInHours": 48}}
    problem = assess(StreamStatus(live), HUB, NOW, declared=declared).problems[-1]
    assert problem.code == "ConfigurationDiffers"
    assert problem.message == (
        "the service does not have the declared configuration: DeletionConfig.EdgeRetentionInHours: declared 48,"
        " live none, so 720"
    )
    many = {**live.config, "UploaderConfig": {name: name for name in "abcde"}}
    problem = assess(StreamStatus(live), HUB, NOW, declared=many).problems[-1]
    assert problem.message.endswith("UploaderConfig.c: declared c, live none, and 2 more fields")
    moved = {**live.config, "HubDeviceArn": HUB + "-2"}
    assert "ConfigurationDiffers" not in {
        one.code for one in assess(StreamStatus(live), HUB, NOW, declared=moved).problems
    }
    assert assess(StreamStatus(found(DELETING, minutes=1)), HUB, NOW, declared=declared).problems == ()
    assert assess(StreamStatus(Absent()), HUB, NOW, declared=declared).problems[-1].code == "NoConfiguration"
