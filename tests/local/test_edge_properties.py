"""Invariants of every configuration's history, for any sequence of calls and hub behaviours."""

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from kvs_edge_local.edge import (
    Assumptions,
    Failing,
    Fault,
    LocalEdgeService,
    Offline,
    Online,
    Settings,
    Slow,
    SyncStatus,
)
from kvs_edge_local.edge.assumptions import (
    DeletedStream,
    DeleteWhileSyncing,
    OfflineDelete,
    StartOnAnotherHub,
    StartOnDeleteFailed,
    StartWhileDeleting,
)
from kvs_edge_local.edge.errors import AnswerLost, EdgeServiceError
from kvs_edge_local.edge.history import DELETE, DESCRIBE, LIST, START
from kvs_edge_local.edge.streams import Caller, StreamInfo

CALLER = Caller("123456789012", "eu-central-1", "arn:aws:iam::123456789012:user/anna")
STREAMS = ("cam-1", "cam-2", "cam-3")
HUBS = ("hub-1", "hub-2")

_S = SyncStatus
LEGAL = {
    _S.SYNCING: {_S.ACKNOWLEDGED, _S.SYNC_FAILED, _S.DELETING, _S.GONE},
    _S.ACKNOWLEDGED: {_S.IN_SYNC, _S.SYNC_FAILED, _S.DELETING, _S.GONE},
    _S.IN_SYNC: {_S.DELETING, _S.GONE},
    _S.SYNC_FAILED: {_S.DELETING, _S.GONE},
    _S.DELETING: {_S.DELETING_ACKNOWLEDGED, _S.DELETE_FAILED, _S.GONE},
    _S.DELETING_ACKNOWLEDGED: {_S.GONE, _S.DELETE_FAILED},
    _S.DELETE_FAILED: {_S.DELETING, _S.GONE},
    _S.GONE: set(),
}

stream_names = st.sampled_from(STREAMS)
behaviours = st.one_of(
    st.just(Online()), st.builds(Slow, st.floats(0, 1500)), st.just(Offline()), st.just(Failing("no space"))
)
assumptions = st.builds(
    Assumptions,
    delete_while_syncing=st.sampled_from(DeleteWhileSyncing),
    start_while_deleting=st.sampled_from(StartWhileDeleting),
    start_on_delete_failed=st.sampled_from(StartOnDeleteFailed),
    start_on_another_hub=st.sampled_from(StartOnAnotherHub),
    offline_delete=st.sampled_from(OfflineDelete),
    deleted_stream=st.sampled_from(DeletedStream),
)
faults = st.builds(
    Fault,
    operation=st.sampled_from([START, DESCRIBE, DELETE, LIST]),
    code=st.sampled_from(["InternalFailure", "AccessDenied", "ConnectionDropped"]),
    takes_effect=st.booleans(),
)


class ManualClock:
    """Clock that a test advances."""

    def __init__(self):
        self.time = 1_700_000_000.0

    def now(self):
        return self.time


class Streams:
    """Three streams that always exist."""

    def find(self, _caller, name, _arn):
        arn = f"arn:aws:kinesisvideo:eu-central-1:123456789012:stream/{name}/1"
        return StreamInfo(name, arn, "ACTIVE", 24)


def config(hub):
    source = {
        "MediaUriSecretArn": "arn:aws:secretsmanager:eu-central-1:123456789012:secret:cam-AbCdEf",
        "MediaUriType": "RTSP_URI",
    }
    return {
        "HubDeviceArn": f"arn:aws:iot:eu-central-1:123456789012:thing/{hub}",
        "RecorderConfig": {"MediaSourceConfig": source},
    }


def attempt(service, operation, stream, hub="hub-1"):
    """Return the response of a call, or None for a refusal."""
    request = {"StreamName": stream} | ({"EdgeConfig": config(hub)} if operation == START else {})
    try:
        return service.call(operation, CALLER, request)
    except (EdgeServiceError, AnswerLost):
        return None


