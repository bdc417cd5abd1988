"""Interface of a resource type's handler."""

import random
import string
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, ClassVar

from kvs_edge_local.cloudformation.identity import StackIdentity
from kvs_edge_local.cloudformation.latch import Latch
from kvs_edge_local.cloudformation.schemas import replacing_properties

SUFFIX_LENGTH = 12
NAME_ALPHABET = string.ascii_uppercase + string.digits


class ResourceFailedError(Exception):
    """A resource could not be created, updated or deleted; `reason` becomes its status reason.

    `physical_id` is what a failed Create left to be deleted, or None.
    """

    def __init__(self, reason: str, physical_id: str | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.physical_id = physical_id


class CancelledError(ResourceFailedError):
    """The operation was cancelled while this resource was in progress."""


class UpdateRejectedError(ResourceFailedError):
    """An update was refused before any call: there is nothing to roll back."""


@contextmanager
def partially_created(physical_id: str) -> Iterator[None]:
    """Attach the physical id to failures: the resource exists and has to be deleted."""
    try:
        yield
    except ResourceFailedError as error:
        raise ResourceFailedError(error.reason, physical_id) from error


@dataclass(frozen=True)
class Provisioned:
    """State of a resource: the values of Ref and Fn::GetAtt."""

    physical_id: str
    attributes: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True)
class ResourceRequest:
    """Desired state of a resource."""

    stack: StackIdentity
    logical_id: str
    type: str
    properties: Mapping[str, Any]
    stack_tags: Mapping[str, str]
    # Set when the stack operation is cancelled: every wait ends.
    cancelled: Latch

    def name(self, given: str, maximum: int = 64) -> str:
        """Return the name in property `given`, or generate one as CloudFormation does: STACK-LOGICALID-RANDOM."""
        if given in self.properties:
            return str(self.properties[given])
        return self.generated_name(maximum)

    def generated_name(self, maximum: int = 64) -> str:
        """Return a unique physical name of at most `maximum` characters."""
        suffix = "".join(random.choices(NAME_ALPHABET, k=SUFFIX_LENGTH))  # noqa: S311 - a name, not a secret
        room = maximum - SUFFIX_LENGTH - 1
        stack, logical = self.stack.name, self.logical_id
        if len(stack) + 1 + len(logical) > room:
            # Both stay recognizable, as in CloudFormation's names.
            logical = logical[: room // 2]
            stack = stack[: room - 1 - len(logical)].rstrip("-")
        return f"{stack}-{logical}-{suffix}"

    def tags(self) -> dict[str, str]:
        """Return the resource's own tags on top of the stack's."""
        own = {tag["Key"]: str(tag["Value"]) for tag in self.properties.get("Tags", [])}
        return {**self.stack_tags, **own}

    def tag_list(self) -> list[dict[str, str]]:
        """Return `tags` in the form that most APIs take."""
        return [{"Key": key, "Value": value} for key, value in self.tags().items()]


class ResourceHandler(ABC):
    """Handler of a resource type: creates, updates and deletes its resources.

    Each method raises `ResourceFailedError` with a reason for the stack's events.
    """

    # Attributes of Fn::GetAtt; None if only the resource itself knows them.
    attributes: ClassVar[frozenset[str] | None] = frozenset()
    # Supported properties; None if the API refuses the others.
    properties: ClassVar[frozenset[str] | None] = None
    # True if independent resources of this type may be processed concurrently.
    concurrent: ClassVar[bool] = False

    @property
    def updatable(self) -> bool:
        """True if a resource can be updated in place."""
        return True

    def normalized(self, properties: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return properties in the form in which they are compared and sent."""
        return properties

    def problem(self, request: ResourceRequest) -> str | None:
        """Return why this request cannot succeed, as far as known before a deployment."""
        if self.properties is None:
            return None
        unknown = sorted(set(request.properties) - self.properties)
        return f"the local AWS does not support {request.type}'s {', '.join(unknown)}" if unknown else None

    def replaces(self, resource_type: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> frozenset[str]:
        """Return the changed properties that require a replacement."""
        return replacing_properties(resource_type, old, new)

    @abstractmethod
    def create(self, request: ResourceRequest) -> Provisioned:
        """Create the resource."""

    def stabilize(self, request: ResourceRequest, provisioned: Provisioned) -> None:  # noqa: B027 - most are ready at once
        """Wait until a new resource is usable."""

    @abstractmethod
    def update(self, request: ResourceRequest, current: Provisioned, old: Mapping[str, Any]) -> Provisioned:
        """Update the resource in place; `old` are its previous properties.

        A custom resource that returns another physical id has been replaced.
        """

    @abstractmethod
    def delete(self, request: ResourceRequest, current: Provisioned) -> None:
        """Delete the resource. A resource that is gone already counts as deleted."""
