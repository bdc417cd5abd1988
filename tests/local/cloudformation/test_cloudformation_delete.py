"""Deletion of stacks, and its obstacles."""

import pytest
from botocore.exceptions import ClientError


def test_resources_are_deleted_in_the_reverse_order_of_their_dependencies(cfn, custom):
    """Dependents are deleted first; each Delete has the physical id."""
    cfn.create({"A": custom(), "B": custom(depends_on="A"), "C": custom(depends_on="B")})

    stack = cfn.delete()

    assert stack.status == "DELETE_COMPLETE"
    assert cfn.function.sent("Delete") == [("Delete", "C"), ("Delete", "B"), ("Delete", "A")]
    assert cfn.function.events[-1]["PhysicalResourceId"] == "A"


def test_a_deleted_stack_is_found_by_its_id_only(cfn, custom):
    """Its name can be used again."""
    stack = cfn.create({"A": custom()})
    cfn.delete()

    with pytest.raises(ClientError, match="does not exist"):
        cfn.api.describe_stacks(StackName=cfn.stack_name)
    [found] = cfn.api.describe_stacks(StackName=stack.identity.stack_id)["Stacks"]
    assert found["StackStatus"] == "DELETE_COMPLETE"
    assert found["DeletionTime"] >= found["CreationTime"]
    assert cfn.create({"A": custom()}).status == "CREATE_COMPLETE"


@pytest.mark.parametrize("policy", ["Retain", "RetainExceptOnCreate"])
def test_retained_resources_are_let_go_of(cfn, custom, policy):
    """No Delete is sent, and the stack is deleted."""
    cfn.create({"A": custom(attributes={"DeletionPolicy": policy}), "B": custom()})

    assert cfn.delete().status == "DELETE_COMPLETE"
    assert cfn.function.sent("Delete") == [("Delete", "B")]
    assert cfn.events("A")[-1] == ("A", "DELETE_SKIPPED")


def test_a_delete_that_fails_blocks_the_stack_and_what_the_resource_depends_on(cfn, custom):
    """DELETE_FAILED names the resource; independent resources are gone; another deletion continues."""
    cfn.create({"A": custom(), "B": custom(depends_on="A"), "Other": custom()})
    cfn.function.fail("Delete", "B")

    stack = cfn.delete()

    assert stack.status == "DELETE_FAILED"
    assert stack.status_reason == "The following resource(s) failed to delete: [B]. "
    assert set(cfn.function.sent("Delete")) == {("Delete", "B"), ("Delete", "Other")}

    cfn.function.reset()
    assert cfn.delete().status == "DELETE_COMPLETE"
    assert cfn.function.sent() == [("Delete", "B"), ("Delete", "A")]


def test_after_a_failed_deletion_a_resource_can_be_retained(cfn, custom):
    """RetainResources releases the resource that cannot be deleted, and is allowed only then."""
    cfn.create({"A": custom()})
    with pytest.raises(ClientError, match="only when the stack is in the DELETE_FAILED state"):
        cfn.delete(RetainResources=["A"])
    cfn.function.fail("Delete", "A")
    cfn.delete()

    assert cfn.delete(RetainResources=["A"]).status == "DELETE_COMPLETE"


def test_after_a_failed_deletion_a_stack_can_be_forced_to_go(cfn, custom):
    """FORCE_DELETE_STACK retains the resources that fail."""
    cfn.create({"A": custom()})
    cfn.function.fail("Delete", "A")
    cfn.delete()

    assert cfn.delete(DeletionMode="FORCE_DELETE_STACK").status == "DELETE_COMPLETE"


def test_termination_protection_is_kept_to(cfn, custom):
    """Deletion works after the protection is disabled."""
    cfn.create({"A": custom()}, EnableTerminationProtection=True)
    with pytest.raises(ClientError, match="TerminationProtection is enabled"):
        cfn.delete()

    cfn.api.update_termination_protection(StackName=cfn.stack_name, EnableTerminationProtection=False)

    assert cfn.delete().status == "DELETE_COMPLETE"


def test_an_imported_export_keeps_its_stack(cfn, custom):
    """Neither an imported value nor its stack can be changed or deleted."""
    name = f"{cfn.stack_name}-value"
    exporting = {"Outputs": {"O": {"Value": "one", "Export": {"Name": name}}}}
    cfn.create({"A": custom()}, **exporting)
    exporter, cfn.stack_name = cfn.stack_name, f"{cfn.stack_name}Importer"
    cfn.create({"B": custom(V={"Fn::ImportValue": name})})

    assert cfn.function.events[-1]["ResourceProperties"]["V"] == "one"
    assert cfn.api.list_imports(ExportName=name)["Imports"] == [cfn.stack_name]
    with pytest.raises(ClientError, match=f"{name} cannot be updated or deleted as it is in use by {cfn.stack_name}"):
        cfn.api.delete_stack(StackName=exporter)
    cfn.delete()
    cfn.stack_name = exporter
    assert cfn.delete().status == "DELETE_COMPLETE"


def test_an_export_name_is_taken_once(cfn, custom):
    """A second stack with the same export fails, and is rolled back."""
    name = f"{cfn.stack_name}-value"
    exporting = {"Outputs": {"O": {"Value": "one", "Export": {"Name": name}}}}
    cfn.create({"A": custom()}, **exporting)
    first, cfn.stack_name = cfn.stack_name, f"{cfn.stack_name}Second"

    stack = cfn.create({"A": custom()}, **exporting)

    assert stack.status == "ROLLBACK_COMPLETE"
    assert f"Export with name {name} is already exported by stack {first}" in cfn.reason(
        cfn.stack_name, "ROLLBACK_IN_PROGRESS"
    )


def test_deleting_what_is_not_there_succeeds(cfn):
    """DeleteStack succeeds for a missing stack, as in AWS."""
    cfn.api.delete_stack(StackName="NeverThere")
    with pytest.raises(ClientError, match="Stack with id NeverThere does not exist"):
        cfn.api.describe_stacks(StackName="NeverThere")
