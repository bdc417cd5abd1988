"""IAM's quotas for the policies of a role, checked at synthesis because CloudFormation and the CDK do not.

IAM counts the characters of a policy without white space: 10,240 for all inline policies of a role
together, 6,144 for one managed policy, and a role takes 10 managed policies
[https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html]. A value that is known only at
deployment counts with its longest possible text.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

INLINE_CHARACTERS = 10_240
MANAGED_CHARACTERS = 6_144
MANAGED_POLICIES = 10

ROLE_CHARACTERS = 1_536
"""Maximum of the tick role's own inline policy: its log group, a VPC's network interfaces, a key."""
_EXTRA_CHARACTERS = 512
"""Maximum of what a dead-letter queue with its key, and tracing, add to that policy."""

_LONGEST = {
    "${AWS::Partition}": "aws-us-gov",
    # Region names have up to 15 characters today (us-isof-south-1); 16 leaves a margin.
    "${AWS::Region}": 16 * "r",
    "${AWS::AccountId}": 12 * "0",
    # arn:PARTITION:cloudformation:REGION:ACCOUNT:stack/NAME/UUID, and a stack's name has 128 characters.
    "${AWS::StackId}": 232 * "s",
}
_LONGEST_STREAM_NAME = 256


def longest_arn(pattern: str, stream_name: str | None) -> str:
    """Return the longest ARN of a pattern as in Fn::Sub, with NAME for the stream's name."""
    arn = pattern.replace("NAME", stream_name or _LONGEST_STREAM_NAME * "n")
    for variable, longest in _LONGEST.items():
        arn = arn.replace(variable, longest)
    return arn


def document_characters(statements: Sequence[Mapping[str, object]]) -> int:
    """Return the characters that IAM counts for a policy of these statements."""
    document = {"Version": "2012-10-17", "Statement": list(statements)}
    return len(json.dumps(document, separators=(",", ":")))


@dataclass
class RolePolicyQuota:
    """Remaining policy quota of a role, and the edge configurations that exceed it."""

    inline_left: int = INLINE_CHARACTERS - ROLE_CHARACTERS
    managed_left: int = MANAGED_POLICIES
    inline_streams: int = 0
    managed_streams: int = 0
    inline_rejected: list[str] = field(default_factory=list)
    managed_rejected: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, *, has_extras: bool) -> "RolePolicyQuota":
        """Return the quota of a role, perhaps with a dead-letter queue or tracing."""
        return cls(inline_left=INLINE_CHARACTERS - ROLE_CHARACTERS - (_EXTRA_CHARACTERS if has_extras else 0))

    def reserve_inline(self, characters: int) -> bool:
        """Reserve an inline policy of one stream; return False if it or an earlier policy exceeds the quota."""
        if self.inline_rejected or characters > self.inline_left:
            return False
        self.inline_left -= characters
        self.inline_streams += 1
        return True

    def reserve_managed(self) -> bool:
        """Reserve a managed policy; return False if the role takes no more."""
        if not self.managed_left:
            return False
        self.managed_left -= 1
        return True

    def faults(self) -> list[str]:
        """Return one fault per exceeded quota: the limit, the number that fits, and the fix."""
        return [
            *_fault(
                "edge configurations that may be deleted (removal_policy or hub_move)",
                self.inline_streams,
                self.inline_rejected,
                f"its inline policies have {INLINE_CHARACTERS:,} characters at most",
            ),
            *_fault(
                "edge configurations whose permissions are shared",
                self.managed_streams,
                self.managed_rejected,
                f"it takes {MANAGED_POLICIES} managed policies of {MANAGED_CHARACTERS:,} characters",
            ),
        ]


def _fault(kind: str, fitting: int, rejected: Sequence[str], limit: str) -> list[str]:
    if not rejected:
        return []
    fault = (
        f"One role has room for {fitting} of the {fitting + len(rejected)} {kind}: {limit}. "
        f"Set a separate EdgeConfigurationProvider (provider=...) for the others, from {rejected[0]} on."
    )
    return [fault]
