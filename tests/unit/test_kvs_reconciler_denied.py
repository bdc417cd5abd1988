"""Permissions that are missing, or withdrawn for a time, while a request is in progress."""

import pytest

from kvs_edge.decide import DENIED_GRACE_SECONDS, ROLLBACK_DENIED_GRACE_SECONDS
from kvs_edge.decisions import Done, Fail
from kvs_edge.observed import Absent, CallFailureKind
from kvs_edge.operation import Relation
from kvs_edge.reasons import FailureCode
from support.scripted_tick import (
    BEGAN,
    CLEANING_UP,
    CREATE,
    DELETE,
    LATER,
    NEW,
    ROLLING_BACK,
    SINCE,
    UPDATE,
    Scripted,
    Tick,
    failed_call,
    found,
)

DENIED = failed_call(CallFailureKind.DENIED, "AccessDeniedException")
THROTTLED = failed_call(CallFailureKind.THROTTLED, "ClientLimitExceededException")


def _run(tick, request, progress=NEW, until=lambda progress: False):
    """Return the progress and the outcome of a request, as the state machine gets them."""
    outcome = 0.0
    while isinstance(outcome, float) and not until(progress):
        tick.now += outcome
        progress, outcome = tick.run(request, progress)
    return progress, outcome


@pytest.mark.parametrize(
    ("request_", "status"),
    [(CREATE, "CREATE_IN_PROGRESS"), (UPDATE, "UPDATE_IN_PROGRESS"), (DELETE, CLEANING_UP)],
    ids=["Create", "Update", "Delete"],
)
def test_a_role_that_was_never_allowed_fails_after_a_minute(request_, status):
    """The stack shows that it is no rollback, although nothing else may be read."""
    tick = Tick(Scripted([DENIED]), [status])
    _, outcome = _run(tick, request_)
    assert outcome.reason.code is FailureCode.ACCESS_DENIED
    assert DENIED_GRACE_SECONDS <= tick.now - SINCE < DENIED_GRACE_SECONDS + 30.0
    assert tick.asked < 5


def test_a_rollback_outlasts_a_permission_that_is_withdrawn():
    """It was allowed, waits for a sync, and is denied for minutes: to fail would wedge the stack."""
    tick = Tick(Scripted([found("SYNCING", hours=48)]), [ROLLING_BACK], now=SINCE + 400.0, stay=0.0)
    progress, _ = tick.run(UPDATE)
    tick.service.polls = [DENIED]
    denied_at = tick.now
    progress, _ = _run(tick, UPDATE, progress, until=lambda _: tick.now - denied_at > 250.0)
    assert progress.denied_since == denied_at
    tick.service.polls = [found("IN_SYNC", hours=48), found("SYNCING")]
    progress, outcome = _run(tick, UPDATE, progress)
    assert isinstance(outcome, Done)
    assert tick.service.acts == ["start"]


def test_a_rollback_fails_if_the_permission_does_not_return():
    """Long before the deadline, so that three tries of a cleanup's Delete do not take an hour."""
    tick = Tick(Scripted([DENIED]), [ROLLING_BACK], now=SINCE + 400.0, stay=0.0)
    _, outcome = _run(tick, UPDATE)
    assert outcome.reason.code is FailureCode.ACCESS_DENIED
    assert 0.0 <= tick.now - SINCE - 400.0 - ROLLBACK_DENIED_GRACE_SECONDS < 60.0


@pytest.mark.parametrize("request_", [CREATE, UPDATE], ids=["Create", "Update"])
def test_a_late_denial_has_the_same_grace_as_an_early_one(request_):
    """A request of a quarter of an hour is not failed by a role that is being updated."""
    tick = Tick(
        Scripted([found("SYNCING"), DENIED, found("IN_SYNC")]), ["UPDATE_IN_PROGRESS"], now=SINCE + 900.0, stay=0.0
    )
    assert isinstance(_run(tick, request_, NEW.replace(submitted=True))[1], Done)


