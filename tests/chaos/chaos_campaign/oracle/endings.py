"""Rules for what is left when all is quiet."""

from collections.abc import Iterator

from chaos_campaign.edge_service import DELETING
from chaos_campaign.oracle.configurations import same
from chaos_campaign.oracle.verdict import Verdict
from chaos_campaign.oracle.writes import arrived_unrecognizably
from chaos_campaign.requests import Request
from chaos_campaign.scheduler import EPOCH
from chaos_campaign.stacks import Resource, Stack
from chaos_campaign.world import World

_STABLE = {"CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE"}
_LEAST_BUDGET = 900.0
"""Seconds: an event that comes later has used up what a rollback or a Delete has at least (docs/lifecycle.md)."""
_LONGEST_DENIAL, _LONGEST_DENIAL_FORWARD = 300.0, 60.0
"""Seconds from the first denied call (docs/runbook.md, AccessDenied)."""
_STUCK = {"UPDATE_ROLLBACK_FAILED", "DELETE_FAILED", "ROLLBACK_FAILED"}


def orphans(world: World) -> Iterator[Verdict]:
    """Find configurations without an owner (lifecycle, rule 9)."""
    for stream in world.edge.streams.values():
        configuration = stream.configuration
        if stream.deleted is not None or configuration is None or configuration.status in DELETING:
            continue
        writer, creator = (_numbered(world, who) for who in (configuration.writer, configuration.creator))
        if writer is None or _is_declared(world, stream.name):
            continue
        last = [r for r in writer.stack.requests if stream.name in {r.stream, r.stream_before}][-1]
        if not _was_promised_to_stay(stream.name, configuration.created, writer, creator, last):
            text = f"{stream.name} records on {configuration.hub} for nobody: {writer} wrote it, {last} was the last"
            unavoidable = ""
            if _is_cut_rename(writer.stack, stream.name):
                unavoidable = "a deletion interrupted a rename"
            elif creator is not None and arrived_unrecognizably(world, creator):
                unavoidable = "the event arrived after its end without a timestamp, and there were no events"
            yield Verdict("orphan", stream.name, text, world.scheduler.now, unavoidable)


def not_as_believed(world: World) -> Iterator[Verdict]:
    """Find resources of quiet stacks that the service has otherwise than the last response said (lifecycle, rule 9)."""
    for stack, resource in _resources(world):
        last = resource.last
        if stack.status not in _STABLE or last is None or not resource.certain or last.answer is None:
            continue
        if last.outcome != "SUCCESS" or _is_disturbed(world, last) or _has_said_why(stack, last):
            continue
        wanted, found = resource.declaration, world.edge.streams[resource.declaration.stream].configuration
        if found is None or found.status in DELETING or not same(found.sent, wanted.properties["EdgeConfig"]):
            writer = found.writer if found else ""
            what = f"{found.status} on {found.hub}, written by {writer or 'nobody'}" if found else "nothing"
            text = f"{stack.name}.{resource.logical_id} is believed to be as {last} declared; the service has {what}"
            unavoidable = ""
            if _is_kept_from_another(world, resource, writer, stack):
                unavoidable = "the rolled-back resource that changed it is retained, so no request followed"
            yield Verdict("state mismatch", wanted.stream, text, world.scheduler.now, unavoidable)


def stuck(world: World) -> Iterator[Verdict]:
    """Find stacks that were stuck without a cause that docs/runbook.md names."""
    for stack in world.engine.stacks.values():
        for event in stack.events:
            if event["ResourceStatus"] not in _STUCK or event["LogicalResourceId"] != stack.name:
                continue
            operation = event["Operation"]
            for request in [request for request in stack.requests if request.operation is operation]:
                if request.outcome == "FAILED" and not _documented_cause(world, request):
                    reason = request.answer.reason if request.answer else ""
                    text = f"{stack.name} became {event['ResourceStatus']} by {request}: {reason}"
                    late = request.delivered_at - request.sent_at > _LEAST_BUDGET
                    unavoidable = "the event arrived after the request's own time" if late else ""
                    yield Verdict("stuck stack", request.stream, text, event["At"], unavoidable)


def crashed(world: World) -> Iterator[Verdict]:
    """Find executions of the state machine that failed."""
    for cause in world.machine.failed:
        yield Verdict("failed execution", "", cause, EPOCH)


def _resources(world: World) -> Iterator[tuple[Stack, Resource]]:
    for stack in world.engine.stacks.values():
        for resource in stack.resources.values():
            yield stack, resource


def _requests(world: World, stream: str) -> list[Request]:
    return [request for request in world.dispatch.requests.values() if request.stream == stream]


def _is_declared(world: World, stream: str) -> bool:
    for stack, resource in _resources(world):
        unsettled = stack.status not in _STABLE and stack.status != "DELETE_COMPLETE"
        former = [declared.stream for _, _, declared in stack.replaced]
        if resource.declaration.stream == stream or (unsettled and stream in former):
            return True
    # A stack that was left in the middle of something still has to come to terms with it.
    left = [stack for stack in world.engine.stacks.values() if stack.status in {*_STUCK, "UPDATE_FAILED"}]
    return any(request.stream == stream for stack in left for request in stack.requests)


