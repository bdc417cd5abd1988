"""Kinesis Video Streams in virtual time, as unkind as its documentation allows, and the loop around the real tick."""

import heapq
import itertools
import json
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from kvs_edge.calls import CallFailedError
from kvs_edge.configuration import holds, hub_of
from kvs_edge.decisions import Done, Fail
from kvs_edge.observed import Absent, CallFailure, CallFailureKind, Found, StreamAbsent, SyncStatus
from kvs_edge.operation import History, StackEvent, StackState
from kvs_edge.progress import Progress
from kvs_edge.reconciler import Dependencies, reconcile
from kvs_edge.request import parse
from kvs_edge.response import response_for
from support import declarations
from support.thoroughness import PROFILE

_COMMON = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow, HealthCheck.filter_too_much]}
settings.register_profile("ci", derandomize=True, database=None, max_examples=150, **_COMMON)
settings.register_profile("search", max_examples=5000, **_COMMON)
settings.load_profile(PROFILE)

FIFTEEN_MINUTES = 900.0
LATENCY = 0.25
OLDEST_READ = 8.0
"""Seconds by which a stale read is late, at most."""

HUBS = {name: f"arn:aws:iot:eu-west-1:123456789012:thing/{name}" for name in ("hub-a", "hub-b")}

# Each status a hub leads to, and after how many seconds; None is gone.
SYNCS = {
    "online": [(1.0, "ACKNOWLEDGED"), (3.0, "IN_SYNC")],
    "slow": [(30.0, "ACKNOWLEDGED"), (250.0, "IN_SYNC")],
    "offline": [(FIFTEEN_MINUTES, "SYNC_FAILED")],
    "refusing": [(1.0, "ACKNOWLEDGED"), (4.0, "SYNC_FAILED")],
}
DELETIONS = {
    "online": [(1.0, "DELETING_ACKNOWLEDGED"), (3.0, None)],
    "slow": [(30.0, "DELETING_ACKNOWLEDGED"), (250.0, None)],
    "offline": [(FIFTEEN_MINUTES, "DELETE_FAILED")],
    "refusing": [(4.0, "DELETE_FAILED")],
}
QUIET = {
    "delete_while_syncing": "accepted",
    "start_on_delete_failed": "accepted",
    "offline_delete": "fails",
    "updated_moves": "on a start",
    "defaults": "not shown",
    "full_hub": "has room",
    "schedule": "is fine",
}
"""One answer to each open question about the service."""


class Crash(Exception):  # noqa: N818 - it is no error of ours: Lambda dies
    """Lambda dies in the middle of a tick."""


