"""Handler decorator that resolves dynamic references right before they are used.

A stack stores, compares and shows the references themselves: "CloudFormation never stores the actual value".
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Protocol

from kvs_edge_local.cloudformation.dynamic_references import (
    SSM,
    SSM_SECURE,
    DynamicReference,
    Parameter,
    SecretValue,
    dynamic_references,
    misplaced,
    resolved,
)
from kvs_edge_local.cloudformation.resources.handler import (
    Provisioned,
    ResourceFailedError,
    ResourceHandler,
    ResourceRequest,
    UpdateRejectedError,
)


class ReferenceReader(Protocol):
    """Reader of the values behind references; raises ResourceFailedError."""

    def parameter(self, parameter: Parameter, *, secure: bool) -> str:
        """Return a parameter's value."""

    def secret(self, value: SecretValue) -> str:
        """Return a secret's text."""


class ResolvingHandler(ResourceHandler):
    """Handler that passes requests on with their references resolved."""

    def __init__(self, inner: ResourceHandler, reader: ReferenceReader, *, custom: bool) -> None:
        self._inner = inner
        self._reader = reader
        self._custom = custom
        vars(self).update(attributes=inner.attributes, properties=inner.properties, concurrent=inner.concurrent)

    def __str__(self) -> str:
        return type(self._inner).__name__

    @property
    def updatable(self) -> bool:
        """True if the inner handler can update a resource in place."""
        return self._inner.updatable

    def normalized(self, properties: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return the inner handler's form; references stay unresolved."""
        return self._inner.normalized(properties)

    def problem(self, request: ResourceRequest) -> str | None:
        """Return a problem of the request or of its references."""
        problem = misplaced(request.type, request.properties, custom=self._custom)
        return problem or self._unreadable(request.properties) or self._inner.problem(request)

    def replaces(self, resource_type: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> frozenset[str]:
        """Compare references as text, as CloudFormation does."""
        return self._inner.replaces(resource_type, old, new)

    def create(self, request: ResourceRequest) -> Provisioned:
        """Create the resource with the current values."""
        return self._inner.create(self._resolved(request))

    def stabilize(self, request: ResourceRequest, provisioned: Provisioned) -> None:
        """Wait as the inner handler does."""
        self._inner.stabilize(request, provisioned)

    def update(self, request: ResourceRequest, current: Provisioned, old: Mapping[str, Any]) -> Provisioned:
        """Update the resource to the current values."""
        try:
            wanted = self._resolved(request)
        except ResourceFailedError as error:
            raise UpdateRejectedError(error.reason) from error
        return self._inner.update(wanted, current, self._readable(old))

    def delete(self, request: ResourceRequest, current: Provisioned) -> None:
        """Delete the resource, even if a value is gone."""
        self._inner.delete(replace(request, properties=self._readable(request.properties)), current)

    def _resolved(self, request: ResourceRequest) -> ResourceRequest:
        return replace(request, properties=resolved(request.properties, self._read))

    def _readable(self, properties: Mapping[str, Any]) -> Mapping[str, Any]:
        try:
            readable: Mapping[str, Any] = resolved(properties, self._read)
        except ResourceFailedError:
            return properties
        return readable

    def _unreadable(self, properties: Mapping[str, Any]) -> str | None:
        """Return why a plain parameter cannot be read: it is read before a deployment, secrets only on use."""
        for reference in dynamic_references(properties):
            if reference.service == SSM:
                try:
                    self._read(reference)
                except ResourceFailedError as error:
                    return error.reason
        return None

    def _read(self, reference: DynamicReference) -> str:
        if isinstance(reference.target, Parameter):
            return self._reader.parameter(reference.target, secure=reference.service == SSM_SECURE)
        return _member(reference, self._reader.secret(reference.target), reference.target.json_key)


def _member(reference: DynamicReference, text: str, key: str | None) -> str:
    if key is None:
        return text
    try:
        value = json.loads(text)[key]
    except (ValueError, KeyError, TypeError) as error:
        raise ResourceFailedError(
            f"Could not find a value associated with JSONKey in SecretString ({reference.text})"
        ) from error
    return value if isinstance(value, str) else json.dumps(value)
