"""Creation of stacks: order, events, custom resource requests, and the effects of a failure."""

import threading
from itertools import pairwise

import pytest


def test_a_custom_resource_is_sent_every_scalar_as_a_string(cfn, custom):
    """CloudFormation sends numbers and booleans as strings at every depth."""
    cfn.create({"A": custom(Number=3599, Flag=True, Deep={"List": [1, False, 0.5, "text"]})})

    [event] = cfn.function.events
    assert event["ResourceProperties"]["Number"] == "3599"
    assert event["ResourceProperties"]["Flag"] == "true"
    assert event["ResourceProperties"]["Deep"] == {"List": ["1", "false", "0.5", "text"]}


def test_a_create_event_has_the_documented_members(cfn, custom):
    """An event identifies its request, its stack and its resource, and has an HTTPS ResponseURL."""
    stack = cfn.create({"A": custom()})

    [event] = cfn.function.events
    assert set(event) == {
        "RequestType",
        "ServiceToken",
        "ResponseURL",
        "StackId",
        "RequestId",
        "LogicalResourceId",
        "ResourceType",
        "ResourceProperties",
    }
    assert event["RequestType"] == "Create"
    assert event["StackId"] == stack.identity.stack_id
    assert event["ResourceType"] == "Custom::Thing"
    assert event["ResponseURL"].startswith("https://localhost:")


def test_resources_are_made_in_the_order_of_their_references(cfn, custom, respond):
    """Ref, Fn::GetAtt, Fn::Sub and DependsOn each order two resources."""
    cfn.function.behaviour = lambda event: respond(event, Data={"Name": f"name-of-{event['LogicalResourceId']}"})

    cfn.create(
        {
            "E": custom(depends_on="D"),
            "D": custom(Text={"Fn::Sub": "${C.Name}/x"}),
            "C": custom(Name={"Fn::GetAtt": ["B", "Name"]}),
            "B": custom(Id={"Ref": "A"}),
            "A": custom(),
        }
    )

    assert [logical_id for _, logical_id in cfn.function.sent()] == ["A", "B", "C", "D", "E"]
    by_id = {event["LogicalResourceId"]: event["ResourceProperties"] for event in cfn.function.events}
    assert by_id["B"]["Id"] == "A"
    assert by_id["C"]["Name"] == "name-of-B"
    assert by_id["D"]["Text"] == "name-of-C/x"


def test_independent_custom_resources_are_in_progress_at_the_same_time(cfn, custom, respond):
    """Each of three resources responds only after all three requests were sent."""
    together = threading.Barrier(3)

    def behaviour(event):
        together.wait()
        return respond(event)

    cfn.function.behaviour = behaviour

    assert cfn.create({name: custom() for name in "ABC"}).status == "CREATE_COMPLETE"


def test_events_are_in_order_with_strictly_increasing_times(cfn, custom):
    """The CDK CLI sorts events by time, so each time is unique."""
    cfn.create({"A": custom(), "B": custom(depends_on="A")})

    events = cfn.api.describe_stack_events(StackName=cfn.stack_name)["StackEvents"]
    times = [event["Timestamp"] for event in reversed(events)]
    assert all(earlier < later for earlier, later in pairwise(times))
    assert cfn.events("A", cfn.stack_name) == [
        (cfn.stack_name, "CREATE_IN_PROGRESS"),
        ("A", "CREATE_IN_PROGRESS"),
        ("A", "CREATE_IN_PROGRESS"),
        ("A", "CREATE_COMPLETE"),
        (cfn.stack_name, "CREATE_COMPLETE"),
    ]


def test_outputs_show_what_a_custom_resource_answered(cfn, custom, respond):
    """Fn::GetAtt reads the response's Data, Ref the physical id."""
    cfn.function.behaviour = lambda event: respond(event, PhysicalResourceId="the-id", Data={"Status": "IN_SYNC"})

    cfn.create(
        {"A": custom()},
        Outputs={"Status": {"Value": {"Fn::GetAtt": ["A", "Status"]}}, "Id": {"Value": {"Ref": "A"}}},
    )

    [stack] = cfn.api.describe_stacks(StackName=cfn.stack_name)["Stacks"]
    assert {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]} == {
        "Status": "IN_SYNC",
        "Id": "the-id",
    }


def test_a_failed_create_is_rolled_back_with_a_delete_for_the_reported_id(cfn, custom, respond):
    """The rollback deletes in reverse order, the failed resource with its reported id."""

    def behaviour(event):
        failing = event["LogicalResourceId"] == "B" and event["RequestType"] == "Create"
        return respond(
            event,
            Status="FAILED" if failing else "SUCCESS",
            Reason="the hub is away",
            PhysicalResourceId=f"id-{event['LogicalResourceId']}",
        )

    cfn.function.behaviour = behaviour

    stack = cfn.create({"A": custom(), "B": custom(depends_on="A"), "C": custom(depends_on="B")})

    assert stack.status == "ROLLBACK_COMPLETE"
    assert cfn.function.sent() == [("Create", "A"), ("Create", "B"), ("Delete", "B"), ("Delete", "A")]
    assert cfn.function.events[2]["PhysicalResourceId"] == "id-B"
    request_id = cfn.function.events[1]["RequestId"]
    assert cfn.reason("B", "CREATE_FAILED") == (
        f"Received response status [FAILED] from custom resource. Message returned: the hub is away "
        f"(RequestId: {request_id})"
    )
    assert cfn.reason(cfn.stack_name, "ROLLBACK_IN_PROGRESS") == (
        "The following resource(s) failed to create: [B]. Rollback requested by user."
    )