def test_each_denial_has_its_own_grace():
    """A complete poll ends the first one."""
    polls = [DENIED, found("SYNCING"), DENIED, found("SYNCING")]
    tick = Tick(Scripted(polls), ["UPDATE_IN_PROGRESS"], stay=0.0)
    seen = []
    progress, outcome = NEW.replace(submitted=True), 0.0
    for _ in range(4):
        tick.now += outcome
        progress, outcome = tick.run(UPDATE, progress)
        seen.append(bool(progress.denied_since))
    assert seen == [True, False, True, False]


def test_throttling_does_not_restart_the_grace():
    """And the retry of a throttled first tick, which begins anew, would forget the denial."""
    tick = Tick(Scripted([DENIED, THROTTLED]), stay=0.0)
    progress, _ = tick.run(CREATE)
    tick.now += 5.0
    progress, _ = tick.run(CREATE, progress)
    assert (progress.denied_since, progress.throttled) == (SINCE, 1)
    assert not progress.may_begin_anew


def test_an_unknown_stack_does_not_restart_the_grace():
    """The write that was denied is not tried while CloudFormation does not respond."""
    tick = Tick(Scripted([found("IN_SYNC", hours=48)], [DENIED]), ["UPDATE_IN_PROGRESS", None], stay=0.0)
    tick.now = SINCE + 1.0
    progress, _ = tick.run(UPDATE)
    assert progress.denied_since == SINCE + 1.0
    tick.now += 3.0
    progress, _ = tick.run(UPDATE, progress)
    assert progress.relation is Relation.UNKNOWN
    assert progress.denied_since == SINCE + 1.0


def test_a_stack_that_may_not_be_described_has_a_grace_from_the_first_denial():
    """A policy that denies everything for some minutes does not fail an old rollback."""
    tick = Tick(Scripted([found("IN_SYNC", hours=48)]), [None], now=SINCE + 500.0, stay=0.0)
    tick.stack.silence = failed_call(CallFailureKind.DENIED, "AccessDenied", "cloudformation:DescribeStacks")
    progress = NEW.replace(relation=Relation.ROLLBACK, began=BEGAN)
    progress, _ = _run(tick, UPDATE, progress, until=lambda _: tick.now - SINCE > 700.0)
    assert progress.stack_denied_since == SINCE + 500.0
    tick.statuses = tick.stack.statuses = [ROLLING_BACK]
    tick.service.polls = [found("IN_SYNC", hours=48), found("IN_SYNC", LATER)]
    progress, outcome = _run(tick, UPDATE, progress)
    assert isinstance(outcome, Done)
    assert progress.stack_denied_since == 0.0
    assert tick.service.acts == ["start"]


def test_a_stack_that_is_never_described_fails_at_last():
    """Nothing was written, and the reason names the actions."""
    tick = Tick(Scripted([found("IN_SYNC", hours=48)]), [None], stay=0.0)
    tick.stack.silence = failed_call(CallFailureKind.DENIED, "AccessDenied", "cloudformation:DescribeStacks")
    _, outcome = _run(tick, UPDATE)
    assert isinstance(outcome, Fail)
    assert "cloudformation:DescribeStacks" in str(outcome.reason)
    assert 0.0 <= tick.now - SINCE - ROLLBACK_DENIED_GRACE_SECONDS < 60.0
    assert tick.service.acts == []


def test_a_poll_that_is_rejected_for_another_reason_fails_an_update_at_once():
    """The stack is described first: an Update must not fail in a rollback without need."""
    tick = Tick(Scripted([failed_call(CallFailureKind.OTHER), Absent()]), ["UPDATE_IN_PROGRESS"])
    _, outcome = tick.run(UPDATE)
    assert outcome.reason.code is FailureCode.SERVICE_ERROR
    assert (tick.now, tick.asked) == (SINCE, 1)
