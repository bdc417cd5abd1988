"""One tick, in virtual time, with a service that answers from a script."""

from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from kvs_edge.configuration import Stream
from kvs_edge.decide import Done, Fail
from kvs_edge.memory import Memory
from kvs_edge.observed import Absent, Found, Refusal, RefusalKind, StreamAbsent, SyncStatus
from kvs_edge.pace import ATTENTIVE
from kvs_edge.reasons import Code
from kvs_edge.request import MARKER, Request, RequestType
from kvs_edge.service import RefusedError
from kvs_edge.step import LAST_CALL, Surroundings, run

SINCE = 1_000_000.0
NEW = Memory(since=SINCE, status_since=SINCE)


def _config(hub: str = "hub-a", hours: int = 24) -> dict:
    return {
        "HubDeviceArn": f"arn:aws:iot:eu-west-1:123456789012:thing/{hub}",
        "DeletionConfig": {"EdgeRetentionInHours": hours},
    }


CREATE = Request(RequestType.CREATE, Stream("front-door"), _config())
UPDATE = replace(CREATE, type=RequestType.UPDATE, physical_id="front-door")
DELETE = replace(UPDATE, type=RequestType.DELETE, retain=False)


def _found(status: str, updated: str = "later", **config: Any) -> Found:
    return Found(SyncStatus(status), _config(**config), updated=updated)


def _refused(kind: RefusalKind, code: str = "SomeException") -> RefusedError:
    return RefusedError(Refusal(kind, "kinesisvideo:Some", code, "words"))


@dataclass
class Scripted:
    """A service whose looks and writes give what a test wrote down; the last look is repeated."""

    looks: list[Any]
    writes: list[Any] = field(default_factory=list)
    region: str = "eu-west-1"
    did: list[str] = field(default_factory=list)

    def look(self):
        self.did.append("look")
        return self._give(self.looks.pop(0) if len(self.looks) > 1 else self.looks[0])

    def start(self, config):
        self.did.append("start")
        assert config == _config()
        self._give(self.writes.pop(0) if self.writes else None)

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
class Tick:
    """What a tick stands in, and what it came to."""

    service: Scripted
    statuses: list[str | None] = field(default_factory=lambda: ["UPDATE_IN_PROGRESS"])
    remaining: float = 180.0
    now: float = SINCE
    asked: int = 0
    slept: list[float] = field(default_factory=list)
    told: list[tuple] = field(default_factory=list)

    def looked(self, memory, decision):
        self.told.append(("looked", memory.status, type(decision).__name__))

    def refused(self, refusal, decision):
        self.told.append(("refused", refusal.code, type(decision).__name__))

    def run(self, request, memory=NEW):
        started = self.now
        return run(
            request,
            memory,
            Surroundings(
                service=self.service,
                stack_status=self._status,
                now=lambda: self.now,
                sleep=self._sleep,
                remaining=lambda: self.remaining - (self.now - started),
                draw=lambda: 0.5,
                log=self,
            ),
        )

    def _status(self):
        self.asked += 1
        return self.statuses.pop(0) if len(self.statuses) > 1 else self.statuses[0]

    def _sleep(self, seconds):
        self.slept.append(seconds)
        self.now += seconds


def test_a_create_is_sent_and_seen_in_sync_in_one_tick():
    """A hub that is online answers in seconds, so the tick stays."""
    tick = Tick(Scripted([Absent(), _found("SYNCING"), _found("ACKNOWLEDGED"), _found("IN_SYNC")]))
    memory, outcome = tick.run(CREATE)
    assert isinstance(outcome, Done)
    assert outcome.attributes["SyncStatus"] == "IN_SYNC"
    assert tick.service.did == ["look", "start", "look", "look", "look"]
    assert tick.slept == [1.0, 1.0, 1.0]
    assert (memory.submitted, memory.looks, memory.status) == (True, 4, "IN_SYNC")
    assert not memory.others_in_place
    assert tick.told[0] == ("looked", "absent", "Start")
    assert tick.asked == 0


