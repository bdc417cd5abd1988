"""Capacity of a file's stack, checked before its resources are created.

The count follows the stack's own template. A value that is known only at deployment counts with its longest text, so a
template may be smaller than counted, never larger.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cdk_kvs_edge import policy_size, statements
from kvs_edge.errors import Fault

RESOURCES = 500
"""Limit of a template [https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html]."""
TEMPLATE_BYTES = 1_048_576
"""Limit of a template in Amazon S3, as the CDK deploys it; 1 MB in the same table."""

PROVIDER_RESOURCES = 7
PROVIDER_BYTES = 16_384
"""The provider and its policies without the streams' ARNs, and the CDK's own parts of each template."""

_STREAM_BYTES = 665
"""The edge configuration's resource without its EdgeConfig, names and options: type, tokens, metadata."""
_NAMES = 4
"""Occurrences of the stream's name in the template: property, logical id, metadata and policy."""
_MADE_BYTES = 320
_OWN_POLICY_BYTES = 620
"""A new stream and an own policy, with two and four more names."""
_TOKEN_BYTES = 300
"""Maximum of a rendered reference to another stack of the app."""


@dataclass(frozen=True)
class Demand:
    """Share of one stream in its stack's limits.

    Attributes:
        name: Name of the stream; None if it is known only at deployment.
        label: Name of the stream or the reference in the file.
        is_created: True if the stack creates the stream.
        may_delete: True if the edge configuration may be deleted; then it has its own policy.
        config: EdgeConfig in the file.
        option_bytes: Bytes of the deployment's options in the template.
        facts: What the file states beside the configuration.
    """

    name: str | None
    label: str
    is_created: bool
    may_delete: bool
    config: Mapping[str, Any]
    option_bytes: int
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def resources(self) -> int:
        """Resources in the template, without shared policies."""
        return 1 + self.is_created + self.may_delete

    @property
    def bytes(self) -> int:
        """Maximum number of bytes in the template."""
        text = json.dumps(self.config, separators=(",", ":"))
        facts = json.dumps(self.facts, separators=(",", ":")) if self.facts else ""
        names = _NAMES + bool(self.facts) + 2 * self.is_created + 4 * self.may_delete
        fixed = _STREAM_BYTES + self.is_created * _MADE_BYTES + self.may_delete * _OWN_POLICY_BYTES
        tokens = text.count('{"Ref"') + 2 * (self.name is None)
        named = names * max(len(self.label), len(self.name or ""))
        return len(text) + len(facts) + named + fixed + self.option_bytes + tokens * _TOKEN_BYTES


class StackCapacity:
    """Remaining capacity of a stack, with its own provider or without."""

    def __init__(self, *, has_provider: bool) -> None:
        self._resources = RESOURCES - (PROVIDER_RESOURCES if has_provider else 0)
        self._bytes = TEMPLATE_BYTES - PROVIDER_BYTES
        self._policies = policy_size.RolePolicyQuota()
        self._left = 0
        self._has_policy = False

    def reserve(self, demand: Demand) -> str | None:
        """Reserve the capacity for a stream, and return the exceeded limit, if any."""
        self._resources -= demand.resources
        self._bytes -= demand.bytes
        if self._resources < 0:
            return f"{RESOURCES} resources"
        if self._bytes < 0:
            return f"a template of {TEMPLATE_BYTES:,} bytes"
        policy_limit = self._reserve_policy(demand)
        return f"{RESOURCES} resources" if self._resources < 0 else policy_limit

    def _reserve_policy(self, demand: Demand) -> str | None:
        characters = statements.shared_characters(demand.name)
        if not self._has_policy or (not demand.may_delete and self._left < characters):
            if not self._policies.reserve_managed():
                return (
                    f"{policy_size.MANAGED_POLICIES} managed policies of "
                    f"{policy_size.MANAGED_CHARACTERS:,} characters per role"
                )
            self._left = statements.shared_capacity(is_first=not self._has_policy)
            self._has_policy = True
            self._resources -= 1
        if not demand.may_delete:
            self._left -= characters
        elif not self._policies.reserve_inline(statements.own_characters(demand.name)):
            return (
                f"{policy_size.INLINE_CHARACTERS:,} characters of inline policies per role, for edge configurations "
                "that may be deleted"
            )
        return None


def capacity_faults(file: str, demands: Sequence[Demand], *, has_provider: bool) -> Iterable[Fault]:
    """Yield a fault if a file has more streams than fit into a stack; its text says how to split the file."""
    capacity = StackCapacity(has_provider=has_provider)
    for fitting, demand in enumerate(demands):
        limit = capacity.reserve(demand)
        if limit is not None:
            left = len(demands) - fitting
            yield Fault(file, None, _split(fitting, left, demand.label, limit, len(demands)))
            return


def _split(fitting: int, left: int, first: str, limit: str, declared: int) -> str:
    last = f"the last {left} streams, from {first} on," if left > 1 else f"the last stream, {first},"
    return (
        f"it declares {declared} streams, and its stack has room for {fitting} ({limit}): move {last} to another file"
    )
