"""Changes of a resource outside of its stack, as Cloud Control makes them for `cdk deploy --hotswap`.

The stack keeps what it deployed: as in AWS, only its next update compares, and reverts the resource.
"""

import json
import threading
from collections.abc import Iterator, Mapping
from typing import Any

import jsonpatch

from kvs_edge_local.cloudformation.engine import Engine
from kvs_edge_local.cloudformation.latch import Latch
from kvs_edge_local.cloudformation.registry import Registry
from kvs_edge_local.cloudformation.resources.handler import ResourceRequest
from kvs_edge_local.cloudformation.stack import Stack, StackResource


class NoSuchResourceError(LookupError):
    """No stack has a resource of that type and identifier."""


class NotUpdatableError(ValueError):
    """The resource cannot be updated in this way."""


class Hotswap:
    """Access to the resources of an engine's stacks."""

    def __init__(self, engine: Engine, registry: Registry) -> None:
        self._engine = engine
        self._registry = registry
        self._lock = threading.Lock()
        # The properties that a resource was deployed with, and its changes since.
        self._changed: dict[str, tuple[Mapping[str, Any], Mapping[str, Any]]] = {}

    def properties(self, resource_type: str, identifier: str) -> Mapping[str, Any]:
        """Return a resource's current properties; raise NoSuchResourceError."""
        _, resource = self._find(resource_type, identifier)
        return self._current(resource)

    def update(self, resource_type: str, identifier: str, patch: str) -> Mapping[str, Any]:
        """Apply a JSON patch to a resource's properties and return them.

        Raise NoSuchResourceError, NotUpdatableError, and ResourceFailedError from the resource's handler.
        """
        stack, resource = self._find(resource_type, identifier)
        assert resource.provisioned is not None, "it was found by its physical id"
        handler = self._registry.handler(resource.definition)
        if resource.definition.is_custom:
            raise NotUpdatableError(f"{resource_type} is a custom resource: Cloud Control does not support it")
        with self._lock:
            old = self._current(resource)
            new = handler.normalized(_patched(old, patch))
            if replacing := sorted(handler.replaces(resource_type, old, new)):
                paths = ", ".join(f"/properties/{name}" for name in replacing)
                raise NotUpdatableError(
                    f"Encountered unsupported property update: createOnlyProperties [{paths}] cannot be updated"
                )
            request = ResourceRequest(
                stack.identity, resource.definition.logical_id, resource_type, new, stack.tags, Latch()
            )
            if problem := handler.problem(request):
                raise NotUpdatableError(problem)
            with self._registry.turn(handler):
                handler.update(request, resource.provisioned, old)
            self._changed[resource.physical_id] = (resource.properties, new)
        return new

    def _find(self, resource_type: str, identifier: str) -> tuple[Stack, StackResource]:
        for stack, resource in self._resources():
            if resource.definition.type == resource_type and resource.physical_id == identifier:
                return stack, resource
        raise NoSuchResourceError(f"no stack of the local AWS has the {resource_type} {identifier}")

    def _resources(self) -> Iterator[tuple[Stack, StackResource]]:
        for stack in self._engine.stacks():
            with stack.lock:
                resources = [each for each in stack.resources.values() if each.provisioned is not None]
            yield from ((stack, resource) for resource in resources)

    def _current(self, resource: StackResource) -> Mapping[str, Any]:
        deployed, changed = self._changed.get(resource.physical_id, (None, {}))
        return changed if deployed == resource.properties else resource.properties


def _patched(properties: Mapping[str, Any], patch: str) -> Mapping[str, Any]:
    try:
        patched: Mapping[str, Any] = jsonpatch.apply_patch(json.loads(json.dumps(dict(properties))), patch)
    except (ValueError, jsonpatch.JsonPatchException, jsonpatch.JsonPointerException) as error:
        raise NotUpdatableError(f"the PatchDocument cannot be applied: {error}") from error
    return patched
