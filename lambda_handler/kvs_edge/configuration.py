"""Edge configurations in the API's shape: what they name, and how two of them differ."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

EdgeConfig = Mapping[str, Any]
"""An `EdgeConfig` of StartEdgeConfigurationUpdate, with numbers and booleans as such."""

DOCUMENTED_DEFAULTS: Mapping[str, object] = {
    "DeletionConfig.EdgeRetentionInHours": 720,
    "DeletionConfig.DeleteAfterUpload": True,
}
"""What the service may fill in of its own [DeletionConfig, Amazon Kinesis Video Streams API reference]."""

REGIONS_WITHOUT_EDGE = frozenset({"af-south-1"})
"""Where Kinesis Video Streams is, but not its edge API [Amazon Kinesis Video Streams Developer Guide]."""


@dataclass(frozen=True)
class Stream:
    """The stream that a request names, by its name or by its ARN (one of them is enough for every operation)."""

    name: str
    arn: str | None = None

    @classmethod
    def named_in(cls, properties: Mapping[str, Any]) -> "Stream":
        """The stream of a request's properties; of an ARN, the name is the last part but one."""
        arn = properties.get("StreamARN")
        return cls(properties["StreamName"]) if arn is None else cls(arn.split("/")[1], arn)

    @property
    def parameter(self) -> dict[str, str]:
        """The stream as an operation's parameter."""
        return {"StreamName": self.name} if self.arn is None else {"StreamARN": self.arn}


@dataclass(frozen=True)
class Difference:
    """A field that two configurations do not have alike; None is that one does not have it.

    Attributes:
        field: Its path from the EdgeConfig, such as DeletionConfig.EdgeRetentionInHours.
    """

    field: str
    observed: object
    desired: object


def hub_of(config: EdgeConfig) -> str:
    """The ARN of the hub that the configuration is for."""
    return str(config["HubDeviceArn"])


def hub_name(hub_arn: str) -> str:
    """The hub's name as an IoT thing."""
    return hub_arn.rpartition("/")[2]


def holds(observed: EdgeConfig, desired: EdgeConfig) -> bool:
    """Whether each field that is declared has its value on the service; what else is there does not count."""
    there = dict(_leaves(observed))
    return all(field in there and there[field] == value for field, value in _leaves(desired))


def matches(observed: EdgeConfig, desired: EdgeConfig) -> bool:
    """Whether nothing would change if the desired configuration replaced the observed one.

    A field that is no longer declared, an uploader that was taken out say, is a difference; a default that
    the service filled in is none.
    """
    return not differences(observed, desired)


def differences(observed: EdgeConfig, desired: EdgeConfig) -> tuple[Difference, ...]:
    """What would change if the desired configuration replaced the observed one.

    The fields that are declared come first, in their order, then those that no longer are.
    """
    there, declared = dict(_leaves(observed)), dict(_leaves(desired))
    other = [
        Difference(field, there.get(field), value)
        for field, value in declared.items()
        if field not in there or there[field] != value
    ]
    gone = [
        Difference(field, value, None)
        for field, value in there.items()
        if field not in declared and DOCUMENTED_DEFAULTS.get(field) != value
    ]
    return (*other, *gone)


def _leaves(config: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, object]]:
    for name, value in config.items():
        if isinstance(value, Mapping):
            yield from _leaves(value, f"{prefix}{name}.")
        else:
            yield prefix + name, value
