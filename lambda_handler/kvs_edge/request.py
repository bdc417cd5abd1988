"""CloudFormation's request, as far as decisions depend on it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from kvs_edge import schema
from kvs_edge.configuration import EdgeConfig, Stream
from kvs_edge.errors import ConfigurationError
from kvs_edge.request_time import sent_at

MARKER = "nothing-written:"
"""How the physical id of a Create starts that left nothing of its own: its Delete must touch nothing."""

UNCONFIRMED = "unconfirmed:"
"""How the physical id of a Create starts that may have written: its Delete touches only what was declared."""

_CLOUDFORMATIONS_OWN = {"ServiceToken", "ServiceTimeout"}


class RequestType(StrEnum):
    """What CloudFormation asks for."""

    CREATE = "Create"
    UPDATE = "Update"
    DELETE = "Delete"


@dataclass(frozen=True)
class Request:
    """One request for one stream's edge configuration."""

    type: RequestType
    stream: Stream
    desired: EdgeConfig
    retain: bool = True
    """Whether a Delete leaves the configuration and the footage at the edge alone."""
    hub_move_allowed: bool = False
    wait_for_sync: bool = True
    sync_timeout: float = 1200.0
    """Seconds."""
    restart: bool = False
    """The sync token changed: send the configuration even if nothing differs."""
    hub_before: str = ""
    """The hub's ARN in the properties that an Update replaces: in a roll back, where a failed move was to."""
    physical_id: str = ""
    """The id that CloudFormation knows the resource by; empty on a Create."""
    logical_id: str = ""
    resource_type: str = ""
    sent_at: float | None = None
    """When CloudFormation made the request, in whole seconds since the epoch; None if the request does not say."""
    received_at: float = 0.0
    """When the entry function had it, in seconds since the epoch by its own clock."""
    old_stream: Stream | None = None
    """For an Update: the stream in the properties that it replaces, if that is another one."""
    old_desired: EdgeConfig | None = None
    """The edge configuration that was declared for that stream."""
    old_retain: bool = True
    """Whether that one is left alone when it leaves."""

    @property
    def abandoned(self) -> "Request | None":
        """The Delete that nobody sends: of the stream that a failed Update named, when it never could say so.

        CloudFormation sends a Delete for a physical id that it was told. An Update that named another stream, and
        was given up before it answered, has told none.
        """
        if self.old_stream is None or self.old_retain or self.physical_id != self.stream.name:
            return None
        return replace(
            self,
            type=RequestType.DELETE,
            stream=self.old_stream,
            desired=self.old_desired or {},
            retain=False,
            physical_id=UNCONFIRMED + self.old_stream.name,
            old_stream=None,
        )

    @property
    def may_be_a_rename(self) -> bool:
        """Whether it is an Update that leads away from the stream that CloudFormation knows the resource by."""
        return self.old_stream is not None and self.physical_id == self.old_stream.name

    @property
    def since(self) -> float:
        """When its time began to count: at the request itself, however late it was delivered."""
        return self.received_at if self.sent_at is None else min(self.sent_at, self.received_at)

    @property
    def leaves_everything(self) -> bool:
        """Whether it is a Delete that has nothing to do at the service."""
        return self.type is RequestType.DELETE and (self.retain or self.physical_id.startswith(MARKER))


def parse(event: Mapping[str, Any], received_at: float = 0.0) -> Request:
    """Return the request of a custom resource's event.

    Raises a ConfigurationError that names the first fault of the properties. A Delete is taken as it comes:
    what was written with these properties must be deletable, whatever the schema has become.
    """
    kind = RequestType(event["RequestType"])
    given = event.get("ResourceProperties", {})
    properties = schema.typed({name: value for name, value in given.items() if name not in _CLOUDFORMATIONS_OWN})
    physical_id = str(event.get("PhysicalResourceId", ""))
    if kind is not RequestType.DELETE:
        schema.check(properties, f"the properties of {event['LogicalResourceId']}")
    elif not _names_a_stream(properties):
        # A Create with such properties can have written nothing, so all there is is left alone.
        return Request(kind, Stream(""), {}, retain=True, physical_id=physical_id, received_at=received_at)
    before = event.get("OldResourceProperties", {})
    stream = Stream.named_in(properties)
    # In a roll back the old properties are the failed update's, however wrong.
    old_stream = Stream.named_in(before) if _names_a_stream(before) else stream
    return Request(
        type=kind,
        stream=stream,
        desired=_edge_config(properties),
        retain=properties.get("RemovalPolicy", "RETAIN") != "DESTROY",
        hub_move_allowed=properties.get("HubMove") == "ALLOWED",
        wait_for_sync=properties.get("WaitForSync", True),
        sync_timeout=_seconds(properties.get("SyncTimeoutInSeconds")),
        restart=kind is RequestType.UPDATE and given.get("SyncToken") != before.get("SyncToken"),
        hub_before=str(_edge_config(before).get("HubDeviceArn", "")),
        physical_id=physical_id,
        logical_id=str(event["LogicalResourceId"]),
        resource_type=str(event.get("ResourceType", "")),
        sent_at=sent_at(event, received_at),
        received_at=received_at,
        old_stream=None if old_stream.name == stream.name else old_stream,
        old_desired=schema.typed(before).get("EdgeConfig"),
        old_retain=before.get("RemovalPolicy", "RETAIN") != "DESTROY",
    )


def _names_a_stream(properties: Mapping[str, Any]) -> bool:
    named = {name: properties[name] for name in ("StreamName", "StreamARN") if name in properties}
    try:
        schema.check(named, "the stream", "StreamReference")
    except ConfigurationError:
        return False
    return True


def _edge_config(properties: Mapping[str, Any]) -> EdgeConfig:
    # In a roll back the old properties are the failed update's, however wrong, and a Delete's are taken as they come.
    config = properties.get("EdgeConfig")
    return config if isinstance(config, Mapping) else {}


def _seconds(value: object) -> float:
    return float(value) if isinstance(value, int) else Request.sync_timeout
