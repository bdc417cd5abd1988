"""Checks across the edge configurations of a stack, at synthesis."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

from aws_cdk import RemovalPolicy, Stack
from constructs import Construct

from cdk_kvs_edge.app_declarations import AppDeclarations
from cdk_kvs_edge.declaration import Declaration, summarize
from cdk_kvs_edge.edge_resource import policy_warning
from cdk_kvs_edge.environments import DeploymentEnvironment
from cdk_kvs_edge.footage import warn
from cdk_kvs_edge.tokens import is_token
from cdk_kvs_edge.validation import Validation
from kvs_edge_preflight.footage.hub_rules import MAX_STREAMS_PER_HUB

_Key = TypeVar("_Key")


class StackDeclarations(Construct):
    """Edge configurations of one stack, with the checks that need all of them."""

    def __init__(self, stack: Stack, construct_id: str) -> None:
        super().__init__(stack, construct_id)
        self._stack = stack
        self._environment = DeploymentEnvironment.of_stack(stack)
        self._app = AppDeclarations.of(stack.node.root)
        self._declarations: list[Declaration] = []
        self.node.add_validation(Validation(self._faults))

    def add(self, declaration: Declaration) -> None:
        """Add an edge configuration."""
        self._declarations.append(declaration)
        self._app.add(self._stack, self._environment, declaration)

    @property
    def all(self) -> Sequence[Declaration]:
        """The edge configurations that the stack has so far."""
        return tuple(self._declarations)

    def _faults(self) -> Iterable[str]:
        warn(self._stack, self._warnings())
        for stream, same in _grouped(self._declarations, lambda declaration: declaration.stream.identity).items():
            if len(same) > 1:
                yield (
                    f"stream {stream} has {len(same)} edge configurations, and a stream takes one: "
                    f"keep one of {_paths(same)}"
                )
        yield from self._app.faults(self._stack, self._declarations)
        for hub, on_hub in _grouped(self._declarations, lambda declaration: declaration.hub).items():
            if hub is not None and len(on_hub) > MAX_STREAMS_PER_HUB:
                yield (
                    f"hub {hub} has {len(on_hub)} streams, and a hub takes {MAX_STREAMS_PER_HUB}: "
                    f"set another hub for {_paths(on_hub[MAX_STREAMS_PER_HUB:])}"
                )
        yield from filter(None, map(_retention_fault, self._declarations))

    def _warnings(self) -> Iterator[tuple[str, str]]:
        for message in self._app.warnings(self._stack, self._declarations):
            yield "StreamPerhapsDeclaredTwice", message
        for (declared, applied), same in _grouped(self._declarations, _policies).items():
            if declared is not applied:
                yield "RemovalPolicyOverridden", policy_warning(declared, applied, summarize(same))


def _policies(declaration: Declaration) -> tuple[RemovalPolicy, RemovalPolicy]:
    return declaration.resource.declared_policy, declaration.resource.applied_policy


def _grouped(
    declarations: Iterable[Declaration], key: Callable[[Declaration], _Key]
) -> Mapping[_Key, list[Declaration]]:
    groups: dict[_Key, list[Declaration]] = defaultdict(list)
    for declaration in declarations:
        groups[key(declaration)].append(declaration)
    return groups


def _paths(declarations: Iterable[Declaration]) -> str:
    return ", ".join(declaration.path for declaration in declarations)


def _retention_fault(declaration: Declaration) -> str | None:
    resource = declaration.stream.resource
    if resource is None or declaration.stream.data_retention_in_hours:
        return None
    hours = resource.data_retention_in_hours
    if is_token(hours) or (hours or 0) > 0:
        return None
    return (
        f"stream {resource.node.path} keeps no media (data retention {hours or 0} hours), so the service "
        f"would refuse the edge configuration {declaration.path} with NoDataRetentionException: "
        "set the stream's data_retention_in_hours to 1 or more"
    )
