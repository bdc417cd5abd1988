"""Cleanup of the stream that a failed Update named."""

from dataclasses import replace

import pytest

from kvs_edge.configuration import Stream
from kvs_edge.decisions import Done
from kvs_edge.observed import Absent, CallFailureKind
from kvs_edge.progress import Progress
from support.scripted_tick import (
    EARLIER,
    LATER,
    NEW,
    ROLLING_BACK,
    UPDATE,
    Scripted,
    Tick,
    config,
    failed_call,
    found,
)

RENAMED = Stream("front-door-2")


def _renaming_back(**fields):
    """Return a rollback of an Update that named another stream and was abandoned before its response."""
    return replace(UPDATE, old_stream=RENAMED, old_desired=config(), old_retain=False, **fields)


def test_a_rollback_cleans_up_the_stream_that_a_cancelled_update_had_named():
    """CloudFormation knows of no other id, so it sends no Delete for it."""
    tick = Tick(Scripted([found("IN_SYNC", EARLIER)]), [ROLLING_BACK])
    made = Scripted([found("IN_SYNC", created=LATER), found("DELETING", created=LATER)])
    tick.others = {"front-door-2": made}
    _, outcome = tick.run(_renaming_back())
    assert isinstance(outcome, Done)
    assert outcome.attributes["LastUpdatedTime"] == EARLIER
    assert "the service is deleting the edge configuration of stream front-door-2" in outcome.warning
    assert (tick.service.acts, made.acts) == ([], ["delete"])


def test_a_cleanup_goes_on_in_the_next_tick():
    """The outcome of the rollback itself is carried along."""
    tick = Tick(Scripted([found("IN_SYNC", EARLIER)]), [ROLLING_BACK], remaining=0.0)
    made = Scripted(
        [found("SYNCING", created=LATER), found("SYNCING", created=LATER), found("DELETING", created=LATER)],
        [failed_call(CallFailureKind.IN_USE, "ResourceInUseException"), None],
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


def test_a_cleanup_that_fails_is_told_and_wedges_nothing():
    """The stream itself is as it was before the update."""
    tick = Tick(Scripted([found("IN_SYNC", EARLIER)]), [ROLLING_BACK])
    denied = Scripted([found("IN_SYNC", created=LATER)], [failed_call(CallFailureKind.DENIED, "AccessDenied")] * 99)
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
    tick = Tick(Scripted([found("IN_SYNC", EARLIER)]), [ROLLING_BACK])
    other = Scripted([found("IN_SYNC", created=LATER)])
    tick.others = {"front-door-2": other}
    assert isinstance(tick.run(replace(_renaming_back(), **fields))[1], Done)
    assert other.did == []


def test_an_update_to_another_stream_that_comes_in_the_rollback_sends_nothing():
    """Made in the very second in which the rollback began, it cannot be told from it; but it leads away."""
    late = replace(UPDATE, old_stream=Stream("front-door-0"), physical_id="front-door-0")
    tick = Tick(Scripted([Absent()]), [ROLLING_BACK])
    _, outcome = tick.run(late)
    assert "none was sent" in outcome.warning
    assert tick.service.acts == []
