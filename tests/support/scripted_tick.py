"""One tick in virtual time, with scripted clients."""

from dataclasses import dataclass, field, replace
from typing import Any

from kvs_edge.calls import CallFailedError
from kvs_edge.configuration import Stream
from kvs_edge.observed import CallFailure, CallFailureKind, Found, SyncStatus
from kvs_edge.operation import (
    History,
    StackEvent,
    StackState,
)
from kvs_edge.progress import Progress
from kvs_edge.reconciler import Dependencies, reconcile
from kvs_edge.request import Request, RequestType
from support.declarations import hub_arn

CLEANING_UP = "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS"
ROLLING_BACK = "UPDATE_ROLLBACK_IN_PROGRESS"
SINCE = 1_000_000.0
NEW = Progress(status_since=SINCE)
BEGAN = SINCE - 60.0
"""When the stack's last update began."""


def config(hub: str = "hub-a", hours: int = 24) -> dict[str, Any]:
    """Return a minimal EdgeConfig."""
    return {
        "HubDeviceArn": hub_arn(hub),
        "DeletionConfig": {"EdgeRetentionInHours": hours},
    }


CREATE = Request(
    RequestType.CREATE,
    Stream("front-door"),
    config(),
    logical_id="FrontDoor",
    resource_type="Custom::Edge",
    sent_at=SINCE,
    received_at=SINCE,
)
UPDATE = replace(CREATE, type=RequestType.UPDATE, physical_id="front-door")
DELETE = replace(UPDATE, type=RequestType.DELETE, retain=False)


EARLIER, LATER = "1970-01-12T13:00:00.000+00:00", "1970-01-12T13:46:45.000+00:00"
"""Before the stack's last update, and after the request; SINCE is 13:46:40 on that day."""


def found(status: str, updated: str = LATER, created: str = EARLIER, **fields: Any) -> Found:
    """Return an observed configuration."""
    return Found(SyncStatus(status), config(**fields), created=created, updated=updated)


def failed_call(
    kind: CallFailureKind, code: str = "SomeException", action: str = "kinesisvideo:Some"
) -> CallFailedError:
    """Return the error of a failed call."""
    return CallFailedError(CallFailure(kind, action, code, "words"))


@dataclass
class Scripted:
    """A client with scripted results of polls and writes; the last poll is repeated."""

    polls: list[Any]
    writes: list[Any] = field(default_factory=list)
    region: str = "eu-west-1"
    did: list[str] = field(default_factory=list)

    def describe(self):
        self.did.append("look")
        return self._give(self.polls.pop(0) if len(self.polls) > 1 else self.polls[0])

    def start(self, edge_config):
        self.did.append("start")
        assert edge_config == config()
        return self._give(self.writes.pop(0) if self.writes else None) or ""

    def delete(self):
        self.did.append("delete")
        self._give(self.writes.pop(0) if self.writes else None)

    @property
    def acts(self):
        return [act for act in self.did if act != "look"]

    def _give(self, given):
        if isinstance(given, Exception):
            raise given
        return given


@dataclass
class Stack:
    """A stack with scripted statuses, the last of which is repeated; None makes the calls fail."""

    statuses: list[str | None]
    updated: float | None = BEGAN
    is_declared_elsewhere: bool | CallFailedError = False
    silence: CallFailedError = field(default_factory=lambda: failed_call(CallFailureKind.THROTTLED, "Throttling"))
    asked: list[str] = field(default_factory=list)
    _shown: str | None = None

    def state(self):
        self.asked.append("state")
        self._shown = self.statuses.pop(0) if len(self.statuses) > 1 else self.statuses[0]
        if self._shown is None:
            raise self.silence
        return StackState(self._shown, SINCE - 9000.0, self.updated)

    def history(self, logical_id, since=0.0):
        assert logical_id == "FrontDoor"
        self.asked.append("history")
        # A late request asks for the events first.
        shown = self._shown if "state" in self.asked else self.statuses[0]
        if shown is None:
            raise self.silence
        phase = SINCE if shown.startswith(("UPDATE_ROLLBACK", "ROLLBACK", "DELETE")) else BEGAN
        events = [(phase, shown), (BEGAN, "UPDATE_IN_PROGRESS"), (SINCE - 9000.0, "CREATE_COMPLETE")]
        return History([StackEvent(at, status, of_stack=True) for at, status in events])

    def declares_elsewhere(self, logical_id, resource_type, physical_id):
        assert (logical_id, resource_type) == ("FrontDoor", "Custom::Edge")
        assert physical_id in {"front-door", "front-door-2"}
        self.asked.append("resources")
        if isinstance(self.is_declared_elsewhere, CallFailedError):
            raise self.is_declared_elsewhere
        return self.is_declared_elsewhere


@dataclass
class Tick:
    """Dependencies and result of a tick."""

    service: Scripted
    statuses: list[str | None] = field(default_factory=lambda: ["UPDATE_IN_PROGRESS"])
    remaining: float = 180.0
    now: float = SINCE
    slept: list[float] = field(default_factory=list)
    told: list[tuple] = field(default_factory=list)
    stay: float = 135.0
    yields: bool = False
    repeats: bool = False
    others: dict[str, Scripted] = field(default_factory=dict)
    """The clients for streams other than the request's."""

    def __post_init__(self):
        self.stack = Stack(self.statuses)

    @property
    def asked(self):
        """Return how often the stack's status was requested."""
        return self.stack.asked.count("state")

    def checked_stack(self, progress, failures):
        self.told.append(("checked stack", progress.stack_status, progress.relation))

    def polled(self, progress, decision):
        self.told.append(("polled", progress.status, type(decision).__name__))

    def call_failed(self, failure, decision):
        self.told.append(("call failed", failure.code, type(decision).__name__))

    def run(self, request, progress=NEW):
        started = self.now
        return reconcile(
            request,
            progress,
            Dependencies(
                client_for=lambda stream: self.others.get(stream.name, self.service),
                stack=self.stack,
                now=lambda: self.now,
                sleep=self._sleep,
                remaining=lambda: self.remaining - (self.now - started),
                jitter=lambda: 0.5,
                log=self,
                stay=self.stay,
                began=started,
                yields=self.yields,
                repeats=self.repeats,
            ),
        )

    def _sleep(self, seconds):
        self.slept.append(seconds)
        self.now += seconds
