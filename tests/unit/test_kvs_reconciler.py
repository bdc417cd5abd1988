"""One tick, in virtual time, with a service that answers from a script."""

from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from kvs_edge.calls import CallFailedError
from kvs_edge.configuration import Stream
from kvs_edge.decisions import STALE_GRACE_SECONDS, Done, Fail
from kvs_edge.observed import Absent, CallFailure, CallFailureKind, Found, StreamAbsent, SyncStatus
from kvs_edge.operation import (
    LATE_SECONDS,
    MAX_STACK_LAG_SECONDS,
    MISSING_GRACE_SECONDS,
    ROLLBACK_GRACE_SECONDS,
    History,
    Relation,
    StackEvent,
    StackState,
)
from kvs_edge.polling import FAST_POLL_SECONDS
from kvs_edge.progress import Progress
from kvs_edge.reasons import FailureCode
from kvs_edge.reconciler import MIN_REMAINING_SECONDS, STACK_FRESH_SECONDS, STACK_RETRY_SECONDS, Dependencies, reconcile
from kvs_edge.request import MARKER, Request, RequestType

CLEANING_UP = "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS"
ROLLING_BACK = "UPDATE_ROLLBACK_IN_PROGRESS"
SINCE = 1_000_000.0
NEW = Progress(status_since=SINCE)
BEGAN = SINCE - 60.0
"""When the stack's last update began."""


def _config(hub: str = "hub-a", hours: int = 24) -> dict:
    return {
        "HubDeviceArn": f"arn:aws:iot:eu-west-1:123456789012:thing/{hub}",
        "DeletionConfig": {"EdgeRetentionInHours": hours},
    }


CREATE = Request(
    RequestType.CREATE,
    Stream("front-door"),
    _config(),
    logical_id="FrontDoor",
    resource_type="Custom::Edge",
    sent_at=SINCE,
    received_at=SINCE,
)
UPDATE = replace(CREATE, type=RequestType.UPDATE, physical_id="front-door")
DELETE = replace(UPDATE, type=RequestType.DELETE, retain=False)


EARLIER, LATER = "1970-01-12T13:00:00.000+00:00", "1970-01-12T13:46:45.000+00:00"
"""Before the stack's last update, and after the request; SINCE is 13:46:40 on that day."""


def _found(status: str, updated: str = LATER, created: str = EARLIER, **config: Any) -> Found:
    return Found(SyncStatus(status), _config(**config), created=created, updated=updated)


def _refused(kind: CallFailureKind, code: str = "SomeException") -> CallFailedError:
    return CallFailedError(CallFailure(kind, "kinesisvideo:Some", code, "words"))


@dataclass
class Scripted:
    """A service whose looks and writes give what a test wrote down; the last look is repeated."""

    polls: list[Any]
    writes: list[Any] = field(default_factory=list)
    region: str = "eu-west-1"
    did: list[str] = field(default_factory=list)

    def describe(self):
        self.did.append("look")
        return self._give(self.polls.pop(0) if len(self.polls) > 1 else self.polls[0])

    def start(self, config):
        self.did.append("start")
        assert config == _config()
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
    """A stack that shows one status after the other, the last one again and again; None is that it does not tell."""

    statuses: list[str | None]
    updated: float | None = BEGAN
    is_declared_elsewhere: bool | CallFailedError = False
    silence: CallFailedError = field(default_factory=lambda: _refused(CallFailureKind.THROTTLED, "Throttling"))
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
        if self._shown is None:
            raise self.silence
        phase = SINCE if self._shown.startswith(("UPDATE_ROLLBACK", "ROLLBACK", "DELETE")) else BEGAN
        events = [(phase, self._shown), (BEGAN, "UPDATE_IN_PROGRESS"), (SINCE - 9000.0, "CREATE_COMPLETE")]
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
    stay: float = FAST_POLL_SECONDS
    others: dict[str, Scripted] = field(default_factory=dict)
    """The service for other streams than the request's."""

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
            ),
        )

    def _sleep(self, seconds):
        self.slept.append(seconds)
        self.now += seconds


