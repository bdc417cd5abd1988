"""Cloud Control for `cdk deploy --hotswap`: resources change outside of their stack."""

import json

import pytest

POLICY = {"Version": "2012-10-17", "Statement": []}


def resources(comment):
    """Declare a state machine whose definition has a comment."""
    definition = {"Comment": comment, "StartAt": "Pass", "States": {"Pass": {"Type": "Pass", "End": True}}}
    return {
        "Role": {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": POLICY}},
        "Machine": {
            "Type": "AWS::StepFunctions::StateMachine",
            "Properties": {
                "RoleArn": {"Fn::GetAtt": ["Role", "Arn"]},
                "DefinitionString": json.dumps(definition),
                "Tags": [{"Key": "site", "Value": "hall"}],
            },
        },
    }


@pytest.fixture
def machine(local_aws, request):
    """Create a state machine in a stack of the test's own; return its ARN."""
    name = request.node.originalname.replace("_", "-")[:60]
    local_aws.client("cloudformation").create_stack(
        StackName=name, TemplateBody=json.dumps({"Resources": resources("deployed")}), Capabilities=["CAPABILITY_IAM"]
    )
    engine = local_aws.cloudformation.engine(local_aws.account, local_aws.region)
    stack = engine.wait(name)
    yield stack.resources["Machine"].physical_id
    local_aws.client("cloudformation").delete_stack(StackName=name)
    engine.wait(stack.identity.stack_id)


def update(local_aws, arn, *operations, kind="AWS::StepFunctions::StateMachine"):
    return local_aws.client("cloudcontrol").update_resource(
        TypeName=kind, Identifier=arn, PatchDocument=json.dumps(operations)
    )["ProgressEvent"]


def definition(comment):
    return {"op": "replace", "path": "/DefinitionString", "value": text(comment)}


def text(comment):
    return resources(comment)["Machine"]["Properties"]["DefinitionString"]


def comment_of(local_aws, arn):
    described = local_aws.client("stepfunctions").describe_state_machine(stateMachineArn=arn)
    return json.loads(described["definition"])["Comment"]


def test_a_resource_changes_and_its_stack_does_not_know(local_aws, machine):
    """The stack's next update compares with the deployed properties, and finds no change."""
    progress = update(local_aws, machine, definition("swapped"))

    status = local_aws.client("cloudcontrol").get_resource_request_status(RequestToken=progress["RequestToken"])
    assert (progress["OperationStatus"], progress["Operation"]) == ("SUCCESS", "UPDATE")
    assert status["ProgressEvent"]["RequestToken"] == progress["RequestToken"]
    assert comment_of(local_aws, machine) == "swapped"
    template = local_aws.client("cloudformation").get_template(StackName=machine_stack(machine))["TemplateBody"]
    assert template["Resources"]["Machine"]["Properties"]["DefinitionString"] == text("deployed")


def machine_stack(arn):
    return arn.rpartition(":")[2].rsplit("-", 2)[0]


def test_a_second_change_builds_on_the_first(local_aws, machine):
    """The changes add up until the stack deploys the resource again."""
    update(local_aws, machine, {"op": "add", "path": "/Tags/-", "value": {"Key": "b", "Value": "2"}})
    update(local_aws, machine, definition("swapped"))

    described = local_aws.client("cloudcontrol").get_resource(
        TypeName="AWS::StepFunctions::StateMachine", Identifier=machine
    )
    properties = json.loads(described["ResourceDescription"]["Properties"])
    assert [tag["Key"] for tag in properties["Tags"]] == ["site", "b"]
    assert properties["DefinitionString"] == text("swapped")


@pytest.mark.parametrize(
    ("operation", "message"),
    [
        (
            {"op": "add", "path": "/StateMachineName", "value": "other"},
            r"createOnlyProperties \[/properties/StateMachineName\] cannot be updated",
        ),
        ({"op": "remove", "path": "/Nothing"}, "the PatchDocument cannot be applied"),
        (
            {"op": "add", "path": "/Colour", "value": "red"},
            "does not support AWS::StepFunctions::StateMachine's Colour",
        ),
    ],
)
def test_a_change_that_cannot_be_made_in_place_is_refused(local_aws, machine, operation, message):
    """The refusal precedes any change."""
    control = local_aws.client("cloudcontrol")
    with pytest.raises(control.exceptions.NotUpdatableException, match=message):
        update(local_aws, machine, definition("swapped"), operation)
    assert comment_of(local_aws, machine) == "deployed"


def test_what_no_stack_has_is_not_found(local_aws):
    control = local_aws.client("cloudcontrol")
    with pytest.raises(control.exceptions.ResourceNotFoundException, match="has the AWS::S3::Bucket nobodys"):
        update(local_aws, "nobodys", kind="AWS::S3::Bucket")
    with pytest.raises(control.exceptions.ResourceNotFoundException):
        control.get_resource(TypeName="AWS::S3::Bucket", Identifier="nobodys")
    with pytest.raises(control.exceptions.RequestTokenNotFoundException):
        control.get_resource_request_status(RequestToken="nobodys")


def test_a_handlers_refusal_is_the_requests_failure(local_aws, machine):
    """Cloud Control answers a request at once; its status has the result."""
    progress = update(local_aws, machine, {"op": "replace", "path": "/DefinitionString", "value": "no JSON"})

    assert progress["OperationStatus"] == "FAILED"
    assert "ASLParserException" in progress["StatusMessage"]
    assert comment_of(local_aws, machine) == "deployed"


def test_other_operations_of_cloud_control_are_refused_by_name(local_aws):
    with pytest.raises(local_aws.client("cloudcontrol").exceptions.ClientError) as refused:
        local_aws.client("cloudcontrol").create_resource(TypeName="AWS::S3::Bucket", DesiredState="{}")
    assert refused.value.response["Error"]["Code"] == "UnsupportedByLocalAws"
