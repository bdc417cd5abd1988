"""Streams, hubs and secrets by resource, name, ARN or token."""

import jsii
import pytest
from aws_cdk import CfnParameter, Fn, Stack
from aws_cdk import aws_iot as iot
from aws_cdk import aws_kinesisvideo as kinesisvideo
from aws_cdk import aws_secretsmanager as secretsmanager
from aws_cdk.interfaces.aws_kinesisvideo import IStreamRef, StreamReference
from constructs import Construct

from cdk_kvs_edge import ConfigurationError, EdgeFleet, StreamEdgeConfiguration
from support.declarations import hub_arn, media_secret, stream_arn

ARN = stream_arn("dock", region="us-west-2")


@jsii.implements(IStreamRef)
class _Camera(Construct):
    """A stream of another construct library."""

    @property
    def env(self):
        return None

    @property
    def stream_ref(self):
        return StreamReference(stream_arn=ARN, stream_name="dock")


@pytest.fixture
def properties(stack, template_of, only):
    """Return a function that returns the properties of the stack's edge configuration."""
    return lambda: only(template_of(stack))["Properties"]


@pytest.mark.parametrize(
    "arn",
    [
        lambda stack: Fn.sub("arn:${AWS::Partition}:kinesisvideo:${AWS::Region}:${AWS::AccountId}:stream/dock/1"),
        lambda stack: Fn.sub("arn:aws:kinesisvideo:${R}:1:stream/dock/1", {"R": "eu-west-1"}),
        lambda stack: Fn.join(":", ["arn", "aws", "kinesisvideo", CfnParameter(stack, "R").value_as_string]),
        lambda stack: kinesisvideo.CfnStream(stack, "Camera", data_retention_in_hours=24).stream_ref.stream_arn,
        lambda stack: f"arn:aws:kinesisvideo:us-west-2:{stack.account}:stream/dock/1",
    ],
)
def test_a_token_that_starts_as_an_arn_is_an_arn(stack, declare, properties, arn):
    value = arn(stack)
    declare(stack, stream=value)
    assert properties()["StreamARN"] == stack.resolve(value)


@pytest.mark.parametrize("token", ["parameter", "export"])
def test_stream_arn_takes_any_token(stack, declare, properties, statements, template_of, token):
    """The name is a part of it, for the policy."""
    arn = CfnParameter(stack, "DockArn").value_as_string if token == "parameter" else Fn.import_value("DockArn")
    declare(stack, stream=None, stream_arn=arn)
    found = properties()
    assert found["StreamARN"] == stack.resolve(arn)
    assert "StreamName" not in found
    allowed = statements(template_of(stack), "AWS::IAM::ManagedPolicy")[-1]
    assert '{"Fn::Split": ["/"' in str(allowed["Resource"]).replace("'", '"')


@pytest.mark.parametrize(
    ("token", "source"),
    [
        (lambda stack: CfnParameter(stack, "DockArn").value_as_string, "the parameter DockArn"),
        (lambda stack: CfnParameter(stack, "DOCKARN").value_as_string, "the parameter DOCKARN"),
        (lambda stack: Fn.import_value("site-dock-arn"), "the export site-dock-arn"),
    ],
)
def test_a_token_whose_name_says_that_it_is_an_arn_is_no_name(stack, declare, token, source):
    """It would fail only during the deployment."""
    with pytest.raises(
        ConfigurationError, match=f"give it as stream_arn: stream takes a token for a name, and {source}"
    ):
        declare(stack, stream=token(stack))


@pytest.mark.parametrize("name", ["Stream", "barn", "Learn"])
def test_any_other_token_is_a_name(stack, declare, properties, name):
    declare(stack, stream=Fn.import_value(name))
    assert properties()["StreamName"] == {"Fn::ImportValue": name}


@pytest.mark.parametrize(
    ("arguments", "path", "said"),
    [
        ({"stream": "dock", "stream_arn": ARN}, "stream_arn", "give either stream or stream_arn, not both"),
        ({"stream": None, "stream_arn": "dock"}, "stream_arn", "'dock' is not accepted: give a stream's ARN"),
        ({"stream": None, "stream_arn": 5}, "stream_arn", "5 is not accepted: give the stream's ARN"),
        ({"hub": "hub"}, "hub_device_arn", "give either hub or hub_device_arn, not both"),
        ({"hub": "a hub", "hub_device_arn": None}, "hub", "letters, digits, dots, hyphens and underscores"),
        ({"hub": 5, "hub_device_arn": None}, "hub", "5 is not accepted: give the hub's thing"),
        ({"hub": "arn:aws:iot:::x", "hub_device_arn": None}, "hub", "arn:aws:iot:REGION:ACCOUNT:thing/NAME"),
    ],
)
def test_a_wrong_reference_is_named_by_its_argument(stack, declare, arguments, path, said):
    with pytest.raises(ConfigurationError) as raised:
        declare(stack, **arguments)
    (fault,) = raised.value.faults
    assert (fault.path, said in fault.rule) == (path, True), fault


