"""Rules for what reaches the service as a Delete: it destroys footage."""

from collections.abc import Iterator

from chaos_campaign.oracle.verdict import Verdict
from chaos_campaign.requests import Request, Write, hub_of
from chaos_campaign.world import World

LONGEST_STALENESS = 8.0
"""Seconds that a Describe may be behind, with the time that calls take."""


def without_leave(world: World) -> Iterator[Verdict]:
    """Find Deletes that neither a request to delete nor a move allows (lifecycle, rule 3)."""
    for request, write in _deletes(world):
        if not write.accepted or _has_leave(world, request, write):
            continue
        unavoidable = ""
        changed_by_another = write.writer_before != str(request.number)
        if changed_by_another and write.updated_before > write.sent_at - LONGEST_STALENESS:
            unavoidable = "someone wrote after the last poll could have shown it"
        text = (
            f"{request} in the {request.phase} phase deleted what {write.writer_before} had put on {write.hub_before}"
        )
        yield Verdict("delete without permission", request.stream, text, write.at, unavoidable)


def of_older_footage(world: World) -> Iterator[Verdict]:
    """Find Deletes in a rollback, its cleanup or a cut creation that reach footage older than the operation."""
    for request, write in _deletes(world):
        undoing = request.phase.startswith("rollback") or (write.cuts_creation and not _is_deleted_anyway(request))
        began = request.operation.origin.began
        if write.accepted and undoing and write.oldest_footage is not None and write.oldest_footage < began:
            age = began - write.oldest_footage
            text = f"{request} in the {request.phase} phase deleted footage from {age:.0f} s before the operation"
            unavoidable = ""
            if write.created_before >= began:
                unavoidable = "the hub still had footage of an earlier configuration"
            yield Verdict("delete of older footage", request.stream, text, write.at, unavoidable)


def of_a_declared_stream(world: World) -> Iterator[Verdict]:
    """Find Deletes for a removed resource on a stream that another resource of the stack declares."""
    for request, write in _deletes(world):
        if request.type == "Delete" and write.accepted and write.declared:
            text = f"{request} deleted the configuration of a stream that the template in effect declares"
            yield Verdict("delete of a declared stream", request.stream, text, write.at)


def _is_deleted_anyway(request: Request) -> bool:
    """Tell if another resource of the stack, which is deleted as well, gives leave for the same stream."""
    return any(
        other.operation is request.operation
        and other.stream == request.stream
        and other.logical_id != request.logical_id
        and other.properties["RemovalPolicy"] == "DESTROY"
        for other in request.stack.requests
    )


def _has_leave(world: World, request: Request, write: Write) -> bool:
    if request.type == "Delete":
        return bool(request.properties["RemovalPolicy"] == "DESTROY")
    if write.stream == request.stream and write.hub_before == request.hub:
        return False
    if write.stream == request.stream and request.properties["HubMove"] == "ALLOWED":
        return True
    return _is_way_back(world, request, write)


def _is_way_back(world: World, request: Request, write: Write) -> bool:
    """Tell if a rollback takes back what its own operation had put there: on another hub, or on another stream."""
    old = request.old_properties
    if not request.phase.startswith("rollback") or old is None or write.stream != old["StreamName"]:
        return False
    writers = {str(other.number) for other in world.dispatch.requests.values() if _same_origin(other, request)}
    renamed = write.stream != request.stream and old["RemovalPolicy"] == "DESTROY"
    return (renamed or write.hub_before == hub_of(old)) and write.writer_before in writers


def _same_origin(other: Request, request: Request) -> bool:
    return other.operation.origin is request.operation.origin


def _deletes(world: World) -> Iterator[tuple[Request, Write]]:
    for request in world.dispatch.requests.values():
        for write in request.writes:
            if write.operation == "DeleteEdgeConfiguration":
                yield request, write
