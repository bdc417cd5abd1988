"""Operations in the API (OperationId, LastOperations, DescribeEvents), and a stack's resources."""

import itertools

import pytest
from botocore.exceptions import ClientError


def operations_of(events):
    """Return the unique OperationIds of events, in order."""
    return list(dict.fromkeys(event["OperationId"] for event in events))


def stack_events(cfn):
    """Return the stack's events, newest first."""
    return cfn.api.describe_stack_events(StackName=cfn.stack_name)["StackEvents"]


def last_operations(cfn):
    """Return the types of the stack's LastOperations."""
    return [each["OperationType"] for each in cfn.described()["LastOperations"]]


def test_each_operation_has_an_id_that_its_events_carry(cfn, custom):
    """The responses of CreateStack and UpdateStack have it, and DescribeStacks too."""
    created = cfn.api.create_stack(**cfn._request({"A": custom(V=1)}, {}))
    cfn.wait()
    first = cfn.described()["LastOperations"]
    updated = cfn.api.update_stack(**cfn._request({"A": custom(V=2)}, {}))
    cfn.wait()

    assert first == [{"OperationType": "CREATE_STACK", "OperationId": created["OperationId"]}]
    assert cfn.described()["LastOperations"] == [
        {"OperationType": "UPDATE_STACK", "OperationId": updated["OperationId"]}
    ]
    assert operations_of(stack_events(cfn)) == [updated["OperationId"], created["OperationId"]]


def test_an_automatic_rollback_is_an_operation_of_its_own(cfn, custom):
    """LastOperations lists it before the update that it rolls back (View stack events by operation, user guide)."""
    cfn.create({"A": custom(V=1)})
    cfn.function.fail_with("A", V="2")
    cfn.update({"A": custom(V=2)})

    roll_back, update = (each["OperationId"] for each in cfn.described()["LastOperations"])
    by_id = {key: [] for key in (roll_back, update)}
    for event in stack_events(cfn):
        by_id.get(event["OperationId"], []).append((event["LogicalResourceId"], event["ResourceStatus"]))
    assert last_operations(cfn) == ["ROLLBACK", "UPDATE_STACK"]
    assert (cfn.stack_name, "UPDATE_ROLLBACK_IN_PROGRESS") in by_id[roll_back]
    assert (cfn.stack_name, "UPDATE_ROLLBACK_COMPLETE") in by_id[roll_back]
    assert ("A", "UPDATE_FAILED") in by_id[update]
    assert not [status for _, status in by_id[update] if "ROLLBACK" in status]


def test_a_creation_that_is_rolled_back_has_two_operations(cfn, custom):
    """The deletions belong to the rollback."""
    cfn.function.fail("Create", "A")
    stack = cfn.create({"A": custom()})

    creation, roll_back = stack.operations
    assert (creation.type, creation.succeeded, roll_back.type, roll_back.succeeded) == (
        "CREATE_STACK",
        False,
        "ROLLBACK",
        True,
    )
    assert {event.operation for event in stack.events if event.status.startswith("DELETE")} == {roll_back}


def test_a_continued_rollback_is_the_last_of_three_operations(cfn, custom):
    """The first is CONTINUE_ROLLBACK, followed by the operation that it continues."""
    cfn.create({"A": custom(V=1)})
    cfn.function.fail("Update", "A")
    cfn.update({"A": custom(V=2)})
    cfn.function.fail("Update")
    cfn.api.continue_update_rollback(StackName=cfn.stack_name)
    cfn.wait()

    assert last_operations(cfn) == ["CONTINUE_ROLLBACK", "ROLLBACK", "UPDATE_STACK"]


def test_all_events_of_an_operation_carry_its_client_request_token(cfn, custom):
    """The rollback's events carry it too: "All events triggered by a given stack operation" (StackEvent)."""
    cfn.function.fail("Create", "A")
    cfn.create({"A": custom()}, ClientRequestToken="creation-1")
    cfn.delete(ClientRequestToken="deletion-1")

    stack = cfn.engine.all_stacks()[-1]
    events = cfn.api.describe_stack_events(StackName=stack.identity.stack_id)["StackEvents"]
    tokens = [token for token, _ in itertools.groupby(events, key=lambda event: event["ClientRequestToken"])]
    assert tokens == ["deletion-1", "creation-1"]


