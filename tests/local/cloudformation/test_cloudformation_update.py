"""Updates of stacks: requests, replacements, clean-up and rollback."""

import threading

import pytest
from botocore.exceptions import ClientError

TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}


def role(**properties):
    """Return a role."""
    return {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": TRUST, **properties}}


def policy_on(principal, *actions):
    """Return an inline policy on a role, allowing these actions."""
    document = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": list(actions), "Resource": "*"}]}
    properties = {"PolicyName": "grants", "PolicyDocument": document, "Roles": [{"Ref": principal}]}
    return {"Type": "AWS::IAM::Policy", "Properties": properties}


def test_an_update_sends_new_and_old_properties(cfn, custom):
    """Both are strings, with the physical id from the Create."""
    cfn.create({"A": custom(Seconds=60, Same="x")})

    stack = cfn.update({"A": custom(Seconds=90, Same="x")})

    event = cfn.function.events[-1]
    assert stack.status == "UPDATE_COMPLETE"
    assert event["RequestType"] == "Update"
    assert event["PhysicalResourceId"] == "A"
    assert event["ResourceProperties"]["Seconds"] == "90"
    assert event["OldResourceProperties"]["Seconds"] == "60"


def test_what_did_not_change_is_not_called(cfn, custom):
    """An unchanged resource gets no call: the number 1 and the string "1" are equal."""
    cfn.create({"A": custom(Number=1), "B": custom(V=1)})

    cfn.update({"A": custom(Number="1"), "B": custom(V=2)})

    assert cfn.function.sent("Update") == [("Update", "B")]


def test_an_update_without_any_change_is_refused(cfn, custom):
    """The CDK CLI recognizes the message."""
    cfn.create({"A": custom()})

    with pytest.raises(ClientError, match="No updates are to be performed"):
        cfn.update({"A": custom()})


def test_a_changed_output_alone_is_an_update_without_calls(cfn, custom):
    """Outputs are part of the template."""
    cfn.create({"A": custom()}, Outputs={"O": {"Value": "one"}})

    stack = cfn.update({"A": custom()}, Outputs={"O": {"Value": "two"}})

    assert stack.status == "UPDATE_COMPLETE"
    assert [output.value for output in stack.outputs] == ["two"]
    assert cfn.function.sent("Update") == []


def test_a_changed_attribute_updates_what_refers_to_it(cfn, custom, respond):
    """A new attribute value reaches its users in the same update."""
    cfn.function.behaviour = lambda event: respond(event, Data={"Echo": event["ResourceProperties"].get("V", "")})
    cfn.create({"A": custom(V=1), "B": custom(From={"Fn::GetAtt": ["A", "Echo"]})})

    cfn.update({"A": custom(V=2), "B": custom(From={"Fn::GetAtt": ["A", "Echo"]})})

    assert cfn.function.sent("Update") == [("Update", "A"), ("Update", "B")]
    assert cfn.function.events[-1]["ResourceProperties"]["From"] == "2"


def test_another_physical_id_is_a_replacement_with_a_delete_in_the_clean_up(cfn, custom, respond):
    """The old id is deleted, with the old properties, after the update."""
    cfn.function.behaviour = lambda event: respond(event, PhysicalResourceId=event["ResourceProperties"]["Name"])
    cfn.create({"A": custom(Name="old")})

    stack = cfn.update({"A": custom(Name="new")})

    deletion = cfn.function.events[-1]
    assert stack.status == "UPDATE_COMPLETE"
    assert stack.resources["A"].physical_id == "new"
    assert deletion["RequestType"] == "Delete"
    assert deletion["PhysicalResourceId"] == "old"
    assert deletion["ResourceProperties"]["Name"] == "old"
    statuses = [status for _, status in cfn.events(cfn.stack_name, "A")]
    assert statuses.index("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS") < statuses.index("DELETE_IN_PROGRESS")


def test_a_replaced_resource_with_retain_is_not_deleted(cfn, custom, respond):
    """UpdateReplacePolicy: Retain skips the clean-up's Delete."""
    cfn.function.behaviour = lambda event: respond(event, PhysicalResourceId=event["ResourceProperties"]["Name"])
    retained = {"UpdateReplacePolicy": "Retain"}
    cfn.create({"A": custom(Name="old", attributes=retained)})

    cfn.update({"A": custom(Name="new", attributes=retained)})

    assert cfn.function.sent("Delete") == []
    assert ("A", "DELETE_SKIPPED") in cfn.events("A")


def test_removed_resources_go_in_the_reverse_order_of_the_old_template(cfn, custom):
    """The clean-up deletes them after all new resources exist."""
    cfn.create({"A": custom(), "B": custom(depends_on="A"), "C": custom(depends_on="B"), "Keep": custom()})

    stack = cfn.update({"Keep": custom(), "New": custom()})

    assert cfn.function.sent()[4:] == [("Create", "New"), ("Delete", "C"), ("Delete", "B"), ("Delete", "A")]
    assert set(stack.resources) == {"Keep", "New"}


@pytest.mark.parametrize("policy", ["Retain", "RetainExceptOnCreate"])
def test_a_removed_resource_with_a_retaining_policy_is_let_go_of(cfn, custom, policy):
    """No Delete is sent, and the stack no longer has the resource."""
    cfn.create({"A": custom(attributes={"DeletionPolicy": policy}), "B": custom()})

    stack = cfn.update({"B": custom()})

    assert cfn.function.sent("Delete") == []
    assert ("A", "DELETE_SKIPPED") in cfn.events("A")
    assert set(stack.resources) == {"B"}


def test_a_new_deletion_policy_counts_though_nothing_is_called(cfn, custom):
    """The last deployed policy applies to the removal."""
    cfn.create({"A": custom(), "B": custom()})
    cfn.update({"A": custom(attributes={"DeletionPolicy": "Retain"}), "B": custom()})

    cfn.update({"B": custom()})

    assert cfn.function.sent("Update", "Delete") == []


def test_a_delete_that_fails_in_the_clean_up_is_forgotten(cfn, custom):
    """The stack is UPDATE_COMPLETE, and the resource's dependencies are deleted too."""
    cfn.create({"A": custom(), "B": custom(depends_on="A"), "C": custom()})
    cfn.function.fail("Delete", "B")

    stack = cfn.update({"C": custom()})

    assert stack.status == "UPDATE_COMPLETE"
    assert set(stack.resources) == {"C"}
    assert ("B", "DELETE_FAILED") in cfn.events("B")
    assert cfn.function.sent("Delete") == [("Delete", "B"), ("Delete", "A")]


def test_a_policy_shrinks_before_the_clean_up_sends_its_deletes(cfn, custom, respond):
    """The problem of a shared policy: the Delete of a removed resource comes after its permission is gone."""
    iam, seen = cfn.client("iam"), []

    def behaviour(event):
        if event["RequestType"] == "Delete":
            document = iam.get_role_policy(RoleName=f"{cfn.stack_name}-r", PolicyName="grants")["PolicyDocument"]
            seen.append(document["Statement"][0]["Action"])
        return respond(event)

    cfn.function.behaviour = behaviour
    the_role = role(RoleName=f"{cfn.stack_name}-r")
    cfn.create({"Role": the_role, "Policy": policy_on("Role", "a:One", "a:Two"), "A": custom(depends_on="Policy")})

    cfn.update({"Role": the_role, "Policy": policy_on("Role", "a:One")})

    assert seen == [["a:One"]]


def test_a_policy_of_its_own_outlives_the_resource_that_depends_on_it(cfn, custom, respond):
    """The solution: an own policy is removed together with the resource, and deleted after it."""
    iam, seen = cfn.client("iam"), []

    def behaviour(event):
        if event["RequestType"] == "Delete":
            document = iam.get_role_policy(RoleName=f"{cfn.stack_name}-r", PolicyName="grants")["PolicyDocument"]
            seen.append(document["Statement"][0]["Action"])
        return respond(event)

    cfn.function.behaviour = behaviour
    the_role = role(RoleName=f"{cfn.stack_name}-r")
    cfn.create({"Role": the_role, "Policy": policy_on("Role", "a:Delete"), "A": custom(depends_on="Policy")})

    cfn.update({"Role": the_role})

    assert seen == [["a:Delete"]]
    assert iam.list_role_policies(RoleName=f"{cfn.stack_name}-r")["PolicyNames"] == []


def test_a_failed_update_is_rolled_back_with_the_properties_swapped(cfn, custom):
    """The failed resource and the one updated before it get their old properties back."""
    cfn.create({"A": custom(V=1), "B": custom(V=1, depends_on="A"), "C": custom(V=1)})
    cfn.function.fail_with("B", V="2")
    first = len(cfn.function.events)

    stack = cfn.update({"A": custom(V=2), "B": custom(V=2, depends_on="A"), "C": custom(V=1)})

    assert stack.status == "UPDATE_ROLLBACK_COMPLETE"
    sent = [
        (event["LogicalResourceId"], event["ResourceProperties"]["V"], event["OldResourceProperties"]["V"])
        for event in cfn.function.events[first:]
    ]
    assert sent == [("A", "2", "1"), ("B", "2", "1"), ("A", "1", "2"), ("B", "1", "2")]
    assert [status for _, status in cfn.events(cfn.stack_name)][-4:] == [
        "UPDATE_IN_PROGRESS",
        "UPDATE_ROLLBACK_IN_PROGRESS",
        "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS",
        "UPDATE_ROLLBACK_COMPLETE",
    ]
    assert (
        cfn.reason(cfn.stack_name, "UPDATE_ROLLBACK_IN_PROGRESS") == "The following resource(s) failed to update: [B]. "
    )


def test_what_a_failed_update_made_goes_in_the_clean_up_of_the_rollback(cfn, custom):
    """A resource that is new in the failed update is deleted last, after the others are rolled back."""
    cfn.create({"A": custom(V=1)})
    cfn.function.fail_with("A", V="2")

    stack = cfn.update({"New": custom(), "A": custom(V=2, depends_on="New")})

    assert cfn.function.sent()[1:] == [("Create", "New"), ("Update", "A"), ("Update", "A"), ("Delete", "New")]
    assert set(stack.resources) == {"A"}
    statuses = [status for _, status in cfn.events(cfn.stack_name, "New")]
    assert statuses.index("UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS") < statuses.index("DELETE_IN_PROGRESS")


@pytest.mark.parametrize(("policy", "deleted"), [("Delete", True), ("RetainExceptOnCreate", True), ("Retain", False)])
def test_what_a_failed_update_made_obeys_its_deletion_policy(cfn, custom, policy, deleted):
    """RetainExceptOnCreate lets a rollback delete a resource that it created; Retain does not."""
    cfn.create({"A": custom(V=1)})
    cfn.function.fail_with("A", V="2")

    cfn.update({"New": custom(attributes={"DeletionPolicy": policy}), "A": custom(V=2, depends_on="New")})

    assert (("Delete", "New") in cfn.function.sent()) is deleted


def test_what_a_failed_update_would_have_removed_is_not_touched(cfn, custom):
    """Removals belong to the clean-up, which a failed update never reaches."""
    cfn.create({"A": custom(V=1), "Gone": custom()})
    cfn.function.fail_with("A", V="2")

    stack = cfn.update({"A": custom(V=2)})

    assert set(stack.resources) == {"A", "Gone"}
    assert cfn.function.sent("Delete") == []


def test_a_replacement_is_taken_back_and_the_new_one_deleted(cfn, custom, respond):
    """The rollback's Update has the new id; a response with the old id discards the new one."""

    def behaviour(event):
        properties = event["ResourceProperties"]
        bad = event["LogicalResourceId"] == "Bad" and properties["V"] == "2"
        name = properties.get("Name", event["LogicalResourceId"])
        return respond(event, Status="FAILED" if bad else "SUCCESS", Reason="no", PhysicalResourceId=name)

    cfn.function.behaviour = behaviour
    cfn.create({"A": custom(Name="old"), "Bad": custom(V=1, depends_on="A")})

    stack = cfn.update({"A": custom(Name="new"), "Bad": custom(V=2, depends_on="A")})

    back = [event for event in cfn.function.events if event["LogicalResourceId"] == "A"][2:]
    assert [(event["RequestType"], event["PhysicalResourceId"]) for event in back] == [
        ("Update", "new"),
        ("Delete", "new"),
    ]
    assert stack.resources["A"].physical_id == "old"


def test_ordinary_resources_are_rolled_back_as_well(cfn, custom):
    """A policy that grew in the failed update shrinks again."""
    iam, name = cfn.client("iam"), f"{cfn.stack_name}-r"
    before = {"Role": role(RoleName=name), "Policy": policy_on("Role", "a:One"), "A": custom(V=1, depends_on="Policy")}
    cfn.create(before)
    cfn.function.fail_with("A", V="2")

    cfn.update({**before, "Policy": policy_on("Role", "a:One", "a:Two"), "A": custom(V=2, depends_on="Policy")})

    document = iam.get_role_policy(RoleName=name, PolicyName="grants")["PolicyDocument"]
    assert document["Statement"][0]["Action"] == ["a:One"]


def test_an_ordinary_replacement_is_taken_back(cfn, custom):
    """The old role would be deleted in the clean-up only: it is used again, and the new one deleted."""
    iam, name = cfn.client("iam"), cfn.stack_name
    cfn.create({"Role": role(RoleName=f"{name}-1"), "A": custom(V=1, Role={"Ref": "Role"})})
    cfn.function.fail_with("A", V="2")

    stack = cfn.update({"Role": role(RoleName=f"{name}-2"), "A": custom(V=2, Role={"Ref": "Role"})})

    assert stack.resources["Role"].physical_id == f"{name}-1"
    assert cfn.function.events[-1]["ResourceProperties"]["Role"] == f"{name}-1"
    roles = {each["RoleName"] for each in iam.list_roles()["Roles"]}
    assert f"{name}-1" in roles
    assert f"{name}-2" not in roles


def test_an_update_in_progress_is_cancelled_when_another_fails(cfn, custom, respond):
    """The rollback's Update is sent while the first one is in progress."""
    started = threading.Event()

    def behaviour(event):
        if event["RequestType"] == "Create" or event["ResourceProperties"]["V"] == "1":
            return respond(event)
        if event["LogicalResourceId"] == "Slow":
            started.set()
            return None
        started.wait()
        return respond(event, Status="FAILED", Reason="no")

    cfn.function.behaviour = behaviour
    cfn.create({"Slow": custom(V=1), "Bad": custom(V=1)})

    stack = cfn.update({"Slow": custom(V=2), "Bad": custom(V=2)})

    slow = [event for event in cfn.function.events if event["LogicalResourceId"] == "Slow"]
    assert stack.status == "UPDATE_ROLLBACK_COMPLETE"
    assert cfn.reason("Slow", "UPDATE_FAILED") == "Resource update cancelled"
    assert [(e["RequestType"], e["ResourceProperties"]["V"]) for e in slow] == [
        ("Create", "1"),
        ("Update", "2"),
        ("Update", "1"),
    ]


def test_a_late_answer_to_a_cancelled_update_changes_nothing(cfn, custom, respond):
    """Each request has its own ResponseURL: a response to the old one is recorded there."""
    late = []

    def behaviour(event):
        if event["RequestType"] == "Update" and event["ResourceProperties"]["V"] == "2":
            late.append(event)
            return respond(event, Status="FAILED", Reason="no") if event["LogicalResourceId"] == "Bad" else None
        if event["LogicalResourceId"] == "Slow" and late:
            cfn.function.put(late[0], respond(late[0], PhysicalResourceId="too-late"))
        return respond(event)

    cfn.function.behaviour = behaviour
    cfn.create({"Slow": custom(V=1), "Bad": custom(V=1, depends_on="Slow")})
    cfn.function.behaviour = behaviour
    cfn.start_update({"Slow": custom(V=2, ServiceTimeout=60), "Bad": custom(V=1, depends_on="Slow")})

    stack = cfn.wait()

    assert stack.status == "UPDATE_ROLLBACK_COMPLETE"
    assert stack.resources["Slow"].physical_id == "Slow"
    assert "too-late" in cfn.service.exchanges.all()[-2].responses[0].body


def test_a_failure_in_the_rollback_wedges_the_stack_until_it_is_continued(cfn, custom):
    """UPDATE_ROLLBACK_FAILED names the resource; ContinueUpdateRollback retries."""
    cfn.create({"A": custom(V=1), "B": custom(V=1)})
    cfn.function.fail("Update", "A")
    stack = cfn.update({"A": custom(V=2), "B": custom(V=1)})
    assert stack.status == "UPDATE_ROLLBACK_FAILED"
    assert stack.status_reason == "The following resource(s) failed to update: [A]. "
    with pytest.raises(ClientError, match="UPDATE_ROLLBACK_FAILED state and can not be updated"):
        cfn.start_update({"A": custom(V=3)})

    cfn.function.fail("Update")
    before = len(cfn.function.events)
    cfn.api.continue_update_rollback(StackName=cfn.stack_name)

    assert cfn.wait().status == "UPDATE_ROLLBACK_COMPLETE"
    [again] = cfn.function.events[before:]
    assert (again["ResourceProperties"]["V"], again["OldResourceProperties"]["V"]) == ("1", "2")


def test_a_continued_rollback_can_skip_a_resource(cfn, custom):
    """A skipped resource counts as rolled back without a call."""
    cfn.create({"A": custom(V=1)})
    cfn.function.fail("Update", "A")
    cfn.update({"A": custom(V=2)})
    calls = len(cfn.function.events)

    cfn.api.continue_update_rollback(StackName=cfn.stack_name, ResourcesToSkip=["A"])

    assert cfn.wait().status == "UPDATE_ROLLBACK_COMPLETE"
    assert len(cfn.function.events) == calls


def test_a_continued_rollback_can_skip_all_that_failed(cfn, custom):
    """`cdk rollback --force` sends ForceRollback; with ResourcesToSkip it is refused (ContinueUpdateRollback)."""
    cfn.create({"A": custom(V=1), "B": custom(V=1)})
    cfn.function.fail("Update", "A")
    cfn.update({"A": custom(V=2), "B": custom(V=1)})
    calls = len(cfn.function.events)
    with pytest.raises(ClientError, match="either ForceRollback or ResourcesToSkip"):
        cfn.api.continue_update_rollback(StackName=cfn.stack_name, ResourcesToSkip=["A"], ForceRollback=True)

    cfn.api.continue_update_rollback(StackName=cfn.stack_name, ForceRollback=True)

    assert cfn.wait().status == "UPDATE_ROLLBACK_COMPLETE"
    assert len(cfn.function.events) == calls


def test_the_failure_of_one_resource_does_not_keep_others_from_being_rolled_back(cfn, custom, respond):
    """B is rolled back although A fails."""

    def behaviour(event):
        bad = event["RequestType"] == "Update" and event["LogicalResourceId"] == "A"
        return respond(event, Status="FAILED" if bad else "SUCCESS", Reason="no")

    cfn.function.behaviour = behaviour
    cfn.create({"B": custom(V=1), "A": custom(V=1, depends_on="B")})

    cfn.update({"B": custom(V=2), "A": custom(V=2, depends_on="B")})

    back = [e["ResourceProperties"]["V"] for e in cfn.function.events if e["LogicalResourceId"] == "B"]
    assert back == ["1", "2", "1"]


def test_an_update_can_be_cancelled_and_is_rolled_back(cfn, custom, respond):
    """CancelUpdateStack stops waiting for the resource in progress."""
    started = threading.Event()

    def behaviour(event):
        if event["RequestType"] == "Update" and event["ResourceProperties"]["V"] == "2":
            started.set()
            return None
        return respond(event)

    cfn.function.behaviour = behaviour
    cfn.create({"A": custom(V=1)})
    cfn.start_update({"A": custom(V=2)})
    started.wait()

    cfn.api.cancel_update_stack(StackName=cfn.stack_name)

    assert cfn.wait().status == "UPDATE_ROLLBACK_COMPLETE"
    assert cfn.function.events[-1]["ResourceProperties"]["V"] == "1"


def test_only_an_update_that_is_in_progress_can_be_cancelled(cfn, custom):
    """A stack without an operation has nothing to cancel."""
    cfn.create({"A": custom()})

    with pytest.raises(ClientError, match="CancelUpdateStack cannot be called from current stack status"):
        cfn.api.cancel_update_stack(StackName=cfn.stack_name)


def test_a_failed_update_can_be_left_as_it_is_and_rolled_back_later(cfn, custom):
    """DisableRollback: the stack is UPDATE_FAILED until RollbackStack or another update."""
    cfn.create({"A": custom(V=1), "B": custom(V=1, depends_on="A")})
    cfn.function.fail_with("B", V="2")
    stack = cfn.update({"A": custom(V=2), "B": custom(V=2, depends_on="A")}, DisableRollback=True)
    assert stack.status == "UPDATE_FAILED"
    assert cfn.function.events[-1]["ResourceProperties"]["V"] == "2"

    cfn.api.rollback_stack(StackName=cfn.stack_name)

    assert cfn.wait().status == "UPDATE_ROLLBACK_COMPLETE"
    assert {e["LogicalResourceId"] for e in cfn.function.events[-2:]} == {"A", "B"}


def test_a_rollback_after_two_failed_updates_leads_to_the_last_whole_state(cfn, custom):
    """The state in between never was complete."""
    cfn.create({"A": custom(V=1), "B": custom(V=1, depends_on="A")})
    cfn.function.fail("Update", "B")
    cfn.update({"A": custom(V=2), "B": custom(V=2, depends_on="A")}, DisableRollback=True)
    cfn.update({"A": custom(V=3), "B": custom(V=3, depends_on="A")}, DisableRollback=True)
    cfn.function.fail("Update")

    cfn.api.rollback_stack(StackName=cfn.stack_name)

    stack = cfn.wait()
    assert {name: each.properties["V"] for name, each in stack.resources.items()} == {"A": "1", "B": "1"}


def test_a_changed_service_token_is_refused_before_anything_is_sent(cfn, custom):
    """The ServiceToken of an existing resource cannot change; there is nothing to roll back."""
    cfn.create({"A": custom()})

    stack = cfn.update({"A": custom(ServiceToken="arn:aws:lambda:eu-central-1:123456789012:function:other")})

    assert stack.status == "UPDATE_ROLLBACK_COMPLETE"
    assert cfn.reason("A", "UPDATE_FAILED") == "Modifying service token is not allowed."
    assert cfn.function.sent() == [("Create", "A")]


def test_an_update_that_failed_with_another_id_has_that_one_deleted(cfn, custom, respond):
    """A replacement that failed half-way may have left something under the new id."""

    def behaviour(event):
        name = event["ResourceProperties"]["Name"]
        return respond(event, Status="FAILED" if name == "new" else "SUCCESS", Reason="no", PhysicalResourceId=name)

    cfn.function.behaviour = behaviour
    cfn.create({"A": custom(Name="old")})

    cfn.update({"A": custom(Name="new")})

    back = [(e["RequestType"], e["PhysicalResourceId"]) for e in cfn.function.events[1:]]
    assert back == [("Update", "old"), ("Update", "old"), ("Delete", "new")]


def test_another_type_under_the_same_logical_id_is_refused(cfn, custom):
    """CloudFormation does not change a resource's type."""
    cfn.create({"A": custom()})

    with pytest.raises(ClientError, match=r"Update of resource type is not permitted.*\[A\]"):
        cfn.start_update({"A": {**custom(), "Type": "Custom::Other"}})


def test_the_previous_template_and_values_can_be_kept(cfn, custom):
    """UsePreviousTemplate and UsePreviousValue keep all but the given values."""
    parameters = {"V": {"Type": "String"}, "W": {"Type": "String"}}
    cfn.create({"A": custom(V={"Ref": "V"}, W={"Ref": "W"})}, Parameters=parameters, Values={"V": "1", "W": "keep"})

    cfn.api.update_stack(
        StackName=cfn.stack_name,
        UsePreviousTemplate=True,
        Parameters=[
            {"ParameterKey": "V", "ParameterValue": "2"},
            {"ParameterKey": "W", "UsePreviousValue": True},
        ],
    )

    cfn.wait()
    properties = cfn.function.events[-1]["ResourceProperties"]
    assert (properties["V"], properties["W"]) == ("2", "keep")