@dataclass
class World:
    """One stream of the service with its hubs, one stack, and the clock."""

    hubs: dict[str, str] = field(default_factory=lambda: {"hub-a": "online", "hub-b": "online"})
    habits: dict[str, str] = field(default_factory=lambda: dict(QUIET))
    faults: list[str] = field(default_factory=list)
    stream_exists: bool = True
    now: float = 1_000_000.0

    def __post_init__(self) -> None:
        self.history: list[tuple[float, Absent | StreamAbsent | Found]] = [(self.now, Absent())]
        self.writes: list[tuple[float, str, str]] = []
        self.phases: list[tuple[float, str | None]] = [(self.now - 9000.0, "CREATE_COMPLETE")]
        self.begin("UPDATE_IN_PROGRESS")
        self._ahead: list[tuple[float, str | None]] = []
        self._events: list[tuple[float, int, Callable[[], None]]] = []
        self._numbers = itertools.count()
        if not self.stream_exists:
            self.history = [(self.now, StreamAbsent())]

    def begin(self, status: str | None) -> None:
        """Have the stack in another phase from now on; None is that CloudFormation does not tell."""
        self.phases.append((self.now, status))

    @property
    def stack_status(self) -> str | None:
        return self.phases[-1][1]

    @property
    def seen(self) -> Absent | StreamAbsent | Found:
        return self.history[-1][1]

    def at(self, seconds: float, event: Callable[[], None]) -> None:
        """Have something happen, some seconds from now."""
        heapq.heappush(self._events, (self.now + seconds, next(self._numbers), event))

    def advance(self, seconds: float) -> None:
        """Let time pass, and what is due in it happen."""
        until = self.now + seconds
        while self._events and self._events[0][0] <= until:
            due, _, event = heapq.heappop(self._events)
            self._settle(due)
            event()
        self._settle(until)

    def run_out(self) -> None:
        """Let everything happen that is still to come."""
        while self._events:
            self.advance(max(0.0, self._events[0][0] - self.now))

    def start(self, by: str, config: Mapping[str, Any]) -> None:
        """StartEdgeConfigurationUpdate."""
        present = self._present("StartEdgeConfigurationUpdate", missing_is_fine=True)
        if present and (present.status.syncing or present.status.deleting):
            raise _refused(CallFailureKind.IN_USE, "ResourceInUseException")
        if present and present.status == "DELETE_FAILED" and self.habits["start_on_delete_failed"] != "accepted":
            raise _refused(CallFailureKind.IN_USE, "ResourceInUseException")
        if present and hub_of(present.config) != hub_of(config):
            raise _refused(CallFailureKind.INVALID, "InvalidArgumentException")
        if self.habits["full_hub"] == "says invalid":
            raise _refused(CallFailureKind.INVALID, "InvalidArgumentException")
        if self.habits["full_hub"] == "says throttled":
            raise _refused(CallFailureKind.THROTTLED, "ClientLimitExceededException")
        if self.habits["schedule"] == "is refused":
            raise _refused(CallFailureKind.INVALID, "InvalidArgumentException")
        self.put(by, config)

    def put(self, by: str, config: Mapping[str, Any]) -> None:
        """Take a configuration from any sender."""
        self.writes.append((self.now, by, "Start"))
        shown = json.loads(json.dumps(config))
        if self.habits["defaults"] == "shown":
            shown["DeletionConfig"] = {
                "EdgeRetentionInHours": 720,
                "DeleteAfterUpload": True,
                **shown.get("DeletionConfig", {}),
            }
        created = self.seen.created if isinstance(self.seen, Found) else self._time()
        self._show(Found(SyncStatus.SYNCING, shown, "", "front-door", "arn", created, self._time()))
        behaviour = "refusing" if self.habits["schedule"] == "fails later" else self._behaviour(config)
        self._ahead = [(self.now + seconds, status) for seconds, status in SYNCS[behaviour]]

    def delete(self, by: str) -> None:
        """DeleteEdgeConfiguration."""
        present = self._present("DeleteEdgeConfiguration")
        if present.status.syncing and self.habits["delete_while_syncing"] == "in use":
            raise _refused(CallFailureKind.IN_USE, "ResourceInUseException")
        if present.status.syncing and self.habits["delete_while_syncing"] == "invalid":
            raise _refused(CallFailureKind.INVALID, "InvalidArgumentException")
        self.remove(by)

    def remove(self, by: str) -> None:
        """Take a deletion from any sender."""
        present = self._present("")
        self.writes.append((self.now, by, "Delete"))
        behaviour = self._behaviour(present.config)
        forever = behaviour == "offline" and self.habits["offline_delete"] != "fails"
        self._turn("DELETING")
        self._ahead = [] if forever else [(self.now + s, status) for s, status in DELETIONS[behaviour]]

    def as_of(self, time: float) -> int:
        """Return the number of the state that was shown at a time."""
        return max(number for number, (since, _) in enumerate(self.history) if since <= time or number == 0)

    def _present(self, operation: str, *, missing_is_fine: bool = False) -> Any:
        if isinstance(self.seen, StreamAbsent):
            raise _refused(CallFailureKind.NOT_FOUND, "ResourceNotFoundException", operation)
        if isinstance(self.seen, Absent):
            if missing_is_fine:
                return None
            raise _refused(CallFailureKind.NOT_FOUND, "StreamEdgeConfigurationNotFoundException", operation)
        return self.seen

    def _settle(self, until: float) -> None:
        while self._ahead and self._ahead[0][0] <= until:
            due, status = self._ahead.pop(0)
            self.now = max(self.now, due)
            self._turn(status)
        self.now = max(self.now, until)

    def _turn(self, status: str | None) -> None:
        if status is None:
            self._show(Absent())
            return
        found = self._present("")
        updated = self._time() if self.habits["updated_moves"] == "on each change" else found.updated
        details = "the hub says no" if status.endswith("FAILED") else ""
        self._show(replace(found, status=SyncStatus(status), updated=updated, details=details))

    def _show(self, observed: Absent | Found) -> None:
        self.history.append((self.now, observed))

    def _behaviour(self, config: Mapping[str, Any]) -> str:
        return self.hubs[hub_of(config).rpartition("/")[2]]

    def _time(self) -> str:
        return datetime.fromtimestamp(self.now, UTC).isoformat(timespec="milliseconds")