def test_events_can_be_described_by_operation(cfn, custom):
    """The result has only the operation's events, newest first, with its type and status."""
    cfn.create({"A": custom(V=1)})
    operation = cfn.api.update_stack(**cfn._request({"A": custom(V=2)}, {}))["OperationId"]
    cfn.wait()

    events = cfn.api.describe_events(OperationId=operation)["OperationEvents"]

    assert {(event["OperationType"], event["OperationStatus"]) for event in events} == {("UPDATE_STACK", "SUCCEEDED")}
    assert [(event["LogicalResourceId"], event["ResourceStatus"], event["EventType"]) for event in events] == [
        (cfn.stack_name, "UPDATE_COMPLETE", "STACK_EVENT"),
        (cfn.stack_name, "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", "STACK_EVENT"),
        ("A", "UPDATE_COMPLETE", "PROGRESS_EVENT"),
        ("A", "UPDATE_IN_PROGRESS", "PROGRESS_EVENT"),
        (cfn.stack_name, "UPDATE_IN_PROGRESS", "STACK_EVENT"),
    ]
    assert events[2]["ResourceProperties"].startswith("{")


def test_failed_events_alone_can_be_described(cfn, custom):
    """Filters.FailedEvents finds the cause of a rollback."""
    cfn.create({"A": custom(V=1), "B": custom(V=1)})
    cfn.function.fail_with("A", V="2")
    cfn.update({"A": custom(V=2), "B": custom(V=1)})

    events = cfn.api.describe_events(StackName=cfn.stack_name, Filters={"FailedEvents": True})["OperationEvents"]

    assert [(event["LogicalResourceId"], event["EventType"]) for event in events] == [("A", "PROVISIONING_ERROR")]
    assert "Message returned: no" in events[0]["ResourceStatusReason"]


def test_the_creation_of_a_change_set_is_an_operation(cfn, custom):
    """Its events are found by the change set; the stack's LastOperations do not list it."""
    cfn.create({"A": custom(V=1)})
    body = cfn._request({"A": custom(V=1)}, {})
    arn = cfn.api.create_change_set(**body, ChangeSetName="same")["Id"]

    [event] = cfn.api.describe_events(ChangeSetName=arn)["OperationEvents"]
    [failed] = cfn.api.describe_events(StackName=cfn.stack_name, ChangeSetName="same", Filters={"FailedEvents": True})[
        "OperationEvents"
    ]

    assert (event["OperationType"], event["OperationStatus"]) == ("CREATE_CHANGESET", "FAILED")
    assert failed["OperationId"] == event["OperationId"]
    assert last_operations(cfn) == ["CREATE_STACK"]


def test_events_are_described_in_pages(cfn, custom):
    """Pages have a hundred events, each exactly once."""
    cfn.create({f"R{number}": custom() for number in range(40)})

    pages = [
        page["OperationEvents"] for page in cfn.api.get_paginator("describe_events").paginate(StackName=cfn.stack_name)
    ]

    assert [len(page) for page in pages] == [100, 22]
    assert len({event["EventId"] for page in pages for event in page}) == 122


def test_events_of_nothing_are_refused(cfn):
    """One of three members is required (DescribeEvents, API reference)."""
    with pytest.raises(ClientError, match="One of ChangeSetName, OperationId or StackName must be specified"):
        cfn.api.describe_events()