def test_a_create_is_sent_and_seen_in_sync_in_one_tick():
    """A hub that is online answers in seconds, so the tick stays."""
    tick = Tick(Scripted([Absent(), _found("SYNCING"), _found("ACKNOWLEDGED"), _found("IN_SYNC")]))
    progress, outcome = tick.run(CREATE)
    assert isinstance(outcome, Done)
    assert outcome.attributes["SyncStatus"] == "IN_SYNC"
    assert tick.service.did == ["look", "start", "look", "look", "look"]
    assert tick.slept == [1.0, 1.0, 1.0]
    assert (progress.submitted, progress.polls, progress.status) == (True, 4, "IN_SYNC")
    assert not progress.foreign_config
    assert tick.told[:2] == [("checked stack", "UPDATE_IN_PROGRESS", "forward"), ("polled", "absent", "Start")]
    assert tick.stack.asked == ["state"]


def test_a_write_remembers_what_was_there_and_when():
    """For looks that are older than it."""
    tick = Tick(Scripted([_found("IN_SYNC", EARLIER, hours=48), _found("SYNCING")]), remaining=0.0)
    progress, outcome = tick.run(UPDATE)
    assert outcome == 1.0
    assert (progress.before, progress.written_at, progress.submitted) == (("IN_SYNC", EARLIER), SINCE, True)
    assert progress.foreign_config


def test_a_delete_counts_and_is_believed_when_it_is_seen():
    """Gone is what a look says."""
    tick = Tick(Scripted([_found("IN_SYNC"), _found("DELETING"), Absent()]), [CLEANING_UP])
    progress, outcome = tick.run(DELETE)
    assert outcome == Done({})
    assert (progress.deletes, tick.service.acts) == (1, ["delete"])


def test_a_move_deletes_waits_and_sends():
    """The old hub first, the new one when it is gone."""
    tick = Tick(
        Scripted([_found("IN_SYNC", hub="hub-b"), _found("DELETING", hub="hub-b"), Absent(), _found("IN_SYNC")])
    )
    progress, outcome = tick.run(replace(UPDATE, hub_move_allowed=True))
    assert isinstance(outcome, Done)
    assert tick.service.acts == ["delete", "start"]
    assert not progress.foreign_config


@pytest.mark.parametrize(
    "request_",
    [replace(DELETE, retain=True), replace(DELETE, physical_id=f"{MARKER}front-door")],
    ids=["RETAIN", "marker"],
)
def test_a_delete_that_leaves_everything_makes_no_call(request_):
    """Not even a look: the permission may be gone."""
    tick = Tick(Scripted([Absent()]))
    assert tick.run(request_) == (NEW, Done({}))
    assert tick.service.did == []
    assert tick.asked == 0


def test_a_region_without_edge_configurations_fails_before_any_call_and_deletes_nothing():
    """There is no endpoint to ask."""
    tick = Tick(Scripted([Absent()], region="af-south-1"))
    _, outcome = tick.run(CREATE)
    assert isinstance(outcome, Fail)
    assert outcome.reason.code is FailureCode.REGION_NOT_SUPPORTED
    assert tick.run(DELETE) == (NEW, Done({}))
    assert tick.service.did == []


def test_a_tick_leaves_a_long_wait_to_the_state_machine():
    """It stays for as long as a hub that is online may take; then a round of the state machine is cheaper."""
    tick = Tick(Scripted([_found("SYNCING")]))
    progress, outcome = tick.run(UPDATE)
    assert FAST_POLL_SECONDS - 3.0 < tick.now - SINCE <= FAST_POLL_SECONDS
    assert outcome == pytest.approx(3.0)
    later = Tick(Scripted([_found("SYNCING")]), now=SINCE + 600.0)
    assert later.run(UPDATE, progress)[1] == 30.0
    assert later.slept == []


def test_a_tick_returns_while_there_is_time_for_a_last_look_and_a_write():
    """Lambda's end must not come in the middle of a call."""
    tick = Tick(Scripted([_found("SYNCING")]), remaining=60.0)
    tick.run(UPDATE)
    assert 60.0 - sum(tick.slept) >= MIN_REMAINING_SECONDS


def test_waiting_begins_anew_with_a_write():
    """After a long wait for another's sync the hub may answer ours in seconds."""
    tick = Tick(Scripted([_found("SYNC_FAILED", EARLIER, hours=48), _found("SYNCING")]), now=SINCE + 900.0)
    tick.run(UPDATE)
    assert tick.slept[0] == 1.0