def test_a_write_remembers_what_was_there_and_when():
    """For looks that are older than it."""
    tick = Tick(Scripted([_found("IN_SYNC", "earlier", hours=48), _found("SYNCING")]), remaining=0.0)
    memory, outcome = tick.run(UPDATE)
    assert outcome == 1.0
    assert (memory.before, memory.written_at, memory.submitted) == (("IN_SYNC", "earlier"), SINCE, True)
    assert memory.others_in_place


def test_a_delete_counts_and_is_believed_when_it_is_seen():
    """Gone is what a look says."""
    tick = Tick(Scripted([_found("IN_SYNC"), _found("DELETING"), Absent()]))
    memory, outcome = tick.run(DELETE)
    assert outcome == Done({})
    assert (memory.deletes, tick.service.acts) == (1, ["delete"])


def test_a_move_deletes_waits_and_sends():
    """The old hub first, the new one when it is gone."""
    tick = Tick(
        Scripted([_found("IN_SYNC", hub="hub-b"), _found("DELETING", hub="hub-b"), Absent(), _found("IN_SYNC")])
    )
    memory, outcome = tick.run(replace(UPDATE, hub_move_allowed=True))
    assert isinstance(outcome, Done)
    assert tick.service.acts == ["delete", "start"]
    assert not memory.others_in_place


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
    assert outcome.reason.code is Code.REGION_NOT_SUPPORTED
    assert tick.run(DELETE) == (NEW, Done({}))
    assert tick.service.did == []


def test_a_tick_leaves_a_long_wait_to_the_state_machine():
    """It stays for as long as a hub that is online may take; then a round of the state machine is cheaper."""
    tick = Tick(Scripted([_found("SYNCING")]))
    memory, outcome = tick.run(UPDATE)
    assert ATTENTIVE - 3.0 < tick.now - SINCE <= ATTENTIVE
    assert outcome == pytest.approx(3.0)
    later = Tick(Scripted([_found("SYNCING")]), now=SINCE + 600.0)
    assert later.run(UPDATE, memory)[1] == 30.0
    assert later.slept == []


def test_a_tick_returns_while_there_is_time_for_a_last_look_and_a_write():
    """Lambda's end must not come in the middle of a call."""
    tick = Tick(Scripted([_found("SYNCING")]), remaining=60.0)
    tick.run(UPDATE)
    assert 60.0 - sum(tick.slept) >= LAST_CALL


def test_waiting_begins_anew_with_a_write():
    """After a long wait for another's sync the hub may answer ours in seconds."""
    tick = Tick(Scripted([_found("SYNC_FAILED", "earlier", hours=48), _found("SYNCING")]), now=SINCE + 900.0)
    tick.run(UPDATE)
    assert tick.slept[0] == 1.0


@pytest.mark.parametrize("kind", [RefusalKind.THROTTLED, RefusalKind.LOST])
def test_throttling_is_counted_and_backed_off(kind):
    """Each call in a row doubles the pause; one that gets through ends it."""
    tick = Tick(Scripted([_refused(kind, "Slow")]))
    memory, outcome = tick.run(UPDATE)
    assert (outcome, memory.throttled, memory.looks) == (4.0, 1, 1)
    memory, outcome = tick.run(UPDATE, memory)
    assert (outcome, memory.throttled, memory.refusal) == (8.0, 2, "Slow: words")
    tick.service.looks = [_found("SYNCING")]
    tick.remaining = 0.0
    assert tick.run(UPDATE, memory)[0].throttled == 0


def test_a_refusal_of_another_kind_is_no_throttling():
    """It is waited out at the usual pace, and quoted if the time is used up."""
    tick = Tick(Scripted([Absent()], [_refused(RefusalKind.IN_USE, "ResourceInUseException")] * 99))
    memory, outcome = tick.run(CREATE, NEW.but(throttled=3))
    assert tick.slept[0] == 1.0
    tick.now = SINCE + 1200.0
    memory, outcome = tick.run(CREATE, memory)
    assert isinstance(outcome, Fail)
    assert "ResourceInUseException: words" in str(outcome.reason)
    assert ("refused", "ResourceInUseException", "Wait") in tick.told


