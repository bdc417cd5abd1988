"""Account and region of an edge configuration, as far as synthesis knows them."""

from dataclasses import dataclass
from enum import Enum, auto

from aws_cdk import Stack

from cdk_kvs_edge.tokens import is_token


class Sameness(Enum):
    """Relation of two environments."""

    SAME = auto()
    POSSIBLY_SAME = auto()
    DIFFERENT = auto()


@dataclass(frozen=True)
class DeploymentEnvironment:
    """Account and region, each None if it is known only at deployment.

    Attributes:
        account: The account.
        region: The region.
        stack: The top-level stack; None if the environment comes from an ARN.
    """

    account: str | None
    region: str | None
    stack: Stack | None = None

    @classmethod
    def of_stack(cls, stack: Stack) -> "DeploymentEnvironment":
        """Return the environment of a stack; a nested stack has the environment of its parent."""
        top = stack
        while (parent := top.nested_stack_parent) is not None:
            top = parent
        account, region = stack.account, stack.region
        return cls(None if is_token(account) else account, None if is_token(region) else region, top)

    @classmethod
    def of_arn(cls, arn: str) -> "DeploymentEnvironment":
        """Return the environment in the literal ARN of a stream."""
        _, _, _, region, account, _ = arn.split(":", 5)
        return cls(account, region)

    def compare(self, other: "DeploymentEnvironment") -> Sameness:
        """Return the relation to another environment."""
        pairs = ((self.account, other.account), (self.region, other.region))
        if any(mine and theirs and mine != theirs for mine, theirs in pairs):
            return Sameness.DIFFERENT
        is_one_stack = self.stack is not None and self.stack is other.stack
        is_known = all(mine and theirs for mine, theirs in pairs)
        return Sameness.SAME if is_one_stack or is_known else Sameness.POSSIBLY_SAME

    def __str__(self) -> str:
        if self.stack is not None and not (self.account and self.region):
            return f"the environment of stack {self.stack.node.path}"
        return f"{self.account}/{self.region}"