def test_a_change_set_is_in_progress_while_it_is_executed(cfn, custom, respond):
    """The status is EXECUTE_COMPLETE after a success, EXECUTE_FAILED after a rollback."""
    seen = []

    def behaviour(event):
        [summary] = cfn.api.list_change_sets(StackName=cfn.stack_name)["Summaries"]
        seen.append(summary["ExecutionStatus"])
        bad = event["ResourceProperties"]["V"] == "2"
        return respond(event, Status="FAILED" if bad else "SUCCESS", Reason="no")

    cfn.function.behaviour = behaviour
    for version, kind in ((1, "CREATE"), (2, "UPDATE")):
        body = cfn._request({"A": custom(V=version)}, {})
        cfn.api.create_change_set(**body, ChangeSetName=f"v{version}", ChangeSetType=kind)
        cfn.api.execute_change_set(StackName=cfn.stack_name, ChangeSetName=f"v{version}")
        cfn.wait()
        [summary] = cfn.api.list_change_sets(StackName=cfn.stack_name)["Summaries"]
        assert summary["ExecutionStatus"] == ("EXECUTE_COMPLETE" if version == 1 else "EXECUTE_FAILED")
    assert set(seen) == {"EXECUTE_IN_PROGRESS"}


def test_resources_are_listed_with_their_statuses_while_they_are_made(cfn, custom, respond):
    """A resource in progress has no physical id yet; a created one has."""
    seen = {}

    def behaviour(event):
        if event["LogicalResourceId"] == "B":
            listed = cfn.api.list_stack_resources(StackName=cfn.stack_name)["StackResourceSummaries"]
            seen.update({each["LogicalResourceId"]: each for each in listed})
        return respond(event)

    cfn.function.behaviour = behaviour
    cfn.create({"A": custom(), "B": custom(depends_on="A")})

    assert (seen["A"]["ResourceStatus"], seen["A"]["PhysicalResourceId"]) == ("CREATE_COMPLETE", "A")
    assert seen["B"]["ResourceStatus"] == "CREATE_IN_PROGRESS"
    assert "PhysicalResourceId" not in seen["B"]


def test_the_resources_of_a_deleted_stack_are_still_listed(cfn, custom):
    """With DELETE_COMPLETE or DELETE_SKIPPED and their physical ids, by the stack's id (ListStackResources)."""
    cfn.create({"A": custom(), "Kept": custom(attributes={"DeletionPolicy": "Retain"})})
    stack_id = cfn.delete().identity.stack_id

    listed = cfn.api.list_stack_resources(StackName=stack_id)["StackResourceSummaries"]
    described = cfn.api.describe_stack_resources(StackName=stack_id)["StackResources"]

    expected = {("A", "A", "DELETE_COMPLETE"), ("Kept", "Kept", "DELETE_SKIPPED")}
    for resources in (listed, described):
        keys = ("LogicalResourceId", "PhysicalResourceId", "ResourceStatus")
        assert {tuple(each[key] for key in keys) for each in resources} == expected


def test_a_stack_is_found_by_one_of_its_physical_resources(cfn, custom):
    """DescribeStackResources accepts a PhysicalResourceId or a StackName, not both (API reference)."""
    name = cfn.stack_name.lower()
    cfn.create({"Bucket": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": name}}, "A": custom()})

    found = cfn.api.describe_stack_resources(PhysicalResourceId=name)["StackResources"]

    assert {each["LogicalResourceId"] for each in found} == {"Bucket", "A"}
    with pytest.raises(ClientError, match="either StackName or PhysicalResourceId, but not both"):
        cfn.api.describe_stack_resources(StackName=cfn.stack_name, PhysicalResourceId=name)


def test_more_resources_than_a_page_are_listed_in_pages(cfn, custom):
    """ListStackResources has pages; DescribeStackResources ends after the first 100 (API reference)."""
    parameters = {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", "Value": "v"}}
    cfn.create({f"R{number}": parameters for number in range(101)})

    pages = [
        page["StackResourceSummaries"]
        for page in cfn.api.get_paginator("list_stack_resources").paginate(StackName=cfn.stack_name)
    ]

    assert [len(page) for page in pages] == [100, 1]
    assert len(cfn.api.describe_stack_resources(StackName=cfn.stack_name)["StackResources"]) == 100
