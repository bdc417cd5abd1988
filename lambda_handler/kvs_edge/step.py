"""One tick: look, decide, act once, look again, for as long as it pays to stay."""

from collections.abc import Callable
from dataclasses import asdict, dataclass

from kvs_edge import explain, pace
from kvs_edge.calls import RefusedError
from kvs_edge.configuration import REGIONS_WITHOUT_EDGE, Stream, holds
from kvs_edge.decide import decide, decide_refusal
from kvs_edge.decisions import Decision, Delete, Done, Fail, Start, Wait
from kvs_edge.log import Log
from kvs_edge.memory import Memory
from kvs_edge.observed import Absent, Found, Observed, Refusal, RefusalKind
from kvs_edge.operation import (
    LONGEST_LAG,
    MISSING_GRACE,
    History,
    Operation,
    Relation,
    StackState,
    is_behind,
    is_late,
    needs_all_events,
    relate,
)
from kvs_edge.request import Request, RequestType
from kvs_edge.service import EdgeService
from kvs_edge.stack import OwnStack

LAST_CALL = 40.0
"""Seconds: no pause is begun that would leave a tick less than a slow look and a write, answer included, take."""

STACK_PAUSE = 5.0
"""Seconds until a stack that did not tell is asked again."""

FRESH = 2.0
"""Seconds for which what the stack told is good for a write."""


@dataclass(frozen=True)
class Surroundings:
    """What a tick stands in: the service, the stack, time (seconds), chance (0 to 1) and the log.

    Attributes:
        service_for: The service for a stream's edge configuration.
        stay: For how long after a request or a write the tick may sleep between looks, in seconds.
    """

    service_for: Callable[[Stream], EdgeService]
    stack: OwnStack
    now: Callable[[], float]
    sleep: Callable[[float], None]
    remaining: Callable[[], float]
    draw: Callable[[], float]
    log: Log
    stay: float = pace.ATTENTIVE


def run(request: Request, memory: Memory, around: Surroundings) -> tuple[Memory, Done | Fail | float]:
    """Take the request as far as it goes now: to its outcome, or to the seconds until the next tick."""
    if request.leaves_everything:
        return memory, Done({})
    region = around.service_for(request.stream).region
    if region in REGIONS_WITHOUT_EDGE:
        return memory, _nothing_there(request, region)
    if memory.fulfilled is None:
        memory, outcome = _work(request, memory, around)
        if not (isinstance(outcome, Done) and memory.relation is Relation.ROLLBACK and request.abandoned):
            return memory, outcome
        memory = Memory(
            status_since=around.now(),
            fulfilled=asdict(outcome),
            relation=memory.relation,
            began=memory.began,
            stack_status=memory.stack_status,
        )
    return _clean_up(request, memory, around)


def _clean_up(request: Request, memory: Memory, around: Surroundings) -> tuple[Memory, Done | Fail | float]:
    """Remove what a failed Update sent to another stream; if that fails it is told, and wedges nothing."""
    assert request.abandoned is not None
    fulfilled = memory.fulfilled or {}
    memory, outcome = _work(request.abandoned, memory, around)
    if isinstance(outcome, float):
        return memory, outcome
    done = Done(**fulfilled)
    told = outcome.warning if isinstance(outcome, Done) else explain.not_cleaned_up(request.abandoned, outcome.reason)
    return memory, Done(done.attributes, "; ".join(filter(None, [done.warning, told])))


def _work(request: Request, memory: Memory, around: Surroundings) -> tuple[Memory, Done | Fail | float]:
    while True:
        memory, decision = _once(request, memory, around)
        if isinstance(decision, Done | Fail):
            return memory, decision
        pause = pace.next_look(_waited(request, memory, around), memory.throttled, around.draw(), around.stay)
        seconds = max(pause.seconds, STACK_PAUSE) if memory.relation is Relation.UNKNOWN else pause.seconds
        if not pause.stay or around.remaining() - seconds < LAST_CALL:
            return memory, seconds
        around.sleep(seconds)


