"""The Retry families of the state machine, held against botocore's list of what Lambda's Invoke may answer.

A state machine knows an error of Invoke as `Lambda.` and its name [Handle Lambda service exceptions, AWS Step Functions
Developer Guide]. What each error means is its text in botocore's model, which is that of the API reference.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from botocore.session import get_session

from kvs_edge.operation import MAX_STACK_LAG_SECONDS
from kvs_edge_preflight.handler import state_machine_definition

STATES = json.loads(state_machine_definition().replace("${BackoffSeconds}", "40").replace("${TurnSeconds}", "40"))[
    "States"
]
FULL_JITTER_MEAN = 0.5
"""Of the delay, which is a random one from 0 [Error handling in Step Functions: JitterStrategy]."""

# Each of these is waited for by its text, or has a cause that a deployment or an operator is just about to change.
PASSING = {
    "CodeArtifactUserDeletedException": "Lambda provisions a new code artifact user",
    "CodeArtifactUserPendingException": "the function is not Active yet",
    "EC2AccessDeniedException": "the role, made in the same deployment, has yet to take effect",
    "EC2ThrottledException": "a throttle",
    "EC2UnexpectedException": "a fault of Amazon EC2",
    "ENILimitReachedException": "interfaces of other functions are removed with a delay",
    "ENINotReadyException": "to be tried again in a few moments",
    "KMSAccessDeniedException": "a grant has yet to take effect",
    "KMSDisabledException": "a key that was enabled a moment ago, or is about to be",
    "KMSInvalidStateException": "a key that is being made or changed",
    "KMSNotFoundException": "a key that was made in the same deployment",
    "ResourceConflictException": "the function is being updated, or is Pending",
    "ResourceNotReadyException": "the function was inactive: its connection is made again",
    "ServiceException": "a fault of Lambda",
    "SubnetIPAddressLimitReachedException": "addresses become free when other interfaces go",
    "TooManyRequestsException": "a throttle",
}

LEFT_OUT = {
    "CodeArtifactUserFailedException": "asks for an update of the function",
    "DurableExecutionAlreadyStartedException": "the function is no durable one",
    "EFSIOException": "the function has no file system",
    "EFSMountConnectivityException": "the function has no file system",
    "EFSMountFailureException": "the function has no file system",
    "EFSMountTimeoutException": "the function has no file system",
    "InvalidParameterValueException": "the same the next time",
    "InvalidRequestContentException": "the same the next time",
    "InvalidRuntimeException": "asks for an update of the function",
    "InvalidSecurityGroupIDException": "asks for an update of the function",
    "InvalidSubnetIDException": "asks for an update of the function",
    "InvalidZipFileException": "asks for an update of the function",
    "ModeNotSupportedException": "the same the next time",
    "NoPublishedVersionException": "the function is invoked without a version",
    "RecursiveInvocationException": "stops a loop, which a retry would be a part of",
    "RequestTooLargeException": "the same the next time",
    "ResourceNotFoundException": "the function was deleted",
    "RuntimeAliasDeletedException": "asks for an update of the function",
    "RuntimeVersionDeletedException": "asks for an update of the function",
    "S3FilesMountConnectivityException": "the function has no file system",
    "S3FilesMountFailureException": "the function has no file system",
    "S3FilesMountTimeoutException": "the function has no file system",
    "SerializedRequestEntityTooLargeException": "the same the next time",
    "ServiceQuotaExceededException": "asks for a higher quota",
    "SnapStartException": "the function has no SnapStart",
    "SnapStartNotReadyException": "the function has no SnapStart",
    "SnapStartRegenerationFailureException": "the function has no SnapStart",
    "SnapStartTimeoutException": "the function has no SnapStart",
    "UnsupportedMediaTypeException": "the same the next time",
}

# In no model: faults on the way to Lambda [Handle Lambda service exceptions, AWS Step Functions Developer Guide].
ON_THE_WAY = {"AWSLambdaException", "ClientExecutionTimeoutException", "SdkClientException"}

# The function may have run before it.
UNCERTAIN = {"ServiceException"}

# Faults of the function itself, a crash or a timeout: what it did until then is not known, and it may do so again.
OF_THE_FUNCTION = {"Lambda.Unknown", "Runtime.ExitError", "Sandbox.Timedout", "States.Timeout"}


@pytest.fixture(scope="module")
def errors() -> dict[str, str]:
    """Return the errors of Invoke, with their texts."""
    invoke = get_session().get_service_model("lambda").operation_model("Invoke")
    return {error.name: error.documentation for error in invoke.error_shapes}


def _families(state: str) -> dict[str, Mapping[str, Any]]:
    """Return the Retry family of each error that a state retries."""
    return {name: family for family in STATES[state]["Retry"] for name in family["ErrorEquals"]}


def _delays(family: Mapping[str, Any]) -> Iterator[float]:
    """Yield the delays of a family, in seconds; with jitter their means."""
    mean = FULL_JITTER_MEAN if family.get("JitterStrategy") == "FULL" else 1.0
    for attempt in range(family["MaxAttempts"]):
        delay = family["IntervalSeconds"] * family["BackoffRate"] ** attempt
        yield mean * min(delay, family.get("MaxDelaySeconds", delay))


def test_each_error_of_the_model_is_retried_or_left_out_for_a_reason(errors):
    """An error that AWS adds has to be thought about."""
    assert PASSING.keys() | LEFT_OUT.keys() == errors.keys()
    assert PASSING.keys() & LEFT_OUT.keys() == set()


def test_a_tick_is_tried_again_for_what_passes_and_for_nothing_else():
    """Any other error is told at once, as a fault."""
    assert _families("Tick").keys() == {f"Lambda.{name}" for name in PASSING.keys() | ON_THE_WAY} | OF_THE_FUNCTION


def test_a_first_tick_is_retried_only_for_what_comes_before_any_effect():
    """It may deliver. After a crash another state goes on, which asks whether it did."""
    throttled = {"ServiceThrottledError", "ServiceStillThrottledError", "ServiceBusyError"}
    assert _families("First").keys() == {f"Lambda.{name}" for name in PASSING.keys() - UNCERTAIN} | throttled
    assert [(catch["ErrorEquals"], catch["Next"]) for catch in STATES["First"]["Catch"]] == [
        (["DecidedError"], "Deliver"),
        (["NotOverError"], "Pause"),
        (["States.ALL"], "Settle"),
    ]
    assert STATES["Settle"]["Seconds"] >= MAX_STACK_LAG_SECONDS


def test_a_busy_service_is_asked_again_before_cloudformation_gives_up():
    """The ServiceTimeout is 180 seconds after the sync timeout."""
    assert max(_delays(_families("First")["ServiceBusyError"])) / FULL_JITTER_MEAN <= 150.0


@pytest.mark.parametrize("state", ["First", "Tick"])
def test_no_error_is_in_two_families(state):
    """The second would never be used."""
    names = [name for family in STATES[state]["Retry"] for name in family["ErrorEquals"]]
    assert len(names) == len(set(names))


def test_what_asks_for_waiting_is_not_left_out(errors):
    """Unless it is about a feature that the function does not use."""
    waits = {name for name, text in errors.items() if "wait" in text.lower() or "try the request again" in text.lower()}
    assert waits
    assert {name for name in waits - PASSING.keys() if "has no" not in LEFT_OUT[name]} == set()


@pytest.mark.parametrize("name", sorted((PASSING.keys() | ON_THE_WAY) - {"TooManyRequestsException"}))
def test_what_passes_by_itself_is_given_minutes(name):
    """At least two, and at most ten: a fault that stays is told while the deployment is still watched."""
    total = sum(_delays(_families("Tick")[f"Lambda.{name}"]))
    assert 120.0 <= total <= 600.0


def test_a_place_among_the_accounts_executions_is_waited_for_as_long_as_a_request_may_take():
    """Others give theirs back. The longest request and its grace are an hour; a new look comes every half minute."""
    family = _families("Tick")["Lambda.TooManyRequestsException"]
    delays = list(_delays(family))
    assert 20 * 60.0 <= sum(delays) <= 3600.0
    assert max(delays) <= 30.0


@pytest.mark.parametrize("name", sorted(OF_THE_FUNCTION))
def test_a_fault_of_the_function_is_tried_again_soon_and_seldom(name):
    """Six times in two minutes; one that takes six minutes to fail only once, so that a response comes in time."""
    family = _families("Tick")[name]
    assert family["MaxAttempts"] == (1 if "Timed" in name or "Timeout" in name else 6)
    assert sum(_delays(family)) <= 120.0


def test_a_delivery_is_tried_again_whatever_went_wrong():
    """Otherwise there is no response. CloudFormation waits at most an hour."""
    families = _families("Deliver")
    assert families.keys() == {"UndeliveredError", "States.ALL"}
    assert sum(_delays(families["UndeliveredError"])) == 3600.0
    assert 20 * 60.0 <= sum(_delays(families["States.ALL"])) <= 3600.0


def test_what_is_not_tried_again_is_told():
    """A tick has one way out besides its result."""
    (catch,) = STATES["Tick"]["Catch"]
    assert catch == {"ErrorEquals": ["States.ALL"], "ResultPath": "$.Fault", "Next": "Deliver"}
