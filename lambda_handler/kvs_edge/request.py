"""Custom resource request."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from kvs_edge import schema
from kvs_edge.configuration import EdgeConfig, Stream
from kvs_edge.errors import ConfigurationError
from kvs_edge.request_time import FIRST_DELIVERY_SECONDS, sent_at
from kvs_edge.wait_for import HUB_TIME_ZONE, WaitFor, wait_for_of, zone_faults

DEFAULT_SYNC_TIMEOUT_SECONDS = 20 * 60

MARKER = "nothing-written:"
"""Prefix of the physical id of a Create that wrote nothing: its Delete must be a no-op."""

UNCONFIRMED = "unconfirmed:"
"""Prefix of the physical id of a Create that may have written: its Delete removes only what was declared."""

_CLOUDFORMATIONS_OWN = {"ServiceToken", "ServiceTimeout"}


class RequestType(StrEnum):
    """Type of a request."""

    CREATE = "Create"
    UPDATE = "Update"
    DELETE = "Delete"


@dataclass(frozen=True)
class Request:
    """A request for one stream's edge configuration."""

    type: RequestType
    stream: Stream
    desired: EdgeConfig
    retain: bool = True
    """A Delete retains the configuration and the footage at the edge."""
    hub_move_allowed: bool = False
    wait_for: WaitFor = WaitFor.SYNC
    hub_time_zone: str | None = None
    """IANA name; set for a scheduled recording that is waited for."""
    sync_timeout: float = DEFAULT_SYNC_TIMEOUT_SECONDS
    restart: bool = False
    """The sync token changed: send the configuration even without a difference."""
    hub_before: str = ""
    """The hub's ARN in an Update's old properties: in a rollback, the target of a failed move."""
    physical_id: str = ""
    """CloudFormation's id of the resource; empty on a Create."""
    logical_id: str = ""
    resource_type: str = ""
    sent_at: float | None = None
    """When CloudFormation created the request, in whole seconds since the epoch; None if unknown."""
    received_at: float = 0.0
    """When the entry function received it, in seconds since the epoch by its own clock."""
    old_stream: Stream | None = None
    """For an Update: the stream in the old properties, if it is another one."""
    old_desired: EdgeConfig | None = None
    """The edge configuration declared for that stream."""
    old_retain: bool = True
    """That stream's configuration is retained."""

    @property
    def abandoned(self) -> "Request | None":
        """The Delete that CloudFormation does not send: for the stream that a failed Update named.

        CloudFormation sends a Delete only for a physical id that a response reported. An Update that was abandoned
        before its response reported none.
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
        """True for an Update away from the stream of the current physical id."""
        return self.old_stream is not None and self.physical_id == self.old_stream.name

    @property
    def since(self) -> float:
        """The start of its sync timeout: when it was created, however late it was delivered."""
        return self.received_at if self.sent_at is None else min(self.sent_at, self.received_at)

    @property
    def may_be_answered(self) -> bool:
        """True for an event so old that the entry function may have rejected an earlier delivery of it."""
        return self.sent_at is not None and self.received_at - self.sent_at > FIRST_DELIVERY_SECONDS

    @property
    def leaves_everything(self) -> bool:
        """True for a Delete that calls no service."""
        return self.type is RequestType.DELETE and (self.retain or self.physical_id.startswith(MARKER))


def parse(event: Mapping[str, Any], received_at: float = 0.0) -> Request:
    """Return the request of a custom resource's event; raise ConfigurationError with the first fault.

    A Delete is not validated: what an earlier version of the schema accepted must stay deletable.
    """
    kind = RequestType(event["RequestType"])
    given = event.get("ResourceProperties", {})
    properties = schema.typed({name: value for name, value in given.items() if name not in _CLOUDFORMATIONS_OWN})
    physical_id = str(event.get("PhysicalResourceId", ""))
    if kind is not RequestType.DELETE:
        subject = f"the properties of {event['LogicalResourceId']}"
        schema.check(properties, subject)
        if faults := zone_faults(properties):
            raise ConfigurationError(subject, faults)
    elif not _names_a_stream(properties):
        # A Create with such properties cannot have written anything, so this is a no-op.
        return Request(kind, Stream(""), {}, retain=True, physical_id=physical_id, received_at=received_at)
    before = event.get("OldResourceProperties", {})
    stream = Stream.named_in(properties)
    # In a rollback the old properties are those of the failed update, and may be invalid.
    old_stream = Stream.named_in(before) if _names_a_stream(before) else stream
    return Request(
        type=kind,
        stream=stream,
        desired=_edge_config(properties),
        retain=properties.get("RemovalPolicy", "RETAIN") != "DESTROY",
        hub_move_allowed=properties.get("HubMove") == "ALLOWED",
        wait_for=WaitFor.SYNC if kind is RequestType.DELETE else wait_for_of(properties),
        hub_time_zone=properties.get(HUB_TIME_ZONE),
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
    # Not validated: a Delete's properties, and old properties, which in a rollback are those of the failed update.
    config = properties.get("EdgeConfig")
    return config if isinstance(config, Mapping) else {}


def _seconds(value: object) -> float:
    return float(value) if isinstance(value, int) else Request.sync_timeout
