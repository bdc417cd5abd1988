"""DeleteStack during a creation or an update."""

import threading

import pytest
from botocore.exceptions import ClientError

from kvs_edge_local.cloudformation.assumptions import Assumptions, DeleteDuringUpdate


@pytest.fixture
def silent(cfn, respond):
    """Leave a resource's requests of one type without a response; wait for the first, and return it."""

    class Silent:
        def __init__(self):
            self.events = []
            self.reached = threading.Event()

        def on(self, request_type, logical_id="A"):
            def behaviour(event):
                if (event["RequestType"], event["LogicalResourceId"]) == (request_type, logical_id):
                    self.events.append(event)
                    self.reached.set()
                    return None
                return respond(event)

            cfn.function.behaviour = behaviour

    return Silent()


def test_a_creation_in_progress_is_cancelled_by_a_deletion(cfn, custom, silent):
    """The Create has no response: its Delete has an id that CloudFormation generates (coverage-roadmap#1814)."""
    silent.on("Create")
    cfn.start_create({"A": custom(), "B": custom(depends_on="A")})
    silent.reached.wait()

    stack = cfn.delete()

    assert stack.status == "DELETE_COMPLETE"
    assert cfn.reason("A", "CREATE_FAILED") == "Resource creation cancelled"
    [sent] = [event for event in cfn.function.events if event["RequestType"] == "Delete"]
    name, logical_id, random = sent["PhysicalResourceId"].rsplit("-", 2)
    assert (name, logical_id) == (cfn.stack_name, "A")
    assert len(random) == 12
    assert cfn.function.sent() == [("Create", "A"), ("Delete", "A")]


def test_a_late_answer_of_a_cancelled_creation_is_ignored(cfn, custom, silent, respond):
    """It is recorded with a remark; the Delete keeps the generated id."""
    silent.on("Create")
    cfn.start_create({"A": custom()})
    silent.reached.wait()
    stack = cfn.delete()

    status = cfn.function.put(silent.events[0], respond(silent.events[0], PhysicalResourceId="late"))

    create = cfn.service.exchanges.all()[-2]
    assert status == 200
    assert [(each.counted, each.remark) for each in create.responses] == [
        (False, "CloudFormation no longer waited for a response")
    ]
    assert stack.status == "DELETE_COMPLETE"


def test_the_events_of_a_cancelled_creation_belong_to_the_creation(cfn, custom, silent):
    """The deletion is an operation of its own, and the stack's last one."""
    silent.on("Create")
    cfn.start_create({"A": custom()})
    silent.reached.wait()

    stack = cfn.delete()

    creation, deletion = stack.operations
    by_operation = {(event.operation, event.status) for event in stack.events if event.logical_id == "A"}
    assert (creation, "CREATE_FAILED") in by_operation
    assert (deletion, "DELETE_COMPLETE") in by_operation
    assert (creation.type, creation.succeeded, deletion.type, deletion.succeeded) == (
        "CREATE_STACK",
        False,
        "DELETE_STACK",
        True,
    )


def test_an_update_in_progress_is_cancelled_by_a_deletion(cfn, custom, silent, respond):
    """No rollback happens; the resource is deleted under its id, and a late response is ignored."""
    cfn.create({"A": custom(V=1)})
    silent.on("Update")
    cfn.start_update({"A": custom(V=2)})
    silent.reached.wait()

    stack = cfn.delete()
    cfn.function.put(silent.events[0], respond(silent.events[0], PhysicalResourceId="late"))

    assert stack.status == "DELETE_COMPLETE"
    assert cfn.function.sent() == [("Create", "A"), ("Update", "A"), ("Delete", "A")]
    assert cfn.function.events[-1]["PhysicalResourceId"] == "A"
    statuses = [status for name, status in cfn.events(stack.identity.name)]
    assert statuses[-3:] == ["UPDATE_IN_PROGRESS", "DELETE_IN_PROGRESS", "DELETE_COMPLETE"]


def test_both_of_a_replacement_are_deleted_with_a_stack_whose_update_is_in_progress(cfn, custom, respond):
    """The clean-up would have deleted the old one, but never starts."""
    reached = threading.Event()

    def behaviour(event):
        if event["RequestType"] == "Update" and event["LogicalResourceId"] == "B":
            reached.set()
            return None
        return respond(event, PhysicalResourceId=event["ResourceProperties"].get("Name", "b"))

    cfn.function.behaviour = behaviour
    cfn.create({"A": custom(Name="old"), "B": custom(V=1, depends_on="A")})
    cfn.start_update({"A": custom(Name="new"), "B": custom(V=2, depends_on="A")})
    reached.wait()

    stack = cfn.delete()

    deleted = [event["PhysicalResourceId"] for event in cfn.function.events if event["RequestType"] == "Delete"]
    assert stack.status == "DELETE_COMPLETE"
    assert deleted[0] == "b"
    assert sorted(deleted[1:]) == ["new", "old"]


def test_a_deletion_during_an_update_can_be_refused(cfn, custom, silent):
    """As users report of AWS (aws/aws-toolkit-azure-devops#317)."""
    cfn.service.assumptions = Assumptions(delete_during_update=DeleteDuringUpdate.REFUSED)
    cfn.create({"A": custom(V=1)})
    silent.on("Update")
    cfn.start_update({"A": custom(V=2)})
    silent.reached.wait()

    with pytest.raises(ClientError, match="cannot be deleted while in status UPDATE_IN_PROGRESS"):
        cfn.api.delete_stack(StackName=cfn.stack_name)

    cfn.api.cancel_update_stack(StackName=cfn.stack_name)
    cfn.wait()


def test_the_change_set_of_a_cancelled_creation_has_failed(cfn, custom, silent):
    """EXECUTE_IN_PROGRESS while it runs, EXECUTE_FAILED afterwards."""
    silent.on("Create")
    body = cfn._request({"A": custom()}, {})
    arn = cfn.api.create_change_set(**body, ChangeSetName="first", ChangeSetType="CREATE")["Id"]
    cfn.api.execute_change_set(ChangeSetName=arn)
    silent.reached.wait()
    assert cfn.api.describe_change_set(ChangeSetName=arn)["ExecutionStatus"] == "EXECUTE_IN_PROGRESS"

    cfn.delete()

    assert cfn.engine.change_sets.find(arn, None).execution_status == "EXECUTE_FAILED"
