"""Facts of a stack that all its edge configurations share.

A question to the CDK about a construct is a round trip to Node.js, and a stack may hold hundreds of edge
configurations. So each stack answers each question once.
"""

from functools import cached_property
from typing import ClassVar
from weakref import WeakKeyDictionary

from aws_cdk import Stack
from constructs import Construct

from cdk_kvs_edge.environments import DeploymentEnvironment
from cdk_kvs_edge.footage import FootageAnalyser
from cdk_kvs_edge.permissions import StreamPermissions
from cdk_kvs_edge.provider import EdgeConfigurationProvider
from cdk_kvs_edge.stack_declarations import StackDeclarations
from kvs_edge.errors import ConfigurationError, Fault


class StackContext:
    """A stack with edge configurations.

    Attributes:
        stack: The stack.
    """

    _known: ClassVar[WeakKeyDictionary[Stack, "StackContext"]] = WeakKeyDictionary()

    @classmethod
    def of(cls, scope: Construct) -> "StackContext":
        """Return the context of the scope's stack.

        Raises:
            ConfigurationError: The scope is not in a stack.
        """
        stack = scope if isinstance(scope, Stack) else _stack_of(scope)
        context = cls._known.get(stack)
        if context is None:
            context = cls._known[stack] = cls(stack)
        return context

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self._permissions: dict[EdgeConfigurationProvider, StreamPermissions] = {}

    @cached_property
    def environment(self) -> DeploymentEnvironment:
        """Account and region of the stack."""
        return DeploymentEnvironment.of_stack(self.stack)

    @cached_property
    def analyser(self) -> FootageAnalyser:
        """Analyser of the streams' footage."""
        return FootageAnalyser()

    @cached_property
    def declarations(self) -> StackDeclarations:
        """All edge configurations of the stack."""
        return StackDeclarations(self.stack, "EdgeConfigurationChecks")

    @cached_property
    def default_provider(self) -> EdgeConfigurationProvider:
        """Provider of edge configurations that set none."""
        return EdgeConfigurationProvider.of(self.stack)

    def permissions(self, provider: EdgeConfigurationProvider) -> StreamPermissions:
        """Return the permissions of the provider's tick role on the stack's streams."""
        permissions = self._permissions.get(provider)
        if permissions is None:
            permissions = self._permissions[provider] = StreamPermissions.of(self.stack, provider)
        return permissions

    def acknowledge_wildcards(self) -> None:
        """Acknowledge the wildcards of permissions added since the last call."""
        for permissions in self._permissions.values():
            permissions.acknowledge_wildcards()


def _stack_of(scope: Construct) -> Stack:
    try:
        return Stack.of(scope)
    except RuntimeError:
        rule = (
            f"{type(scope).__name__} {scope.node.path}".strip()
            + " is not in a stack: give a stack, or a construct in a stack"
        )
        raise ConfigurationError("the construct is invalid:", [Fault("scope", scope, rule)]) from None
