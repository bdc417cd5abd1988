"""Failed resources are provisioned again by the next operation.

"Stack failure options" (CloudFormation user guide): "Resources that failed to create or update will be retried",
"Resources without a last known stable state will be deleted upon the next stack operation", "Immutable update types
aren't supported", "A failure in one path doesn't affect other provisioning paths".
"""

import threading

import pytest
from botocore.exceptions import ClientError

from kvs_edge_local.cloudformation.assumptions import Assumptions, FailedCreationDeleted

NOT_TERMINAL = (
    r"This stack is currently in a non-terminal \[{}\] state. To update the stack from this state, please use"
)
BUCKET = "AWS::S3::Bucket"


def test_a_failed_creation_is_deleted_and_created_again_by_the_same_template(cfn, custom):
    """The Delete has the id that the failed Create reported; the stack is complete afterwards."""
    cfn.function.fail("Create", "A")
    assert cfn.create({"A": custom(V=1)}, DisableRollback=True).status == "CREATE_FAILED"
    cfn.function.fail("Create")

    stack = cfn.update({"A": custom(V=1)}, DisableRollback=True)

    assert stack.status == "UPDATE_COMPLETE"
    assert cfn.function.sent() == [("Create", "A"), ("Delete", "A"), ("Create", "A")]
    assert cfn.events("A")[-5:] == [
        ("A", "DELETE_IN_PROGRESS"),
        ("A", "DELETE_COMPLETE"),
        ("A", "CREATE_IN_PROGRESS"),
        ("A", "CREATE_IN_PROGRESS"),
        ("A", "CREATE_COMPLETE"),
    ]


def test_a_failed_creation_can_be_deleted_in_the_clean_up(cfn, custom, respond):
    """The other reading of "upon the next stack operation": after the creation, and only the resource of another id."""
    cfn.service.assumptions = Assumptions(failed_creation_deleted=FailedCreationDeleted.IN_CLEANUP)

    def behaviour(event):
        bad = not cfn.function.sent("Update") and len(cfn.function.sent("Create")) <= 2
        name = "first-" if bad else "second-"
        physical_id = event.get("PhysicalResourceId", name + event["LogicalResourceId"].lower())
        physical_id = "same" if event["LogicalResourceId"] == "Same" else physical_id
        failed = bad and event["RequestType"] == "Create"
        return respond(event, Status="FAILED" if failed else "SUCCESS", Reason="no", PhysicalResourceId=physical_id)

    cfn.function.behaviour = behaviour
    cfn.create({"A": custom(), "Same": custom()}, DisableRollback=True)

    stack = cfn.update({"A": custom(), "Same": custom()}, DisableRollback=True)

    assert stack.status == "UPDATE_COMPLETE"
    assert sorted(cfn.function.sent("Create")[2:]) == [("Create", "A"), ("Create", "Same")]
    [delete] = [event for event in cfn.function.events if event["RequestType"] == "Delete"]
    assert delete["PhysicalResourceId"] == "first-a"
    assert cfn.function.events[-1] is delete


def test_what_depends_on_a_failed_creation_is_created_by_the_next_update(cfn, custom):
    """The creation never started B."""
    cfn.function.fail("Create", "A")
    cfn.create({"A": custom(), "B": custom(depends_on="A")}, DisableRollback=True)
    cfn.function.fail("Create")

    cfn.update({"A": custom(), "B": custom(depends_on="A")}, DisableRollback=True)

    assert cfn.function.sent("Create") == [("Create", "A"), ("Create", "A"), ("Create", "B")]


def test_independent_resources_go_on_when_successful_ones_are_preserved(cfn, custom, respond):
    """Slow responds only after Bad has failed, and is complete."""
    failed = threading.Event()

    def behaviour(event):
        if event["LogicalResourceId"] == "Bad":
            failed.set()
            return respond(event, Status="FAILED", Reason="no")
        failed.wait()
        return respond(event)

    cfn.function.behaviour = behaviour

    stack = cfn.create(
        {"Bad": custom(), "Slow": custom(), "After": custom(depends_on="Slow"), "Held": custom(depends_on="Bad")},
        DisableRollback=True,
    )

    statuses = {name: each.status for name, each in stack.resources.items()}
    assert statuses == {"Bad": "CREATE_FAILED", "Slow": "CREATE_COMPLETE", "After": "CREATE_COMPLETE"}
    assert stack.status_reason == "The following resource(s) failed to create: [Bad]. "


