"""What a stack that declares edge configurations has once, kept on this side of jsii.

A question to the CDK about a construct is a round trip to Node.js, and a stack may hold hundreds of edge
configurations: what is the same for all of them is asked once.
"""

from functools import cached_property
from typing import ClassVar
from weakref import WeakKeyDictionary

from aws_cdk import Stack
from constructs import Construct

from cdk_kvs_edge.footage import FootageAnalyser
from cdk_kvs_edge.permissions import StreamPermissions
from cdk_kvs_edge.provider import EdgeConfigurationProvider
from cdk_kvs_edge.stack_declarations import StackDeclarations


class StackContext:
    """A stack, and what serves the edge configurations that are declared in it.

    Attributes:
        stack: The stack itself.
    """

    _known: ClassVar[WeakKeyDictionary[Stack, "StackContext"]] = WeakKeyDictionary()

    @classmethod
    def of(cls, scope: Construct) -> "StackContext":
        """The one that the scope is in."""
        stack = scope if isinstance(scope, Stack) else Stack.of(scope)
        found = cls._known.get(stack)
        if found is None:
            found = cls._known[stack] = cls(stack)
        return found

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self._permissions: dict[EdgeConfigurationProvider, StreamPermissions] = {}

    @cached_property
    def region(self) -> str:
        """The stack's region, perhaps a token."""
        return self.stack.region

    @cached_property
    def analyser(self) -> FootageAnalyser:
        """Who looks at the footage of its streams."""
        return FootageAnalyser()

    @cached_property
    def declarations(self) -> StackDeclarations:
        """All edge configurations of the stack."""
        return StackDeclarations(self.stack, "EdgeConfigurationChecks")

    @cached_property
    def default_provider(self) -> EdgeConfigurationProvider:
        """What serves those that name no provider of their own."""
        return EdgeConfigurationProvider.of(self.stack)

    def permissions(self, provider: EdgeConfigurationProvider) -> StreamPermissions:
        """What that provider's tick role may do with the stack's streams."""
        found = self._permissions.get(provider)
        if found is None:
            found = self._permissions[provider] = StreamPermissions.of(self.stack, provider)
        return found

    def acknowledge_wildcards(self) -> None:
        """Explain the permissions that came since the last time."""
        for permissions in self._permissions.values():
            permissions.acknowledge_wildcards()
