"""One lifecycle's world: all simulated services, wired to the handlers under test."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

from chaos_campaign.dispatch import Dispatch
from chaos_campaign.edge_service import EdgeService
from chaos_campaign.engine import Engine
from chaos_campaign.errors import ServiceError
from chaos_campaign.faults import Faults, drawn_faults
from chaos_campaign.hubs import Hub, drawn_hub
from chaos_campaign.lambdas import Handler, Lambdas
from chaos_campaign.network import Network
from chaos_campaign.open_questions import OpenQuestions
from chaos_campaign.requests import Request, Sight, Write
from chaos_campaign.response_urls import ResponseUrls
from chaos_campaign.scheduler import EPOCH, Scheduler
from chaos_campaign.stacks import StackQueries
from chaos_campaign.state_machine import StateMachine
from chaos_campaign.virtual_time import patched
from kvs_edge_preflight.handler import state_machine_definition

HUBS = ("hub-a", "hub-b", "hub-c")

_LATER = 179673
"""Seed of the later faults. With this one, the lifecycles that docs/reliability.md names are as they were."""

_LATEST = 358624
"""The same for the latest faults."""


@dataclass
class Handlers:
    """Handlers under test."""

    entry: Handler
    tick: Handler
    definition: Mapping[str, Any]


def real_handlers() -> Handlers:
    """Return the project's own handlers and state machine."""
    from kvs_edge import entry, tick

    definition = json.loads(state_machine_definition().replace("${BackoffSeconds}", "2").replace("${TurnSeconds}", "2"))
    return Handlers(entry.handler, tick.handler, definition)


@dataclass(frozen=True)
class PersonsDeed:
    """Something that a person did at the service, past the stacks."""

    at: float
    stream: str
    deed: str


