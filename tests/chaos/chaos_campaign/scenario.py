"""Scenario of a lifecycle: stacks, their templates, operations on them, and changes by people."""

from collections.abc import Callable, Mapping
from random import Random
from typing import Any

from chaos_campaign.plan import Plan
from chaos_campaign.replacements import schedule_replacements
from chaos_campaign.scheduler import EPOCH
from chaos_campaign.stacks import Declaration, Template
from chaos_campaign.world import HUBS, World

_THING = "arn:aws:iot:us-west-2:123456789012:thing/"
_SECRET = "arn:aws:secretsmanager:us-west-2:123456789012:secret:camera-aBcDeF"
_BAD_SCHEDULE = {"ScheduleExpression": "bad but long enough", "DurationInSeconds": 3599}
_LEAST_REQUEST, _FOR_THE_ANSWER = 960, 180
"""Seconds; how the construct sets ServiceTimeout (docs/lifecycle.md, Budgets)."""


def edge_config(hub: str, hours: int | None) -> dict[str, Any]:
    """Return an edge configuration as a template declares it."""
    config: dict[str, Any] = {
        "HubDeviceArn": _THING + hub,
        "RecorderConfig": {"MediaSourceConfig": {"MediaUriSecretArn": _SECRET, "MediaUriType": "RTSP_URI"}},
    }
    return config | ({"DeletionConfig": {"EdgeRetentionInHours": hours}} if hours else {})


def declaration(stream: str, config: Mapping[str, Any], policy: str, **options: Any) -> Declaration:
    """Return one custom resource as the construct declares it."""
    sync_timeout = options.get("SyncTimeoutInSeconds", 1200)
    properties = {
        "ServiceToken": "arn:aws:lambda:us-west-2:123456789012:function:entry",
        "ServiceTimeout": _service_timeout(sync_timeout),
        "StreamName": stream,
        "EdgeConfig": config,
        "RemovalPolicy": "RETAIN" if policy == "RETAIN" else "DESTROY",
        "HubMove": "FORBIDDEN",
        "WaitFor": "SYNC",
        "SyncTimeoutInSeconds": sync_timeout,
    }
    return Declaration(properties | options, policy)


def _service_timeout(sync_timeout: int) -> int:
    return min(max(sync_timeout, _LEAST_REQUEST) + _FOR_THE_ANSWER, 3600)


def set_up(world: World) -> None:
    """Draw a lifecycle and schedule it."""
    random = world.random
    streams = [f"stream-{number}" for number in range(random.choice([1, 1, 2, 3]))]
    for stream in [*streams, *(f"{stream}-renamed" for stream in streams), "stream-extra"]:
        _make_stream(world, stream)
    plans_of = {stack: _plans(world, mine) for stack, mine in _homes(random, streams).items()}
    _move_between_stacks(world, plans_of)
    for stack, plans in plans_of.items():
        world.scheduler.spawn(
            lambda stack=stack, plans=plans: world.engine.carry_out(stack, plans), f"operations on {stack}"
        )
    _schedule_people(world, streams)
    schedule_replacements(world, streams)


def _make_stream(world: World, stream: str) -> None:
    random, old = world.random, EPOCH - 864_000.0
    world.edge.add_stream(stream, old, old)
    if random.random() < 0.05:
        world.edge.streams[stream].visible = EPOCH + random.uniform(0.0, 25.0)
        world.exercised["a stream that is new"] += 1
    if random.random() < 0.02:
        world.edge.streams[stream].retention_hours = 0
        world.exercised["a stream that keeps nothing"] += 1


def _homes(random: Random, streams: list[str]) -> dict[str, list[str]]:
    if len(streams) > 1 and random.random() < 0.3:
        return {"north": streams[:1], "south": streams[1:]}
    return {"north": streams}


def _move_between_stacks(world: World, plans_of: Mapping[str, list[Plan]]) -> None:
    """Move a resource from one stack to another, with the deployments in any order."""
    if len(plans_of) < 2 or min(len(plans) for plans in plans_of.values()) < 2 or world.random.random() < 0.4:
        return
    source, target = world.random.sample(list(plans_of.values()), 2)
    name = world.random.choice(list(source[0].template))
    moved = source[0].template[name]
    for plan in source[1:]:
        plan.template = {key: value for key, value in plan.template.items() if value.stream != moved.stream}
    for plan in target[1:]:
        if plan.kind == "update":
            plan.template = {**plan.template, f"{name}Moved": moved}
    world.exercised["a resource moves to another stack"] += 1


def _plans(world: World, streams: list[str]) -> list[Plan]:
    random = world.random
    template = {f"Edge{stream[-1]}": _drawn(world, stream) for stream in streams}
    plans = [_interrupted(world, Plan("create", template, pause=random.uniform(0.0, 30.0)))]
    if random.random() < 0.4:
        plans[0].reviewed = random.choice([10.0, random.uniform(60.0, 86_400.0)])
        world.exercised["change set"] += 1
    for _ in range(random.choice([0, 1, 1, 2, 3])):
        template = _changed(world, template)
        pause = random.choice([random.uniform(1.0, 30.0), random.uniform(60.0, 7200.0)])
        plans.append(_interrupted(world, Plan("update", template, pause=pause)))
    if random.random() < 0.35:
        plans.append(Plan("delete", {}, pause=random.uniform(1.0, 600.0)))
        world.exercised["delete the stack"] += 1
    return plans