def test_a_failed_update_is_updated_again_by_the_same_template(cfn, custom):
    """OldResourceProperties are those of the last stable state."""
    cfn.create({"A": custom(V=1)})
    cfn.function.fail("Update", "A")
    assert cfn.update({"A": custom(V=2)}, DisableRollback=True).status == "UPDATE_FAILED"
    cfn.function.fail("Update")

    stack = cfn.update({"A": custom(V=2)}, DisableRollback=True)

    again = cfn.function.events[-1]
    assert stack.status == "UPDATE_COMPLETE"
    assert (again["ResourceProperties"]["V"], again["OldResourceProperties"]["V"]) == ("2", "1")
    assert stack.resources["A"].status == "UPDATE_COMPLETE"


def test_a_failed_update_is_taken_back_by_the_former_template(cfn, custom):
    """The update starts from the attempted state, which may be in force in part."""
    cfn.create({"A": custom(V=1)})
    cfn.function.fail_with("A", V="2")
    cfn.update({"A": custom(V=2)}, DisableRollback=True)

    stack = cfn.update({"A": custom(V=1)}, DisableRollback=True)

    again = cfn.function.events[-1]
    assert stack.status == "UPDATE_COMPLETE"
    assert (again["ResourceProperties"]["V"], again["OldResourceProperties"]["V"]) == ("1", "2")


def test_the_previous_template_of_a_failed_update_is_the_one_that_failed(cfn, custom):
    """AWS's page retries an update in this way: `update-stack --use-previous-template --disable-rollback`."""
    cfn.create({"A": custom(V=1)})
    cfn.function.fail("Update", "A")
    cfn.update({"A": custom(V=2)}, DisableRollback=True)
    cfn.function.fail("Update")

    cfn.api.update_stack(StackName=cfn.stack_name, UsePreviousTemplate=True, DisableRollback=True)

    assert cfn.wait().status == "UPDATE_COMPLETE"
    assert cfn.function.events[-1]["ResourceProperties"]["V"] == "2"
    assert cfn.api.get_template(StackName=cfn.stack_name)["TemplateBody"]["Resources"]["A"]["Properties"]["V"] == 2


@pytest.mark.parametrize("status", ["CREATE_FAILED", "UPDATE_FAILED"])
def test_a_stack_in_a_failed_state_is_updated_without_rollback_only(cfn, custom, status):
    """UpdateStack and ExecuteChangeSet are refused in AWS's words (aws/aws-cli#6368); CreateChangeSet is allowed."""
    if status == "UPDATE_FAILED":
        cfn.create({"A": custom(V=1)})
    cfn.function.fail("Create" if status == "CREATE_FAILED" else "Update", "A")
    start = cfn.create if status == "CREATE_FAILED" else cfn.update
    assert start({"A": custom(V=2)}, DisableRollback=True).status == status

    with pytest.raises(ClientError, match=NOT_TERMINAL.format(status)):
        cfn.start_update({"A": custom(V=2)})
    cfn.api.create_change_set(StackName=cfn.stack_name, ChangeSetName="again", UsePreviousTemplate=True)
    change_set = cfn.api.describe_change_set(StackName=cfn.stack_name, ChangeSetName="again")
    assert (change_set["Status"], change_set["ExecutionStatus"]) == ("CREATE_COMPLETE", "AVAILABLE")
    with pytest.raises(ClientError, match=NOT_TERMINAL.format(status)):
        cfn.api.execute_change_set(StackName=cfn.stack_name, ChangeSetName="again")

    cfn.function.fail("Create")
    cfn.api.execute_change_set(StackName=cfn.stack_name, ChangeSetName="again", DisableRollback=True)
    assert cfn.wait().status == "UPDATE_COMPLETE"


def test_a_creation_that_was_to_do_nothing_on_failure_can_not_be_updated(cfn, custom):
    """AWS's words (code-dot-org/code-dot-org#68524): only DisableRollback allows a later update."""
    cfn.function.fail("Create", "A")
    cfn.create({"A": custom()}, OnFailure="DO_NOTHING")

    with pytest.raises(ClientError, match=r"because it contains \[on-failure: DO_NOTHING\]"):
        cfn.start_update({"A": custom()}, DisableRollback=True)


