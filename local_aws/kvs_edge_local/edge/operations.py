"""Rules of the four edge operations; limits, validation and faults come before."""

from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from kvs_edge_local.edge import errors, schedules
from kvs_edge_local.edge.assumptions import (
    Assumptions,
    BadSchedule,
    DeleteWhileSyncing,
    FullHub,
    OfflineDelete,
    StartOnAnotherHub,
    StartOnDeleteFailed,
    StartWhileDeleting,
)
from kvs_edge_local.edge.configuration import Configuration, agent_status
from kvs_edge_local.edge.lifecycle import Sync, SyncStatus
from kvs_edge_local.edge.limits import STREAMS_PER_HUB
from kvs_edge_local.edge.registry import Registry
from kvs_edge_local.edge.streams import Caller, StreamInfo, Streams

Request = Mapping[str, Any]
Answer = dict[str, Any]

_PAGE = 5
"""Configurations per page of ListEdgeAgentConfigurations without MaxResults (API reference)."""


class Operations:
    """Answers of the service to valid requests at a time `now`, under its assumptions."""

    def __init__(self, registry: Registry, streams: Streams, assumptions: Assumptions) -> None:
        self._registry = registry
        self._streams = streams
        self._assumptions = assumptions

    def start(self, caller: Caller, request: Request, now: float) -> Answer:
        """Answer StartEdgeConfigurationUpdate: create or replace the stream's configuration."""
        stream = self._stream(caller, request)
        edge_config = request["EdgeConfig"]
        self._check_stream(stream)
        refusal = self._check_schedules(edge_config)
        known = self._registry.get(stream.arn)
        if known is not None:
            self._check_replaceable(known, edge_config["HubDeviceArn"])
        self._check_room(stream, edge_config["HubDeviceArn"])
        configuration = Configuration(
            stream=stream,
            edge_config=edge_config,
            created=now if known is None else known.created,
            updated=now,
            sync=Sync.of_start(now),
            refusal=refusal,
        )
        self._registry.begin(configuration, caller.principal)
        return configuration.shown(self._assumptions)

    def describe(self, caller: Caller, request: Request, now: float) -> Answer:
        """Answer DescribeEdgeConfiguration."""
        configuration = self._configuration(caller, request)
        arn = configuration.stream.arn
        self._registry.count_poll(arn)
        answer = configuration.shown(self._assumptions)
        if jobs := agent_status(*self._registry.jobs(arn)):
            answer["EdgeAgentStatus"] = jobs
        return answer

    def delete(self, caller: Caller, request: Request, now: float) -> Answer:
        """Answer DeleteEdgeConfiguration: accepted at once, completed by the hub."""
        known = self._configuration(caller, request)
        status = known.sync.status
        if status.syncing:
            self._check_deletable(known)
        if not status.deleting:
            ends = self._assumptions.offline_delete is OfflineDelete.DELETE_FAILED
            self._registry.put(replace(known, sync=Sync.of_delete(now, ends=ends)))
        return {}

    def list(self, caller: Caller, request: Request, now: float) -> Answer:
        """Answer ListEdgeAgentConfigurations: a hub's configurations in the order of their stream ARNs."""
        after = _decoded(request.get("NextToken"))
        scope = f":{caller.region}:{caller.account}:"
        known = sorted(
            self._registry.on_hub(request["HubDeviceArn"]), key=lambda configuration: configuration.stream.arn
        )
        rest = [
            configuration
            for configuration in known
            if scope in configuration.stream.arn and configuration.stream.arn > after
        ]
        page = rest[: request.get("MaxResults") or _PAGE]
        answer: Answer = {"EdgeConfigs": [configuration.shown(self._assumptions) for configuration in page]}
        if len(page) < len(rest):
            answer["NextToken"] = b64encode(page[-1].stream.arn.encode()).decode()
        return answer

    def _stream(self, caller: Caller, request: Request) -> StreamInfo:
        name, arn = request.get("StreamName"), request.get("StreamARN")
        if (name is None) == (arn is None):
            raise errors.invalid_argument("Specify either StreamName or StreamARN.")
        stream = self._streams.find(caller, name, arn)
        if stream is None:
            raise errors.stream_not_found(str(name or arn))
        return stream

    def _configuration(self, caller: Caller, request: Request) -> Configuration:
        stream = self._stream(caller, request)
        configuration = self._registry.get(stream.arn)
        if configuration is None:
            raise errors.configuration_not_found(stream.name)
        return configuration

    @staticmethod
    def _check_stream(stream: StreamInfo) -> None:
        if stream.status != "ACTIVE":
            raise errors.resource_in_use(f"The stream {stream.name} is not ACTIVE but {stream.status}.")
        if stream.data_retention_in_hours == 0:
            raise errors.no_data_retention(stream.name)

    def _check_schedules(self, edge_config: Mapping[str, Any]) -> str | None:
        """Return the hub's refusal of a schedule, if the service leaves the check to the hub."""
        fault = schedules.first_fault(edge_config)
        if fault is not None and self._assumptions.bad_schedule is BadSchedule.INVALID_ARGUMENT:
            raise errors.invalid_argument(fault)
        return fault

    def _check_replaceable(self, known: Configuration, hub: str) -> None:
        status = known.sync.status
        while_deleting = self._assumptions.start_while_deleting is StartWhileDeleting.RESOURCE_IN_USE
        on_failed = self._assumptions.start_on_delete_failed is StartOnDeleteFailed.RESOURCE_IN_USE
        if status.syncing or (status.deleting and while_deleting) or (status is SyncStatus.DELETE_FAILED and on_failed):
            raise _in_use(known)
        if known.hub != hub and self._assumptions.start_on_another_hub is StartOnAnotherHub.INVALID_ARGUMENT:
            raise errors.invalid_argument(
                f"The edge configuration of stream {known.stream.name} is on the hub device {known.hub}. "
                "Delete it before starting one on another hub device."
            )

    def _check_room(self, stream: StreamInfo, hub: str) -> None:
        others = sum(1 for configuration in self._registry.on_hub(hub) if configuration.stream.arn != stream.arn)
        if others < STREAMS_PER_HUB:
            return
        message = f"The hub device {hub} has {others} streams, and {STREAMS_PER_HUB} is the limit."
        if self._assumptions.full_hub is FullHub.CLIENT_LIMIT_EXCEEDED:
            raise errors.limit_exceeded(message)
        raise errors.invalid_argument(message)

    def _check_deletable(self, known: Configuration) -> None:
        match self._assumptions.delete_while_syncing:
            case DeleteWhileSyncing.RESOURCE_IN_USE:
                raise _in_use(known)
            case DeleteWhileSyncing.INVALID_ARGUMENT:
                raise errors.invalid_argument(
                    f"The edge configuration of stream {known.stream.name} is {known.sync.status} "
                    "and cannot be deleted now."
                )
            case DeleteWhileSyncing.ACCEPTED:
                pass


def _in_use(known: Configuration) -> errors.EdgeServiceError:
    return errors.resource_in_use(
        f"The edge configuration of stream {known.stream.name} is {known.sync.status}; wait until that has ended."
    )


def _decoded(token: str | None) -> str:
    try:
        return b64decode(token or "", validate=True).decode()
    except (Base64Error, UnicodeDecodeError) as error:
        message = f"Value '{token}' at 'nextToken' is no token of this operation"
        raise errors.invalid_argument(message) from error
