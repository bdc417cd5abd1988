"""The properties in which a declared stream differs from its resource in the deployed template."""

from collections.abc import Iterator, Mapping
from typing import Any

from kvs_edge_gitops.comparison.resolved import ResolvedStream
from kvs_edge_gitops.stacks.deployed_stack import DeployedResource
from kvs_edge_gitops.stacks.intrinsics import Unknown

SYNC_TOKEN = "SyncToken"  # noqa: S105 # a property's name
_OPTIONS: Mapping[str, str] = {"removal_policy": "RemovalPolicy", "hub_move": "HubMove", "sync_token": SYNC_TOKEN}
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
            yield from _changes(option, deployed.properties.get(option), _POLICIES.get(value, value))


def _changes(path: str, old: Any, new: Any) -> Iterator[str]:
    if isinstance(old, Unknown):
        return
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for name in dict.fromkeys((*new, *old)):
            yield from _changes(f"{path}.{name}", old.get(name), new.get(name))
    elif _text(old) != _text(new):
        yield path


def _text(value: Any) -> str:
    """Return a value as CloudFormation sends it to the handler: numbers and booleans are text."""
    return str(value).lower() if isinstance(value, bool) else str(value)