def test_a_hubs_token_whose_name_says_that_it_is_an_arn_is_no_name(stack, declare):
    arn = CfnParameter(stack, "HubArn").value_as_string
    with pytest.raises(ConfigurationError, match="hub: a token is not accepted: give the ARN as hub_device_arn"):
        declare(stack, hub=arn, hub_device_arn=None)


def test_a_stream_of_another_construct_library_is_a_stream(stack, declare, properties):
    """Through the CDK's interface IStreamRef."""
    declare(stack, stream=_Camera(stack, "Camera"))
    assert properties()["StreamName"] == "dock"


def test_a_thing_of_the_app_is_a_hub(stack, declare, properties):
    declare(stack, hub=iot.CfnThing(stack, "Hub", thing_name="hub"), hub_device_arn=None)
    assert properties()["EdgeConfig"]["HubDeviceArn"] == {"Fn::GetAtt": ["Hub", "Arn"]}


def test_a_name_is_a_hub_of_the_stacks_account_and_region(app, declare, template_of, only):
    """Written out where they are known, so that the rules on hubs see one hub."""
    known = Stack(app, "Known", env={"account": "111122223333", "region": "us-gov-west-1"})
    unknown = Stack(app, "Unknown")
    secret = media_secret(region="us-gov-west-1", account="111122223333").replace("arn:aws:", "arn:aws-us-gov:")
    for stack in (known, unknown):
        declare(stack, hub="dock-hub", hub_device_arn=None, media_uri_secret=secret)
    arns = [only(template_of(stack))["Properties"]["EdgeConfig"]["HubDeviceArn"] for stack in (known, unknown)]
    assert arns[0] == "arn:aws-us-gov:iot:us-gov-west-1:111122223333:thing/dock-hub"
    assert arns[1]["Fn::Join"][1][-1] == ":thing/dock-hub"


def test_an_arn_is_a_hub_too(stack, declare, properties):
    arn = hub_arn("dock-hub", region="us-west-2")
    declare(stack, hub=arn, hub_device_arn=None)
    assert properties()["EdgeConfig"]["HubDeviceArn"] == arn


def test_a_secret_may_be_a_resource_of_the_first_level(stack, declare, properties):
    """Ref of a CfnSecret is its ARN."""
    declare(stack, media_uri_secret=secretsmanager.CfnSecret(stack, "Camera", name="camera"))
    source = properties()["EdgeConfig"]["RecorderConfig"]["MediaSourceConfig"]
    assert source["MediaUriSecretArn"] == {"Ref": "Camera"}


def test_awss_json_takes_a_stream_by_a_token_of_its_arn(stack, edge_config, properties):
    arn = CfnParameter(stack, "DockArn").value_as_string
    StreamEdgeConfiguration.from_edge_config(stack, "Edge", stream_arn=arn, edge_config=edge_config)
    assert properties()["StreamARN"] == {"Ref": "DockArn"}


def test_a_file_says_by_its_field_that_an_import_is_an_arn(stack, write, edge_config, properties):
    """StreamARN with Fn::ImportValue."""
    request = {"StreamARN": {"Fn::ImportValue": "DockArn"}, "EdgeConfig": edge_config}
    EdgeFleet.from_directory(stack, "Fleet", write("site.json", {"streams": [request]}))
    assert properties()["StreamARN"] == {"Fn::ImportValue": "DockArn"}


def test_a_file_with_an_arns_export_as_the_name_is_refused(stack, write, edge_config):
    request = {"StreamName": {"Fn::ImportValue": "DockArn"}, "EdgeConfig": edge_config}
    with pytest.raises(ConfigurationError, match=r"taken for a name, and the export's name says .* use StreamARN"):
        EdgeFleet.from_directory(stack, "Fleet", write("site.json", {"streams": [request]}))