def test_a_refusal_that_waiting_does_not_mend_ends_the_request():
    """With nothing written."""
    tick = Tick(Scripted([Absent()], [_refused(RefusalKind.NO_RETENTION)]))
    memory, outcome = tick.run(CREATE)
    assert outcome.reason.code is Code.NO_DATA_RETENTION
    assert not memory.submitted


LOST = _refused(RefusalKind.LOST, "ReadTimeoutError")


def test_a_lost_start_that_took_effect_counts_as_sent():
    """Else its failure would be nobody's, and its configuration be left behind."""
    tick = Tick(Scripted([Absent(), _found("SYNCING"), _found("SYNC_FAILED")], [LOST]))
    memory, _ = tick.run(CREATE)
    assert (memory.in_doubt, memory.submitted) == (True, False)
    memory, outcome = tick.run(CREATE, memory)
    assert (memory.in_doubt, memory.submitted, memory.others_in_place) == (False, True, False)
    assert outcome.reason.code is Code.SYNC_FAILED
    assert tick.service.acts == ["start"]


def test_a_lost_start_that_never_arrived_is_sent_again():
    """What was there is there still."""
    tick = Tick(Scripted([Absent(), Absent(), _found("IN_SYNC")], [LOST]))
    memory, _ = tick.run(CREATE)
    memory, outcome = tick.run(CREATE, memory)
    assert isinstance(outcome, Done)
    assert tick.service.acts == ["start", "start"]


def test_a_lost_start_after_which_another_configuration_appears_is_not_repeated():
    """It may have been taken, and then replaced by a newer request: that one must not be fought."""
    earlier = _found("IN_SYNC", "earlier", hours=48)
    tick = Tick(
        Scripted([earlier, earlier, _found("IN_SYNC", "later", hours=72)], [LOST, _refused(RefusalKind.IN_USE)])
    )
    memory, _ = tick.run(UPDATE)
    memory, outcome = tick.run(UPDATE, memory)
    assert outcome.reason.code is Code.SUPERSEDED
    assert tick.service.acts == ["start", "start"]


def test_a_lost_delete_leaves_no_doubt():
    """The next look says whether it is on its way."""
    tick = Tick(Scripted([_found("IN_SYNC"), _found("DELETING"), Absent()], [LOST]))
    memory, _ = tick.run(DELETE)
    assert not memory.in_doubt
    assert tick.run(DELETE, memory)[1] == Done({})


@pytest.mark.parametrize(
    ("looks", "others"),
    [
        pytest.param([Absent(), _found("SYNCING")], False, id="nothing was there"),
        pytest.param([_found("SYNC_FAILED", "x", hours=48), _found("SYNCING")], True, id="another was there"),
        pytest.param([_found("SYNCING")], True, id="one as desired was there, whose nobody knows"),
        pytest.param([_found("DELETING"), Absent(), _found("SYNCING")], False, id="another was on its way out"),
        pytest.param([StreamAbsent(), Absent(), _found("SYNCING")], False, id="the stream was not there yet"),
    ],
)
def test_it_is_remembered_whose_configuration_is_in_place(looks, others):
    """A failed Create must not have somebody else's deleted."""
    assert Tick(Scripted(looks)).run(CREATE)[0].others_in_place is others


def test_status_and_since_when_are_remembered_for_a_time_out():
    """People want to know how long it has been stuck, and where."""
    tick = Tick(Scripted([_found("SYNCING"), _found("ACKNOWLEDGED")]))
    memory, _ = tick.run(UPDATE)
    assert (memory.status, memory.status_since) == ("ACKNOWLEDGED", SINCE + 1.0)


ROLLING_BACK = "UPDATE_ROLLBACK_IN_PROGRESS"