def _nothing_there(request: Request, region: str) -> Done | Fail:
    if request.type is RequestType.DELETE:
        return Done({})
    return Fail(explain.region_not_supported(request, region))


def _once(request: Request, memory: Memory, around: Surroundings) -> tuple[Memory, Decision]:
    observed: Observed | None = None
    decision: Decision = Wait()
    try:
        observed = around.service_for(request.stream).look()
        memory = _remember(request, memory, observed, around.now())
        memory, decision = _decide(request, observed, memory, around)
        if isinstance(decision, Delete) and _may_be_declared_elsewhere(request, memory):
            decision = Wait()
            memory = _ask_resources(request, memory, around)
            decision = decide(request, observed, memory, around.now())
        if isinstance(decision, Start | Delete):
            memory = _write(decision, request, memory, observed, around)
    except RefusedError as error:
        memory = _remember_refusal(memory, error.refusal, observed, decision, around.now())
        decision = decide_refusal(request, observed, error.refusal, memory, around.now())
        around.log.refused(error.refusal, decision)
    else:
        memory = memory.but(throttled=0)
        around.log.looked(memory, decision)
    return memory, decision


def _decide(request: Request, observed: Observed, memory: Memory, around: Surroundings) -> tuple[Memory, Decision]:
    decision = decide(request, observed, memory, around.now())
    if _must_ask_stack(request, memory, decision, around.now()):
        memory = _ask_stack(request, memory, around)
        decision = decide(request, observed, memory, around.now())
    return memory, decision


def _must_ask_stack(request: Request, memory: Memory, decision: Decision, now: float) -> bool:
    """Return whether the decision rests on what the stack does now, and that is not known, or not any more."""
    creating = request.type is RequestType.CREATE
    if memory.relation is Relation.UNKNOWN or (memory.relation is None and not creating):
        return True
    if now - memory.stack_asked_at < FRESH or memory.relation is Relation.SUPERSEDED:
        return False
    if isinstance(decision, Start | Delete):
        return True
    # What a Create has come to is so whatever the stack does. An Update may turn out to be a roll back's.
    ends = isinstance(decision, Fail) or (isinstance(decision, Done) and not memory.submitted)
    return ends and request.type is RequestType.UPDATE


def _ask_stack(request: Request, memory: Memory, around: Surroundings) -> Memory:
    refusals: list[Refusal] = []
    history = None
    if is_late(request, around.now()):
        # Asked first, so that the stack's status is the last that is learned before a write.
        history = _history(request, around, around.now() - LONGEST_LAG, refusals)
    asked_at = around.now()
    state = _state(around, refusals)
    if needs_all_events(request, state, history):
        history = _history(request, around, 0.0, refusals)
    operation = relate(request, state, history, around.now())
    if state is None and is_behind(operation.status, memory.stack_status):
        # The events lag, and there is nothing beside them.
        operation = Operation(Relation.UNKNOWN, status=memory.stack_status)
    is_offered = state is not None or (history is not None and history.is_offered)
    memory = memory.but(
        relation=operation.relation,
        began=operation.began,
        stack_status=operation.status,
        stack_asked_at=asked_at,
        stack_refusal=f"{refusals[-1].code}: {refusals[-1].message}" if refusals else "",
        stack_denied=not is_offered and any(refusal.kind is RefusalKind.DENIED for refusal in refusals),
    )
    around.log.asked_stack(memory, refusals)
    return memory


def _state(around: Surroundings, refusals: list[Refusal]) -> StackState | None:
    try:
        return around.stack.state()
    except RefusedError as error:
        refusals.append(error.refusal)
        return None


def _history(request: Request, around: Surroundings, since: float, refusals: list[Refusal]) -> History | None:
    try:
        return around.stack.history(request.logical_id, since)
    except RefusedError as error:
        refusals.append(error.refusal)
        return None


def _may_be_declared_elsewhere(request: Request, memory: Memory) -> bool:
    # Where the whole stack goes, so does what it declares twice.
    unknown = memory.declared_elsewhere is None and memory.stack_status != "DELETE_IN_PROGRESS"
    return unknown and request.type is RequestType.DELETE


