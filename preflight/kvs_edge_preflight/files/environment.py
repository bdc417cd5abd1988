"""The region and account that a file is for, and ARNs that wait for them."""

from collections.abc import Iterable
from dataclasses import dataclass

_PARTITIONS = {
    "cn": "aws-cn",
    "us-gov": "aws-us-gov",
    "eusc": "aws-eusc",
    "us-iso": "aws-iso",
    "us-isob": "aws-iso-b",
    "eu-isoe": "aws-iso-e",
    "us-isof": "aws-iso-f",
}
"""By what regions begin with; all others are in aws. A test holds it against botocore's partitions."""
_ARN_PARTS = 6


def partition_of(region: str) -> str:
    """The partition of a region, by its name: ``aws``, ``aws-cn``, ``aws-us-gov`` and so on."""
    return next((partition for start, partition in _PARTITIONS.items() if region.startswith(f"{start}-")), "aws")


@dataclass(frozen=True, slots=True)
class PseudoParameters:
    """What CloudFormation's pseudo parameters stand for; each stands for itself unless it is given."""

    partition: str = "${AWS::Partition}"
    region: str = "${AWS::Region}"
    account: str = "${AWS::AccountId}"

    def fill(self, text: str) -> str:
        """The text with their values instead of the pseudo parameters."""
        if "${AWS::" not in text:
            return text
        for name, value in (("Partition", self.partition), ("Region", self.region), ("AccountId", self.account)):
            text = text.replace(f"${{AWS::{name}}}", value)
        return text


@dataclass(frozen=True, slots=True)
class Environment:
    """The region and account of a file, as far as it states them."""

    region: str | None = None
    account: str | None = None

    @property
    def pseudo(self) -> PseudoParameters:
        """What is known of the pseudo parameters."""
        known = {} if self.region is None else {"region": self.region, "partition": partition_of(self.region)}
        return PseudoParameters(**known) if self.account is None else PseudoParameters(**known, account=self.account)


def stream_field(stream: str) -> str:
    """Return the request's field for a stream's name or ARN: StreamName or StreamARN."""
    return "StreamARN" if stream.startswith("arn:") else "StreamName"


def hub_arn(hub: str, pseudo: PseudoParameters) -> str:
    """The ARN of a hub that is given by its name or its ARN; pseudo parameters stay where they are not known."""
    if hub.startswith("arn:"):
        return hub
    return f"arn:{pseudo.partition}:iot:{pseudo.region}:{pseudo.account}:thing/{hub}"


def pseudo_parameters_of(arn: str) -> PseudoParameters | None:
    """What a literal ARN tells of the pseudo parameters; None if it is no such ARN."""
    parts = arn.split(":", _ARN_PARTS - 1)
    if len(parts) < _ARN_PARTS or "${AWS::" in arn:
        return None
    return PseudoParameters(parts[1], parts[3], parts[4])


def common_pseudo_parameters(arns: Iterable[str]) -> PseudoParameters | None:
    """What all literal ARNs tell alike; None where there are none, or they differ."""
    told = {pseudo for pseudo in map(pseudo_parameters_of, arns) if pseudo is not None}
    return told.pop() if len(told) == 1 else None
