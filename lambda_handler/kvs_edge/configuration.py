"""Edge configurations in the API's shape, and their differences."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

EdgeConfig = Mapping[str, Any]
"""An `EdgeConfig` of StartEdgeConfigurationUpdate, with numbers and booleans."""

DOCUMENTED_DEFAULTS: Mapping[str, object] = {
    "DeletionConfig.EdgeRetentionInHours": 720,
    "DeletionConfig.DeleteAfterUpload": True,
}
"""Defaults that the service may add [DeletionConfig, Amazon Kinesis Video Streams API reference]."""

REGIONS_WITHOUT_EDGE = frozenset({"af-south-1", "cn-north-1"})
"""Regions with Kinesis Video Streams but without its edge API.

[each operation's page, Amazon Kinesis Video Streams API reference; "Amazon Kinesis Video Streams", AWS in China]
"""


@dataclass(frozen=True)
class Stream:
    """A stream, identified by its name or its ARN. Every operation accepts either."""

    name: str
    arn: str | None = None

    @classmethod
    def named_in(cls, properties: Mapping[str, Any]) -> "Stream":
        """Return the stream of a request's properties. The name is the last but one part of an ARN."""
        arn = properties.get("StreamARN")
        return cls(properties["StreamName"]) if arn is None else cls(arn.split("/")[1], arn)

    @property
    def parameter(self) -> dict[str, str]:
        """The stream as an operation's parameter."""
        return {"StreamName": self.name} if self.arn is None else {"StreamARN": self.arn}


def hub_of(config: EdgeConfig) -> str:
    """Return the ARN of the configuration's hub."""
    return str(config["HubDeviceArn"])


def hub_name(hub_arn: str) -> str:
    """Return the hub's name as an IoT thing."""
    return hub_arn.rpartition("/")[2]


def holds(observed: EdgeConfig, desired: EdgeConfig) -> bool:
    """Return whether each declared field has its value on the service; ignore other fields."""
    there = dict(leaves(observed))
    return all(field in there and there[field] == value for field, value in leaves(desired))


def matches(observed: EdgeConfig, desired: EdgeConfig) -> bool:
    """Return whether replacing the observed configuration with the desired one would be a no-op.

    A field that is no longer declared is a difference, a default that the service added is not.
    """
    declared = dict(leaves(desired))
    gone = ((field, value) for field, value in leaves(observed) if field not in declared)
    return holds(observed, desired) and all(DOCUMENTED_DEFAULTS.get(field) == value for field, value in gone)


def leaves(config: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, object]]:
    """Yield the fields of a configuration, by path, with their values."""
    for name, value in config.items():
        if isinstance(value, Mapping):
            yield from leaves(value, f"{prefix}{name}.")
        else:
            yield prefix + name, value