@dataclass
class Port:
    """Service for one execution: an EdgeClient with faults, and a record of its calls."""

    world: World
    by: str
    desired: Mapping[str, Any]
    region: str = "eu-west-1"
    last: Absent | StreamAbsent | Found | None = None
    accepted: bool = False
    fought: bool = False
    """It wrote once more, after its own configuration had been taken and another was seen."""
    _before: tuple[str, str] | None = None
    _saw_another: bool = False
    _shown: int = 0

    def describe(self) -> Absent | StreamAbsent | Found:
        fault = self.world.faults.pop(0) if self.world.faults else "none"
        self._fail(fault, before=True)
        oldest = self.world.as_of(self.world.now - OLDEST_READ) if fault == "stale" else len(self.world.history) - 1
        self._shown = max(self._shown, oldest)
        self.last = self.world.history[self._shown][1]
        self.world.advance(LATENCY)
        self._fail(fault, before=False)
        if self.accepted and isinstance(self.last, Found) and self.last.version != self._before:
            self._saw_another = self._saw_another or not holds(self.last.config, self.desired)
        return self.last

    def start(self, config: Mapping[str, Any]) -> str:
        self._write(lambda: self.world.start(self.by, config))
        return ""

    def delete(self) -> None:
        self._write(lambda: self.world.delete(self.by))

    def _write(self, write: Callable[[], None]) -> None:
        self.fought = self.fought or self._saw_another
        fault = self.world.faults.pop(0) if self.world.faults else "none"
        self._fail(fault, before=True)
        before = self.world.seen
        write()
        if self.world.writes[-1][2] == "Start":
            self.accepted, self._before = True, before.version if isinstance(before, Found) else None
        self.world.advance(LATENCY)
        self._fail(fault, before=False)

    def _fail(self, fault: str, *, before: bool) -> None:
        match fault, before:
            case "throttled", True:
                raise _refused(CallFailureKind.THROTTLED, "ClientLimitExceededException")
            case "denied", True:
                raise _refused(CallFailureKind.DENIED, "AccessDeniedException")
            case ("lost before", True) | ("lost after", False):
                self.world.advance(15.0)
                raise _refused(CallFailureKind.LOST, "ReadTimeoutError")
            case ("crash before", True) | ("crash after", False):
                raise Crash


@dataclass
class StackPort:
    """View of the stack for an execution: the truth, or nothing."""

    world: World

    def state(self) -> StackState:
        status = self._status()
        begun = [at for at, each in self.world.phases if each == "UPDATE_IN_PROGRESS"]
        return StackState(status, self.world.phases[0][0], begun[-1] if begun else None)

    def history(self, logical_id: str, since: float = 0.0) -> History:
        self._status()
        events = [StackEvent(at, status, of_stack=True) for at, status in reversed(self.world.phases) if status]
        settled = next(number for number, event in enumerate(events) if event.status == "CREATE_COMPLETE")
        return History(events[: settled + 1])

    def declares_elsewhere(self, logical_id: str, resource_type: str, physical_id: str) -> bool:
        return False

    def _status(self) -> str:
        self.world.advance(LATENCY)
        if self.world.stack_status is None:
            raise CallFailedError(CallFailure(CallFailureKind.THROTTLED, "cloudformation:Describe", "Throttling", "no"))
        return self.world.stack_status


