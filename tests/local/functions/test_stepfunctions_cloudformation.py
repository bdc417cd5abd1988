"""A template's state machine keeps all properties, and is updated in place."""

import json

import pytest

DEFINITION = json.dumps(
    {"StartAt": "Tick", "States": {"Tick": {"Type": "Task", "Resource": "${TickFunctionArn}", "End": True}}}
)
FULL = {
    "DefinitionSubstitutions": {"TickFunctionArn": "arn:aws:lambda:eu-west-1:123456789012:function:tick"},
    "EncryptionConfiguration": {
        "Type": "CUSTOMER_MANAGED_KMS_KEY",
        "KmsKeyId": "1234",
        "KmsDataKeyReusePeriodSeconds": 300,
    },
    "LoggingConfiguration": {
        "Destinations": [
            {"CloudWatchLogsLogGroup": {"LogGroupArn": "arn:aws:logs:eu-west-1:123456789012:log-group:g:*"}}
        ],
        "IncludeExecutionData": False,
        "Level": "ERROR",
    },
    "StateMachineType": "STANDARD",
    "Tags": [{"Key": "site", "Value": "north"}],
    "TracingConfiguration": {"Enabled": True},
}


@pytest.fixture
def deploy(aws):
    """Deploy a state machine with these properties through moto's own engine; return its description."""
    cloudformation = aws.client("cloudformation")
    trust = {"Version": "2012-10-17", "Statement": []}
    role = {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": trust}}
    calls = iter([cloudformation.create_stack])

    def deploy(**properties):
        machine = {
            "Type": "AWS::StepFunctions::StateMachine",
            "Properties": {
                "StateMachineName": "machine",
                "DefinitionString": DEFINITION,
                "RoleArn": {"Fn::GetAtt": ["Role", "Arn"]},
                **properties,
            },
        }
        outputs = {name: {"Value": {"Fn::GetAtt": ["Machine", name]}} for name in ("Arn", "Name")}
        template = {"Resources": {"Role": role, "Machine": machine}, "Outputs": outputs}
        next(calls, cloudformation.update_stack)(StackName="site", TemplateBody=json.dumps(template))
        (stack,) = cloudformation.describe_stacks(StackName="site")["Stacks"]
        arn = {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}["Arn"]
        return aws.client("stepfunctions").describe_state_machine(stateMachineArn=arn)

    return deploy


def resource(description):
    return json.loads(description["definition"])["States"]["Tick"]["Resource"]


def test_every_property_arrives(aws, deploy):
    machine = deploy(**FULL)
    assert resource(machine) == FULL["DefinitionSubstitutions"]["TickFunctionArn"]
    assert machine["encryptionConfiguration"] == {
        "type": "CUSTOMER_MANAGED_KMS_KEY",
        "kmsKeyId": "1234",
        "kmsDataKeyReusePeriodSeconds": 300,
    }
    logging = machine["loggingConfiguration"]
    assert (logging["level"], logging["includeExecutionData"]) == ("ERROR", False)
    assert logging["destinations"][0]["cloudWatchLogsLogGroup"]["logGroupArn"].endswith(":log-group:g:*")
    assert machine["tracingConfiguration"] == {"enabled": True}
    tags = aws.client("stepfunctions").list_tags_for_resource(resourceArn=machine["stateMachineArn"])["tags"]
    assert {"key": "site", "value": "north"} in tags


def test_the_definition_is_updated_in_place(deploy):
    first = deploy(**FULL)
    second = deploy(**FULL, DefinitionString=DEFINITION.replace("${TickFunctionArn}", "${TickFunctionArn}:live"))
    assert second["stateMachineArn"] == first["stateMachineArn"]
    assert resource(second) == resource(first) + ":live"


def test_what_an_update_takes_away_goes_back_to_its_default(deploy):
    plain = deploy(DefinitionSubstitutions=FULL["DefinitionSubstitutions"])
    deploy(**FULL)
    back = deploy(DefinitionSubstitutions=FULL["DefinitionSubstitutions"])
    meta = {"ResponseMetadata", "updateDate"}
    assert {k: v for k, v in back.items() if k not in meta} == {k: v for k, v in plain.items() if k not in meta}


def test_a_definition_may_be_an_object(deploy):
    definition = json.loads(
        DEFINITION.replace("${TickFunctionArn}", FULL["DefinitionSubstitutions"]["TickFunctionArn"])
    )
    assert json.loads(deploy(DefinitionString="", Definition=definition)["definition"]) == definition


def test_a_deleted_stack_leaves_no_state_machine(aws, deploy):
    deploy(**FULL)
    aws.client("cloudformation").delete_stack(StackName="site")
    assert aws.client("stepfunctions").list_state_machines()["stateMachines"] == []
