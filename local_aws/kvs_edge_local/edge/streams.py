"""The edge service's view of streams and callers, independent of their store."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Caller:
    """Caller: the account and region of the request, and the principal's ARN."""

    account: str
    region: str
    principal: str


@dataclass(frozen=True)
class StreamInfo:
    """Properties of a stream, with the names of DescribeStream."""

    name: str
    arn: str
    status: str
    data_retention_in_hours: int


class Streams(Protocol):
    """Lookup of streams."""

    def find(self, caller: Caller, name: str | None, arn: str | None) -> StreamInfo | None:
        """Return the stream of that name or ARN in the caller's account and region, or None."""
        ...


def stream_name(name: str | None, arn: str | None) -> str | None:
    """Return the name in a request's StreamName or StreamARN (`...:stream/NAME/CREATIONTIME`)."""
    if name is not None or arn is None:
        return name
    parts = arn.split("/")
    return parts[1] if len(parts) > 1 else arn
