"""How much of a role's room for policies is used, counted before the deployment, since nothing else does.

IAM counts the characters of a policy without white space: 10,240 for all inline policies of a role
together, 6,144 for one managed policy, of which a role takes 10
[https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html]. What is known only at
deployment is counted at its longest.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

INLINE_CHARACTERS = 10_240
MANAGED_CHARACTERS = 6_144
MANAGED_POLICIES = 10

ROLE_CHARACTERS = 1_536
"""What the tick role itself brings along at most: its log group, a VPC's network interfaces, a key."""

_LONGEST = {
    "${AWS::Partition}": "aws-us-gov",
    # The longest names of regions have 15 characters today (us-isof-south-1): one to spare.
    "${AWS::Region}": 16 * "r",
    "${AWS::AccountId}": 12 * "0",
    # arn:PARTITION:cloudformation:REGION:ACCOUNT:stack/NAME/UUID, and a stack's name has 128 characters.
    "${AWS::StackId}": 232 * "s",
}
_LONGEST_STREAM_NAME = 256


def longest_arn(pattern: str, stream_name: str | None) -> str:
    """The ARN (as in Fn::Sub, with NAME for the stream's) with all that is not known yet at its longest."""
    arn = pattern.replace("NAME", stream_name or _LONGEST_STREAM_NAME * "n")
    for variable, longest in _LONGEST.items():
        arn = arn.replace(variable, longest)
    return arn


def document_characters(statements: Sequence[Mapping[str, object]]) -> int:
    """What IAM counts for a policy of these statements."""
    document = {"Version": "2012-10-17", "Statement": list(statements)}
    return len(json.dumps(document, separators=(",", ":")))


@dataclass
class RolePolicyQuota:
    """What is left of a role's room, and which streams found none."""

    inline_left: int = INLINE_CHARACTERS - ROLE_CHARACTERS
    managed_left: int = MANAGED_POLICIES
    inline_streams: int = 0
    managed_streams: int = 0
    inline_rejected: list[str] = field(default_factory=list)
    managed_rejected: list[str] = field(default_factory=list)

    def reserve_inline(self, characters: int) -> bool:
        """Count an inline policy of one stream; False if there is no room for it, or was none for one before."""
        if self.inline_rejected or characters > self.inline_left:
            return False
        self.inline_left -= characters
        self.inline_streams += 1
        return True

    def reserve_managed(self) -> bool:
        """Count one more managed policy; False if the role takes no more."""
        if not self.managed_left:
            return False
        self.managed_left -= 1
        return True

    def faults(self) -> list[str]:
        """What does not fit, how much does, and what to do about it."""
        return [
            *_fault(
                "edge configurations that may be deleted (removal_policy or hub_move)",
                self.inline_streams,
                self.inline_rejected,
                f"its inline policies may have {INLINE_CHARACTERS:,} characters",
            ),
            *_fault(
                "edge configurations whose permissions are shared",
                self.managed_streams,
                self.managed_rejected,
                f"it takes {MANAGED_POLICIES} managed policies of {MANAGED_CHARACTERS:,} characters",
            ),
        ]


def _fault(kind: str, fitting: int, refused: Sequence[str], limit: str) -> list[str]:
    if not refused:
        return []
    fault = (
        f"One role has room for {fitting} of the {fitting + len(refused)} {kind}: {limit}. "
        f"Give the others an EdgeConfigurationProvider of their own (provider=...), from {refused[0]} on."
    )
    return [fault]
