"""What a deployment would do about each declared stream: the rows of docs/lifecycle.md, told beforehand. Pure."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from kvs_edge.configuration import differences, hub_name, hub_of
from kvs_edge.observed import Absent, Found, Observed, StreamAbsent, SyncStatus
from kvs_edge.reasons import FailureCode
from kvs_edge_gitops.comparison import footage
from kvs_edge_gitops.comparison.present import Present, key_of
from kvs_edge_gitops.comparison.values import Compared, Kind, Refusal
from kvs_edge_gitops.declared import Declared
from kvs_edge_gitops.seen import Job

_MAKES_STREAM = "makes the stream, and sends its configuration"
_SENDS = "sends the configuration"
_STREAM_IS_THERE = (
    "the stream is there already: if it is not the app's own, CloudFormation can't make it, and create_stream: false"
    " refers to it"
)


def declared_streams(declared: Sequence[Declared], present: Present, *, moves: bool) -> list[Compared]:
    """Each declared stream, in their order; `moves` tells that the app lets all of them move."""
    return [_with_retention(_compared(one, present, moves=moves), present) for one in declared]


def would_send(one: Declared, present: Present) -> bool:
    """Whether a deployment would send the configuration to a stream that is there."""
    compared = _compared(one, present, moves=True)
    return _is_sent(compared) and compared.observed != StreamAbsent()


def _is_sent(one: Compared) -> bool:
    """Whether a deployment sends something in the end."""
    if one.kind is Kind.WAITING:
        return bool(one.fields) or (one.found is not None and one.found.status.deleting)
    return one.kind in {Kind.CREATE, Kind.CHANGE, Kind.MOVE}


def _compared(one: Declared, present: Present, *, moves: bool) -> Compared:
    seen = present.seen[key_of(one)]
    match seen.observed:
        case StreamAbsent() if one.entry.fact("create_stream"):
            return _of(one, Kind.CREATE, seen.observed, does=_MAKES_STREAM)
        case StreamAbsent():
            return _of(one, Kind.MISSING, seen.observed, refusals=(_stream_not_found(one),))
        case Absent():
            notes = (_STREAM_IS_THERE,) if one.entry.fact("create_stream") else ()
            return _of(one, Kind.CREATE, seen.observed, does=_SENDS, notes=notes)
        case Found(status=status) as found if status.deleting:
            return _being_deleted(one, found)
        case Found() as found if hub_of(found.config) != one.hub:
            return _moved(one, found, seen.uploader, allowed=moves or one.entry.fact("hub_move") == "ALLOWED")
        case found:
            return _on_its_hub(one, found)


def _being_deleted(one: Declared, found: Found) -> Compared:
    does = f"waits until it is deleted from {hub_name(hub_of(found.config))}, then {_SENDS}"
    return _of(one, Kind.WAITING, found, does=does)


def _moved(one: Declared, found: Found, uploader: Job | None, *, allowed: bool) -> Compared:
    old, new = hub_name(hub_of(found.config)), hub_name(one.hub)
    forbidden = Refusal(
        FailureCode.HUB_MOVE_FORBIDDEN,
        one.stream.name,
        f"it is on hub {old} and declared for {new}: the move deletes its footage on {old}. Let that be uploaded, then"
        " allow the move with hub_move: ALLOWED",
    )
    return _of(
        one,
        Kind.MOVE,
        found,
        does=f"deletes it from {old}, waits until it is gone, and sends it to {new}",
        fields=differences(found.config, one.config),
        refusals=() if allowed else (forbidden,),
        footage=footage.of_deletion(found.config, uploader),
    )


def _on_its_hub(one: Declared, found: Found) -> Compared:
    fields = differences(found.config, one.config)
    costs = footage.of_change(found.config, one.config) if fields else ()
    if found.status.syncing:
        does = f"waits until the sync under way has ended, then {_SENDS}" if fields else "waits for the hub to have it"
        return _of(one, Kind.WAITING, found, does=does, fields=fields, footage=costs)
    if fields:
        return _of(one, Kind.CHANGE, found, does=_SENDS, fields=fields, footage=costs, notes=_failure(found))
    if found.status is SyncStatus.IN_SYNC:
        return _of(one, Kind.LEAVE, found)
    does = "does nothing while its template is unchanged; a new resource, or another sync_token, sends it again"
    return _of(one, Kind.FAILED, found, does=does, notes=_failure(found))


def _failure(found: Found) -> tuple[str, ...]:
    if found.status not in {SyncStatus.SYNC_FAILED, SyncStatus.DELETE_FAILED}:
        return ()
    return (f"{found.status} since {found.updated}: {' '.join(found.details.split()) or 'no details'}",)


def _with_retention(compared: Compared, present: Present) -> Compared:
    """The same, refused if the stream keeps nothing in the cloud."""
    one = compared.declared
    if one is None or not _is_sent(compared):
        return compared
    hours = (
        one.entry.fact("DataRetentionInHours") if one.entry.fact("create_stream") else present.hours.get(key_of(one))
    )
    if hours != 0:
        return compared
    refusal = Refusal(
        FailureCode.NO_DATA_RETENTION,
        one.stream.name,
        "its data retention is 0 hours: set DataRetentionInHours of the stream to an hour or more",
    )
    return replace(compared, refusals=(*compared.refusals, refusal))


def _stream_not_found(one: Declared) -> Refusal:
    return Refusal(
        FailureCode.STREAM_NOT_FOUND,
        one.stream.name,
        f"there is no such stream in {one.region}: make it first, write its name as it is, or let the app make it with"
        " create_stream: true",
    )


def _of(one: Declared, kind: Kind, observed: Observed, **more: Any) -> Compared:
    return Compared(kind, one.stream.name, one.region, one.hub, observed, one, **more)
