"""What is well: a pure rule on what was seen of a stream, the hub that it belongs to, and the time."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from kvs_edge.configuration import hub_name, hub_of
from kvs_edge.observed import Absent, Found, Observed, StreamAbsent, SyncStatus
from kvs_edge_gitops.instants import utc
from kvs_edge_gitops.seen import Job, Seen

OVERDUE = timedelta(minutes=20)
"""The service tries for 15 minutes to reach a hub [StartEdgeConfigurationUpdate, Amazon Kinesis Video Streams API
reference]: what is on its way for longer is stuck."""


class Health(StrEnum):
    """How a stream is, the worst first."""

    TROUBLE = "trouble"
    UNDER_WAY = "under-way"
    """A deployment is at work on it, and nothing is known to be wrong."""
    WELL = "well"


class Code(StrEnum):
    """What can be wrong with a stream."""

    NO_STREAM = "NoStream"
    NO_CONFIGURATION = "NoConfiguration"
    OTHER_HUB = "OtherHub"
    SYNC_FAILED = "SyncFailed"
    DELETE_FAILED = "DeleteFailed"
    OVERDUE = "Overdue"
    RECORDER_ERROR = "RecorderError"
    UPLOADER_ERROR = "UploaderError"
    RECORDER_STALE = "RecorderStale"


@dataclass(frozen=True)
class Trouble:
    """Something that is wrong, with a sentence for people."""

    code: Code
    message: str


@dataclass(frozen=True)
class Judgement:
    """How a stream is, and why it is not well."""

    health: Health
    troubles: tuple[Trouble, ...] = ()


def judge(seen: Seen, hub: str, now: datetime, stale: timedelta | None = None) -> Judgement:
    """Whether a stream is well.

    Args:
        seen: What the service tells of it.
        hub: The ARN of the hub that it is to be on.
        now: When it was seen.
        stale: For how long its recorder may be silent; None for any time.
    """
    troubles = tuple(_troubles(seen, hub, now, stale))
    if troubles:
        return Judgement(Health.TROUBLE, troubles)
    under_way = isinstance(seen.observed, Found) and _is_pending(seen.observed.status)
    return Judgement(Health.UNDER_WAY if under_way else Health.WELL)


def since(observed: Observed) -> datetime | None:
    """When the configuration was last updated, if there is one and the service tells."""
    return datetime.fromisoformat(observed.updated) if isinstance(observed, Found) and observed.updated else None


def _troubles(seen: Seen, hub: str, now: datetime, stale: timedelta | None) -> Iterator[Trouble]:
    match seen.observed:
        case StreamAbsent():
            yield Trouble(Code.NO_STREAM, "there is no such stream")
        case Absent():
            yield Trouble(Code.NO_CONFIGURATION, "the stream has no edge configuration")
        case Found() as found:
            yield from _of_configuration(found, hub, now)
            yield from _of_job(seen.recorder, Code.RECORDER_ERROR, "recorder")
            yield from _of_job(seen.uploader, Code.UPLOADER_ERROR, "uploader")
            yield from _of_silence(seen.recorder, found, now, stale)


def _of_configuration(found: Found, hub: str, now: datetime) -> Iterator[Trouble]:
    updated = since(found)
    overdue = _is_pending(found.status) and updated is not None and now - updated > OVERDUE
    # What leaves another hub is being moved to the one that is declared.
    if hub_of(found.config) != hub and (overdue or not found.status.deleting):
        yield Trouble(Code.OTHER_HUB, f"it is on the hub {_apart(hub_of(found.config), hub)}")
    match found.status:
        case SyncStatus.SYNC_FAILED:
            yield Trouble(Code.SYNC_FAILED, f"the sync failed: {_said(found.details)}")
        case SyncStatus.DELETE_FAILED:
            yield Trouble(Code.DELETE_FAILED, f"its deletion failed: {_said(found.details)}")
    if overdue and updated is not None:
        minutes = OVERDUE // timedelta(minutes=1)
        said = f"it is {found.status}, and was last updated {utc(updated)}, more than {minutes} minutes ago"
        yield Trouble(Code.OVERDUE, said)


def _of_job(job: Job | None, code: Code, name: str) -> Iterator[Trouble]:
    if job is None or job.is_well:
        return
    at = f" since {utc(job.updated)}" if job.updated else ""
    yield Trouble(code, f"the {name} says {job.status}{at}: {_said(job.details)}")


def _of_silence(recorder: Job | None, found: Found, now: datetime, stale: timedelta | None) -> Iterator[Trouble]:
    """A recorder that has stored nothing for long; one that never did is silent since it was configured."""
    if stale is None or (recorder is not None and not recorder.is_well):
        return
    stored = recorder.collected if recorder else None
    last = stored or since(found)
    if last is None or now - last > stale:
        what = f"has stored nothing since {utc(stored)}" if stored else "has never told of anything stored"
        yield Trouble(Code.RECORDER_STALE, f"the recorder {what}")


def _is_pending(status: SyncStatus) -> bool:
    return status.syncing or status.deleting


def _apart(there: str, declared: str) -> str:
    """Two hubs in words that tell them apart: their names, or their ARNs where they have the same name."""
    if hub_name(there) == hub_name(declared):
        return f"{there} instead of {declared}"
    return f"{hub_name(there)} instead of {hub_name(declared)}"


def _said(details: str) -> str:
    return " ".join(details.split()) or "no reason is given"
