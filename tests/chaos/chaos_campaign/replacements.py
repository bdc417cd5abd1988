"""Streams and hubs that people delete and make again by the same name."""

from collections.abc import Sequence
from random import Random

from chaos_campaign.world import HUBS, World


def schedule_replacements(world: World, streams: Sequence[str]) -> None:
    """Schedule what the faults of the lifecycle ask for."""
    assert world.faults is not None
    # Its own random numbers: the rest of the lifecycle stays as it is without the replacement.
    random = Random(f"{world.seed}, replacements")
    if world.faults.stream_replaced:
        at, pause = world.faults.stream_replaced
        names = [*streams, *(f"{stream}-renamed" for stream in streams)]
        stream = random.choice([random.choice(list(streams)), random.choice(names)])
        world.scheduler.at(at, lambda: _replace_stream(world, stream, pause))
    if world.faults.hub_replaced:
        at, pause = world.faults.hub_replaced
        hub = world.hubs[random.choice(HUBS[:2])]
        hub.refusal_when_removed = random.choice(["", "InvalidArgumentException", "ResourceNotFoundException"])
        hub.loses_jobs = random.random() < 0.5
        world.scheduler.at(at, lambda: world.person_replaces_hub(hub.name, pause))


def _replace_stream(world: World, stream: str, pause: float) -> None:
    if world.edge.streams[stream].deleted is None:
        world.person_deletes_stream(stream)
        world.scheduler.after(pause, lambda: world.person_creates_stream(stream))