@pytest.mark.parametrize("kind", [CallFailureKind.THROTTLED, CallFailureKind.LOST])
def test_throttling_is_counted_and_backed_off(kind):
    """Each call in a row doubles the pause; one that gets through ends it."""
    tick = Tick(Scripted([_refused(kind, "Slow")]))
    progress, outcome = tick.run(UPDATE)
    assert (outcome, progress.throttled, progress.polls) == (4.0, 1, 1)
    progress, outcome = tick.run(UPDATE, progress)
    assert (outcome, progress.throttled, progress.last_error) == (8.0, 2, "Slow: words")
    tick.service.polls = [_found("SYNCING")]
    tick.remaining = 0.0
    assert tick.run(UPDATE, progress)[0].throttled == 0


def test_a_refusal_of_another_kind_is_no_throttling():
    """It is waited out at the usual pace, and quoted if the time is used up."""
    tick = Tick(Scripted([Absent()], [_refused(CallFailureKind.IN_USE, "ResourceInUseException")] * 99))
    progress, outcome = tick.run(CREATE, NEW.replace(throttled=3))
    assert tick.slept[0] == 1.0
    tick.now = SINCE + 1200.0
    progress, outcome = tick.run(CREATE, progress)
    assert isinstance(outcome, Fail)
    assert "ResourceInUseException: words" in str(outcome.reason)
    assert ("call failed", "ResourceInUseException", "Wait") in tick.told


def test_a_refusal_that_waiting_does_not_mend_ends_the_request():
    """With nothing written."""
    tick = Tick(Scripted([Absent()], [_refused(CallFailureKind.NO_RETENTION)]))
    progress, outcome = tick.run(CREATE)
    assert outcome.reason.code is FailureCode.NO_DATA_RETENTION
    assert not progress.submitted


LOST = _refused(CallFailureKind.LOST, "ReadTimeoutError")


def test_a_lost_start_that_took_effect_counts_as_sent():
    """Otherwise its configuration would be left behind."""
    tick = Tick(Scripted([Absent(), _found("SYNCING"), _found("SYNC_FAILED")], [LOST]))
    progress, _ = tick.run(CREATE)
    assert (progress.unconfirmed_write, progress.submitted) == ("Start", False)
    progress, outcome = tick.run(CREATE, progress)
    assert (progress.unconfirmed_write, progress.submitted, progress.foreign_config) == ("", True, False)
    assert outcome.reason.code is FailureCode.SYNC_FAILED
    assert tick.service.acts == ["start"]


def test_a_lost_start_that_never_arrived_is_sent_again():
    """The old configuration is still present."""
    tick = Tick(Scripted([Absent(), Absent(), _found("IN_SYNC")], [LOST]))
    progress, _ = tick.run(CREATE)
    progress, outcome = tick.run(CREATE, progress)
    assert isinstance(outcome, Done)
    assert tick.service.acts == ["start", "start"]


def test_a_lost_start_after_which_another_configuration_appears_is_not_repeated():
    """It may have been taken, and then replaced by a newer request: that one must not be fought."""
    earlier = _found("IN_SYNC", EARLIER, hours=48)
    tick = Tick(Scripted([earlier, earlier, _found("IN_SYNC", hours=72)], [LOST]))
    progress, _ = tick.run(UPDATE)
    progress, outcome = tick.run(UPDATE, progress)
    assert outcome.reason.code is FailureCode.SUPERSEDED
    assert tick.service.acts == ["start"]


def test_a_lost_delete_that_took_effect_counts_as_tried():
    """The next look says whether it is on its way."""
    tick = Tick(Scripted([_found("IN_SYNC"), _found("DELETING"), Absent()], [LOST]), [CLEANING_UP])
    progress, _ = tick.run(DELETE)
    assert (progress.unconfirmed_write, progress.deletes) == ("Delete", 0)
    progress, outcome = tick.run(DELETE, progress)
    assert outcome == Done({})
    assert (progress.unconfirmed_write, progress.deletes) == ("", 1)