def test_a_replacement_fails_while_rollback_is_disabled(cfn):
    """Nothing is created, and the former template repairs the stack (aws/aws-cdk#30546)."""
    name = cfn.stack_name.lower()[:40]
    before = {"A": {"Type": BUCKET, "Properties": {"BucketName": f"{name}-1"}}}
    cfn.create(before)

    stack = cfn.update({"A": {"Type": BUCKET, "Properties": {"BucketName": f"{name}-2"}}}, DisableRollback=True)

    assert stack.status == "UPDATE_FAILED"
    reason = "Replacement type updates not supported on stack with disable-rollback."
    assert cfn.reason("A", "UPDATE_FAILED") == reason
    assert f"{name}-2" not in {bucket["Name"] for bucket in cfn.client("s3").list_buckets()["Buckets"]}
    stack = cfn.update(before, DisableRollback=True)
    assert (stack.status, stack.resources["A"].status) == ("UPDATE_COMPLETE", "UPDATE_COMPLETE")


def test_what_an_unfinished_update_has_replaced_is_deleted_by_the_next_one(cfn, custom, respond):
    """The first update had no clean-up: the old id is deleted once the stack is complete."""

    def behaviour(event):
        properties = event["ResourceProperties"]
        bad = event["LogicalResourceId"] == "Bad" and properties["V"] == "2"
        name = properties.get("Name", event["LogicalResourceId"])
        return respond(event, Status="FAILED" if bad else "SUCCESS", Reason="no", PhysicalResourceId=name)

    cfn.function.behaviour = behaviour
    cfn.create({"A": custom(Name="old"), "Bad": custom(V=1, depends_on="A")})
    cfn.update({"A": custom(Name="new"), "Bad": custom(V=2, depends_on="A")}, DisableRollback=True)
    assert cfn.function.sent("Delete") == []

    cfn.update({"A": custom(Name="new"), "Bad": custom(V=3, depends_on="A")}, DisableRollback=True)

    [delete] = [event for event in cfn.function.events if event["RequestType"] == "Delete"]
    assert delete["PhysicalResourceId"] == "old"


def test_a_failed_creation_is_rolled_back_on_request(cfn, custom):
    """RollbackStack removes all resources: ROLLBACK_COMPLETE, as after an automatic rollback."""
    cfn.function.fail("Create", "B")
    cfn.create({"A": custom(), "B": custom(depends_on="A")}, DisableRollback=True)

    cfn.api.rollback_stack(StackName=cfn.stack_name)

    assert cfn.wait().status == "ROLLBACK_COMPLETE"
    assert cfn.function.sent("Delete") == [("Delete", "B"), ("Delete", "A")]
    with pytest.raises(ClientError, match="RollbackStack cannot be called from current stack status ROLLBACK_COMPLETE"):
        cfn.api.rollback_stack(StackName=cfn.stack_name)


@pytest.mark.parametrize(("retain_except_on_create", "deleted"), [(True, [("Delete", "A")]), (False, [])])
def test_a_rollback_on_request_keeps_what_is_retained_by_default(cfn, custom, retain_except_on_create, deleted):
    """`cdk rollback` sends RetainExceptOnCreate."""
    cfn.function.fail("Create", "A")
    cfn.create({"A": custom(attributes={"DeletionPolicy": "Retain"})}, DisableRollback=True)

    cfn.api.rollback_stack(StackName=cfn.stack_name, RetainExceptOnCreate=retain_except_on_create)

    assert cfn.wait().status == "ROLLBACK_COMPLETE"
    assert cfn.function.sent("Delete") == deleted


def test_a_failed_update_of_a_stack_that_never_was_whole_is_rolled_back_to_nothing(cfn, custom):
    """The stack has no stable state (RollbackStack, CloudFormation API reference)."""
    cfn.function.fail("Create", "A")
    cfn.create({"A": custom(), "B": custom()}, DisableRollback=True)
    assert cfn.update({"A": custom(), "B": custom()}, DisableRollback=True).status == "UPDATE_FAILED"

    cfn.api.rollback_stack(StackName=cfn.stack_name)

    assert cfn.wait().status == "ROLLBACK_COMPLETE"
    assert sorted(cfn.function.sent("Delete")[-2:]) == [("Delete", "A"), ("Delete", "B")]
