"""A short campaign: random lifecycles in virtual time against the real handlers (docs/reliability.md)."""

from collections import Counter

import pytest

from campaign import main, run_campaign
from chaos_campaign.lifecycle import Outcome, run_lifecycle
from chaos_campaign.world import real_handlers

LIFECYCLES = 200

EXERCISED = {
    "a hub that is offline, slow or refuses",
    "change set",
    "configured by hand before",
    "fault: DeleteStack during a rollback of an update",
    "fault: a hub that is registered again",
    "fault: a stream that is deleted and created again",
    "fault: clocks that differ by seconds",
    "fault: every permission withdrawn for a time",
    "fault: killed ticks",
    "fault: late deliveries",
    "fault: lost calls",
    "request: Delete in the cleanup phase",
    "request: Delete in the rollback-cleanup phase",
    "request: Update in the rollback phase",
    "request: ended as CANCELLED",
    "stack: ROLLBACK_COMPLETE",
    "stack: UPDATE_ROLLBACK_COMPLETE",
    "update: hub",
    "update: logical id",
    "update: rename",
}
"""What even a short campaign has to have seen."""


@pytest.fixture(scope="module")
def outcomes() -> list[Outcome]:
    """Return a short campaign's outcomes."""
    return run_campaign(range(1, LIFECYCLES + 1))


def test_no_lifecycle_breaks_a_rule(outcomes):
    """The rules of docs/lifecycle.md hold in each lifecycle."""
    violations = [
        f"seed {outcome.seed}: {verdict.kind}: {verdict.text}"
        for outcome in outcomes
        for verdict in outcome.verdicts
        if not verdict.unavoidable
    ]
    assert violations == []


@pytest.mark.parametrize(
    "seed",
    [
        *(5747, 7149, 7242, 8403, 8715, 9673, 9931, 11029, 12611, 12822, 13172),
        *(14056, 14059, 14104, 14211, 14636, 14654),
    ],
)
def test_a_seed_that_broke_a_rule_breaks_none_any_more(seed):
    """Each was a fault of the handler (docs/reliability.md, What was found)."""
    verdicts = run_lifecycle(seed, real_handlers()).verdicts
    assert [verdict.text for verdict in verdicts if not verdict.unavoidable] == []


@pytest.mark.parametrize(
    ("seed", "reason"),
    [
        pytest.param(4869, "looks like the rollback's", id="events are denied, and both are of the same second"),
        pytest.param(7848, "no time shows which", id="an event without a timestamp"),
        pytest.param(8386, "no time shows which", id="a cleanup's event without a timestamp"),
        pytest.param(4541, "no time shows which", id="a rollback's Delete of the second in which the deletion began"),
        pytest.param(11684, "there were no events", id="events are denied, and an event has no timestamp"),
    ],
)
def test_a_late_write_that_no_handler_can_avoid_is_counted_as_such(seed, reason):
    """Two requests look alike, and CloudFormation waits for only one of them."""
    verdicts = [v for v in run_lifecycle(seed, real_handlers()).verdicts if v.kind == "late write"]
    assert verdicts
    assert all(reason in verdict.unavoidable for verdict in verdicts)


def test_a_short_campaign_sees_what_goes_wrong(outcomes):
    """A campaign that exercises nothing would find nothing."""
    seen = sum((outcome.exercised for outcome in outcomes), Counter[str]())
    assert EXERCISED - set(seen) == set()


def test_a_seed_gives_the_same_lifecycle_again():
    """A violation can be replayed from its seed, line by line."""
    handlers = real_handlers()
    first, second = (run_lifecycle(7, handlers, tracing=True) for _ in range(2))
    assert first.timeline == second.timeline
    assert len(first.timeline) > 10


def test_the_command_prints_what_was_exercised(capsys):
    """The summary names the faults, and a trace shows a lifecycle's requests."""
    main(["--lifecycles", "1", "--seed", "7", "--trace"])
    printed = capsys.readouterr().out
    assert "1 lifecycles in" in printed
    assert "exercised, in how many lifecycles:" in printed
    assert "CloudFormation sends Create#1" in printed
