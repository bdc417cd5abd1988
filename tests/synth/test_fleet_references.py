"""References from a fleet's files to the app."""

import pytest
from aws_cdk import CfnParameter, Stack
from aws_cdk import aws_iot as iot
from aws_cdk import aws_kinesisvideo as kinesisvideo
from aws_cdk import aws_secretsmanager as secretsmanager

from cdk_kvs_edge import ConfigurationError, EdgeFleet
from support.declarations import hub_arn, media_secret, stream_arn

HUB = hub_arn(region="us-west-2")
SECRET = media_secret("gate", region="us-west-2")


@pytest.fixture
def declare_site(app, write):
    """Return a function that creates a fleet of one file with one stream, whose parts may be references."""

    def declare_site(references, *, stream="gate", hub=HUB, secret=SECRET, **fields):
        source = {"MediaUriSecretArn": secret, "MediaUriType": "RTSP_URI"}
        config = {"RecorderConfig": {"MediaSourceConfig": source}}
        request = {"StreamName": stream, "hub": hub, "EdgeConfig": config, **fields}
        directory = write("site.json", {"streams": [request]})
        return EdgeFleet.from_directory(app, "Sites", directory, references=references)

    return declare_site


@pytest.fixture
def synthesized(app, only):
    """Return the edge configuration's properties and the policies of the site's stack."""

    def synthesized():
        template = app.synth().get_stack_by_name("Sites-site").template
        policies = [one for one in template["Resources"].values() if one["Type"] == "AWS::IAM::ManagedPolicy"]
        return only(template)["Properties"], policies

    return synthesized


def test_what_another_stack_of_the_app_makes_is_imported_from_it(app, declare_site, synthesized):
    """A stream, a camera's secret and a hub: the stacks are deployed in that order."""
    made = Stack(app, "Made")
    stream = kinesisvideo.CfnStream(made, "Gate", data_retention_in_hours=24)
    secret = secretsmanager.Secret(made, "Camera")
    hub = iot.CfnThing(made, "Hub", thing_name="hub")

    fleet = declare_site(
        {"gate": stream, "camera": secret, "hub": hub},
        stream={"Ref": "gate"},
        hub={"Ref": "hub"},
        secret={"Ref": "camera"},
    )

    properties, policies = synthesized()
    config = properties["EdgeConfig"]
    source = config["RecorderConfig"]["MediaSourceConfig"]
    for value in (properties["StreamName"], config["HubDeviceArn"], source["MediaUriSecretArn"]):
        assert value["Fn::ImportValue"].startswith("Made:ExportsOutput")
    (policy,) = policies
    arn = policy["Properties"]["PolicyDocument"]["Statement"][-1]["Resource"]["Fn::Join"][1]
    assert properties["StreamName"] in arn
    assert made in fleet.stacks["site"].dependencies
    assert list(fleet.configurations) == ["gate"]


def test_texts_stand_where_they_are_referred_to(declare_site, synthesized):
    """A stream's name or ARN, a hub's name or ARN, a secret's ARN."""
    arn = stream_arn("gate", region="us-west-2")
    declare_site(
        {"gate": arn, "camera": SECRET, "hub": HUB},
        stream={"Ref": "gate"},
        hub={"Ref": "hub"},
        secret={"Ref": "camera"},
    )
    properties, (policy,) = synthesized()
    assert properties["StreamARN"] == arn
    assert properties["EdgeConfig"]["HubDeviceArn"] == HUB
    assert properties["EdgeConfig"]["RecorderConfig"]["MediaSourceConfig"]["MediaUriSecretArn"] == SECRET
    resource = policy["Properties"]["PolicyDocument"]["Statement"][-1]["Resource"]
    assert resource["Fn::Sub"].endswith(":stream/gate/*")


