"""What is wrong only with several edge configurations together, looked for at synthesis."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeVar

from aws_cdk import Stack
from constructs import Construct

from cdk_kvs_edge.app_declarations import AppDeclarations
from cdk_kvs_edge.declaration import Declaration, named
from cdk_kvs_edge.edge_resource import policy_warning
from cdk_kvs_edge.environments import DeploymentEnvironment
from cdk_kvs_edge.footage import warn
from cdk_kvs_edge.tokens import is_token
from cdk_kvs_edge.validation import Validation
from kvs_edge_preflight.footage.hub_rules import MAX_STREAMS_PER_HUB

_Key = TypeVar("_Key")


class StackDeclarations(Construct):
    """All edge configurations of one stack.

    They are checked when the CDK validates the construct tree: after all Aspects, and before it writes what the
    constructs are annotated with.
    """

    def __init__(self, stack: Stack, construct_id: str) -> None:
        super().__init__(stack, construct_id)
        self._stack = stack
        self._environment = DeploymentEnvironment.of_stack(stack)
        self._app = AppDeclarations.of(stack.node.root)
        self._declared: list[Declaration] = []
        self.node.add_validation(Validation(self._faults))

    def add(self, declared: Declaration) -> None:
        """Add an edge configuration."""
        self._declared.append(declared)
        self._app.add(self._stack, self._environment, declared)

    def _faults(self) -> Iterable[str]:
        warn(self._stack, self._warnings())
        for stream, twice in _grouped(self._declared, lambda one: one.stream.identity).items():
            if len(twice) > 1:
                yield (
                    f"stream {stream} has {len(twice)} edge configurations, and a stream takes one: "
                    f"keep one of {_paths(twice)}"
                )
        yield from self._app.faults(self._stack, self._declared)
        for hub, on_it in _grouped(self._declared, lambda one: one.hub).items():
            if hub is not None and len(on_it) > MAX_STREAMS_PER_HUB:
                yield (
                    f"hub {hub} has {len(on_it)} streams, and a hub takes {MAX_STREAMS_PER_HUB}: "
                    f"give another hub to {_paths(on_it[MAX_STREAMS_PER_HUB:])}"
                )
        yield from filter(None, map(_retention_fault, self._declared))

    def _warnings(self) -> Iterator[tuple[str, str]]:
        for message in self._app.warnings(self._stack, self._declared):
            yield "StreamPerhapsDeclaredTwice", message
        policies = _grouped(self._declared, lambda one: (one.resource.declared_policy, one.resource.applied_policy))
        for (declared, applied), those in policies.items():
            if declared is not applied:
                yield "RemovalPolicyOverridden", policy_warning(declared, applied, named(those))


def _grouped(declared: Iterable[Declaration], key: Callable[[Declaration], _Key]) -> Mapping[_Key, list[Declaration]]:
    grouped: dict[_Key, list[Declaration]] = defaultdict(list)
    for one in declared:
        grouped[key(one)].append(one)
    return grouped


def _paths(declared: Iterable[Declaration]) -> str:
    return ", ".join(one.path for one in declared)


def _retention_fault(one: Declaration) -> str | None:
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