class Histories(RuleBasedStateMachine):
    """Calls, faults, hubs and time in any order."""

    def __init__(self):
        super().__init__()
        self.clock = ManualClock()
        self.service = LocalEdgeService(self.clock, Streams())

    @rule(chosen=assumptions, limited=st.booleans())
    def assume(self, chosen, limited):
        self.service.settings = Settings(chosen, limits_enforced=limited)

    @rule(seconds=st.floats(0, 1000))
    def wait(self, seconds):
        self.clock.time += seconds

    @rule(hub=st.sampled_from(HUBS), behaviour=behaviours)
    def hub_changes(self, hub, behaviour):
        self.service.set_hub(hub, behaviour)

    @rule(operation=st.sampled_from([START, DESCRIBE, DELETE]), stream=stream_names, hub=st.sampled_from(HUBS))
    def call(self, operation, stream, hub):
        attempt(self.service, operation, stream, hub)

    @rule(fault=faults)
    def fault(self, fault):
        self.service.inject(fault)

    @rule(stream=stream_names)
    def delete_stream(self, stream):
        self.service.stream_deleted(Streams().find(CALLER, stream, None).arn)

    @invariant()
    def statuses_follow_each_other_legally_and_in_time(self):
        for history in self.service.histories():
            assert history.reached[0] == (SyncStatus.SYNCING, history.started)
            for (status, time), (following, later) in zip(history.reached, history.reached[1:], strict=False):
                assert following in LEGAL[status], history
                assert time <= later <= self.clock.time, history

    @invariant()
    def a_sync_ends_within_15_minutes(self):
        for history in self.service.histories():
            syncing = [time for status, time in history.reached if status.syncing]
            after = [time for status, time in history.reached if not status.syncing]
            ended = after[0] if after else self.clock.time
            assert syncing[0] <= ended <= history.started + 900

    @invariant()
    def every_accepted_write_shows_in_a_history_and_nothing_else_does(self):
        writes = self.service.writes()
        starts = [(write.stream, write.time) for write in writes if write.operation == START]
        assert starts == [(history.stream_name, history.started) for history in self.service.histories()]
        deletes = {(write.stream, write.time) for write in writes if write.operation == DELETE}
        for history in self.service.histories():
            begun = {(history.stream_name, time) for status, time in history.reached if status is _S.DELETING}
            assert begun <= deletes


Histories.TestCase.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
TestHistories = Histories.TestCase


steps = st.lists(
    st.one_of(
        st.tuples(st.just("wait"), st.floats(0, 1000)),
        st.tuples(st.just("hub"), st.sampled_from(HUBS), behaviours),
        st.tuples(st.just("call"), st.sampled_from([START, DELETE]), stream_names, st.sampled_from(HUBS)),
    ),
    max_size=25,
)


def histories_after(script, looks):
    clock = ManualClock()
    service = LocalEdgeService(clock, Streams(), Settings(limits_enforced=False))
    for kind, *arguments in script:
        match kind:
            case "wait":
                for part in range(looks):
                    clock.time += arguments[0] / looks
                    if part < looks - 1:
                        attempt(service, DESCRIBE, "cam-1")
            case "hub":
                service.set_hub(*arguments)
            case "call":
                attempt(service, *arguments)
    clock.time += 2000
    return [replace(history, polls=0) for history in service.histories()]


@given(steps)
@settings(max_examples=80, deadline=None)
def test_what_happens_does_not_depend_on_who_is_looking(script):
    seldom, often = histories_after(script, 1), histories_after(script, 4)
    assert [[status for status, _ in history.reached] for history in seldom] == [
        [status for status, _ in history.reached] for history in often
    ]
    for one, other in zip(seldom, often, strict=True):
        assert [time for _, time in one.reached] == pytest.approx([time for _, time in other.reached])


@given(st.lists(st.tuples(st.floats(0, 0.4), stream_names), max_size=200))
@settings(deadline=None)
def test_no_second_ever_sees_more_calls_than_the_limits_allow(calls):
    clock = ManualClock()
    service = LocalEdgeService(clock, Streams())
    for pause, stream in calls:
        clock.time += pause
        attempt(service, DESCRIBE, stream)
    served = [call for call in service.calls() if call.error != "ClientLimitExceededException"]
    for last in served:
        second = [call.stream for call in served if last.time - 1 < call.time <= last.time]
        assert len(second) <= 50
        assert max(Counter(second).values()) <= 5
