"""How many of a file's streams a stack has room for, told before anything of it is made.

Counted is what the stack's own template would hold. What is known only at deployment is counted at its longest, so a
template may turn out smaller, never larger.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cdk_kvs_edge import policy_size, statements
from kvs_edge.errors import Fault

RESOURCES = 500
"""Of a template [https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html]."""
TEMPLATE_BYTES = 1_048_576
"""Of a template from Amazon S3, as the CDK deploys it; 1 MB in the same table."""

PROVIDER_RESOURCES = 7
PROVIDER_BYTES = 16_384
"""The provider with its policies but for the streams' ARNs, and what the CDK adds to each template."""

_STREAM_BYTES = 780
"""The edge configuration's resource but for its EdgeConfig and its names: type, tokens, options, metadata."""
_NAMES = 4
"""How often the stream's name stands in the template: as itself, in the logical id, in metadata and in a policy."""
_MADE_BYTES = 320
_OWN_POLICY_BYTES = 620
"""With two and four more names."""
_TOKEN_BYTES = 300
"""What is rendered for a reference to another stack of the app, at most."""


@dataclass(frozen=True)
class Demand:
    """What one stream takes of its stack.

    Attributes:
        name: The stream's name, if it is known at synthesis.
        label: What the file calls it.
        is_created: Whether the stack makes the stream.
        may_delete: Whether its edge configuration may be deleted, for which it has a policy of its own.
        config: The EdgeConfig as the file has it.
    """

    name: str | None
    label: str
    is_created: bool
    may_delete: bool
    config: Mapping[str, Any]

    @property
    def resources(self) -> int:
        """In the template; the policy that it may share with others is not counted."""
        return 1 + self.is_created + self.may_delete

    @property
    def bytes(self) -> int:
        """In the template, at most."""
        text = json.dumps(self.config, separators=(",", ":"))
        names = _NAMES + 2 * self.is_created + 4 * self.may_delete
        fixed = _STREAM_BYTES + self.is_created * _MADE_BYTES + self.may_delete * _OWN_POLICY_BYTES
        tokens = text.count('{"Ref"') + 2 * (self.name is None)
        return len(text) + names * max(len(self.label), len(self.name or "")) + fixed + tokens * _TOKEN_BYTES


class StackCapacity:
    """What is left of a stack, or of one whose provider is elsewhere."""

    def __init__(self, *, has_provider: bool) -> None:
        self._resources = RESOURCES - (PROVIDER_RESOURCES if has_provider else 0)
        self._bytes = TEMPLATE_BYTES - PROVIDER_BYTES
        self._policies = policy_size.RolePolicyQuota()
        self._left = 0
        self._has_policy = False

    def take(self, demand: Demand) -> str | None:
        """Count one more stream; the limit that it breaks, if it breaks one."""
        self._resources -= demand.resources
        self._bytes -= demand.bytes
        if self._resources < 0:
            return f"{RESOURCES} resources"
        if self._bytes < 0:
            return f"a template of {TEMPLATE_BYTES:,} bytes"
        refusal = self._take_policy(demand)
        return f"{RESOURCES} resources" if self._resources < 0 else refusal

    def _take_policy(self, demand: Demand) -> str | None:
        characters = statements.shared_characters(demand.name)
        if not self._has_policy or (not demand.may_delete and self._left < characters):
            if not self._policies.reserve_managed():
                return (
                    f"{policy_size.MANAGED_POLICIES} managed policies of "
                    f"{policy_size.MANAGED_CHARACTERS:,} characters a role"
                )
            self._left = statements.shared_capacity(is_first=not self._has_policy)
            self._has_policy = True
            self._resources -= 1
        if not demand.may_delete:
            self._left -= characters
        elif not self._policies.reserve_inline(statements.own_characters(demand.name)):
            return (
                f"{policy_size.INLINE_CHARACTERS:,} characters of inline policies a role, for those that it may delete"
            )
        return None


def capacity_faults(file: str, demands: Sequence[Demand], *, has_provider: bool) -> Iterable[Fault]:
    """The fault of a file with more streams than a stack has room for, which says how to split it."""
    room = StackCapacity(has_provider=has_provider)
    for fitting, demand in enumerate(demands):
        limit = room.take(demand)
        if limit is not None:
            left = len(demands) - fitting
            yield Fault(file, None, _split(fitting, left, demand.label, limit, len(demands)))
            return


def _split(fitting: int, left: int, first: str, limit: str, declared: int) -> str:
    last = f"the last {left}, from {first} on," if left > 1 else f"the last one, {first},"
    return (
        f"it declares {declared} streams, and its stack has room for {fitting} ({limit}): "
        f"move {last} to a file of {'their' if left > 1 else 'its'} own"
    )
