"""The edge service: its operations behind limits, validation and faults, and its records."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from threading import RLock

from kvs_edge_local.clock import Clock
from kvs_edge_local.edge import errors
from kvs_edge_local.edge.agent import Agent, AgentBehaviour
from kvs_edge_local.edge.assumptions import Assumptions, DeletedStream
from kvs_edge_local.edge.configuration import JobStatus
from kvs_edge_local.edge.faults import Fault, Faults
from kvs_edge_local.edge.history import DELETE, DESCRIBE, LIST, START, WRITES, Call, History
from kvs_edge_local.edge.hub import Behaviour
from kvs_edge_local.edge.limits import LIMITS, RateLimiter
from kvs_edge_local.edge.operations import Answer, Operations, Request
from kvs_edge_local.edge.registry import Registry
from kvs_edge_local.edge.streams import Caller, Streams, stream_name
from kvs_edge_local.edge.validation import validate

UNSUPPORTED_REGIONS = frozenset({"af-south-1", "cn-north-1"})
"""Regions with Kinesis Video Streams but without its edge operations."""


@dataclass(frozen=True)
class Settings:
    """Settings of the service, apart from hubs and faults.

    `stream_creation_seconds`: scaled seconds for which a new stream is CREATING.
    """

    assumptions: Assumptions = field(default_factory=Assumptions)
    limits_enforced: bool = True
    stream_creation_seconds: float = 0.0


class LocalEdgeService:
    """Edge operations of every account and region, on one clock.

    Thread-safe. Nothing runs in the background: each access computes the changes since the last one.
    """

    def __init__(self, clock: Clock, streams: Streams, settings: Settings | None = None) -> None:
        self.clock = clock
        self.settings = settings or Settings()
        self._streams = streams
        self._lock = RLock()
        self.reset()

    def reset(self) -> None:
        """Remove configurations, hubs, faults and calls; keep the settings."""
        with self._lock:
            self._registry = Registry()
            self._limiter = RateLimiter()
            self._faults = Faults()
            self._calls: list[Call] = []

    def call(self, operation: str, caller: Caller, request: Request) -> Answer:
        """Answer a call of an edge operation, in the API's shape with datetimes for timestamps.

        Raise `EdgeServiceError` for an error response, and `AnswerLost` if a fault drops the connection. Every call is
        recorded, whatever its result.
        """
        with self._lock:
            now = self._advanced()
            named = stream_name(request.get("StreamName"), request.get("StreamARN"))
            record = partial(Call, now, operation, named, caller.principal, request)
            fault = self._faults.take(operation, named)
            accepted = False
            try:
                if fault is not None and not fault.takes_effect:
                    raise fault.error()
                answer = self._served(operation, caller, request, named, now)
                accepted = True
                if fault is not None:
                    raise fault.error()
            except (errors.EdgeServiceError, errors.AnswerLost) as error:
                self._calls.append(record(accepted=accepted, error=error.code))
                raise
            self._calls.append(record(accepted=True))
            return answer

    def stream_deleted(self, arn: str) -> None:
        """Handle the deletion of the stream with that ARN; the effect on its configuration is an assumption."""
        with self._lock:
            now = self._advanced()
            if self.settings.assumptions.deleted_stream is DeletedStream.BOTH_GO:
                self._registry.drop(arn, now)

    def set_hub(self, hub: str, behaviour: Behaviour) -> None:
        """Set the behaviour of the hub (a thing's name or its ARN) from now on.

        A configuration whose sync has failed stays failed when the hub comes back.
        """
        with self._lock:
            self._registry.set_hub(hub, behaviour, self.clock.now())

    def hubs(self) -> Mapping[str, Behaviour]:
        """Return the behaviours that were set, by thing name; any other hub is `Online()`."""
        with self._lock:
            return self._registry.hubs.behaviours()

    def inject(self, fault: Fault) -> None:
        """Inject a fault. Raise ValueError if no edge operation has that name."""
        if fault.operation not in LIMITS:
            raise ValueError(f"operation {fault.operation!r} does not exist: give one of {', '.join(LIMITS)}")
        with self._lock:
            self._faults.add(fault)

    def set_agent(
        self,
        hub: str,
        behaviour: AgentBehaviour,
        stream: str | None = None,
        *,
        time_zone: str = "UTC",
        report_seconds: float = 60.0,
        updates_when_idle: bool = True,
    ) -> None:
        """Set what the agent of a hub (a thing's name or its ARN) reports from now on, in EdgeAgentStatus.

        `stream` (a name) limits it to one stream. `time_zone` is the hub's, in which its schedules run;
        `report_seconds` is the interval of its reports in scaled seconds. `updates_when_idle` answers an open question:
        whether LastUpdatedTime moves while a job is not due. Without a call, an agent is `Silent()`.
        """
        with self._lock:
            agent = Agent(
                behaviour,
                time_zone=time_zone,
                report_seconds=report_seconds,
                updates_when_idle=updates_when_idle,
            )
            self._registry.set_agent(hub, agent, stream, self.clock.now())

    def agents(self) -> Mapping[tuple[str, str | None], Agent]:
        """Return the agents that were set, by thing name and stream (None for the whole hub)."""
        with self._lock:
            return self._registry.agents.all()

    def set_agent_status(
        self, stream: str, recorder: JobStatus | None = None, uploader: JobStatus | None = None
    ) -> None:
        """Set the job results in Describe for a stream (name or ARN) that has a configuration.

        They stay until the hub's agent reports.
        """
        with self._lock:
            self._advanced()
            self._registry.set_jobs(stream, recorder, uploader)

    def calls(self, operation: str | None = None, stream: str | None = None) -> tuple[Call, ...]:
        """Return every call in order, including refused ones; of one operation or stream (by name) if given."""
        with self._lock:
            return tuple(
                call for call in self._calls if operation in {None, call.operation} and stream in {None, call.stream}
            )

    def writes(self, stream: str | None = None) -> tuple[Call, ...]:
        """Return the accepted Start and Delete calls, in order."""
        return tuple(call for call in self.calls(stream=stream) if call.accepted and call.operation in WRITES)

    def histories(self) -> tuple[History, ...]:
        """Return every configuration so far, in the order of the Starts, up to the present."""
        with self._lock:
            self._advanced()
            return self._registry.histories()

    def history(self, stream: str) -> History | None:
        """Return the latest configuration of the stream (name or ARN); None if there never was one."""
        ours = [known for known in self.histories() if stream in {known.stream_name, known.stream_arn}]
        return ours[-1] if ours else None

    def _advanced(self) -> float:
        now = self.clock.now()
        self._registry.advance(now)
        return now

    def _served(self, operation: str, caller: Caller, request: Request, named: str | None, now: float) -> Answer:
        if caller.region in UNSUPPORTED_REGIONS:
            raise errors.unsupported_operation(operation, caller.region)
        account = f"{caller.account}/{caller.region}"
        if self.settings.limits_enforced and not self._limiter.admit(operation, account, named, now):
            raise errors.limit_exceeded(f"Too many {operation} calls a second.")
        validate(operation, request)
        return self._handler(operation)(caller, request, now)

    def _handler(self, operation: str) -> Callable[[Caller, Request, float], Answer]:
        operations = Operations(self._registry, self._streams, self.settings.assumptions)
        return {
            START: operations.start,
            DESCRIBE: operations.describe,
            DELETE: operations.delete,
            LIST: operations.list,
        }[operation]