def test_a_lost_delete_that_never_arrived_is_sent_again_once_no_look_can_be_older():
    """It counts as tried only if something has changed."""
    tick = Tick(Scripted([_found("IN_SYNC")], [LOST, None]), [CLEANING_UP], remaining=0.0)
    progress, _ = tick.run(DELETE)
    tick.now += STALE_GRACE_SECONDS - 1.0
    progress, _ = tick.run(DELETE, progress)
    assert tick.service.acts == ["delete"]
    tick.now += 1.0
    progress, _ = tick.run(DELETE, progress)
    assert tick.service.acts == ["delete", "delete"]
    assert progress.deletes == 1


@pytest.mark.parametrize(
    ("polls", "others"),
    [
        pytest.param([Absent(), _found("SYNCING")], False, id="nothing was there"),
        pytest.param([_found("SYNC_FAILED", EARLIER, hours=48), _found("SYNCING")], True, id="another was there"),
        pytest.param([_found("SYNCING")], True, id="one as desired was there, whose nobody knows"),
        pytest.param([_found("DELETING"), Absent(), _found("SYNCING")], False, id="another was on its way out"),
        pytest.param([StreamAbsent(), Absent(), _found("SYNCING")], False, id="the stream was not there yet"),
    ],
)
def test_it_is_remembered_whose_configuration_is_in_place(polls, others):
    """A failed Create must not delete another owner's configuration."""
    assert Tick(Scripted(polls)).run(CREATE)[0].foreign_config is others


def test_status_and_since_when_are_remembered_for_a_time_out():
    """People want to know how long it has been stuck, and where."""
    tick = Tick(Scripted([_found("SYNCING"), _found("ACKNOWLEDGED")]))
    progress, _ = tick.run(UPDATE)
    assert (progress.status, progress.status_since) == ("ACKNOWLEDGED", SINCE + 1.0)


@pytest.mark.parametrize(
    ("request_", "status", "relation", "asked"),
    [
        (UPDATE, "UPDATE_IN_PROGRESS", Relation.FORWARD, ["state"]),
        (UPDATE, ROLLING_BACK, Relation.ROLLBACK, ["state", "history"]),
        (UPDATE, None, Relation.UNKNOWN, ["state", "history"]),
        (DELETE, "ROLLBACK_IN_PROGRESS", Relation.ROLLBACK, ["state", "history"]),
        (DELETE, "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS", Relation.ROLLBACK, ["state", "history"]),
        (DELETE, CLEANING_UP, Relation.FORWARD, ["state"]),
    ],
)
def test_the_stack_tells_at_first_what_the_request_belongs_to(request_, status, relation, asked):
    """The event does not say. In a normal deployment one call does."""
    tick = Tick(Scripted([_found("SYNCING", hours=48) if request_ is UPDATE else _found("DELETING")]), [status], 0.0)
    progress, _ = tick.run(request_)
    assert progress.relation is relation
    assert tick.stack.asked == asked


def test_a_deletion_asks_once_more_whether_the_creation_had_ended():
    """A cancelled creation must not delete what it found."""
    tick = Tick(Scripted([_found("IN_SYNC"), _found("DELETING"), Absent()]), ["DELETE_IN_PROGRESS"])
    assert tick.run(DELETE)[1] == Done({}, tick.run(DELETE)[1].warning)
    assert tick.stack.asked[:2] == ["state", "history"]


def test_a_stack_that_did_not_tell_is_asked_again():
    """Until it is known; a pause lies between."""
    tick = Tick(Scripted([_found("SYNCING", hours=48)]), [None, ROLLING_BACK], 0.0)
    progress, seconds = tick.run(UPDATE)
    assert seconds == STACK_RETRY_SECONDS
    assert progress.stack_error == "Throttling: words"
    assert tick.run(UPDATE, progress)[0].relation is Relation.ROLLBACK


@pytest.mark.parametrize("denied", [False, True], ids=["silent", "denied"])
@pytest.mark.parametrize("request_", [CREATE, UPDATE, DELETE], ids=["Create", "Update", "Delete"])
def test_nothing_is_written_while_the_stack_does_not_tell(request_, denied):
    """A rollback would act differently; at the deadline the reason says what was missing."""
    kind, code = (CallFailureKind.DENIED, "AccessDenied") if denied else (CallFailureKind.THROTTLED, "Throttling")
    tick = Tick(Scripted([_found("IN_SYNC", EARLIER, hours=48)]), [None])
    tick.stack.silence = _refused(kind, code)
    progress, outcome = NEW, 0.0
    while not isinstance(outcome, Fail):
        progress, outcome = tick.run(request_, progress)
        tick.now += 5.0
    assert tick.service.acts == []
    assert f"CloudFormation said: {code}: words." in str(outcome.reason)
    assert outcome.reason.code is (FailureCode.ACCESS_DENIED if denied else FailureCode.TIMED_OUT)
    assert tick.now - SINCE < (MISSING_GRACE_SECONDS + 30.0 if denied else 1300.0)