def _ask_resources(request: Request, memory: Memory, around: Surroundings) -> Memory:
    try:
        elsewhere = around.stack.declares_elsewhere(request.logical_id, request.resource_type, request.stream.name)
    except RefusedError:
        # In a roll back only footage of the operation itself is at stake, and to fail would wedge the stack.
        if memory.relation is not Relation.ROLLBACK or around.now() - request.received_at < MISSING_GRACE:
            raise
        elsewhere = False
    return memory.but(declared_elsewhere=elsewhere)


def _write(
    decision: Start | Delete, request: Request, memory: Memory, observed: Observed, around: Surroundings
) -> Memory:
    service = around.service_for(request.stream)
    if isinstance(decision, Start):
        updated = service.start(request.desired)
        memory = memory.but(newest=max(updated, memory.newest), newest_at=around.now())
        return memory.but(submitted=True, in_doubt="", before=_version(observed), written_at=around.now())
    service.delete()
    return memory.but(deletes=memory.deletes + 1, in_doubt="", before=_version(observed), written_at=around.now())


def _remember(request: Request, memory: Memory, observed: Observed, now: float) -> Memory:
    status = observed.status_text if isinstance(observed, Found) else "absent"
    if status != memory.status:
        memory = memory.but(status=status, status_since=now)
    memory = memory.but(looks=memory.looks + 1)
    if isinstance(observed, Found):
        if memory.is_stale(observed, now):
            return memory
        if observed.updated >= memory.newest:
            memory = memory.but(newest=observed.updated, newest_at=now)
    memory = _settle_doubt(memory, observed)
    if not memory.submitted and _was_sent_by_us(request, observed):
        # By a tick that died before it could say so, or for an earlier delivery of the same event.
        memory = memory.but(submitted=True, written_at=now)
    return memory.but(others_in_place=_others_in_place(request, memory, observed))


def _settle_doubt(memory: Memory, observed: Observed) -> Memory:
    """Return the memory with a lost write settled, if the look shows that something has changed since.

    What was there was at rest: our write changed it, or a newer request's did, against which we must not write.
    """
    if not memory.in_doubt or _version(observed) == memory.before:
        return memory
    if memory.in_doubt == Start.__name__:
        return memory.but(in_doubt="", submitted=True)
    return memory.but(in_doubt="", deletes=memory.deletes + 1)


def _was_sent_by_us(request: Request, observed: Observed) -> bool:
    return (
        request.type is not RequestType.DELETE
        and isinstance(observed, Found)
        and not observed.status.deleting
        and observed.is_created_since(request.since)
        and holds(observed.config, request.desired)
    )


def _others_in_place(request: Request, memory: Memory, observed: Observed) -> bool:
    match observed:
        case Absent():
            return False
        case Found(status=status) if status.deleting:
            return memory.others_in_place
        case Found() if memory.submitted:
            # Ours is what was sent where there was nothing, for as long as it is what is there.
            return memory.others_in_place or not holds(observed.config, request.desired)
        case Found():
            return True
        case _:
            return memory.others_in_place


def _remember_refusal(
    memory: Memory, refusal: Refusal, observed: Observed | None, refused: Decision, now: float
) -> Memory:
    if observed is None:
        memory = memory.but(looks=memory.looks + 1)
    if refusal.kind is RefusalKind.LOST and isinstance(refused, Start | Delete):
        memory = memory.but(in_doubt=type(refused).__name__, before=_version(observed), written_at=now)
    throttled = memory.throttled + 1 if refusal.kind in {RefusalKind.THROTTLED, RefusalKind.LOST} else 0
    return memory.but(throttled=throttled, refusal=f"{refusal.code}: {refusal.message}")


def _version(observed: Observed | None) -> tuple[str, str] | None:
    return observed.version if isinstance(observed, Found) else None


def _waited(request: Request, memory: Memory, around: Surroundings) -> float:
    return around.now() - max(request.received_at, memory.written_at)
