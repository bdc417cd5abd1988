"""Edge Agents: the reports of a hub's recorder and uploader jobs.

The agent reports when the hub has a configuration and then every `report_seconds`. The service keeps the last report of
each job. LastCollectedTime is the last time at which the job stored media, LastUpdatedTime that of the status
[DescribeEdgeConfiguration, API reference]. AWS documents neither the interval nor the texts, nor whether a job that is
not due updates its status.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from kvs_edge_local.edge.configuration import JobStatus
from kvs_edge_local.edge.fires import last_fire
from kvs_edge_local.edge.hub import thing_name

ERRORS: Final = ("USER_ERROR", "SYSTEM_ERROR")
# AWS's FAQ reads as an upload every hour where there is no UploaderConfig.
_HOURLY_UPLOAD: Final = {"ScheduleExpression": "0 0 * * * ?", "DurationInSeconds": 60}
_DISK_FULL: Final = "No space left on the hub's disk: recording is paused until footage is deleted."


@dataclass(frozen=True)
class Silent:
    """Agent that reports nothing. Its last reports stay."""


@dataclass(frozen=True)
class Healthy:
    """Agent whose jobs report SUCCESS whenever they run."""


@dataclass(frozen=True)
class _Fails:
    """Failure of a job.

    `text` is the JobStatusDetails, `error` USER_ERROR or SYSTEM_ERROR. With `until_restart` the next
    StartEdgeConfigurationUpdate ends it, as AWS documents for a job with a fatal error.
    """

    text: str
    error: str = "USER_ERROR"
    until_restart: bool = False

    def __post_init__(self) -> None:
        if self.error not in ERRORS:
            raise ValueError(f"error {self.error!r}: give one of {', '.join(ERRORS)}")


@dataclass(frozen=True)
class RecorderFails(_Fails):
    """Agent whose recorder fails when it is due, for example on a wrong password."""

    text: str = "The camera refused the connection: 401 Unauthorized."


@dataclass(frozen=True)
class UploaderFails(_Fails):
    """Agent whose uploader fails when it is due, for example without a network."""

    text: str = "The upload to Kinesis Video Streams failed: no route to host."
    error: str = "SYSTEM_ERROR"


@dataclass(frozen=True)
class DiskFull(_Fails):
    """Agent that cannot record because the hub's disk is full. Uploads go on."""

    text: str = _DISK_FULL
    error: str = "SYSTEM_ERROR"


AgentBehaviour = Silent | Healthy | RecorderFails | UploaderFails | DiskFull
Schedule = Mapping[str, Any]
Reports = tuple[JobStatus | None, JobStatus | None]
"""Last reports of recorder and uploader."""


@dataclass(frozen=True)
class Agent:
    """Behaviour of an agent since a time (scaled seconds since the epoch), and its settings.

    `time_zone` is the hub's own, in which its schedules run. With `updates_when_idle` each report updates
    LastUpdatedTime, otherwise only a report on a job that ran.
    """

    behaviour: AgentBehaviour = Silent()
    since: float = float("-inf")
    time_zone: str = "UTC"
    report_seconds: float = 60.0
    updates_when_idle: bool = True

    def __post_init__(self) -> None:
        if not self.report_seconds > 0:
            raise ValueError(f"report_seconds is {self.report_seconds}: give more than 0 seconds")
        try:
            ZoneInfo(self.time_zone)
        except (KeyError, ValueError, OSError) as error:
            raise ValueError(
                f"time zone {self.time_zone!r} is not known: give an IANA time zone such as Europe/Berlin"
            ) from error

    @property
    def is_silent(self) -> bool:
        """True if the agent reports nothing."""
        return isinstance(self.behaviour, Silent)


@dataclass(frozen=True)
class Running:
    """Configuration that a hub has, since a time."""

    edge_config: Mapping[str, Any]
    since: float


def reports(agent: Agent, running: Running, reachable_since: float, now: float, last: Reports) -> Reports:
    """Return the last reports of both jobs at `now`, given the last ones so far."""
    begin = max(agent.since, running.since, reachable_since)
    if agent.is_silent or now < begin:
        return last
    at = begin + (now - begin) // agent.report_seconds * agent.report_seconds
    results = (_result(agent, running, RecorderFails, DiskFull), _result(agent, running, UploaderFails))
    ran = [_last_run(schedule, agent.time_zone, begin, at) for schedule in _schedules(running.edge_config)]
    recorder, uploader = (_report(agent, *job, at) for job in zip(results, ran, last, strict=True))
    return recorder, uploader


def _report(agent: Agent, result: JobStatus, ran: float | None, last: JobStatus | None, at: float) -> JobStatus | None:
    if ran is None:
        return replace(last, updated=at) if last is not None and agent.updates_when_idle else last
    stored = ran if result.status == "SUCCESS" else last.collected if last is not None else None
    return replace(result, collected=stored, updated=at if agent.updates_when_idle else ran)


def _result(agent: Agent, running: Running, *failures: type[_Fails]) -> JobStatus:
    behaviour = agent.behaviour
    if isinstance(behaviour, failures) and not (behaviour.until_restart and running.since > agent.since):
        return JobStatus(behaviour.error, behaviour.text)
    return JobStatus("SUCCESS")


def _schedules(edge_config: Mapping[str, Any]) -> tuple[Schedule | None, Schedule | None]:
    """Return the schedules of recorder and uploader; None for a job that always runs."""
    recorder, uploader = edge_config["RecorderConfig"], edge_config.get("UploaderConfig")
    return (
        recorder.get("ScheduleConfig"),
        _HOURLY_UPLOAD if uploader is None else uploader["ScheduleConfig"],
    )


def _last_run(schedule: Schedule | None, time_zone: str, begin: float, end: float) -> float | None:
    """Return the last time in the span at which a job ran; None without one."""
    if schedule is None:
        return end
    seconds, zone = schedule["DurationInSeconds"], ZoneInfo(time_zone)
    earliest, latest = (datetime.fromtimestamp(at, zone) for at in (begin - seconds, end))
    fire = last_fire(schedule["ScheduleExpression"], latest, earliest)
    return None if fire is None else min(end, fire.timestamp() + seconds)


class Agents:
    """Agents by the thing name of their hub, silent by default. A single stream of a hub can have its own behaviour."""

    def __init__(self) -> None:
        self._agents: dict[tuple[str, str | None], Agent] = {}

    def get(self, hub: str, stream: str) -> Agent:
        """Return the agent for a stream (by name) of the hub of that thing name or ARN."""
        name = thing_name(hub)
        return self._agents.get((name, stream)) or self._agents.get((name, None)) or Agent()

    def set(self, hub: str, agent: Agent, stream: str | None = None) -> None:
        """Set the agent of a hub, or of one of its streams. That of a hub replaces those of its streams."""
        name = thing_name(hub)
        if not name:
            raise ValueError(f"hub {hub!r} has no name: give a thing's name or its ARN")
        if stream is None:
            self._agents = {key: known for key, known in self._agents.items() if key[0] != name}
        self._agents[name, stream] = agent

    def all(self) -> Mapping[tuple[str, str | None], Agent]:
        """Return the agents that were set, by thing name and stream (None for the hub's)."""
        return dict(self._agents)