@pytest.mark.parametrize(
    ("request_", "status", "rolling_back"),
    [
        (UPDATE, "UPDATE_IN_PROGRESS", False),
        (UPDATE, ROLLING_BACK, True),
        (UPDATE, None, None),
        (DELETE, "ROLLBACK_IN_PROGRESS", True),
        (DELETE, "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS", True),
        (DELETE, "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", False),
        (DELETE, "DELETE_IN_PROGRESS", False),
    ],
)
def test_the_stack_tells_at_first_whether_it_rolls_back(request_, status, rolling_back):
    """The event does not say."""
    tick = Tick(Scripted([_found("SYNCING", hours=48) if request_ is UPDATE else _found("DELETING")]), [status], 0.0)
    memory, _ = tick.run(request_)
    assert memory.rolling_back is rolling_back
    assert tick.asked == 1


def test_a_stack_that_did_not_tell_is_asked_again():
    """Until it is known."""
    tick = Tick(Scripted([_found("SYNCING", hours=48)]), [None, ROLLING_BACK], 0.0)
    memory, _ = tick.run(UPDATE)
    assert tick.run(UPDATE, memory)[0].rolling_back is True


@pytest.mark.parametrize(
    ("request_", "memory"),
    [
        pytest.param(CREATE, NEW, id="a Create comes before any roll back"),
        pytest.param(
            UPDATE, NEW.but(looks=1, rolling_back=False, submitted=True), id="what was sent is settled by looks"
        ),
        pytest.param(
            UPDATE, NEW.but(looks=1, rolling_back=True), id="a roll back's own request is not overtaken by it"
        ),
        pytest.param(DELETE, NEW.but(looks=1, rolling_back=False), id="a Delete is not overtaken"),
    ],
)
def test_the_stack_is_not_asked_without_need(request_, memory):
    """DescribeStacks has a budget for the whole account."""
    tick = Tick(Scripted([_found("SYNCING") if request_ is not DELETE else _found("DELETING")]), [ROLLING_BACK], 0.0)
    tick.run(request_, memory)
    assert tick.asked == 0


@pytest.mark.parametrize(
    ("request_", "memory"),
    [
        pytest.param(UPDATE, NEW.but(looks=1, rolling_back=False), id="Update"),
        pytest.param(CREATE, NEW.but(looks=1), id="Create"),
    ],
)
def test_a_request_that_a_roll_back_has_overtaken_writes_nothing(request_, memory):
    """CloudFormation does not stop the old execution: it stops itself."""
    tick = Tick(Scripted([Absent()]), [ROLLING_BACK])
    _, outcome = tick.run(request_, memory)
    assert outcome.reason.code is Code.SUPERSEDED
    assert tick.service.acts == []


@pytest.mark.parametrize("config", [{"hours": 48}, {"hub": "hub-b"}], ids=["before a Start", "before a Delete"])
def test_a_roll_back_that_began_while_the_tick_stayed_is_noticed_before_a_write(config):
    """A tick may stay two minutes: its first question is too old by then."""
    looks = [_found("SYNCING", hours=48), _found("SYNCING", hours=48), _found("IN_SYNC", **config)]
    tick = Tick(Scripted(looks), ["UPDATE_IN_PROGRESS", ROLLING_BACK])
    _, outcome = tick.run(replace(UPDATE, hub_move_allowed=True))
    assert outcome.reason.code is Code.SUPERSEDED
    assert tick.service.acts == []
    assert tick.asked == 2


def test_memory_is_only_what_cannot_be_observed():
    """Two ticks with a round of the state machine between them do what one would have done."""
    looks = [_found("SYNCING", hours=48), _found("IN_SYNC", hours=48), _found("SYNCING"), _found("IN_SYNC")]
    together = Tick(Scripted(list(looks)))
    _, outcome = together.run(UPDATE)
    apart, memory, result = Tick(Scripted(list(looks)), remaining=0.0), NEW, 0.0
    while isinstance(result, float):
        memory, result = apart.run(UPDATE, Memory.from_json(memory.to_json()))
        apart.now += 1.0
    assert result == outcome
    assert apart.service.acts == together.service.acts == ["start"]
