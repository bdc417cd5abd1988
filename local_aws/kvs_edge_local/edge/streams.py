"""What the edge service asks about streams and callers, whoever keeps them."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Caller:
    """Who calls: the account and region that the request is for, and the principal's ARN."""

    account: str
    region: str
    principal: str


@dataclass(frozen=True)
class StreamInfo:
    """What matters here of a stream; the names are those of DescribeStream."""

    name: str
    arn: str
    status: str
    data_retention_in_hours: int


class Streams(Protocol):
    """Where streams are looked up."""

    def find(self, caller: Caller, name: str | None, arn: str | None) -> StreamInfo | None:
        """Find the stream of that name or ARN in the caller's account and region, or None."""
        ...


def stream_name(name: str | None, arn: str | None) -> str | None:
    """Tell which name a request means by its StreamName or StreamARN (`...:stream/NAME/CREATIONTIME`)."""
    if name is not None or arn is None:
        return name
    parts = arn.split("/")
    return parts[1] if len(parts) > 1 else arn
