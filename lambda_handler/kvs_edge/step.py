"""One tick: look, decide, act once, look again, for as long as it pays to stay."""

from collections.abc import Callable
from dataclasses import dataclass

from kvs_edge import explain, pace
from kvs_edge.configuration import REGIONS_WITHOUT_EDGE
from kvs_edge.decide import PATIENCE_WHEN_DENIED, Decision, Delete, Done, Fail, Start, Wait, decide, decide_refusal
from kvs_edge.log import Log
from kvs_edge.memory import Memory
from kvs_edge.observed import Absent, Found, Observed, Refusal, RefusalKind
from kvs_edge.request import Request, RequestType
from kvs_edge.service import EdgeService, RefusedError

LAST_CALL = 40.0
"""Seconds: no pause is begun that would leave a tick less than a slow look and a write, answer included, take."""

STACK_PAUSE = 5.0
"""Seconds until a stack's status that AWS did not tell is asked for again."""


@dataclass(frozen=True)
class Surroundings:
    """What a tick stands in: the service, the stack, time (seconds), chance (0 to 1) and the log."""

    service: EdgeService
    stack_status: Callable[[], str | None]
    now: Callable[[], float]
    sleep: Callable[[float], None]
    remaining: Callable[[], float]
    draw: Callable[[], float]
    log: Log


def run(request: Request, memory: Memory, around: Surroundings) -> tuple[Memory, Done | Fail | float]:
    """Take the request as far as it goes now: to its outcome, or to the seconds until the next tick."""
    if request.leaves_everything:
        return memory, Done({})
    if around.service.region in REGIONS_WITHOUT_EDGE:
        return memory, _nothing_there(request, around.service.region)
    memory = _heed_stack(request, memory, around)
    if _must_know_stack(request, memory, around):
        return memory, STACK_PAUSE
    while True:
        memory, decision = _once(request, memory, around)
        if isinstance(decision, Done | Fail):
            return memory, decision
        pause = pace.next_look(_waited(memory, around), memory.throttled, around.draw())
        if not pause.stay or around.remaining() - pause.seconds < LAST_CALL:
            return memory, pause.seconds
        around.sleep(pause.seconds)


def _must_know_stack(request: Request, memory: Memory, around: Surroundings) -> bool:
    """Whether to act would be a guess: what is right in a roll back is wrong otherwise. Patience has an end."""
    unknown = memory.rolling_back is None and request.type is not RequestType.CREATE
    return unknown and around.now() - memory.since < PATIENCE_WHEN_DENIED


def _nothing_there(request: Request, region: str) -> Done | Fail:
    if request.type is RequestType.DELETE:
        return Done({})
    return Fail(explain.region_not_supported(request, region))


def _heed_stack(request: Request, memory: Memory, around: Surroundings) -> Memory:
    """Learn from the stack's status whether this request belongs to a roll back, or has been overtaken by one.

    A Create comes before any roll back, so it need not ask at first; and what was submitted is settled by
    looks at the service alone.
    """
    creating = request.type is RequestType.CREATE
    unknown = memory.rolling_back is None and not creating
    settled = memory.submitted or memory.rolling_back or request.type is RequestType.DELETE
    if (settled and not unknown) or (creating and memory.looks == 0):
        return memory
    status = around.stack_status()
    if status is None:
        return memory
    rolling_back = "ROLLBACK" in status
    return memory.but(rolling_back=rolling_back) if unknown else memory.but(overtaken=rolling_back)


def _once(request: Request, memory: Memory, around: Surroundings) -> tuple[Memory, Decision]:
    observed: Observed | None = None
    decision: Decision = Wait()
    try:
        observed = around.service.look()
        memory = _remember(memory, observed, around.now())
        memory, decision = _decide(request, observed, memory, around)
        if isinstance(decision, Start | Delete):
            memory = _write(decision, request, memory, observed, around)
    except RefusedError as error:
        memory = _remember_refusal(memory, error.refusal, observed, decision)
        decision = decide_refusal(request, observed, error.refusal, memory, around.now())
        around.log.refused(error.refusal, decision)
    else:
        memory = memory.but(throttled=0)
        around.log.looked(memory, decision)
    return memory, decision


def _decide(request: Request, observed: Observed, memory: Memory, around: Surroundings) -> tuple[Memory, Decision]:
    decision = decide(request, observed, memory, around.now())
    if isinstance(decision, Start | Delete) and memory.looks > 1:
        # Since the tick began, a roll back may have: its configuration must not be written over.
        memory = _heed_stack(request, memory, around)
        decision = decide(request, observed, memory, around.now())
    return memory, decision


def _write(
    decision: Start | Delete, request: Request, memory: Memory, observed: Observed, around: Surroundings
) -> Memory:
    if isinstance(decision, Start):
        around.service.start(request.desired)
        return memory.but(submitted=True, before=_version(observed), written_at=around.now())
    around.service.delete()
    return memory.but(deletes=memory.deletes + 1, before=_version(observed), written_at=around.now())


def _remember(memory: Memory, observed: Observed, now: float) -> Memory:
    status = observed.status.value if isinstance(observed, Found) else "absent"
    if status != memory.status:
        memory = memory.but(status=status, status_since=now)
    if memory.in_doubt and _version(observed) != memory.before:
        # What was there was at rest: our write changed it, or a newer request's did, against which we must not write.
        memory = memory.but(in_doubt=False, submitted=True)
    if not memory.submitted:
        memory = memory.but(others_in_place=_others_in_place(memory, observed))
    return memory.but(looks=memory.looks + 1)


def _others_in_place(memory: Memory, observed: Observed) -> bool:
    match observed:
        case Absent():
            return False
        case Found(status=status) if not status.deleting:
            return True
        case _:
            return memory.others_in_place


def _remember_refusal(memory: Memory, refusal: Refusal, observed: Observed | None, refused: Decision) -> Memory:
    if observed is None:
        memory = memory.but(looks=memory.looks + 1)
    if refusal.kind is RefusalKind.LOST and isinstance(refused, Start):
        memory = memory.but(in_doubt=True, before=_version(observed))
    throttled = memory.throttled + 1 if refusal.kind in {RefusalKind.THROTTLED, RefusalKind.LOST} else 0
    return memory.but(throttled=throttled, refusal=f"{refusal.code}: {refusal.message}")


def _version(observed: Observed | None) -> tuple[str, str] | None:
    return observed.version if isinstance(observed, Found) else None


def _waited(memory: Memory, around: Surroundings) -> float:
    return around.now() - max(memory.since, memory.written_at)