@pytest.mark.parametrize(
    ("request_", "progress"),
    [
        pytest.param(
            UPDATE,
            NEW.replace(polls=1, relation=Relation.FORWARD, submitted=True),
            id="what was sent is settled by looks",
        ),
        pytest.param(
            UPDATE, NEW.replace(polls=1, relation=Relation.ROLLBACK, began=BEGAN, submitted=True), id="roll back"
        ),
        pytest.param(DELETE, NEW.replace(polls=1, relation=Relation.FORWARD), id="a Delete that waits"),
        pytest.param(CREATE, NEW.replace(polls=1), id="a Create that has nothing to write"),
    ],
)
def test_the_stack_is_not_asked_without_need(request_, progress):
    """DescribeStacks has a budget for the whole account."""
    tick = Tick(Scripted([_found("SYNCING") if request_ is not DELETE else _found("DELETING")]), [ROLLING_BACK], 0.0)
    tick.run(request_, progress)
    assert tick.asked == 0


def test_a_create_that_finds_what_it_declares_asks_nothing():
    """Adopting a site costs no call more than a look a stream."""
    tick = Tick(Scripted([_found("IN_SYNC", EARLIER)]))
    assert isinstance(tick.run(CREATE)[1], Done)
    assert tick.stack.asked == []


@pytest.mark.parametrize(
    ("request_", "progress", "status"),
    [
        pytest.param(UPDATE, NEW.replace(polls=1, relation=Relation.FORWARD), ROLLING_BACK, id="Update"),
        pytest.param(CREATE, NEW, ROLLING_BACK, id="Create, at its first look"),
        pytest.param(CREATE, NEW.replace(polls=1), "DELETE_IN_PROGRESS", id="Create, its stack is deleted"),
    ],
)
def test_a_request_that_the_stack_has_overtaken_writes_nothing(request_, progress, status):
    """CloudFormation does not stop the old execution: it stops itself."""
    tick = Tick(Scripted([Absent()]), [status])
    older = replace(request_, sent_at=SINCE - 30.0)
    _, outcome = tick.run(older, progress)
    assert outcome.reason.code is FailureCode.SUPERSEDED
    assert tick.service.acts == []


def test_a_write_that_is_late_asks_both_sources():
    """Either may lag, and a minute after the request a normal deployment is over."""
    tick = Tick(Scripted([Absent(), _found("IN_SYNC", created=LATER)]), now=SINCE + LATE_SECONDS)
    tick.run(CREATE)
    assert tick.stack.asked == ["history", "state"]
    assert tick.service.acts == ["start"]


def test_a_late_write_for_which_the_events_are_ahead_is_not_made():
    """DescribeStacks shows the update yet; the events show its roll back, and are then read to their end."""
    tick = Tick(Scripted([_found("IN_SYNC", EARLIER, hours=48)]), now=SINCE + LATE_SECONDS)
    events = [(SINCE + 2.0, ROLLING_BACK), (BEGAN, "UPDATE_IN_PROGRESS")]
    asked = []

    def history(logical_id, since=0.0):
        asked.append(since)
        return History([StackEvent(at, status, of_stack=True) for at, status in events])

    tick.stack.history = history
    _, outcome = tick.run(UPDATE)
    assert outcome.reason.code is FailureCode.SUPERSEDED
    assert asked == [SINCE + LATE_SECONDS - MAX_STACK_LAG_SECONDS, 0.0]
    assert tick.service.acts == []


def test_an_update_is_not_failed_before_the_stack_was_asked_again():
    """A roll back may hide behind an answer that lags: its own request must not fail."""
    tick = Tick(Scripted([_found("IN_SYNC", EARLIER, hub="hub-b")]), ["UPDATE_IN_PROGRESS", ROLLING_BACK])
    progress, outcome = tick.run(UPDATE)
    assert tick.asked == 3
    assert isinstance(outcome, Done)
    assert progress.relation is Relation.ROLLBACK