def test_a_create_in_progress_is_cancelled_and_deleted_with_an_invented_id(cfn, custom, respond):
    """A Delete may arrive while the Create still runs, with an id that the function never returned."""
    started = threading.Event()

    def behaviour(event):
        if event["RequestType"] == "Delete":
            return respond(event)
        if event["LogicalResourceId"] == "Slow":
            started.set()
            return None
        started.wait()
        return respond(event, Status="FAILED", Reason="no")

    cfn.function.behaviour = behaviour

    stack = cfn.create({"Slow": custom(), "Bad": custom()})

    assert stack.status == "ROLLBACK_COMPLETE"
    assert cfn.reason("Slow", "CREATE_FAILED") == "Resource creation cancelled"
    [deletion] = [e for e in cfn.function.events if e["RequestType"] == "Delete" and e["LogicalResourceId"] == "Slow"]
    assert deletion["PhysicalResourceId"].startswith(f"{cfn.stack_name}-Slow-")


def test_without_an_answer_the_resource_fails_after_its_service_timeout(cfn, custom, respond):
    """ServiceTimeout passes on the scaled clock; the reason is CloudFormation's."""
    cfn.function.behaviour = lambda event: None if event["RequestType"] == "Create" else respond(event)

    stack = cfn.create({"A": custom(ServiceTimeout=600)})

    [create, _] = cfn.function.events
    assert stack.status == "ROLLBACK_COMPLETE"
    assert create["ResourceProperties"]["ServiceTimeout"] == "600"
    assert cfn.reason("A", "CREATE_FAILED") == (
        "CloudFormation did not receive a response from your Custom Resource. Please check your logs for requestId "
        f"[{create['RequestId']}]. If you are using the Python cfn-response module, you may need to update your Lambda "
        "function code so that CloudFormation can attach the updated version."
    )
    in_progress, failed = (
        event for event in stack.events if event.logical_id == "A" and event.status.startswith("CREATE")
    )
    assert failed.timestamp - in_progress.timestamp >= 600


@pytest.mark.parametrize(
    ("spoil", "remark"),
    [
        (lambda body: {**body, "Data": {"Much": "x" * 4096}}, "bytes long"),
        (lambda body: {**body, "RequestId": "another"}, "RequestId"),
        (lambda body: {**body, "StackId": "another"}, "StackId"),
        (lambda body: {**body, "LogicalResourceId": "Another"}, "LogicalResourceId"),
        (lambda _body: b"not json", "not JSON"),
    ],
)
def test_an_invalid_response_is_recorded_and_ignored(cfn, custom, respond, spoil, remark):
    """A response over 4096 bytes, or to another request, is ignored: the next one counts."""

    def behaviour(event):
        if event["RequestType"] == "Create":
            assert cfn.function.put(event, spoil(respond(event))) == 200
        return respond(event, PhysicalResourceId="good")

    cfn.function.behaviour = behaviour

    stack = cfn.create({"A": custom()})

    assert stack.resources["A"].physical_id == "good"
    wrong, right = cfn.service.exchanges.all()[-1].responses
    assert (wrong.counted, right.counted) == (False, True)
    assert remark in wrong.remark


@pytest.mark.parametrize(
    ("members", "reason"),
    [
        ({"PhysicalResourceId": None}, "Vendor response doesn't contain PhysicalResourceId attribute"),
        ({"PhysicalResourceId": ""}, "Vendor response doesn't contain PhysicalResourceId attribute"),
        ({"PhysicalResourceId": "x" * 1025}, "Invalid PhysicalResourceId"),
        ({"Status": "FINE"}, "Invalid Status 'FINE' in the response of the custom resource"),
        ({"Data": "text"}, "Vendor response's Data is not an object"),
    ],
)
def test_an_answer_of_the_wrong_form_fails_the_resource(cfn, custom, respond, members, reason):
    """A response to the right request without a required member is a failure at once."""
    cfn.function.behaviour = lambda event: (
        respond(event, **members) if event["RequestType"] == "Create" else respond(event)
    )

    cfn.create({"A": custom()})

    assert cfn.reason("A", "CREATE_FAILED") == reason


