"""Account and region of an edge configuration, as far as synthesis knows them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from aws_cdk import Stack

from cdk_kvs_edge.tokens import is_token
from kvs_edge.errors import Fault
from kvs_edge_preflight.files import Environment, environment_violations
from kvs_edge_preflight.regions import region_fault


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


def environment_faults(environment: DeploymentEnvironment, properties: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield a fault for a region without edge configurations, and for each ARN of another region or account.

    Args:
        environment: The stack's environment; nothing is compared with a region or account that is not known yet.
        properties: Properties of the custom resource.
    """
    region = environment.region
    if region is not None and (rule := region_fault(region)):
        yield Fault("region", region, rule)
        return
    stated = Environment(region, environment.account)
    for violation in environment_violations(properties, stated, owner="stack"):
        yield Fault(".".join(map(str, violation.path)), None, violation.rule)
