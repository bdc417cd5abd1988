"""The health of `kvs-edge status`: the service's status and the file's declaration as one kind."""

from datetime import UTC, datetime, timedelta

import pytest

from kvs_edge.observed import Absent, Found, StreamAbsent, SyncStatus
from kvs_edge_gitops.aws.stream_status import Job, StreamStatus
from kvs_edge_gitops.checks.fleet.health import health_of
from kvs_edge_health import Kind, Limits

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
HUB = "arn:aws:iot:eu-west-1:123456789012:thing/site-hub"
OTHER = "arn:aws:iot:eu-west-1:123456789012:thing/old-hub"
IN_SYNC, SYNCING, DELETING = SyncStatus.IN_SYNC, SyncStatus.SYNCING, SyncStatus.DELETING


def found(status=IN_SYNC, minutes=60, hub=HUB, details="", **config):
    updated = (NOW - timedelta(minutes=minutes)).isoformat()
    return Found(status, {"HubDeviceArn": hub, **config}, details, updated=updated)


def job(status="SUCCESS", minutes=1, details=""):
    moment = NOW - timedelta(minutes=minutes)
    return Job(status, details, moment, moment)


def kinds(observed, recorder=None, uploader=None, **more):
    return [cause.kind for cause in health_of(StreamStatus(observed, recorder, uploader), HUB, NOW, **more).causes]


def reason(observed, recorder=None, **more):
    return health_of(StreamStatus(observed, recorder), HUB, NOW, **more).reason


def test_a_recorder_that_reports_is_healthy_and_one_that_has_yet_to_report_is_in_progress():
    """IN_SYNC alone says nothing about the camera."""
    assert kinds(found(), job()) == [Kind.HEALTHY]
    assert kinds(found()) == [Kind.IN_PROGRESS]
    assert kinds(found(minutes=120)) == [Kind.SILENT_HUB]
    assert kinds(found(minutes=120), limits=Limits(silent_after=timedelta(hours=3))) == [Kind.IN_PROGRESS]


@pytest.mark.parametrize("status", [status for status in SyncStatus if status.syncing or status.deleting])
def test_a_sync_or_deletion_is_in_progress_for_20_minutes(status):
    """A deployment raises no alarm; what is stuck does."""
    assert kinds(found(status, minutes=20)) == [Kind.IN_PROGRESS]
    assert kinds(found(status, minutes=21)) == [Kind.NOT_IN_SYNC]
    assert kinds(found(status, minutes=-600)) == [Kind.IN_PROGRESS]
    assert kinds(Found(status, {"HubDeviceArn": HUB})) == [Kind.IN_PROGRESS]


@pytest.mark.parametrize(
    ("observed", "said"),
    [
        (StreamAbsent(), "the stream does not exist"),
        (Absent(), "the stream has no edge configuration"),
        (found(SyncStatus.SYNC_FAILED, details="no\n disk"), "the sync failed: no disk"),
        (found(SyncStatus.DELETE_FAILED), "the deletion failed: no reason given"),
        (found(hub=OTHER), "it is on hub old-hub instead of site-hub"),
        (found(SYNCING, minutes=1, hub=OTHER), "it is on hub old-hub instead of site-hub"),
        (found(hub=HUB.replace("123456789012", "111122223333")), f"instead of {HUB}"),
    ],
)
def test_what_the_declared_hub_does_not_have_is_not_in_sync(observed, said):
    """Each with its reason."""
    health = health_of(StreamStatus(observed, job()), HUB, NOW)
    assert health.kind is Kind.NOT_IN_SYNC
    assert said in health.reason


def test_a_deletion_from_another_hub_is_half_of_a_move():
    """Until that takes too long."""
    assert kinds(found(DELETING, minutes=1, hub=OTHER)) == [Kind.IN_PROGRESS]
    assert kinds(found(DELETING, minutes=30, hub=OTHER)) == [Kind.NOT_IN_SYNC]


@pytest.mark.parametrize("status", [SyncStatus.IN_SYNC, SyncStatus.SYNCING, SyncStatus.SYNC_FAILED])
def test_another_configuration_than_the_declared_one_is_not_in_sync(status):
    """Field by field, at most three; another hub is a reason of its own."""
    live = found(status, minutes=5, DeletionConfig={})
    declared = {**live.config, "DeletionConfig": {"EdgeRetentionInHours": 48}}
    health = health_of(StreamStatus(live, job()), HUB, NOW, declared=declared)
    assert health.kind is Kind.NOT_IN_SYNC
    said = "DeletionConfig.EdgeRetentionInHours: declared 48, live none, so 720"
    differs = f"the service does not have the declared configuration: {said}"
    assert [cause.reason for cause in health.causes if "declared" in cause.reason] == [differs]
    many = {**live.config, "UploaderConfig": {name: name for name in "abcde"}}
    reasons = [cause.reason for cause in health_of(StreamStatus(live, job()), HUB, NOW, declared=many).causes]
    assert any(text.endswith("UploaderConfig.c: declared c, live none, and 2 more fields") for text in reasons)


def test_a_declaration_does_not_matter_while_its_hub_changes_or_while_a_deletion_runs():
    """A moved declaration, a deletion, and no configuration at all."""
    moved = {**found().config, "HubDeviceArn": OTHER}
    assert kinds(found(), job(), declared=moved) == [Kind.HEALTHY]
    changed = {**found().config, "DeletionConfig": {"EdgeRetentionInHours": 48}}
    assert kinds(found(DELETING, minutes=1), declared=changed) == [Kind.IN_PROGRESS]
    assert reason(Absent(), declared=changed) == "the stream has no edge configuration"


def test_a_schedule_is_read_in_the_hubs_zone():
    """9 to 17 in Los Angeles is night at noon UTC."""
    schedule = {"ScheduleExpression": "0 0 9-16 ? * * *", "DurationInSeconds": 3599}
    office = found(RecorderConfig={"ScheduleConfig": schedule})
    assert kinds(office, job(), zone="America/Los_Angeles") == [Kind.NOT_DUE]
    assert kinds(office, job(), zone="Europe/Berlin") == [Kind.HEALTHY]
    assert kinds(office, job()) == [Kind.UNKNOWN]


def test_a_sync_status_that_is_new_in_the_api_is_quoted():
    """It is unknown, and no crash."""
    new = Found(SyncStatus.UNKNOWN, {"HubDeviceArn": HUB}, reported_status="PAUSED")
    assert kinds(new, job()) == [Kind.UNKNOWN]
    assert reason(new) == 'the sync status "PAUSED" is not one of the present API'


def test_errors_of_jobs_are_quoted_with_their_times():
    """A recording failure is worse than an upload failure."""
    error = job("USER_ERROR", 120, "wrong password")
    assert kinds(found(), error, error) == [Kind.RECORDING_FAILED, Kind.UPLOAD_FAILED]
    assert reason(found(), error) == (
        "the recorder reported USER_ERROR at 2026-11-23T10:00:00Z: wrong password; the configuration was updated after"
        " that at 2026-11-23T11:00:00Z"
    )
