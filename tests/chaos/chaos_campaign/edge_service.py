"""A simulated Kinesis Video Streams, as far as edge configurations go.

Written from AWS's API reference (StartEdgeConfigurationUpdate, DescribeEdgeConfiguration, DeleteEdgeConfiguration) and
the service's quotas; what no page says is an `OpenQuestions`.
"""

import copy
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from chaos_campaign.errors import ServiceError
from chaos_campaign.footage import Footage
from chaos_campaign.hubs import SERVICE_RETRIES, Hub
from chaos_campaign.open_questions import OpenQuestions
from chaos_campaign.scheduler import Scheduler

SYNCING = ("SYNCING", "ACKNOWLEDGED")
DELETING = ("DELETING", "DELETING_ACKNOWLEDGED")
LIMITS = {"StartEdgeConfigurationUpdate": 1, "DeleteEdgeConfiguration": 1, "DescribeEdgeConfiguration": 5}
"""Calls a second for one stream (service quotas, developer guide)."""


@dataclass(frozen=True)
class Configuration:
    """One version of a stream's edge configuration, as the service keeps it."""

    sent: Mapping[str, Any]
    status: str
    created: float
    updated: float
    writer: str
    creator: str
    """Who made the configuration at first; its CreationTime is kept when it is replaced."""
    details: str = ""

    @property
    def hub(self) -> str:
        """The hub's thing name."""
        return str(self.sent["HubDeviceArn"]).rpartition("/")[2]


@dataclass
class Stream:
    """One video stream."""

    name: str
    created: float
    visible: float
    retention_hours: int = 24
    deleted: float | None = None
    configuration: Configuration | None = None
    job: int = 0
    history: list[tuple[float, Configuration | None]] = field(default_factory=list)
    calls: dict[str, deque[float]] = field(default_factory=dict)
    predecessor: "Stream | None" = None
    """The deleted stream that had the same name."""

    @property
    def arn(self) -> str:
        """The stream's ARN, which ends in its creation time."""
        return f"arn:aws:kinesisvideo:us-west-2:123456789012:stream/{self.name}/{int(self.created * 1000)}"

    def as_of(self, time: float) -> Configuration | None:
        """Return the configuration that a replica of that time has."""
        for since, configuration in reversed(self.history):
            if since <= time:
                return configuration
        return None


