"""Footage and time: what is deleted by its age, at the edge and in the cloud."""

from collections.abc import Iterator

from kvs_edge_preflight.footage.calendar import HOUR, LONGEST_RETENTION
from kvs_edge_preflight.footage.codes import Code
from kvs_edge_preflight.footage.expiry import Unreached, unreached
from kvs_edge_preflight.footage.finding import Field, Finding
from kvs_edge_preflight.footage.formatting import hours, hours_a_week, instant
from kvs_edge_preflight.footage.intervals import total
from kvs_edge_preflight.footage.scenario import Case


def findings(case: Case) -> Iterator[Finding]:
    """What is to be said of a stream's retention."""
    if case.is_understood:
        yield from _expires_before_upload(case)
    yield from _kept_in_the_cloud(case)


def unreached_of(case: Case) -> Unreached:
    """What of the stream's footage is deleted before any upload runs."""
    known = case.calendar.start, case.calendar.known_until
    return unreached(case.recording, case.uploading, case.retention, known)


def _expires_before_upload(case: Case) -> Iterator[Finding]:
    lost = unreached_of(case)
    if not lost.recorded:
        return
    first, lost_hours = lost.recorded[0][0], total(lost.recorded) / HOUR / case.calendar.weeks
    always_on = case.recorder is None
    subject = "what the always-on recorder records" if always_on else "footage recorded"
    message = (
        f"{subject} from {instant(first, case.zone)} on is deleted after {hours(case.retention)}, but {_until(lost)}:"
        f" {hours_a_week(lost_hours)} are lost"
    )
    code = Code.ALWAYS_ON_EXCEEDS_RETENTION if always_on else Code.FOOTAGE_EXPIRES_BEFORE_UPLOAD
    yield case.finding(code, message, Field.RETENTION, first=first, hours_a_week=lost_hours)


def _until(lost: Unreached) -> str:
    if lost.longest_wait is None:
        return f"some of it sees no upload within {hours(LONGEST_RETENTION)}"
    return f"has to wait up to {hours(lost.longest_wait)} for an upload"


def _kept_in_the_cloud(case: Case) -> Iterator[Finding]:
    in_cloud = case.plan.data_retention_in_hours
    if in_cloud == 0:
        message = "the stream keeps media for 0 h, so the service refuses it (NoDataRetentionException); 1 h is enough"
        yield case.finding(Code.NO_DATA_RETENTION, message, Field.DATA_RETENTION)
    elif in_cloud is not None and case.deletes_after_upload and "EdgeRetentionInHours" in case.deletion:
        at_edge = case.deletion["EdgeRetentionInHours"]
        if in_cloud < at_edge:
            message = (
                f"footage leaves the hub once it is uploaded, and the cloud keeps it for {in_cloud} h,"
                f" though EdgeRetentionInHours says {at_edge} h"
            )
            yield case.finding(Code.KEPT_SHORTER_THAN_RETENTION, message, Field.DELETE_AFTER_UPLOAD)
