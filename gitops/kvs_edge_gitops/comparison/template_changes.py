"""The properties in which a declared stream differs from its resource in the deployed template."""

from collections.abc import Iterator, Mapping
from typing import Any

from kvs_edge import schema
from kvs_edge.wait_for import HUB_TIME_ZONE, has_recorder_schedule
from kvs_edge_gitops.comparison.resolved import ResolvedStream
from kvs_edge_gitops.stacks.deployed_stack import DeployedResource
from kvs_edge_preflight.files import Reference

SYNC_TOKEN = "SyncToken"  # noqa: S105 # a property's name
_OPTIONS: Mapping[str, str] = {
    "removal_policy": "RemovalPolicy",
    "hub_move": "HubMove",
    "wait_for": "WaitFor",
    "sync_token": SYNC_TOKEN,
}
_FORMER = "WaitForSync"
"""A property that only templates of earlier versions of the construct have: the next template leaves it out."""
_POLICIES: Mapping[object, str] = {"RETAIN_ON_UPDATE_OR_DELETE": "DESTROY"}
"""The property's value of a removal policy, where it has another name."""


def template_changes(declared: ResolvedStream, deployed: DeployedResource) -> tuple[str, ...]:
    """Return the paths of properties that the next template changes.

    A value that only CloudFormation knows counts as unchanged, as does an option that the file does not state: the app
    may set it.
    """
    config = _changes("EdgeConfig", deployed.properties.get("EdgeConfig", {}), declared.config)
    return (*config, *_options(declared, deployed))


def _options(declared: ResolvedStream, deployed: DeployedResource) -> Iterator[str]:
    for name, option in _OPTIONS.items():
        value = declared.entry.fact(name)
        if value is not None:
            yield from _changes(option, deployed.properties.get(option, _default(option)), _POLICIES.get(value, value))
    yield from _zone(declared, deployed)
    if _FORMER in deployed.properties and declared.entry.fact("wait_for_sync") is None:
        yield _FORMER


def _zone(declared: ResolvedStream, deployed: DeployedResource) -> Iterator[str]:
    """Yield HubTimeZone if it changes: a stream that waits for a scheduled recording has it."""
    zone = declared.entry.fact("hub_time_zone") or declared.zone.name
    if zone is not None and HUB_TIME_ZONE in deployed.properties and has_recorder_schedule(declared.config):
        yield from _changes(HUB_TIME_ZONE, deployed.properties[HUB_TIME_ZONE], zone)


def _default(option: str) -> object:
    """Return the value of an option that a template leaves out; None if it has no default."""
    properties = schema.load()["definitions"]["ResourceProperties"]["properties"]
    default: object = properties[option].get("default")
    return default


def _changes(path: str, old: Any, new: Any) -> Iterator[str]:
    if isinstance(old, Reference):
        return
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for name in dict.fromkeys((*new, *old)):
            yield from _changes(f"{path}.{name}", old.get(name), new.get(name))
    elif _text(old) != _text(new):
        yield path


def _text(value: Any) -> str:
    """Return a value as CloudFormation sends it to the handler: numbers and booleans are text."""
    return str(value).lower() if isinstance(value, bool) else str(value)
