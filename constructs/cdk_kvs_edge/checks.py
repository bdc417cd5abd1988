"""What is wrong only with several edge configurations together, looked for at synthesis."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

import jsii
from aws_cdk import Stack
from constructs import Construct, IValidation

from cdk_kvs_edge.streams import DeclaredStream
from cdk_kvs_edge.tokens import is_token
from kvs_edge.footage.hub_rules import MAX_STREAMS_A_HUB

_Key = TypeVar("_Key")


@jsii.implements(IValidation)
class Check:
    """A validation of the construct tree, made of a function that tells what is wrong."""

    def __init__(self, faults: Callable[[], Iterable[str]]) -> None:
        self._faults = faults

    def validate(self) -> list[str]:
        """What is wrong, in sentences."""
        return list(self._faults())


@dataclass(frozen=True)
class Declared:
    """An edge configuration: where the app declares it, for which stream and which hub, if that is known."""

    path: str
    stream: DeclaredStream
    hub: str | None


class StackDeclarations(Construct):
    """All edge configurations of one stack."""

    @classmethod
    def of(cls, scope: Construct) -> "StackDeclarations":
        """Those of the scope's stack."""
        stack = Stack.of(scope)
        found = stack.node.try_find_child("EdgeConfigurationChecks")
        return found if isinstance(found, StackDeclarations) else cls(stack, "EdgeConfigurationChecks")

    def __init__(self, scope: Construct, construct_id: str) -> None:
        super().__init__(scope, construct_id)
        self._declared: list[Declared] = []
        self.node.add_validation(Check(self._faults))

    def add(self, declared: Declared) -> None:
        """Count that one in."""
        self._declared.append(declared)

    def _faults(self) -> Iterable[str]:
        for stream, paths in _paths(self._declared, lambda one: one.stream.identity).items():
            if len(paths) > 1:
                yield (
                    f"stream {stream} has {len(paths)} edge configurations, and a stream takes one: "
                    f"keep one of {', '.join(paths)}"
                )
        for hub, paths in _paths(self._declared, lambda one: one.hub).items():
            if hub is not None and len(paths) > MAX_STREAMS_A_HUB:
                yield (
                    f"hub {hub} has {len(paths)} streams, and a hub takes {MAX_STREAMS_A_HUB}: "
                    f"give another hub to {', '.join(paths[MAX_STREAMS_A_HUB:])}"
                )
        yield from filter(None, map(_retention_fault, self._declared))


def _paths(declared: Iterable[Declared], key: Callable[[Declared], _Key]) -> Mapping[_Key, list[str]]:
    grouped: dict[_Key, list[str]] = defaultdict(list)
    for one in declared:
        grouped[key(one)].append(one.path)
    return grouped


def _retention_fault(one: Declared) -> str | None:
    resource = one.stream.resource
    if resource is None:
        return None
    hours = resource.data_retention_in_hours
    if is_token(hours) or (hours or 0) > 0:
        return None
    return (
        f"stream {resource.node.path} keeps nothing (data retention {hours or 0} hours), so the service "
        f"would refuse the edge configuration {one.path} with NoDataRetentionException: "
        "set the stream's data_retention_in_hours to 1 or more"
    )