def test_a_hubs_name_that_is_handed_over_becomes_its_arn(declare_site, synthesized):
    """An ARN as text works as in the file."""
    declare_site({"hub": "warehouse-hub"}, hub={"Ref": "hub"})
    properties, _ = synthesized()
    assert properties["EdgeConfig"]["HubDeviceArn"]["Fn::Sub"].endswith(":thing/warehouse-hub")


def test_an_export_of_a_stack_of_another_app_is_imported(declare_site, synthesized):
    """By its name, wherever a reference may stand."""
    declare_site(
        None,
        stream={"Fn::ImportValue": "site-gate-stream"},
        hub={"Fn::ImportValue": "site-hub"},
        secret={"Fn::ImportValue": "site-gate-secret"},
    )
    properties, _ = synthesized()
    config = properties["EdgeConfig"]
    assert properties["StreamName"] == {"Fn::ImportValue": "site-gate-stream"}
    assert config["HubDeviceArn"] == {"Fn::ImportValue": "site-hub"}
    secret = config["RecorderConfig"]["MediaSourceConfig"]["MediaUriSecretArn"]
    assert secret == {"Fn::ImportValue": "site-gate-secret"}


def test_a_reference_that_is_not_handed_over_is_told_with_those_that_are(declare_site):
    """At its place in the file."""
    with pytest.raises(ConfigurationError) as raised:
        declare_site({"dock": "dock", "yard": "yard"}, stream={"Ref": "gate"})
    (fault,) = raised.value.faults
    assert str(fault).startswith("edge/site.json:1:")
    assert "streams.0.StreamName: {Ref: gate} is not in references= of the fleet, which has dock, yard" in str(fault)


@pytest.mark.parametrize(
    ("field", "wanted"),
    [
        ("stream", "a stream, its name or its ARN"),
        ("hub", "a thing, its ARN or its name"),
        ("secret", "a secret, or a secret's ARN"),
    ],
)
def test_a_reference_to_the_wrong_kind_of_thing_is_refused(app, declare_site, field, wanted):
    """The fault has the value's type, and the types that the field accepts."""
    parameter = CfnParameter(Stack(app, "Made"), "Parameter")
    with pytest.raises(ConfigurationError, match=r"\{Ref: it\} is a CfnParameter: use " + wanted):
        declare_site({"it": parameter}, **{field: {"Ref": "it"}})


def test_a_secret_that_the_service_would_refuse_is_refused(app, declare_site):
    """Its name may not hold a slash."""
    secret = secretsmanager.Secret(Stack(app, "Made"), "Camera", secret_name="site/gate")
    with pytest.raises(ConfigurationError, match=r"MediaUriSecretArn: \{Ref: camera\}: .*no '/'"):
        declare_site({"camera": secret}, secret={"Ref": "camera"})


def test_a_text_that_is_handed_over_keeps_the_apis_rules(declare_site):
    """As if it stood in the file."""
    with pytest.raises(ConfigurationError, match="StreamName: 'not a name' is not accepted"):
        declare_site({"gate": "not a name"}, stream={"Ref": "gate"})


def test_what_no_file_refers_to_is_warned_of(declare_site, warnings):
    """A leftover harms nothing; a Ref that was misspelt is an error already."""
    fleet = declare_site({"dock": "dock", "gate": "gate"}, stream={"Ref": "gate"})
    assert warnings(fleet.stacks["site"]) == []
    said = [one.data for one in fleet.node.metadata if one.type == "aws:cdk:warning"]
    assert said == [
        "no file refers to dock: remove it from references=, or refer to it in a file [ack: ReferenceUnused]"
    ]


def test_a_stream_that_is_handed_over_tells_its_retention(app, declare_site):
    """One that keeps nothing could have no edge configuration."""
    stream = kinesisvideo.CfnStream(Stack(app, "Made"), "Gate", name="gate", data_retention_in_hours=0)
    declare_site({"gate": stream}, stream={"Ref": "gate"})
    with pytest.raises(RuntimeError, match="stream Made/Gate keeps no media"):
        app.synth()
