"""Region and account of a file, and ARNs that depend on them."""

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
"""By prefix of the region; all others are in aws. A test compares this with botocore's partitions."""
_ARN_PARTS = 6


def partition_of(region: str) -> str:
    """Return the partition of a region: ``aws``, ``aws-cn``, ``aws-us-gov`` and so on."""
    return next((partition for start, partition in _PARTITIONS.items() if region.startswith(f"{start}-")), "aws")


@dataclass(frozen=True, slots=True)
class PseudoParameters:
    """Values of CloudFormation's pseudo parameters; an unknown one is its own placeholder."""

    partition: str = "${AWS::Partition}"
    region: str = "${AWS::Region}"
    account: str = "${AWS::AccountId}"

    def fill(self, text: str) -> str:
        """Replace the pseudo parameters in a text with their values."""
        if "${AWS::" not in text:
            return text
        for name, value in (("Partition", self.partition), ("Region", self.region), ("AccountId", self.account)):
            text = text.replace(f"${{AWS::{name}}}", value)
        return text


@dataclass(frozen=True, slots=True)
class Environment:
    """Region and account of a file, each None if not stated."""

    region: str | None = None
    account: str | None = None

    @property
    def pseudo(self) -> PseudoParameters:
        """Pseudo parameters with the known values."""
        known = {} if self.region is None else {"region": self.region, "partition": partition_of(self.region)}
        return PseudoParameters(**known) if self.account is None else PseudoParameters(**known, account=self.account)


def stream_field(stream: str) -> str:
    """Return the request's field for a stream's name or ARN: StreamName or StreamARN."""
    return "StreamARN" if stream.startswith("arn:") else "StreamName"


def hub_arn(hub: str, pseudo: PseudoParameters) -> str:
    """Return the ARN of a hub given by name or ARN; unknown pseudo parameters stay."""
    if hub.startswith("arn:"):
        return hub
    return f"arn:{pseudo.partition}:iot:{pseudo.region}:{pseudo.account}:thing/{hub}"


def pseudo_parameters_of(arn: str) -> PseudoParameters | None:
    """Return the pseudo parameters from a literal ARN; None if it is not literal."""
    parts = arn.split(":", _ARN_PARTS - 1)
    if len(parts) < _ARN_PARTS or "${AWS::" in arn:
        return None
    return PseudoParameters(parts[1], parts[3], parts[4])


def common_pseudo_parameters(arns: Iterable[str]) -> PseudoParameters | None:
    """Return the pseudo parameters that all literal ARNs share; None if there are none or they differ."""
    found = {pseudo for pseudo in map(pseudo_parameters_of, arns) if pseudo is not None}
    return found.pop() if len(found) == 1 else None
