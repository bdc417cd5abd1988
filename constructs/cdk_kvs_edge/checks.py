"""What is wrong only with several edge configurations together, looked for at synthesis."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

import jsii
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
    """An edge configuration: by which construct the app declares it, for which stream and hub, if that is known."""

    construct: Construct
    stream: DeclaredStream
    hub: str | None

    @property
    def path(self) -> str:
        """Where the app declares it; asked only to tell people, since it is a round trip to Node.js."""
        return str(self.construct.node.path)


class StackDeclarations(Construct):
    """All edge configurations of one stack."""

    def __init__(self, scope: Construct, construct_id: str) -> None:
        super().__init__(scope, construct_id)
        self._declared: list[Declared] = []
        self.node.add_validation(Check(self._faults))

    def add(self, declared: Declared) -> None:
        """Count that one in."""
        self._declared.append(declared)

    def _faults(self) -> Iterable[str]:
        for stream, twice in _grouped(self._declared, lambda one: one.stream.identity).items():
            if len(twice) > 1:
                yield (
                    f"stream {stream} has {len(twice)} edge configurations, and a stream takes one: "
                    f"keep one of {_paths(twice)}"
                )
        for hub, on_it in _grouped(self._declared, lambda one: one.hub).items():
            if hub is not None and len(on_it) > MAX_STREAMS_A_HUB:
                yield (
                    f"hub {hub} has {len(on_it)} streams, and a hub takes {MAX_STREAMS_A_HUB}: "
                    f"give another hub to {_paths(on_it[MAX_STREAMS_A_HUB:])}"
                )
        yield from filter(None, map(_retention_fault, self._declared))


def _grouped(declared: Iterable[Declared], key: Callable[[Declared], _Key]) -> Mapping[_Key, list[Declared]]:
    grouped: dict[_Key, list[Declared]] = defaultdict(list)
    for one in declared:
        grouped[key(one)].append(one)
    return grouped


def _paths(declared: Iterable[Declared]) -> str:
    return ", ".join(one.path for one in declared)


def _retention_fault(one: Declared) -> str | None:
    resource = one.stream.resource
    if resource is None or one.stream.data_retention_in_hours:
        return None
    hours = resource.data_retention_in_hours
    if is_token(hours) or (hours or 0) > 0:
        return None
    return (
        f"stream {resource.node.path} keeps nothing (data retention {hours or 0} hours), so the service "
        f"would refuse the edge configuration {one.path} with NoDataRetentionException: "
        "set the stream's data_retention_in_hours to 1 or more"
    )
