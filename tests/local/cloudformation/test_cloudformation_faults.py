"""Faults of CloudFormation's own API, as seen by a Lambda function that reads its stack."""

import pytest
from botocore.exceptions import ClientError

from kvs_edge_local.clock import Clock
from kvs_edge_local.cloudformation.faults import OPERATIONS, Fault, FaultKind, Faults
from kvs_edge_local.cloudformation.stack import TICK_SECONDS

READS = {
    "DescribeStacks": ("describe_stacks", "Stacks"),
    "DescribeStackEvents": ("describe_stack_events", "StackEvents"),
    "DescribeEvents": ("describe_events", "OperationEvents"),
    "ListStackResources": ("list_stack_resources", "StackResourceSummaries"),
    "DescribeStackResources": ("describe_stack_resources", "StackResources"),
}


def read(api, operation, name):
    """Call a reading operation; return its list."""
    method, member = READS[operation]
    return getattr(api, method)(StackName=name)[member]


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize(
    ("fault", "code", "status"),
    [
        ({"kind": "silent"}, "Throttling", 400),
        ({"kind": "silent", "code": "InternalFailure"}, "InternalFailure", 500),
        ({"kind": "denied"}, "AccessDenied", 403),
    ],
)
def test_a_function_is_not_answered_while_the_owner_is(cfn, custom, operation, fault, code, status):
    """Each reading operation fails with the error and its HTTP status."""
    cfn.create({"A": custom()})
    function = cfn.api_of_function()

    cfn.service.inject(Fault(operation, **fault))

    with pytest.raises(ClientError) as caught:
        read(function, operation, cfn.stack_name)
    assert caught.value.response["Error"]["Code"] == code
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == status
    assert read(cfn.api, operation, cfn.stack_name)
    cfn.service.faults.clear()
    assert read(function, operation, cfn.stack_name)


def test_a_fault_ends_after_its_time(cfn, custom):
    """On the scaled clock."""
    cfn.create({"A": custom()})
    cfn.service.inject(Fault("DescribeStacks", FaultKind.DENIED, lasts=1.0))

    cfn.clock.sleep(1.0)

    assert read(cfn.api_of_function(), "DescribeStacks", cfn.stack_name)[0]["StackStatus"] == "CREATE_COMPLETE"


def test_a_fault_of_another_stack_is_not_noticed(cfn, custom):
    """A fault has one stack, by its name or its id."""
    cfn.create({"A": custom()})
    cfn.service.inject(Fault("DescribeStacks", FaultKind.DENIED, stack="another"))

    assert read(cfn.api_of_function(), "DescribeStacks", cfn.stack_name)


def test_a_function_sees_its_stack_as_it_was(cfn, custom, monkeypatch):
    """Status, times, operations, resources and events are those of the lag ago; the owner sees the current state."""
    stack = cfn.create({"A": custom(V=1)})
    created = cfn.described()
    events = read(cfn.api, "DescribeStackEvents", cfn.stack_name)
    cfn.update({"B": custom(V=2)})
    began = next(event.timestamp for event in stack.events if event.status == "UPDATE_IN_PROGRESS")
    # A stopped clock, 60 seconds after the state to be seen.
    clock = Clock(1e-15, origin=began - TICK_SECONDS / 2 + 60.0)
    monkeypatch.setattr(cfn.service, "faults", Faults(clock))
    function = cfn.api_of_function()
    for operation in OPERATIONS:
        cfn.service.inject(Fault(operation, FaultKind.LAGGING, lag=60.0))

    assert read(function, "DescribeStacks", cfn.stack_name) == [created]
    assert read(function, "DescribeStackEvents", cfn.stack_name) == events
    assert len(read(function, "DescribeEvents", cfn.stack_name)) == len(events)
    for operation in ("ListStackResources", "DescribeStackResources"):
        assert [each["LogicalResourceId"] for each in read(function, operation, cfn.stack_name)] == ["A"]
    assert cfn.described()["StackStatus"] == "UPDATE_COMPLETE"
    assert [each["LogicalResourceId"] for each in read(cfn.api, "ListStackResources", cfn.stack_name)] == ["B"]


def test_a_stack_that_is_younger_than_the_lag_does_not_exist(cfn, custom):
    """The result is the same as for a read before the stack's creation."""
    cfn.create({"A": custom()})
    cfn.service.inject(Fault("DescribeStacks", FaultKind.LAGGING, lag=1e6))

    with pytest.raises(ClientError, match="does not exist"):
        read(cfn.api_of_function(), "DescribeStacks", cfn.stack_name)


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        ({"operation": "ListStacks", "kind": "denied"}, "operation 'ListStacks': give one of DescribeStacks"),
        ({"operation": "DescribeStacks", "kind": "deaf"}, "'deaf' is not a valid FaultKind"),
        ({"operation": "DescribeStacks", "kind": "silent", "code": "Teapot"}, "code 'Teapot': give one of Throttling"),
        ({"operation": "DescribeStacks", "kind": "lagging"}, "give a lag greater than 0 with lagging"),
        ({"operation": "DescribeStacks", "kind": "denied", "lag": 1.0}, "give a lag greater than 0 with lagging"),
    ],
)
def test_a_fault_that_cannot_be_is_refused(fault, message):
    """The message has the value and the fix."""
    with pytest.raises(ValueError, match=message):
        Fault(**fault)