class EdgeService:
    """The four statuses' life, for all streams and hubs of one lifecycle."""

    def __init__(self, scheduler: Scheduler, questions: OpenQuestions, hubs: Mapping[str, Hub]) -> None:
        self.footage = Footage()
        self.streams: dict[str, Stream] = {}
        self.hubs = hubs
        self.changed: Callable[[str, str], None] = lambda stream, text: None
        self._scheduler = scheduler
        self._questions = questions

    # -- the API --

    def describe(self, parameters: Mapping[str, Any], lag: float = 0.0) -> dict[str, Any]:
        """Answer DescribeEdgeConfiguration from a replica that is so many seconds behind."""
        stream = self._admitted("DescribeEdgeConfiguration", parameters)
        seen_at = self._scheduler.now - lag
        if stream.predecessor is not None and seen_at < stream.created:
            # The replica does not know the new stream yet.
            stream = stream.predecessor
            if stream.deleted is not None and stream.deleted <= seen_at:
                raise _no_stream(stream.name)
        configuration = stream.as_of(seen_at)
        if configuration is None:
            raise _no_configuration(stream.name)
        answer: dict[str, Any] = {
            "StreamName": stream.name,
            "StreamARN": stream.arn,
            "CreationTime": moment(configuration.created),
            "LastUpdatedTime": moment(configuration.updated),
            "SyncStatus": configuration.status,
            "EdgeConfig": self._described(configuration.sent),
        }
        return answer | ({"FailedStatusDetails": configuration.details} if configuration.details else {})

    def start(self, parameters: Mapping[str, Any], writer: str) -> dict[str, Any]:
        """Answer StartEdgeConfigurationUpdate."""
        stream = self._admitted("StartEdgeConfigurationUpdate", parameters)
        sent = copy.deepcopy(dict(parameters["EdgeConfig"]))
        self._check_start(stream, str(sent["HubDeviceArn"]).rpartition("/")[2])
        if has_bad_schedule(sent) and self._questions.bad_schedule == "invalid-argument":
            raise ServiceError("InvalidArgumentException", "The schedule expression is not valid")
        configuration = self.put(stream.name, sent, writer)
        return {
            "StreamName": stream.name,
            "StreamARN": stream.arn,
            "CreationTime": moment(configuration.created),
            "LastUpdatedTime": moment(configuration.updated),
            "SyncStatus": "SYNCING",
            "EdgeConfig": self._described(sent),
        }

    def delete(self, parameters: Mapping[str, Any], writer: str) -> dict[str, Any]:
        """Answer DeleteEdgeConfiguration."""
        stream = self._admitted("DeleteEdgeConfiguration", parameters)
        configuration = stream.configuration
        if configuration is None:
            raise _no_configuration(stream.name)
        if configuration.status in SYNCING and self._questions.delete_while_syncing != "accepted":
            if self._questions.delete_while_syncing == "resource-in-use":
                raise _in_use(stream.name)
            raise ServiceError("InvalidArgumentException", f"The configuration of {stream.name} is being synced")
        if configuration.status not in DELETING:
            self.remove(stream.name, writer)
        return {}

    # -- what happens inside --

    def put(self, name: str, sent: Mapping[str, Any], writer: str) -> Configuration:
        """Make or replace a stream's configuration, and begin its sync."""
        stream, now = self.streams[name], self._scheduler.now
        before = stream.configuration
        created, creator = (before.created, before.creator) if before else (now, writer)
        configuration = Configuration(sent, "SYNCING", created, now, writer, creator)
        if before is not None and before.hub != configuration.hub:
            self.footage.stop(name, before.hub, now)
        self._become(stream, configuration)
        self._begin_sync(stream)
        return configuration

    def remove(self, name: str, writer: str) -> None:
        """Begin to delete a stream's configuration."""
        stream = self.streams[name]
        if stream.configuration is not None:
            self._become(stream, replace(stream.configuration, status="DELETING", writer=writer))
            self._begin_delete(stream)

    def delete_stream(self, name: str) -> None:
        """Delete the stream itself."""
        stream = self.streams[name]
        stream.deleted = self._scheduler.now
        if self._questions.deleted_stream == "both-go" and stream.configuration is not None:
            stream.job += 1
            self.footage.destroy(name, stream.configuration.hub, self._scheduler.now)
            self._become(stream, None)

    def add_stream(self, name: str, created: float, visible: float) -> None:
        """Make a video stream that other calls can see from a later time on."""
        self.streams[name] = Stream(name, created, visible)

    def replace_stream(self, name: str) -> None:
        """Make a stream by the name of a deleted one. What the old one recorded is no longer reached by this name."""
        old, now = self.streams[name], self._scheduler.now
        self.footage.rename(name, old.arn)
        old.job += 1
        self.streams[name] = Stream(name, now, now + 2.0, old.retention_hours, predecessor=old)

    def replace_hub(self, name: str, seconds: float) -> None:
        """Delete a hub's thing with its device, and register another device by that name later.

        The service keeps the configurations. Whether the new device gets a job that was in progress is not documented.
        """
        hub, now = self.hubs[name], self._scheduler.now
        hub.removed_from, hub.removed_until = now, now + seconds
        self.footage.lose(name)
        for stream in self.streams.values():
            configuration = stream.configuration
            if configuration is None or configuration.hub != name:
                continue
            if configuration.status in SYNCING:
                self._begin_sync(stream, is_lost=hub.loses_jobs)
            elif configuration.status in DELETING:
                self._begin_delete(stream, is_lost=hub.loses_jobs)

    def _admitted(self, operation: str, parameters: Mapping[str, Any]) -> Stream:
        name = parameters.get("StreamName") or str(parameters["StreamARN"]).split("/")[1]
        stream = self.streams.get(name)
        now = self._scheduler.now
        if stream is None or stream.deleted is not None or now < stream.visible:
            raise _no_stream(name)
        recent = stream.calls.setdefault(operation, deque())
        while recent and recent[0] <= now - 1.0:
            recent.popleft()
        if len(recent) >= LIMITS[operation]:
            raise ServiceError("ClientLimitExceededException", f"Rate exceeded for {operation} of {name}")
        recent.append(now)
        return stream

    def _check_start(self, stream: Stream, hub: str) -> None:
        configuration, questions = stream.configuration, self._questions
        if stream.retention_hours == 0:
            raise ServiceError("NoDataRetentionException", f"The stream {stream.name} has no data retention")
        if self.hubs[hub].full and (configuration is None or configuration.hub != hub):
            code = {
                "invalid-argument": "InvalidArgumentException",
                "client-limit-exceeded": "ClientLimitExceededException",
            }
            raise ServiceError(code[questions.full_hub], f"The hub {hub} has 16 streams")
        refusal = self.hubs[hub].refusal_when_removed
        if refusal and self.hubs[hub].is_removed(self._scheduler.now):
            raise ServiceError(refusal, f"The hub {hub} is not found")
        if configuration is None:
            return
        refused = {
            **dict.fromkeys(SYNCING, True),
            **dict.fromkeys(DELETING, questions.start_while_deleting == "resource-in-use"),
            "DELETE_FAILED": questions.start_on_delete_failed == "resource-in-use",
        }
        if refused.get(configuration.status, False):
            raise _in_use(stream.name)
        if configuration.hub != hub and questions.start_on_another_hub == "invalid-argument":
            raise ServiceError("InvalidArgumentException", f"The stream {stream.name} is configured for another hub")

    def _begin_sync(self, stream: Stream, is_lost: bool = False) -> None:
        stream.job += 1
        hub = self.hubs[_current(stream).hub]
        reached = None if is_lost else hub.reached_at(self._scheduler.now)
        if reached is None:
            text = f"The hub {hub.name} was not reached for 15 minutes"
            self._later(stream, self._scheduler.now + SERVICE_RETRIES, "SYNC_FAILED", text)
            return
        self._later(stream, reached, "ACKNOWLEDGED")
        if hub.refuses or has_bad_schedule(_current(stream).sent):
            self._later(stream, reached + hub.sync, "SYNC_FAILED", "The hub could not read the secret or the schedule")
        else:
            self._later(stream, reached + hub.sync, "IN_SYNC")

    def _begin_delete(self, stream: Stream, is_lost: bool = False) -> None:
        stream.job += 1
        hub, now = self.hubs[_current(stream).hub], self._scheduler.now
        reached = None if is_lost else hub.reached_at(now)
        if reached is None and not is_lost and self._questions.offline_delete == "deleting-forever":
            reached = hub.offline_until + hub.acknowledge
            if reached == float("inf"):
                return
        if reached is None:
            self._later(stream, now + SERVICE_RETRIES, "DELETE_FAILED", f"The hub {hub.name} was not reached")
            return
        self._later(stream, reached, "DELETING_ACKNOWLEDGED")
        if hub.refuses:
            self._later(stream, reached + hub.sync, "DELETE_FAILED", "The hub could not delete its media")
        else:
            self._later(stream, reached + hub.sync, "")

    def _later(self, stream: Stream, time: float, status: str, details: str = "") -> None:
        job = stream.job

        def act() -> None:
            if stream.job == job and stream.configuration is not None:
                self._reach(stream, stream.configuration, status, details)

        self._scheduler.at(time, act)

    def _reach(self, stream: Stream, configuration: Configuration, status: str, details: str) -> None:
        now = self._scheduler.now
        if not status:
            self.footage.destroy(stream.name, configuration.hub, now)
            self._become(stream, None)
            return
        if status == "IN_SYNC":
            self.footage.begin(stream.name, configuration.hub, now)
        moved = self._questions.last_updated == "on-status-change"
        updated = now if moved else configuration.updated
        self._become(stream, replace(configuration, status=status, details=details, updated=updated))

    def _become(self, stream: Stream, configuration: Configuration | None) -> None:
        stream.configuration = configuration
        stream.history.append((self._scheduler.now, configuration))
        self.changed(stream.name, f"{configuration.status} on {configuration.hub}" if configuration else "gone")

    def _described(self, sent: Mapping[str, Any]) -> dict[str, Any]:
        if self._questions.described_defaults == "only-as-sent":
            return dict(sent)
        deletion = {"EdgeRetentionInHours": 720, "DeleteAfterUpload": True, **sent.get("DeletionConfig", {})}
        return {**sent, "DeletionConfig": deletion}


def has_bad_schedule(config: Mapping[str, Any]) -> bool:
    """Tell if the recorder's schedule is one that Quartz cannot read."""
    schedule = config["RecorderConfig"].get("ScheduleConfig", {})
    return str(schedule.get("ScheduleExpression", "")).startswith("bad")


def moment(seconds: float) -> datetime:
    """Return a time as boto3 returns it: aware, in milliseconds."""
    return datetime.fromtimestamp(round(seconds, 3), tz=UTC)


def _current(stream: Stream) -> Configuration:
    assert stream.configuration is not None
    return stream.configuration


def _no_stream(stream: str) -> ServiceError:
    return ServiceError("ResourceNotFoundException", f"The requested stream {stream} is not found", 404)


def _in_use(stream: str) -> ServiceError:
    return ServiceError("ResourceInUseException", f"The stream {stream} is in use")


def _no_configuration(stream: str) -> ServiceError:
    return ServiceError("StreamEdgeConfigurationNotFoundException", f"{stream} has no edge configuration", 404)
