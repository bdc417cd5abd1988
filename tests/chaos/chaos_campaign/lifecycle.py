"""One lifecycle from its seed to the oracle's verdicts."""

import traceback
from collections import Counter
from dataclasses import dataclass, field

from chaos_campaign.oracle import judge
from chaos_campaign.oracle.verdict import Verdict
from chaos_campaign.scenario import set_up
from chaos_campaign.scheduler import EPOCH, Overrun
from chaos_campaign.world import Handlers, World


@dataclass
class Outcome:
    """Outcome of a lifecycle."""

    seed: int
    verdicts: list[Verdict] = field(default_factory=list)
    exercised: Counter[str] = field(default_factory=Counter)
    timeline: list[tuple[float, str]] = field(default_factory=list)


def run_lifecycle(seed: int, handlers: Handlers, tracing: bool = False) -> Outcome:
    """Run and judge the lifecycle of a seed."""
    world = World(seed, handlers, tracing)
    set_up(world)
    try:
        world.run()
    except Overrun as overrun:
        return Outcome(seed, [Verdict("never quiet", "", str(overrun), EPOCH)], Counter(), world.timeline)
    except Exception as error:
        where = traceback.extract_tb(error.__traceback__)[-1]
        text = f"{error!r} at {where.name}:{where.lineno}"
        return Outcome(seed, [Verdict("broken harness", "", text, EPOCH)], Counter(), world.timeline)
    return Outcome(seed, judge(world), _exercised(world), world.timeline)


def _exercised(world: World) -> Counter[str]:
    """Return what happened in a lifecycle, each thing once."""
    happened = {f"fault: {name}" for name in world.faults.drawn} | set(world.exercised)
    for stack in world.engine.stacks.values():
        happened |= {
            f"stack: {event['ResourceStatus']}" for event in stack.events if "::Stack" in event["ResourceType"]
        }
    for request in world.dispatch.requests.values():
        happened.add(f"request: {request.type} in the {request.phase} phase")
        happened.add(f"request: ended as {request.outcome or 'open'}")
        happened |= {f"request: {handicap}" for handicap in request.handicaps}
        happened |= {
            f"write: {write.operation} {'accepted' if write.accepted else 'refused'}" for write in request.writes
        }
    if any(hub.ever_troubled() for hub in world.hubs.values()):
        happened.add("a hub that is offline, slow or refuses")
    if world.lambdas.starved:
        happened.add("Lambda had no place for an invocation")
    return Counter(happened)
