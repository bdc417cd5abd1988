"""Dynamic references: resolved in resource properties, or refused by name.

[Get values stored in other services using dynamic references] and its pages for each service.
"""

import json

import pytest
from botocore.exceptions import ClientError

from kvs_edge_local.cloudformation.dynamic_references import (
    Parameter,
    SecretValue,
    dynamic_references,
    misplaced,
)
from kvs_edge_local.cloudformation.errors import TemplateError

SECRET_ARN = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:camera-AbCdEf"


def parameter(value, **properties):
    """Declare a parameter in Parameter Store."""
    return {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", "Value": value, **properties}}


def value_of(cfn, logical_id):
    """Return the value of the stack's parameter."""
    name = cfn.engine.stack(cfn.stack_name).resources[logical_id].physical_id
    return cfn.client("ssm").get_parameter(Name=name)["Parameter"]["Value"]


@pytest.fixture(scope="module", autouse=True)
def stored(service):
    """Store a parameter with two versions, a secure one, and a secret with two stages."""
    ssm, secrets = service.client("ssm"), service.client("secretsmanager")
    ssm.put_parameter(Name="/site/size", Value="small", Type="String")
    ssm.put_parameter(Name="/site/size", Value="large", Type="String", Overwrite=True)
    ssm.put_parameter(Name="/site/password", Value="hush", Type="SecureString")
    secrets.create_secret(Name="camera", SecretString=json.dumps({"user": "admin", "port": 554}))
    secrets.put_secret_value(SecretId="camera", SecretString=json.dumps({"user": "root"}), VersionStages=["NEXT"])


@pytest.mark.parametrize(
    ("written", "seen"),
    [
        ("{{resolve:ssm:/site/size}}", "large"),
        ("{{resolve:ssm:/site/size:1}}", "small"),
        ("it is {{resolve:ssm:/site/size:1}} or {{resolve:ssm:/site/size:2}}", "it is small or large"),
        ("{{resolve:secretsmanager:camera:SecretString:user}}", "admin"),
        ("{{resolve:secretsmanager:camera:SecretString:port}}", "554"),
        ("{{resolve:secretsmanager:camera}}", json.dumps({"user": "admin", "port": 554})),
        ("{{resolve:secretsmanager:camera:SecretString:user:NEXT}}", "root"),
    ],
)
def test_a_reference_is_resolved_in_a_property(cfn, written, seen):
    stack = cfn.create({"Copy": parameter(written)})

    assert stack.status == "CREATE_COMPLETE"
    assert value_of(cfn, "Copy") == seen


def test_a_reference_that_functions_put_together_is_resolved(cfn):
    name = {"Fn::Join": ["", ["{{resolve:ssm:", {"Ref": "Name"}, "}}"]]}
    parameters = {"Name": {"Type": "String", "Default": "/site/size"}}

    assert cfn.create({"Copy": parameter(name)}, Parameters=parameters).status == "CREATE_COMPLETE"
    assert value_of(cfn, "Copy") == "large"


def test_no_event_shows_a_value(cfn):
    """CloudFormation stores and shows the reference."""
    cfn.create({"Copy": parameter("{{resolve:secretsmanager:camera:SecretString:user}}")})

    events = cfn.api.describe_stack_events(StackName=cfn.stack_name)["StackEvents"]
    shown = [event["ResourceProperties"] for event in events if event["LogicalResourceId"] == "Copy"]
    assert all("{{resolve:secretsmanager:camera:SecretString:user}}" in properties for properties in shown)
    assert "admin" not in json.dumps(events, default=str)


def test_a_changed_value_alone_is_not_an_update(cfn):
    """[Get a secret or secret value from Secrets Manager] The resource must be updated for another reason."""
    cfn.client("ssm").put_parameter(Name="/site/changing", Value="1", Type="String")
    resources = {"Copy": parameter("{{resolve:ssm:/site/changing}}")}
    cfn.create(resources)
    cfn.client("ssm").put_parameter(Name="/site/changing", Value="2", Type="String", Overwrite=True)

    with pytest.raises(ClientError, match="No updates are to be performed"):
        cfn.update(resources)
    cfn.update({"Copy": parameter("{{resolve:ssm:/site/changing}}", Description="updated")})

    assert value_of(cfn, "Copy") == "2"


def test_a_custom_resource_gets_plain_parameters(cfn, custom):
    """It gets them in a Create, an Update with the old properties, and a Delete, even if the parameter is gone."""
    cfn.client("ssm").put_parameter(Name="/site/gone", Value="here", Type="String")
    cfn.create({"Thing": custom(Size="{{resolve:ssm:/site/size:1}}", Gone="{{resolve:ssm:/site/gone}}")})
    cfn.update({"Thing": custom(Size="{{resolve:ssm:/site/size:2}}", Gone="{{resolve:ssm:/site/gone}}")})
    cfn.client("ssm").delete_parameter(Name="/site/gone")
    deleted = cfn.delete()

    created, updated, removed = cfn.function.events
    assert created["ResourceProperties"]["Size"] == "small"
    assert (updated["OldResourceProperties"]["Size"], updated["ResourceProperties"]["Size"]) == ("small", "large")
    assert removed["RequestType"] == "Delete"
    assert deleted.status == "DELETE_COMPLETE"


@pytest.mark.parametrize("reference", ["{{resolve:secretsmanager:camera}}", "{{resolve:ssm-secure:/site/password:1}}"])
def test_a_custom_resource_gets_no_secret(cfn, custom, reference):
    """AWS sends the reference as text (aws-cloudformation/cloudformation-coverage-roadmap#341): refused here."""
    with pytest.raises(ClientError) as refused:
        cfn.create({"Thing": custom(Password=reference)})

    message = refused.value.response["Error"]["Message"]
    assert f"CloudFormation does not resolve {reference} in a custom resource" in message
    assert "read the value in the function" in message


def test_a_secure_string_is_refused_where_aws_does_not_support_it(cfn):
    """In AWS's words (aws/serverless-application-model#1528)."""
    with pytest.raises(ClientError) as refused:
        cfn.create({"Copy": parameter("{{resolve:ssm-secure:/site/password}}")})

    path = "AWS::SSM::Parameter/Properties/Value"
    assert f"SSM Secure reference is not supported in: [{path}]" in refused.value.response["Error"]["Message"]


def test_a_secure_string_is_supported_in_a_users_password():
    properties = {"LoginProfile": {"Password": "{{resolve:ssm-secure:/site/password:1}}"}}

    assert misplaced("AWS::IAM::User", properties, custom=False) is None


@pytest.mark.parametrize(
    ("reference", "message"),
    [
        ("{{resolve:ssm:/not/there}}", "Unable to fetch parameters [/not/there] from parameter store"),
        ("{{resolve:ssm:/site/size:9}}", "Unable to fetch parameters [/site/size:9] from parameter store"),
        (
            "{{resolve:ssm:/site/password}}",
            "Parameters [/site/password] referenced by template have types not supported",
        ),
        (
            "{{resolve:vault:key}}",
            "names the service vault: CloudFormation supports ssm, ssm-secure and secretsmanager",
        ),
        ("{{resolve:ssm:name:latest}}", "{{resolve:ssm:name:latest}} is not {{resolve:ssm:NAME}}"),
        ("{{resolve:secretsmanager:camera:SecretBinary}}", "is not {{resolve:secretsmanager:ID:SecretString"),
        ("{{resolve:secretsmanager:camera:SecretString::STAGE:ID}}", "has a version stage and a version id"),
    ],
)
def test_what_cannot_be_resolved_is_refused_before_anything_is_deployed(cfn, reference, message):
    with pytest.raises(ClientError) as refused:
        cfn.create({"Copy": parameter(reference)})

    assert message in refused.value.response["Error"]["Message"]


@pytest.mark.parametrize(
    ("reference", "reason"),
    [
        ("{{resolve:secretsmanager:nobody}}", "ResourceNotFoundException"),
        ("{{resolve:secretsmanager:camera:SecretString:nothing}}", "Could not find a value associated with JSONKey"),
    ],
)
def test_a_secret_that_is_not_there_fails_its_resource(cfn, reference, reason):
    """Secrets are read on use."""
    assert cfn.create({"Copy": parameter(reference)}).status == "ROLLBACK_COMPLETE"
    assert reason in cfn.reason("Copy", "CREATE_FAILED")


@pytest.mark.parametrize(
    ("sections", "where"),
    [
        ({"Outputs": {"Out": {"Value": "{{resolve:ssm:/site/size}}"}}}, "/Outputs/Out/Value"),
        ({"Conditions": {"If": {"Fn::Equals": ["{{resolve:ssm:/site/size}}", "a"]}}}, "/Conditions/If/Fn::Equals"),
    ],
)
def test_a_reference_outside_of_properties_is_refused(cfn, sections, where):
    with pytest.raises(ClientError) as refused:
        cfn.create({"Copy": parameter("x")}, **sections)

    assert f"dynamic references in [{where}]" in refused.value.response["Error"]["Message"]


def test_a_template_has_sixty_references_at_most(cfn):
    many = " ".join(["{{resolve:ssm:/site/size}}"] * 61)

    with pytest.raises(ClientError, match="has 61 dynamic references; the maximum is 60"):
        cfn.create({"Copy": parameter(many)})


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("{{resolve:ssm:/a/b}}", Parameter("/a/b")),
        ("{{resolve:ssm:/a/b:3}}", Parameter("/a/b", "3")),
        (
            "{{resolve:ssm:arn:aws:ssm:us-east-1:111122223333:parameter/a:2}}",
            Parameter("arn:aws:ssm:us-east-1:111122223333:parameter/a", "2"),
        ),
        (f"{{{{resolve:secretsmanager:{SECRET_ARN}}}}}", SecretValue(SECRET_ARN)),
        (
            f"{{{{resolve:secretsmanager:{SECRET_ARN}:SecretString:MediaURI::v1}}}}",
            SecretValue(SECRET_ARN, "MediaURI", None, "v1"),
        ),
    ],
)
def test_a_reference_is_read(text, target):
    (reference,) = dynamic_references({"A": [{"B": text}]})

    assert (reference.target, reference.path) == (target, "/A/B")


def test_an_empty_reference_is_none():
    with pytest.raises(TemplateError, match="is not"):
        list(dynamic_references("{{resolve:ssm:}}"))