def test_an_update_with_nothing_to_do_asks_again_before_it_is_done():
    """One call more, and some seconds: a write of the request that it rolls back may be under way."""
    tick = Tick(Scripted([_found("IN_SYNC", EARLIER)]))
    assert isinstance(tick.run(UPDATE)[1], Done)
    assert tick.asked == 2
    assert ROLLBACK_GRACE_SECONDS <= tick.now - SINCE < ROLLBACK_GRACE_SECONDS + 3.0


def test_a_write_soon_after_a_write_asks_once():
    """The stack's state is valid for a moment."""
    polls = [_found("IN_SYNC", EARLIER, hub="hub-b"), Absent(), _found("IN_SYNC", created=LATER)]
    tick = Tick(Scripted(polls))
    tick.run(replace(UPDATE, hub_move_allowed=True))
    assert tick.service.acts == ["delete", "start"]
    assert tick.slept[0] < STACK_FRESH_SECONDS
    assert tick.asked == 1


@pytest.mark.parametrize(("elsewhere", "acts"), [(True, []), (False, ["delete"])])
def test_a_delete_leaves_a_stream_that_another_resource_declares(elsewhere, acts):
    """A changed logical id: the new resource has taken the stream over."""
    tick = Tick(Scripted([_found("IN_SYNC", EARLIER), Absent()]), [CLEANING_UP])
    tick.stack.is_declared_elsewhere = elsewhere
    _, outcome = tick.run(DELETE)
    assert isinstance(outcome, Done)
    assert bool(outcome.warning) is elsewhere
    assert tick.service.acts == acts
    assert tick.stack.asked == ["state", "resources"]


def test_a_delete_waits_until_it_is_known_whether_another_resource_declares_the_stream():
    """And fails if that may not be asked."""
    tick = Tick(Scripted([_found("IN_SYNC", EARLIER)]), [CLEANING_UP], remaining=0.0)
    tick.stack.is_declared_elsewhere = _refused(CallFailureKind.DENIED, "AccessDenied")
    progress, outcome = tick.run(DELETE)
    assert outcome == 1.0
    tick.now += 60.0
    _, outcome = tick.run(DELETE, progress)
    assert outcome.reason.code is FailureCode.ACCESS_DENIED
    assert tick.service.acts == []


def test_a_roll_back_deletes_what_it_made_though_nobody_tells_who_else_declares_it():
    """After a minute: only footage of the operation itself is at stake."""
    tick = Tick(Scripted([_found("IN_SYNC", created=LATER)]), ["ROLLBACK_IN_PROGRESS"], stay=0.0)
    tick.stack.is_declared_elsewhere = _refused(CallFailureKind.THROTTLED, "Throttling")
    progress, outcome = NEW, 0.0
    while isinstance(outcome, float):
        tick.now += outcome
        progress, outcome = tick.run(DELETE, progress)
        if tick.service.acts:
            assert tick.now - SINCE >= MISSING_GRACE_SECONDS
            tick.service.polls = [_found("DELETING", created=LATER)]
    assert isinstance(outcome, Done)
    assert tick.service.acts == ["delete"]


RENAMED = Stream("front-door-2")


def _renaming_back(**fields):
    """Return a rollback of an Update that named another stream and was abandoned before its response."""
    return replace(UPDATE, old_stream=RENAMED, old_desired=_config(), old_retain=False, **fields)


def test_a_roll_back_cleans_up_the_stream_that_a_cancelled_update_had_named():
    """CloudFormation knows of no other id, so it sends no Delete for it."""
    tick = Tick(Scripted([_found("IN_SYNC", EARLIER)]), [ROLLING_BACK])
    made = Scripted([_found("IN_SYNC", created=LATER), _found("DELETING", created=LATER)])
    tick.others = {"front-door-2": made}
    _, outcome = tick.run(_renaming_back())
    assert isinstance(outcome, Done)
    assert outcome.attributes["LastUpdatedTime"] == EARLIER
    assert "the service is deleting the edge configuration of stream front-door-2" in outcome.warning
    assert (tick.service.acts, made.acts) == ([], ["delete"])