@dataclass
class Execution:
    """A state machine's execution for one request: ticks until it is answered."""

    world: World
    event: Mapping[str, Any]
    name: str = "first"
    stays: bool = True
    draws: Iterator[float] = field(default_factory=lambda: itertools.cycle([0.0, 0.9, 0.4]))

    def __post_init__(self) -> None:
        self.received_at = self.world.now
        sent = datetime.fromtimestamp(self.world.now, UTC).strftime("%Y%m%dT%H%M%SZ")
        self.event = {**self.event, "ResponseURL": f"https://cloudformation.example/?X-Amz-Date={sent}"}
        self.request = parse(self.event, self.received_at)
        self.port = Port(self.world, self.name, self.request.desired)
        self.progress = Progress(status_since=self.world.now)
        self.responses: list[Any] = []
        self.answered_at = math.inf
        self.crashes = 0
        self.world.at(0.0, self._tick)

    @property
    def response(self) -> Any:
        (response,) = self.responses
        return response

    def _tick(self) -> None:
        # The way round the state machine's loop: through JSON.
        progress = Progress.from_json(json.loads(json.dumps(self.progress.to_json())))
        try:
            progress, outcome = reconcile(self.request, progress, self._dependencies())
        except Crash:
            self.crashes += 1
            self.world.at(2.0, self._tick)
            return
        self.progress = progress
        if isinstance(outcome, Done | Fail):
            self.responses.append(response_for(self.request, progress, outcome))
            self.answered_at = self.world.now
        else:
            self.world.at(math.ceil(outcome), self._tick)

    def _dependencies(self) -> Dependencies:
        started = self.world.now
        return Dependencies(
            client_for=lambda stream: self.port,  # type: ignore[arg-type,return-value]
            stack=StackPort(self.world),  # type: ignore[arg-type]
            now=lambda: self.world.now,
            sleep=self.world.advance,
            remaining=lambda: 180.0 - (self.world.now - started) if self.stays else 0.0,
            jitter=lambda: next(self.draws),
            log=SimpleNamespace(polled=_ignore, call_failed=_ignore, checked_stack=_ignore),  # type: ignore[arg-type]
        )


def _ignore(*_: object) -> None:
    """Write no log."""


def _refused(kind: CallFailureKind, code: str, operation: str = "StartEdgeConfigurationUpdate") -> CallFailedError:
    return CallFailedError(CallFailure(kind, f"kinesisvideo:{operation}", code, "the service's own words"))


def edge_config(hub: str = "hub-a", hours: int | None = 24) -> dict[str, Any]:
    """Return an edge configuration; two of them differ by their retention, which may be undeclared."""
    config = declarations.edge_config(HUBS[hub])
    if hours is not None:
        config["DeletionConfig"] = {"EdgeRetentionInHours": hours}
    return config


def as_strings(value: Any) -> Any:
    """Return a value as CloudFormation delivers it: every scalar is a string."""
    if isinstance(value, Mapping):
        return {name: as_strings(member) for name, member in value.items()}
    return str(value).lower() if isinstance(value, bool) else str(value)


def event(
    request_type: str,
    config: Mapping[str, Any],
    *,
    physical_id: str = "front-door",
    old: Mapping[str, Any] | None = None,
    **options: object,
) -> dict[str, Any]:
    """CloudFormation's event for the stream front-door."""
    made: dict[str, Any] = {
        "RequestType": request_type,
        "LogicalResourceId": "FrontDoor",
        "ResourceType": "Custom::KinesisVideoEdgeConfiguration",
        "ResourceProperties": as_strings({"StreamName": "front-door", "EdgeConfig": config, **options}),
    }
    if request_type != "Create":
        made["PhysicalResourceId"] = physical_id
    if old is not None:
        made["OldResourceProperties"] = as_strings({"StreamName": "front-door", "EdgeConfig": old})
    return made


@pytest.fixture(scope="session")
def simulation() -> SimpleNamespace:
    """Provide the world, its executions, and the requests to it."""
    return SimpleNamespace(
        World=World, Execution=Execution, edge_config=edge_config, event=event, as_strings=as_strings, QUIET=QUIET
    )
