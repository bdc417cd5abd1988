"""Rules on retention, at the edge and in the cloud."""

from collections.abc import Iterator

from kvs_edge_preflight.footage.calendar import HOUR, LONGEST_RETENTION
from kvs_edge_preflight.footage.codes import FindingCode
from kvs_edge_preflight.footage.expiry import ExpiredUnreached, expired_unreached
from kvs_edge_preflight.footage.finding import Field, Finding
from kvs_edge_preflight.footage.formatting import hours, hours_per_week, instant
from kvs_edge_preflight.footage.scenario import Scenario


def findings(scenario: Scenario) -> Iterator[Finding]:
    """Yield the findings on a stream's retention."""
    if scenario.is_understood:
        yield from _expires_before_upload(scenario)
    yield from _kept_in_the_cloud(scenario)


def expired_unreached_of(scenario: Scenario) -> ExpiredUnreached:
    """Return the stream's footage that is deleted before any upload."""
    return expired_unreached(scenario.recording, scenario.uploading, scenario.retention)


def _expires_before_upload(scenario: Scenario) -> Iterator[Finding]:
    lost = expired_unreached_of(scenario)
    if not lost.closed:
        return
    first, lost_hours = lost.first, lost.seconds / HOUR / scenario.calendar.weeks
    always_on = scenario.recorder is None
    subject = "footage of the always-on recorder" if always_on else "footage recorded"
    message = (
        f"{subject} from {instant(first, scenario.zone)} on is deleted after {hours(scenario.retention)},"
        f" but {_until(lost)}: {hours_per_week(lost_hours)} are lost; keep it longer or upload more often"
    )
    code = FindingCode.ALWAYS_ON_EXCEEDS_RETENTION if always_on else FindingCode.FOOTAGE_EXPIRES_BEFORE_UPLOAD
    yield scenario.finding(code, message, Field.RETENTION, first=first, hours_per_week=lost_hours)


def _until(lost: ExpiredUnreached) -> str:
    if lost.longest_wait is None:
        return f"part of it has no upload window within {hours(LONGEST_RETENTION)}"
    return f"waits up to {hours(lost.longest_wait)} for an upload"


def _kept_in_the_cloud(scenario: Scenario) -> Iterator[Finding]:
    in_cloud = scenario.plan.data_retention_in_hours
    if in_cloud == 0:
        message = (
            "DataRetentionInHours is 0, so the service rejects the edge configuration (NoDataRetentionException);"
            " set it to 1 or more"
        )
        yield scenario.finding(FindingCode.NO_DATA_RETENTION, message, Field.DATA_RETENTION)
    elif in_cloud is not None and scenario.deletes_after_upload and "EdgeRetentionInHours" in scenario.deletion:
        at_edge = scenario.deletion["EdgeRetentionInHours"]
        if in_cloud < at_edge:
            message = (
                f"the hub deletes footage after its upload and the cloud keeps it for {in_cloud} h, less than the"
                f" {at_edge} h of EdgeRetentionInHours; raise DataRetentionInHours or set DeleteAfterUpload to false"
            )
            yield scenario.finding(FindingCode.KEPT_SHORTER_THAN_RETENTION, message, Field.DELETE_AFTER_UPLOAD)