def test_a_clean_up_goes_on_in_the_next_tick():
    """The outcome of the rollback itself is carried along."""
    tick = Tick(Scripted([_found("IN_SYNC", EARLIER)]), [ROLLING_BACK], remaining=0.0)
    made = Scripted(
        [_found("SYNCING", created=LATER), _found("SYNCING", created=LATER), _found("DELETING", created=LATER)],
        [_refused(CallFailureKind.IN_USE, "ResourceInUseException"), None],
    )
    tick.others = {"front-door-2": made}
    progress, outcome, ticks = NEW, 0.0, 0
    while isinstance(outcome, float):
        tick.now += outcome
        progress, outcome = tick.run(_renaming_back(), Progress.from_json(progress.to_json()))
        ticks += progress.rollback_outcome is not None
    assert ticks > 1
    assert outcome.attributes["LastUpdatedTime"] == EARLIER
    assert made.acts == ["delete", "delete"]


def test_a_clean_up_that_fails_is_told_and_wedges_nothing():
    """The stream itself is as it was before the update."""
    tick = Tick(Scripted([_found("IN_SYNC", EARLIER)]), [ROLLING_BACK])
    denied = Scripted([_found("IN_SYNC", created=LATER)], [_refused(CallFailureKind.DENIED, "AccessDenied")] * 99)
    tick.others = {"front-door-2": denied}
    progress, outcome = NEW, 0.0
    while isinstance(outcome, float):
        tick.now += outcome
        progress, outcome = tick.run(_renaming_back(), progress)
    assert isinstance(outcome, Done)
    assert "which the failed update created, stays: AccessDenied" in outcome.warning


@pytest.mark.parametrize(
    "fields",
    [
        {"physical_id": "front-door-2"},
        {"old_retain": True},
        {"old_stream": None},
    ],
    ids=["CloudFormation knows it and sends a Delete", "RETAIN", "the same stream"],
)
def test_nothing_else_is_cleaned_up(fields):
    """The other stream is not even looked at."""
    tick = Tick(Scripted([_found("IN_SYNC", EARLIER)]), [ROLLING_BACK])
    other = Scripted([_found("IN_SYNC", created=LATER)])
    tick.others = {"front-door-2": other}
    assert isinstance(tick.run(replace(_renaming_back(), **fields))[1], Done)
    assert other.did == []


def test_an_update_to_another_stream_that_comes_in_the_roll_back_sends_nothing():
    """Made in the very second in which the roll back began, it cannot be told from it; but it leads away."""
    late = replace(UPDATE, old_stream=Stream("front-door-0"), physical_id="front-door-0")
    tick = Tick(Scripted([Absent()]), [ROLLING_BACK])
    _, outcome = tick.run(late)
    assert "none was sent" in outcome.warning
    assert tick.service.acts == []


def test_a_configuration_that_a_dead_tick_sent_counts_as_sent():
    """It was made after the request, where there was nothing, and is as declared."""
    tick = Tick(Scripted([_found("SYNC_FAILED", created=LATER)]))
    progress, outcome = tick.run(CREATE)
    assert outcome.reason.code is FailureCode.SYNC_FAILED
    assert (progress.submitted, progress.foreign_config) == (True, False)
    assert tick.service.acts == []


@pytest.mark.parametrize(
    ("request_", "found"),
    [
        (replace(CREATE, sent_at=None, received_at=SINCE + 60.0), _found("SYNCING", created=LATER)),
        (CREATE, _found("SYNCING", created=EARLIER)),
        (CREATE, _found("SYNCING", created=LATER, hours=48)),
        (CREATE, _found("DELETING", created=LATER)),
        (DELETE, _found("SYNCING", created=LATER)),
    ],
    ids=["older than an undated one", "older", "another", "on its way out", "a Delete"],
)
def test_a_configuration_that_may_be_somebody_elses_does_not_count_as_sent(request_, found):
    """A failed Create must not have it deleted."""
    assert not Tick(Scripted([found]), remaining=0.0).run(request_)[0].submitted


def test_a_configuration_that_took_the_place_of_ours_is_somebody_elses():
    """A superseded Create must not have it deleted."""
    tick = Tick(Scripted([Absent(), _found("SYNCING", hours=48)]))
    progress, outcome = tick.run(CREATE)
    assert outcome.reason.code is FailureCode.SUPERSEDED
    assert progress.foreign_config


