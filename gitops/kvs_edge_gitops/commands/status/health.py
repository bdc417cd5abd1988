"""The health of a stream: a pure rule on its status, its hub and the time."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from kvs_edge.configuration import EdgeConfig, hub_name, hub_of
from kvs_edge.observed import Absent, Found, Observed, StreamAbsent, SyncStatus
from kvs_edge_gitops.aws.stream_status import Job, StreamStatus
from kvs_edge_gitops.comparison.differences import Difference, differences
from kvs_edge_gitops.formatting import plural
from kvs_edge_gitops.instants import utc
from kvs_edge_gitops.reports.fields import HUB_FIELD, shown, values_of

OVERDUE = timedelta(minutes=20)
"""The service tries for 15 minutes to reach a hub [StartEdgeConfigurationUpdate, Amazon Kinesis Video Streams API
reference]: a sync or deletion that takes longer is stuck."""
_MAX_FIELDS = 3
"""The number of fields that a message shows; it counts the others."""


class Health(StrEnum):
    """The health of a stream, the worst first."""

    UNHEALTHY = "unhealthy"
    IN_PROGRESS = "in_progress"
    """A sync or deletion is under way, and there is no problem."""
    HEALTHY = "healthy"


class ProblemCode(StrEnum):
    """A kind of problem."""

    NO_STREAM = "NoStream"
    NO_CONFIGURATION = "NoConfiguration"
    OTHER_HUB = "OtherHub"
    CONFIGURATION_DIFFERS = "ConfigurationDiffers"
    SYNC_FAILED = "SyncFailed"
    DELETE_FAILED = "DeleteFailed"
    OVERDUE = "Overdue"
    RECORDER_ERROR = "RecorderError"
    UPLOADER_ERROR = "UploaderError"
    RECORDER_STALE = "RecorderStale"


@dataclass(frozen=True)
class Problem:
    """A problem of a stream, with a message."""

    code: ProblemCode
    message: str


@dataclass(frozen=True)
class HealthReport:
    """The health of a stream, and its problems."""

    health: Health
    problems: tuple[Problem, ...] = ()


def assess(
    status: StreamStatus,
    hub: str,
    now: datetime,
    stale: timedelta | None = None,
    declared: EdgeConfig | None = None,
) -> HealthReport:
    """Return the health of a stream.

    Args:
        status: The status that the service reports.
        hub: The ARN of the hub that the stream belongs to.
        now: The time of the status.
        stale: How long its recorder may be silent; None for any time.
        declared: The EdgeConfig that a file declares; None if no file does.
    """
    problems = (*_problems(status, hub, now, stale), *_of_declaration(status.observed, declared))
    if problems:
        return HealthReport(Health.UNHEALTHY, problems)
    is_pending = isinstance(status.observed, Found) and _is_pending(status.observed.status)
    return HealthReport(Health.IN_PROGRESS if is_pending else Health.HEALTHY)


def since(observed: Observed) -> datetime | None:
    """Return the time of the configuration's last update, if there is one and the service reports it."""
    return datetime.fromisoformat(observed.updated) if isinstance(observed, Found) and observed.updated else None


def _problems(status: StreamStatus, hub: str, now: datetime, stale: timedelta | None) -> Iterator[Problem]:
    match status.observed:
        case StreamAbsent():
            yield Problem(ProblemCode.NO_STREAM, "the stream does not exist")
        case Absent():
            yield Problem(ProblemCode.NO_CONFIGURATION, "the stream has no edge configuration")
        case Found() as found:
            yield from _of_configuration(found, hub, now)
            yield from _of_job(status.recorder, ProblemCode.RECORDER_ERROR, "recorder")
            yield from _of_job(status.uploader, ProblemCode.UPLOADER_ERROR, "uploader")
            yield from _of_silence(status.recorder, found, now, stale)


def _of_configuration(found: Found, hub: str, now: datetime) -> Iterator[Problem]:
    updated = since(found)
    overdue = _is_pending(found.status) and updated is not None and now - updated > OVERDUE
    # A deletion from another hub is the first half of a move to the declared one.
    if hub_of(found.config) != hub and (overdue or not found.status.deleting):
        yield Problem(ProblemCode.OTHER_HUB, f"it is on hub {_distinct(hub_of(found.config), hub)}")
    match found.status:
        case SyncStatus.SYNC_FAILED:
            yield Problem(ProblemCode.SYNC_FAILED, f"the sync failed: {_reason(found.details)}")
        case SyncStatus.DELETE_FAILED:
            yield Problem(ProblemCode.DELETE_FAILED, f"the deletion failed: {_reason(found.details)}")
    if overdue and updated is not None:
        minutes = OVERDUE // timedelta(minutes=1)
        message = f"it is {found.status}, and was last updated at {utc(updated)}, more than {minutes} minutes ago"
        yield Problem(ProblemCode.OVERDUE, message)


def _of_declaration(observed: Observed, declared: EdgeConfig | None) -> Iterator[Problem]:
    """Return a problem if the service has another configuration than the file; another hub is a problem of its own."""
    if declared is None or not isinstance(observed, Found) or observed.status.deleting:
        return
    fields = [field for field in differences(observed.config, declared) if field.field != HUB_FIELD]
    if fields:
        texts = [_difference(field) for field in fields[:_MAX_FIELDS]]
        more = f", and {plural(len(fields) - _MAX_FIELDS, 'more field')}" if len(fields) > _MAX_FIELDS else ""
        message = f"the service does not have the declared configuration: {'; '.join(texts)}{more}"
        yield Problem(ProblemCode.CONFIGURATION_DIFFERS, message)


def _difference(difference: Difference) -> str:
    live, declared = (shown(difference.field, value) for value in values_of(difference))
    return f"{difference.field}: declared {declared}, live {live}"


def _of_job(job: Job | None, code: ProblemCode, name: str) -> Iterator[Problem]:
    if job is None or job.is_success:
        return
    at = f", last updated {utc(job.updated)}" if job.updated else ""
    yield Problem(code, f"the {name} reports {job.status}{at}: {_reason(job.details)}")


def _of_silence(recorder: Job | None, found: Found, now: datetime, stale: timedelta | None) -> Iterator[Problem]:
    """Return a problem for a silent recorder; a recorder that never reported is silent since its configuration."""
    if stale is None or (recorder is not None and not recorder.is_success):
        return
    stored = recorder.collected if recorder else None
    last = stored or since(found)
    if last is None or now - last > stale:
        what = f"has stored nothing since {utc(stored)}" if stored else "has never reported stored media"
        yield Problem(ProblemCode.RECORDER_STALE, f"the recorder {what}")


def _is_pending(status: SyncStatus) -> bool:
    return status.syncing or status.deleting


def _distinct(live: str, declared: str) -> str:
    """Return two hubs by name, or by ARN if they have the same name."""
    if hub_name(live) == hub_name(declared):
        return f"{live} instead of {declared}"
    return f"{hub_name(live)} instead of {hub_name(declared)}"


def _reason(details: str) -> str:
    return " ".join(details.split()) or "no reason given"