def _is_kept_from_another(world: World, resource: Resource, writer: str, stack: Stack) -> bool:
    """Tell if another resource of the stack wrote this, and CloudFormation sent no Delete for it when it was undone."""
    other = _numbered(world, writer)
    if other is None or other.stack is not stack or other.logical_id == resource.logical_id:
        return False
    return other.logical_id not in stack.resources and resource.declaration.stream in stack.kept


def _was_promised_to_stay(stream: str, created: float, writer: Request, creator: Request | None, last: Request) -> bool:
    adopted = creator is None or creator.stack is not writer.stack
    if adopted or stream in writer.stack.kept or last.properties["RemovalPolicy"] == "RETAIN":
        return True
    if _failed_over_older(stream, writer.stack, created):
        return True
    # A FAILED response has a reason. A request without a response has a separate rule.
    return last.outcome in {"FAILED", "TIMED_OUT"} or (last.answer is not None and last.answer.warns)


def _failed_over_older(stream: str, stack: Stack, created: float) -> bool:
    """Tell if the last Create for the stream failed, over a configuration that was older than its operation."""
    creates = [request for request in stack.requests if request.type == "Create" and request.stream == stream]
    return bool(creates) and creates[-1].outcome != "SUCCESS" and created < creates[-1].operation.began


def _is_cut_rename(stack: Stack, stream: str) -> bool:
    """Tell if the stack was deleted while a request renamed this stream, or renamed another to it."""
    undone = [operation.undoes for operation in stack.operations if operation.type == "DELETE_STACK"]
    # A deletion that cuts into a rollback also ends the operation that was rolled back.
    cut = [operation for undoes in undone if undoes for operation in (undoes, undoes.origin)]
    return any(
        request.operation in cut
        and request.outcome == "CANCELLED"
        and request.stream != request.stream_before
        and stream in {request.stream, request.stream_before}
        for request in stack.requests
    )


def _numbered(world: World, who: str) -> Request | None:
    """Return the request that wrote; None for a person."""
    return next((request for request in world.dispatch.requests.values() if str(request.number) == who), None)


def _has_said_why(stack: Stack, last: Request) -> bool:
    """Tell if this response, or one that the stack got later for the same stream, says why it is not as declared."""
    later = [r for r in stack.requests if r.number >= last.number and last.stream in {r.stream, r.stream_before}]
    return any(r.answer is not None and r.answer.warns for r in later)


def _is_disturbed(world: World, last: Request) -> bool:
    stream = last.stream
    if world.edge.streams[stream].deleted is not None:
        return True
    if any(deed.stream == stream and deed.at >= last.sent_at for deed in world.deeds):
        return True
    return len({request.stack.name for request in _requests(world, stream)}) > 1


def _is_blind(world: World) -> bool:
    """Tell if a source of information is closed for good."""
    return world.faults.stacks_denied or world.faults.events_missing


def _was_denied(world: World, request: Request) -> bool:
    """Tell if the permissions were withdrawn for longer than a rollback waits, or until its own time was over."""
    begins, ends = world.faults.permission_gap if world.faults else (0.0, 0.0)
    grace = _LONGEST_DENIAL if request.phase.startswith("rollback") else _LONGEST_DENIAL_FORWARD
    lasts = request.given_up_at - max(begins, request.sent_at)
    is_too_long = lasts >= grace or request.given_up_at - request.sent_at > _LEAST_BUDGET
    return is_too_long and begins <= request.given_up_at and request.sent_at < ends


def _named_no_hub(world: World, request: Request) -> bool:
    """Tell if the service rejected a hub whose thing did not exist."""
    hub = world.hubs[request.hub]
    return (
        bool(hub.refusal_when_removed)
        and hub.removed_from <= request.given_up_at
        and (request.sent_at < hub.removed_until)
    )


def _documented_cause(world: World, request: Request) -> bool:
    stream = world.edge.streams[request.stream]
    if request.answer is not None and "AccessDenied" in request.answer.reason and _was_denied(world, request):
        return True
    if stream.deleted is not None or stream.retention_hours == 0 or _is_blind(world):
        return True
    if any(deed.stream == request.stream and request.sent_at <= deed.at <= request.given_up_at for deed in world.deeds):
        return True
    former = stream.predecessor
    if former and former.deleted is not None and former.deleted <= request.given_up_at <= stream.visible:
        return True
    if "InvalidConfiguration" in (request.answer.reason if request.answer else "") and _named_no_hub(world, request):
        return True
    deletes = [
        write
        for other in _requests(world, request.stream)
        for write in other.writes
        if write.operation == "DeleteEdgeConfiguration" and write.accepted
    ]
    if any(world.hubs[hub].full for hub in (request.hub, *(write.hub for write in request.writes)) if hub):
        return True
    hubs = {write.hub_before for write in deletes}
    by_hand = any(deed.stream == request.stream and "delete" in deed.deed for deed in world.deeds)
    return any(world.hubs[hub].ever_troubled() for hub in (world.hubs if by_hand else hubs))