def test_a_look_that_is_older_than_one_before_changes_nothing():
    """Two replicas, the slower one asked second."""
    newer, older = _found("SYNCING", LATER), _found("IN_SYNC", EARLIER, hours=48)
    tick = Tick(Scripted([_found("IN_SYNC", EARLIER, hours=24), newer, older, _found("IN_SYNC", LATER)]))
    progress, outcome = tick.run(replace(UPDATE, restart=True))
    assert isinstance(outcome, Done)
    assert tick.service.acts == ["start"]
    assert progress.latest_update == LATER


def test_an_earlier_time_is_believed_in_the_end():
    """Two servers' clocks may differ: patience with looks that seem to be older has an end."""
    tick = Tick(Scripted([_found("IN_SYNC", EARLIER)]))
    progress, outcome = tick.run(
        CREATE, NEW.replace(latest_update=LATER, latest_update_seen_at=SINCE - STALE_GRACE_SECONDS)
    )
    assert isinstance(outcome, Done)
    assert progress.latest_update == LATER


def test_a_look_that_is_older_than_our_write_changes_nothing():
    """The answer to the write has its time, though no look has shown it yet."""
    polls = [Absent(), _found("IN_SYNC", EARLIER, hub="hub-b"), _found("IN_SYNC", LATER, created=LATER)]
    tick = Tick(Scripted(polls, [LATER]))
    progress, outcome = tick.run(CREATE)
    assert isinstance(outcome, Done)
    assert not progress.foreign_config
    assert tick.service.acts == ["start"]


def test_events_that_lag_do_not_take_the_stack_back_to_an_earlier_phase():
    """It was seen being deleted; then only events are to be had, which do not show that yet."""
    tick = Tick(Scripted([Absent()]), [None])
    tick.stack.history = lambda *_: History([StackEvent(BEGAN, "CREATE_IN_PROGRESS", of_stack=True)])
    seen = NEW.replace(polls=1, relation=Relation.UNKNOWN, stack_status="DELETE_IN_PROGRESS")
    progress, outcome = tick.run(CREATE, seen)
    assert isinstance(outcome, float)
    assert (progress.relation, progress.stack_status) == (Relation.UNKNOWN, "DELETE_IN_PROGRESS")
    assert tick.service.acts == []


def test_a_crowded_tick_leaves_early():
    """A tick that sleeps holds one of the account's places."""
    tick = Tick(Scripted([_found("SYNCING")]), stay=0.0)
    _, seconds = tick.run(UPDATE, NEW.replace(relation=Relation.FORWARD, submitted=True))
    assert seconds == 5.0
    assert tick.slept == []


@pytest.mark.parametrize("config", [{"hours": 48}, {"hub": "hub-b"}], ids=["before a Start", "before a Delete"])
def test_a_roll_back_that_began_while_the_tick_stayed_is_noticed_before_a_write(config):
    """A tick may stay two minutes: its first question is too old by then."""
    polls = [_found("SYNCING", hours=48), _found("SYNCING", hours=48), _found("IN_SYNC", **config)]
    tick = Tick(Scripted(polls), ["UPDATE_IN_PROGRESS", ROLLING_BACK])
    _, outcome = tick.run(replace(UPDATE, hub_move_allowed=True, sent_at=SINCE - 30.0))
    assert outcome.reason.code is FailureCode.SUPERSEDED
    assert tick.service.acts == []
    assert tick.asked == 2


def test_memory_is_only_what_cannot_be_observed():
    """Two ticks with a round of the state machine between them do what one would have done."""
    polls = [_found("SYNCING", hours=48), _found("IN_SYNC", hours=48), _found("SYNCING"), _found("IN_SYNC")]
    together = Tick(Scripted(list(polls)))
    _, outcome = together.run(UPDATE)
    apart, progress, result = Tick(Scripted(list(polls)), remaining=0.0), NEW, 0.0
    while isinstance(result, float):
        progress, result = apart.run(UPDATE, Progress.from_json(progress.to_json()))
        apart.now += 1.0
    assert result == outcome
    assert apart.service.acts == together.service.acts == ["start"]
