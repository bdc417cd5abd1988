"""Times over which a provider spreads throttled requests, with and without the context key of deployments at once."""

import pytest
from aws_cdk import App, Duration, Stack
from aws_cdk import CfnParameter as Parameter

from cdk_kvs_edge import EdgeConfigurationProvider
from cdk_kvs_edge.turns import CONTEXT_KEY, Turns
from kvs_edge.errors import ConfigurationError


def stack_with(value) -> Stack:
    return Stack(App(context={CONTEXT_KEY: value}), "Site")


@pytest.mark.parametrize(
    ("at_once", "own", "first", "after"),
    [
        (None, 1, 2, 2),
        (None, 39, 3, 3),
        (None, 500, 50, 50),
        (None, 2000, 150, 50),
        (10_000, 500, 1050, 50),
        (100, 500, 10, 10),
        (1, 500, 2, 2),
    ],
)
def test_retries_are_spread_over_the_time_of_the_starts_that_compete(stack, at_once, own, first, after):
    """The number that is deployed at once replaces the provider's own. A full stack's Starts take 50 s."""
    turns = Turns(at_once)
    for _ in range(own):
        turns.add(stack, 1200)
    assert (turns.first_seconds, turns.next_seconds) == (first, after)


@pytest.mark.parametrize("value", ["10000", 10_000, 10_000.0])
def test_the_context_may_be_a_number_or_the_text_of_the_command_line(value, only, template_of):
    """`cdk deploy -c` gives a text, and cdk.json a number."""
    stack = stack_with(value)
    EdgeConfigurationProvider(stack, "Provider")
    machine = only(template_of(stack), "AWS::StepFunctions::StateMachine")["Properties"]
    assert machine["DefinitionSubstitutions"]["BackoffSeconds"] == "1050"
    assert machine["DefinitionSubstitutions"]["TurnSeconds"] == "50"
    assert '"IntervalSeconds":${TurnSeconds}' in str(machine["DefinitionString"])


@pytest.mark.parametrize("value", ["many", "", "0", "-5", "1.5", "²", 0, 1.5, True, [1]])
def test_another_value_of_the_context_is_refused(value):
    """The error names the key, the value and what is valid."""
    with pytest.raises(ConfigurationError) as raised:
        EdgeConfigurationProvider(stack_with(value), "Provider")
    (fault,) = raised.value.faults
    assert fault.path == CONTEXT_KEY
    assert fault.rule.startswith(f"{value!r} is not accepted: give the number of edge configurations")


@pytest.mark.parametrize(("minutes", "is_refused"), [(19, True), (20, False)])
def test_a_sync_timeout_that_ends_before_the_last_turn_is_refused(declare, template_of, minutes, is_refused):
    """10,000 Starts take 1,000 s, and a reserve. The default of 20 minutes fits."""
    stack = stack_with("10000")
    declare(stack, "Gate", sync_timeout=Duration.minutes(20))
    declare(stack, "Dock", sync_timeout=Duration.minutes(minutes))
    if not is_refused:
        assert template_of(stack)
        return
    with pytest.raises(RuntimeError, match=r"Site/Dock has a sync_timeout of 1140 s, but 10,000.*at least 1,200 s"):
        template_of(stack)


def test_a_sync_timeout_of_the_deployment_is_not_compared(declare, template_of):
    """Its value is unknown at synthesis."""
    stack = stack_with("10000")
    seconds = Parameter(stack, "Timeout", type="Number").value_as_number
    declare(stack, "Gate", sync_timeout=Duration.seconds(seconds))
    assert template_of(stack)