def _interrupted(world: World, plan: Plan) -> Plan:
    random = world.random
    kind = random.random() * (1.0 if plan.kind == "update" else 1.6)
    soon = random.choice([random.uniform(0.0, 2.0), random.uniform(0.0, 15.0), random.uniform(0.0, 1000.0)])
    if kind < 0.22:
        plan.sibling_fails = soon
    elif kind < 0.34:
        plan.sibling_fails = random.choice(["first", "last"])
    elif kind < 0.40 and plan.kind == "update":
        plan.cancelled = soon
    elif kind < 0.46:
        plan.deleted = soon
    if random.random() < 0.12:
        plan.no_rollback = True
        plan.afterwards = random.choice(["", "fix", "rollback"])
    plan.recovery = random.choice(["continue", "continue", "skip", "leave"])
    return plan


def _drawn(world: World, stream: str) -> Declaration:
    random = world.random
    policy = random.choice(["RETAIN", "DESTROY", "DESTROY", "DESTROY", "RETAIN_ON_UPDATE_OR_DELETE"])
    return declaration(
        stream,
        edge_config(random.choice(HUBS[:2]), random.choice([None, 24, 48, 72])),
        policy,
        HubMove=random.choice(["FORBIDDEN", "ALLOWED"]),
        WaitFor="SYNC" if random.random() < 0.8 else "NOTHING",
        SyncTimeoutInSeconds=random.choice([60, 300, 1200, 3420]),
    )


def _changed(world: World, template: Template) -> Template:
    """Return the next template: each resource changes in one way, or not at all."""
    changed = {}
    for name, old in template.items():
        kind = world.random.choice([*_CHANGES, *_CHANGES, "remove", "logical id", "move here", "", "", ""])
        if kind:
            world.exercised[f"update: {kind}"] += 1
        if kind == "move here":
            changed.setdefault("Extra", _drawn(world, "stream-extra"))
        if kind in _CHANGES:
            changed[name] = Declaration({**old.properties, **_CHANGES[kind](world, old)}, old.policy)
        elif kind != "remove":
            changed[f"{name}x" if kind == "logical id" else name] = old
    return changed


def _other_config(world: World, old: Declaration) -> dict[str, Any]:
    hub = str(old.properties["EdgeConfig"]["HubDeviceArn"]).rpartition("/")[2]
    config = edge_config(hub, world.random.choice([None, 24, 48, 72]))
    if world.random.random() < 0.1:
        config["RecorderConfig"]["ScheduleConfig"] = _BAD_SCHEDULE
        world.exercised["a schedule that Quartz cannot read"] += 1
    return {"EdgeConfig": config}


def _other_hub(world: World, old: Declaration) -> dict[str, Any]:
    return {"EdgeConfig": edge_config(world.random.choice(HUBS), world.random.choice([None, 24]))}


def _other_options(world: World, old: Declaration) -> dict[str, Any]:
    seconds = world.random.choice([60, 1200, 1260])
    return {"SyncTimeoutInSeconds": seconds, "ServiceTimeout": _service_timeout(seconds)}


_CHANGES: Mapping[str, Callable[[World, Declaration], dict[str, Any]]] = {
    "config": _other_config,
    "hub": _other_hub,
    "rename": lambda world, old: {"StreamName": _other_name(old.stream)},
    "options": _other_options,
    "token": lambda world, old: {"SyncToken": f"token-{world.random.randrange(100)}"},
}
"""What an update may change in a resource's properties."""


def _other_name(stream: str) -> str:
    return stream.removesuffix("-renamed") if stream.endswith("-renamed") else f"{stream}-renamed"


def _schedule_people(world: World, streams: list[str]) -> None:
    random = world.random
    for stream in [*streams, "stream-extra"]:
        if random.random() < 0.25:
            config = edge_config(random.choice(HUBS), random.choice([None, 24, 36]))
            world.exercised["configured by hand before"] += 1
            _before(world, stream, config)
        if random.random() < 0.12:
            config = edge_config(random.choice(HUBS), random.choice([None, 36]))
            world.exercised["configured by hand meanwhile"] += 1
            at = EPOCH + random.choice([random.uniform(0, 60), random.uniform(0, 3000)])
            world.scheduler.at(at, lambda stream=stream, config=config: world.person_writes(stream, config))
        if random.random() < 0.06:
            world.exercised["deleted by hand"] += 1
            at = EPOCH + random.uniform(0, 3000)
            world.scheduler.at(at, lambda stream=stream: world.person_deletes(stream))
        if random.random() < 0.02:
            world.exercised["stream deleted"] += 1
            at = EPOCH + random.uniform(0, 6000)
            world.scheduler.at(at, lambda stream=stream: world.person_deletes_stream(stream))


def _before(world: World, stream: str, config: Mapping[str, Any]) -> None:
    """Put a configuration there that has recorded for some time."""
    from chaos_campaign.edge_service import Configuration

    found, since = (
        world.edge.streams[stream],
        EPOCH - world.random.choice([86_400.0, world.random.uniform(5.0, 90_000.0)]),
    )
    hub = str(config["HubDeviceArn"]).rpartition("/")[2]
    configuration = Configuration(config, "IN_SYNC", since, since, "person", "person")
    found.configuration = configuration
    found.history.append((since, configuration))
    world.edge.footage.begin(stream, hub, since)
