"""The kind of each declared stream: the rows of docs/lifecycle.md, before the deployment."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from kvs_edge.configuration import hub_name, hub_of
from kvs_edge.observed import Absent, Found, Observed, StreamAbsent, SyncStatus
from kvs_edge.reasons import FailureCode
from kvs_edge_gitops.aws.stream_status import Job
from kvs_edge_gitops.comparison import footage
from kvs_edge_gitops.comparison.differences import differences
from kvs_edge_gitops.comparison.live_state import LiveState, key_of
from kvs_edge_gitops.comparison.model import ComparedStream, Kind, PlanError
from kvs_edge_gitops.comparison.resolved import ResolvedStream
from kvs_edge_gitops.comparison.status_text import failed_status

_CREATES_STREAM = "creates the stream, and sends its configuration"
_SENDS = "sends the configuration"
STREAM_EXISTS_NOTE = (
    "the stream exists already: unless this app created it, CloudFormation cannot create it;"
    " create_stream: false refers to it"
)


def classify(declared: Sequence[ResolvedStream], live: LiveState, *, moves: bool) -> list[ComparedStream]:
    """Return each declared stream, in their order; `moves` means that the app allows all of them to move."""
    return [_with_retention(_compared(stream, live, moves=moves), live) for stream in declared]


def would_send(declared: ResolvedStream, live: LiveState) -> bool:
    """Return whether a deployment would send the configuration to a stream that exists."""
    compared = _compared(declared, live, moves=True)
    return is_sent(compared) and compared.observed != StreamAbsent()


def is_sent(stream: ComparedStream) -> bool:
    """Return whether a deployment sends a configuration, at once or after a wait."""
    if stream.kind is Kind.IN_PROGRESS:
        return bool(stream.fields) or (stream.found is not None and stream.found.status.deleting)
    return stream.kind in {Kind.CREATE, Kind.UPDATE, Kind.MOVE}


def _compared(declared: ResolvedStream, live: LiveState, *, moves: bool) -> ComparedStream:
    status = live.streams[key_of(declared)]
    if isinstance(status.observed, Found):
        declared = declared.with_live_values(status.observed.config)
    match status.observed:
        case StreamAbsent() if declared.entry.fact("create_stream"):
            return _of(declared, Kind.CREATE, status.observed, action=_CREATES_STREAM)
        case StreamAbsent():
            return _of(declared, Kind.MISSING, status.observed, errors=(_stream_not_found(declared),))
        case Absent():
            notes = (STREAM_EXISTS_NOTE,) if declared.entry.fact("create_stream") else ()
            return _of(declared, Kind.CREATE, status.observed, action=_SENDS, notes=notes)
        case Found() as found if found.status.deleting:
            return _being_deleted(declared, found)
        case Found() as found if hub_of(found.config) != declared.hub:
            allowed = moves or declared.entry.fact("hub_move") == "ALLOWED"
            return _moved(declared, found, status.uploader, allowed=allowed)
        case found:
            return _on_its_hub(declared, found)


def _being_deleted(declared: ResolvedStream, found: Found) -> ComparedStream:
    action = f"waits for the deletion from {hub_name(hub_of(found.config))}, then {_SENDS}"
    return _of(declared, Kind.IN_PROGRESS, found, action=action)


def _moved(declared: ResolvedStream, found: Found, uploader: Job | None, *, allowed: bool) -> ComparedStream:
    old, new = hub_name(hub_of(found.config)), hub_name(declared.hub)
    forbidden = PlanError(
        FailureCode.HUB_MOVE_FORBIDDEN,
        declared.stream.name,
        f"it is on hub {old} and declared for {new}: the move deletes its footage on {old}. Wait until that is"
        " uploaded, then allow the move with hub_move: ALLOWED",
    )
    return _of(
        declared,
        Kind.MOVE,
        found,
        action=f"deletes it from {old}, waits for the deletion, and sends it to {new}",
        fields=differences(found.config, declared.config),
        errors=() if allowed else (forbidden,),
        footage=footage.of_deletion(found.config, uploader),
    )


def _on_its_hub(declared: ResolvedStream, found: Found) -> ComparedStream:
    fields = differences(found.config, declared.config)
    costs = footage.of_update(found.config, declared.config) if fields else ()
    if found.status.syncing:
        action = f"waits for the current sync, then {_SENDS}" if fields else "waits for the current sync"
        return _of(declared, Kind.IN_PROGRESS, found, action=action, fields=fields, footage=costs)
    if fields:
        return _of(declared, Kind.UPDATE, found, action=_SENDS, fields=fields, footage=costs, notes=_failure(found))
    if found.status is SyncStatus.IN_SYNC:
        return _of(declared, Kind.NO_OP, found)
    action = "does nothing while its template is unchanged; a new resource or a new sync_token sends it again"
    return _of(declared, Kind.FAILED, found, action=action, notes=_failure(found))


def _failure(found: Found) -> tuple[str, ...]:
    if found.status not in {SyncStatus.SYNC_FAILED, SyncStatus.DELETE_FAILED}:
        return ()
    return (failed_status(found),)


def _with_retention(compared: ComparedStream, live: LiveState) -> ComparedStream:
    """Add an error if the stream keeps nothing in the cloud."""
    declared = compared.declared
    if declared is None or not is_sent(compared):
        return compared
    is_created = declared.entry.fact("create_stream")
    hours = declared.entry.fact("DataRetentionInHours") if is_created else live.hours.get(key_of(declared))
    if hours != 0:
        return compared
    error = PlanError(
        FailureCode.NO_DATA_RETENTION,
        declared.stream.name,
        "its data retention is 0 hours: set DataRetentionInHours of the stream to 1 or more",
    )
    return replace(compared, errors=(*compared.errors, error))


def _stream_not_found(declared: ResolvedStream) -> PlanError:
    return PlanError(
        FailureCode.STREAM_NOT_FOUND,
        declared.stream.name,
        f"the stream does not exist in {declared.region}: create it first, correct its name, or {_creation(declared)}",
    )


def _creation(declared: ResolvedStream) -> str:
    """Return how an app creates the stream."""
    if declared.entry.origin is not None:
        return "declare it in the app as an AWS::KinesisVideo::Stream"
    return "set create_stream: true so that the app creates it"


def _of(declared: ResolvedStream, kind: Kind, observed: Observed, **more: Any) -> ComparedStream:
    notes = (*more.pop("notes", ()), *declared.notes)
    return ComparedStream(
        kind, declared.stream.name, declared.region, declared.hub, observed, declared, notes=notes, **more
    )