def test_the_first_answer_counts_and_the_others_are_recorded(cfn, custom, respond):
    """A second response has no effect."""

    def behaviour(event):
        cfn.function.put(event, respond(event, PhysicalResourceId="first"))
        return respond(event, Status="FAILED", Reason="second thoughts", PhysicalResourceId="second")

    cfn.function.behaviour = behaviour

    stack = cfn.create({"A": custom()})
    cfn.function.reset()

    assert stack.status == "CREATE_COMPLETE"
    assert stack.resources["A"].physical_id == "first"
    first, second = cfn.service.exchanges.all()[-1].responses
    assert (first.counted, second.counted) == (True, False)


def test_events_are_delivered_twice_on_demand(cfn, custom):
    """Asynchronous invocation is at least once: the duplicate is the identical event."""
    cfn.service.exchanges.deliver_twice(1)

    cfn.create({"A": custom(), "B": custom(depends_on="A")})

    assert cfn.function.sent() == [("Create", "A"), ("Create", "A"), ("Create", "B")]
    assert cfn.function.events[0] == cfn.function.events[1]
    assert [exchange.deliveries for exchange in cfn.service.exchanges.all()[-2:]] == [2, 1]


def test_all_events_are_delivered_twice_until_reset(cfn, custom):
    """None means every event from now on."""
    cfn.service.exchanges.deliver_twice(None)

    cfn.create({"A": custom(), "B": custom(depends_on="A")})

    assert [logical_id for _, logical_id in cfn.function.sent()] == ["A", "A", "B", "B"]


def test_a_request_id_is_used_again_on_demand(cfn, custom):
    """CloudFormation is known to reuse the RequestId when it retries a deployment."""
    cfn.create({"A": custom(V=1)})
    cfn.service.exchanges.reuse_request_ids = True

    cfn.update({"A": custom(V=2)})

    first, second = cfn.function.events
    assert first["RequestId"] == second["RequestId"]
    assert first["ResponseURL"] != second["ResponseURL"]


@pytest.mark.parametrize(("policy", "deleted"), [("Delete", True), ("RetainExceptOnCreate", True), ("Retain", False)])
def test_a_rolled_back_create_keeps_what_is_to_be_retained(cfn, custom, policy, deleted):
    """Retain keeps a resource even in the rollback of its stack's creation; RetainExceptOnCreate does not."""
    cfn.function.fail("Create", "Bad")

    cfn.create({"A": custom(attributes={"DeletionPolicy": policy}), "Bad": custom(depends_on="A")})

    assert (("Delete", "A") in cfn.function.sent()) is deleted
    assert cfn.events("A")[-1] == ("A", "DELETE_COMPLETE" if deleted else "DELETE_SKIPPED")


def test_without_rollback_a_failed_create_is_left_as_it_is(cfn, custom):
    """With DisableRollback nothing is deleted, and the stack's reason names the failed resource."""
    cfn.function.fail("Create", "B")

    stack = cfn.create({"A": custom(), "B": custom(depends_on="A")}, DisableRollback=True)

    assert stack.status == "CREATE_FAILED"
    assert stack.status_reason == "The following resource(s) failed to create: [B]. "
    assert cfn.function.sent("Delete") == []


def test_a_failed_create_deletes_the_stack_on_request(cfn, custom):
    """OnFailure=DELETE leaves no stack."""
    cfn.function.fail("Create", "A")
    cfn.start_create({"A": custom()}, OnFailure="DELETE")
    stack_id = cfn.api.list_stacks()["StackSummaries"][-1]["StackId"]

    assert cfn.engine.wait(stack_id).status == "DELETE_COMPLETE"


def test_a_delete_that_fails_in_the_rollback_wedges_the_stack(cfn, custom, respond):
    """ROLLBACK_FAILED names the resource that could not be deleted."""
    cfn.function.behaviour = lambda event: respond(event, Status="FAILED", Reason="no")

    stack = cfn.create({"A": custom()})

    assert stack.status == "ROLLBACK_FAILED"
    assert stack.status_reason == "The following resource(s) failed to delete: [A]. "


def test_a_missing_attribute_fails_the_resource_that_asks_for_it(cfn, custom):
    """Only the response defines a custom resource's attributes, so the error appears during the deployment."""
    stack = cfn.create({"A": custom(), "B": custom(X={"Fn::GetAtt": ["A", "Nothing"]})})

    assert stack.status == "ROLLBACK_COMPLETE"
    assert cfn.reason("B", "CREATE_FAILED") == (
        "CustomResource attribute error: Vendor response doesn't contain Nothing attribute in object A"
    )
    assert cfn.function.sent() == [("Create", "A"), ("Delete", "A")]


def test_a_service_token_other_than_a_function_fails_the_resource(cfn, custom):
    """Custom resources support Lambda functions only."""
    cfn.create({"A": custom(ServiceToken="arn:aws:sns:eu-central-1:123456789012:topic")})

    assert cfn.reason("A", "CREATE_FAILED") == (
        "Invalid service token arn:aws:sns:eu-central-1:123456789012:topic: the local AWS "
        "supports the ARN of a Lambda function only"
    )