@dataclass
class World:
    """Everything of one lifecycle, for the scenario to set up and the oracle to judge."""

    seed: int
    handlers: Handlers
    tracing: bool = False
    questions: OpenQuestions | None = None
    faults: Faults | None = None
    hubs: dict[str, Hub] = field(default_factory=dict)
    timeline: list[tuple[float, str]] = field(default_factory=list)
    deeds: list[PersonsDeed] = field(default_factory=list)
    exercised: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.random = Random(self.seed)
        self.questions = self.questions or OpenQuestions.drawn(self.random)
        self.scheduler = Scheduler()
        later, latest = (Random(f"{self.seed}, {kinds}") for kinds in (_LATER, _LATEST))
        self.faults = self.faults or drawn_faults(self.random, later, latest, EPOCH)
        self.hubs = self.hubs or _drawn_hubs(self.random)
        self.edge = EdgeService(self.scheduler, self.questions, self.hubs)
        self.dispatch = Dispatch(self.scheduler, self.questions, self.random, self.note)
        self.engine = Engine(self.scheduler, self.dispatch, self.questions, self.random, self.note)
        self.network = Network(self.scheduler, self.faults, self.random, self.note)
        self.lambdas = Lambdas(
            self.scheduler, self.faults, self.random, self.handlers.entry, self.handlers.tick, self.note
        )
        self.machine = StateMachine(
            self.handlers.definition,
            self.scheduler,
            self.lambdas.invoke,
            self.random,
            self.note,
            {
                "Partition": "aws",
                "TickFunctionArn": "arn:aws:lambda:us-west-2:123456789012:function:tick",
                "StaySeconds": self.random.choice(["960", "960", "9", "0"]),
            },
        )
        self.urls = ResponseUrls(self.scheduler, self.dispatch, self.network, self.faults, self.random, self.note)
        self.engine.deleted_in_rollback = self.faults.deleted_in_rollback
        self.engine.deleted_in_update_rollback = self.faults.deleted_in_update_rollback
        self.queries = StackQueries(self.engine.stacks)
        self.dispatch.deliver = self.lambdas.deliver
        self.edge.changed = lambda stream, text: self.note(f"service: {stream} is {text}")
        self.network.services = {
            "kinesisvideo": self._kinesisvideo,
            "cloudformation": self._cloudformation,
            "stepfunctions": self._stepfunctions,
        }

    def note(self, text: str) -> None:
        """Add a line to the timeline, if there is to be one."""
        if self.tracing:
            self.timeline.append((self.scheduler.now - EPOCH, text))

    def run(self) -> None:
        """Run until all is quiet."""
        with patched(self.scheduler, self.network.client, self.urls.pool, self.seed, self.note):
            self.scheduler.run()

    def person_writes(self, stream: str, config: Mapping[str, Any]) -> None:
        """Let a person configure a stream by hand."""
        found = self.edge.streams[stream]
        busy = found.configuration is not None and found.configuration.status not in {"IN_SYNC", "SYNC_FAILED"}
        if found.deleted is None and not busy:
            self._deed(stream, "configures")
            self.edge.put(stream, config, "person")

    def person_deletes(self, stream: str) -> None:
        """Let a person delete a stream's configuration by hand."""
        found = self.edge.streams[stream].configuration
        if found is not None and found.status in {"IN_SYNC", "SYNC_FAILED"}:
            self._deed(stream, "deletes the configuration of")
            self.edge.remove(stream, "person")

    def person_deletes_stream(self, stream: str) -> None:
        """Let a person delete the video stream itself."""
        self._deed(stream, "deletes the stream")
        self.edge.delete_stream(stream)

    def person_creates_stream(self, stream: str) -> None:
        """Let a person create a stream that was deleted again, with the same name."""
        self._deed(stream, "creates again")
        self.edge.replace_stream(stream)

    def person_replaces_hub(self, hub: str, seconds: float) -> None:
        """Let a person delete a hub's thing, and register a new device by that name later."""
        self.note(f"a person removes {hub}, and registers it again in {seconds:.0f} s")
        self.edge.replace_hub(hub, seconds)

    def _deed(self, stream: str, deed: str) -> None:
        self.note(f"a person {deed} {stream}")
        self.deeds.append(PersonsDeed(self.scheduler.now, stream, deed))

    # -- the services, as the network reaches them --

    def _kinesisvideo(
        self, operation: str, parameters: Mapping[str, Any], request: Request | None, sent_at: float
    ) -> dict[str, Any]:
        assert request is not None, "a call to the edge service that works for no request"
        if self.scheduler.now < self.faults.writes_denied_until or self._is_in_gap():
            raise ServiceError("AccessDeniedException", f"not authorized to perform kinesisvideo:{operation}", 401)
        if operation == "DescribeEdgeConfiguration":
            return self._describe(parameters, request)
        return self._write(operation, parameters, request, sent_at)

    def _is_in_gap(self) -> bool:
        begins, ends = self.faults.permission_gap
        return begins <= self.scheduler.now < ends

    def _describe(self, parameters: Mapping[str, Any], request: Request) -> dict[str, Any]:
        stale = self.random.random() < self.faults.stale_reads
        answer = self.edge.describe(parameters, self.random.uniform(0.0, 8.0) if stale else 0.0)
        request.sights.append(Sight(self.scheduler.now, answer["SyncStatus"], answer["EdgeConfig"]))
        return answer

    def _write(self, operation: str, parameters: Mapping[str, Any], request: Request, sent_at: float) -> dict[str, Any]:
        name = str(parameters.get("StreamName") or str(parameters["StreamARN"]).split("/")[1])
        stream = self.edge.streams.get(name)
        before = stream.configuration if stream else None
        hub_before = before.hub if before else ""
        oldest = self.edge.footage.oldest(name, hub_before) if before else None
        sent = parameters.get("EdgeConfig")
        accepted = False
        try:
            call = self.edge.start if operation == "StartEdgeConfigurationUpdate" else self.edge.delete
            answer = call(parameters, str(request.number))
            accepted = True
            return answer
        finally:
            hub = str(sent["HubDeviceArn"]).rpartition("/")[2] if sent else hub_before
            request.writes.append(
                Write(
                    operation=operation,
                    stream=name,
                    hub_before=hub_before,
                    hub=hub,
                    sent_at=sent_at,
                    at=self.scheduler.now,
                    accepted=accepted,
                    oldest_footage=oldest,
                    writer_before=before.writer if before else "",
                    created_before=before.created if before else 0.0,
                    updated_before=before.updated if before else 0.0,
                    declared=_is_declared_elsewhere(request, name),
                    cuts_creation=_cuts_creation(request),
                    sent=sent,
                )
            )
            self.note(f"{operation} of {request} {'is accepted' if accepted else 'is refused'}")

    def _cloudformation(
        self, operation: str, parameters: Mapping[str, Any], request: Request | None, sent_at: float
    ) -> dict[str, Any]:
        faults, now = self.faults, self.scheduler.now
        events = "Events" in operation
        is_denied = faults.events_denied if events else faults.stacks_denied
        if is_denied or (faults.everything_denied and self._is_in_gap()):
            raise ServiceError("AccessDenied", f"not authorized to perform: cloudformation:{operation}", 403)
        if not events and self.random.random() < faults.stacks_silent:
            raise ServiceError("InternalFailure", "The service failed", 500)
        if events and faults.events_missing:
            return {"OperationEvents" if operation == "DescribeEvents" else "StackEvents": []}
        return self.queries.answer(operation, parameters, now - (faults.events_lag if events else faults.stacks_lag))

    def _stepfunctions(
        self, operation: str, parameters: Mapping[str, Any], request: Request | None, sent_at: float
    ) -> dict[str, Any]:
        assert operation == "StartExecution", f"{operation} is not simulated"
        if self.scheduler.now < self.faults.start_denied_until:
            raise ServiceError("AccessDeniedException", "not authorized to perform: states:StartExecution")
        return self.machine.start_execution(parameters, request)


def _drawn_hubs(random: Random) -> dict[str, Hub]:
    if random.random() < 0.5:
        return {name: Hub(name) for name in HUBS}
    return {name: drawn_hub(name, random, EPOCH) for name in HUBS}


def _is_declared_elsewhere(request: Request, stream: str) -> bool:
    declared = request.stack.declared.items()
    return any(name != request.logical_id and declaration.stream == stream for name, declaration in declared)


def _cuts_creation(request: Request) -> bool:
    origin = request.operation.origin
    if origin is request.operation:
        return False
    made = [other for other in request.stack.requests if other.logical_id == request.logical_id]
    return any(other.type == "Create" and other.operation is origin for other in made)
