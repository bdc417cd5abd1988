"""What a resource type has to offer to the engine."""

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
    """A resource could not be made, changed or removed; `reason` becomes its status reason.

    `physical_id` is what a failed Create left to be deleted, or None if there is nothing.
    """

    def __init__(self, reason: str, physical_id: str | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.physical_id = physical_id


class CancelledError(ResourceFailedError):
    """The operation was given up while this resource was under way."""


class UpdateRejectedError(ResourceFailedError):
    """A change was refused before anything was done: there is nothing to roll back."""


@contextmanager
def partially_created(physical_id: str) -> Iterator[None]:
    """What fails in here leaves a resource behind that has to be deleted."""
    try:
        yield
    except ResourceFailedError as error:
        raise ResourceFailedError(error.reason, physical_id) from error


@dataclass(frozen=True)
class Provisioned:
    """A resource as it is: what Ref and Fn::GetAtt give."""

    physical_id: str
    attributes: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True)
class ResourceRequest:
    """A resource as it is to be."""

    stack: StackIdentity
    logical_id: str
    type: str
    properties: Mapping[str, Any]
    stack_tags: Mapping[str, str]
    # Set when the stack operation is given up: whoever waits for something stops waiting.
    cancelled: Latch

    def name(self, given: str, maximum: int = 64) -> str:
        """The name in property `given`, or one made as CloudFormation makes them: STACK-LOGICALID-RANDOM."""
        if given in self.properties:
            return str(self.properties[given])
        return self.generated_name(maximum)

    def generated_name(self, maximum: int = 64) -> str:
        """A physical name that no other resource has, of at most `maximum` characters."""
        suffix = "".join(random.choices(NAME_ALPHABET, k=SUFFIX_LENGTH))  # noqa: S311 - a name, not a secret
        room = maximum - SUFFIX_LENGTH - 1
        stack, logical = self.stack.name, self.logical_id
        if len(stack) + 1 + len(logical) > room:
            # Both stay recognizable, as in CloudFormation's names.
            logical = logical[: room // 2]
            stack = stack[: room - 1 - len(logical)].rstrip("-")
        return f"{stack}-{logical}-{suffix}"

    def tags(self) -> dict[str, str]:
        """The resource's own tags on top of the stack's."""
        own = {tag["Key"]: str(tag["Value"]) for tag in self.properties.get("Tags", [])}
        return {**self.stack_tags, **own}

    def tag_list(self) -> list[dict[str, str]]:
        """Return `tags` in the form in which most APIs take them."""
        return [{"Key": key, "Value": value} for key, value in self.tags().items()]


class ResourceHandler(ABC):
    """Makes, changes and removes resources of a type.

    Each method raises `ResourceFailedError` with a reason for the stack's events.
    """

    # What Fn::GetAtt may ask for; None says that only the resource itself knows.
    attributes: ClassVar[frozenset[str] | None] = frozenset()
    # What a template may set; None says that the API behind it refuses what it doesn't know.
    properties: ClassVar[frozenset[str] | None] = None
    # Whether independent resources of this kind may be worked on at the same time.
    concurrent: ClassVar[bool] = False

    @property
    def updatable(self) -> bool:
        """Whether anything of a resource can be changed in place."""
        return True

    def normalized(self, properties: Mapping[str, Any]) -> Mapping[str, Any]:
        """Properties in the form in which they are compared and sent."""
        return properties

    def problem(self, request: ResourceRequest) -> str | None:
        """What makes this request hopeless, as far as can be told before anything is deployed."""
        if self.properties is None:
            return None
        unknown = sorted(set(request.properties) - self.properties)
        return f"the local AWS does not serve {request.type}'s {', '.join(unknown)}" if unknown else None

    def replaces(self, resource_type: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> frozenset[str]:
        """The changed properties for which a new physical resource has to be made."""
        return replacing_properties(resource_type, old, new)

    @abstractmethod
    def create(self, request: ResourceRequest) -> Provisioned:
        """Make the resource."""

    def stabilize(self, request: ResourceRequest, provisioned: Provisioned) -> None:  # noqa: B027 - most are ready at once
        """Wait until a resource that was just made can be used."""

    @abstractmethod
    def update(self, request: ResourceRequest, current: Provisioned, old: Mapping[str, Any]) -> Provisioned:
        """Change the resource in place; `old` are its properties until now.

        A custom resource may come back with another physical id: it has been replaced.
        """

    @abstractmethod
    def delete(self, request: ResourceRequest, current: Provisioned) -> None:
        """Remove the resource. One that is gone already is removed."""
