"""Resolution of regions, accounts, hubs and references by the session."""

import json

import pytest

from kvs_edge_gitops.aws.access import Aws
from kvs_edge_gitops.aws.arguments import Settings
from kvs_edge_gitops.errors import UsageError
from kvs_edge_gitops.state import desired
from kvs_edge_gitops.terminal import Progress

SECRET = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:camera-aBcDeF"


@pytest.fixture
def declared(aws, site):
    """Return a function that resolves the streams of a file."""

    def declare(*streams, references=None, **more):
        file = site(*streams, **more)
        return desired.resolve(desired.read([file], Progress()), Aws(Settings()), references or {}).streams

    return declare


@pytest.fixture
def named(edge_config):
    """Return a request for a hub that is named in `hub`, or in defaults."""

    def make(name="dock", **more):
        config = edge_config()
        del config["HubDeviceArn"]
        return {"StreamName": name, "EdgeConfig": config, **more}

    return make


def test_a_hub_by_name_is_in_the_account_and_region_that_are_asked(declared, named):
    """As the session has them."""
    (one,) = declared(named(), defaults={"hub": "site-hub"})
    assert one.hub == "arn:aws:iot:eu-west-1:123456789012:thing/site-hub"
    assert (one.region, one.stream.name, one.place) == ("eu-west-1", "dock", "edge/site.json:6")


def test_a_file_is_asked_about_in_its_own_region(declared, named):
    """Its hubs are there, too."""
    request = named(hub="far-hub")
    secret = SECRET.replace("eu-west-1", "us-west-2")
    request["EdgeConfig"]["RecorderConfig"]["MediaSourceConfig"]["MediaUriSecretArn"] = secret
    (one,) = declared(request, region="us-west-2")
    assert (one.region, one.hub) == ("us-west-2", "arn:aws:iot:us-west-2:123456789012:thing/far-hub")


def test_references_have_the_values_that_are_given(declared, named):
    """A stream's may be its name or its ARN."""
    arn = "arn:aws:kinesisvideo:eu-west-1:123456789012:stream/gate/1700000000000"
    first, second = declared(
        named({"Ref": "by-name"}, hub={"Ref": "hub"}),
        named({"Ref": "by-arn"}, hub="other"),
        references={"by-name": "door", "by-arn": arn, "hub": "some-hub"},
    )
    assert first.stream.parameter == {"StreamName": "door"}
    assert first.hub.endswith(":123456789012:thing/some-hub")
    assert second.stream.parameter == {"StreamARN": arn}
    assert second.stream.name == "gate"


def test_an_export_is_looked_up(declared, named, aws, new_name):
    """In the file's region, among what its stacks export."""
    name = new_name("exports")
    template = {
        "Resources": {"Group": {"Type": "AWS::Logs::LogGroup"}},
        "Outputs": {"Secret": {"Value": SECRET, "Export": {"Name": name}}},
    }
    client = aws.client("cloudformation")
    client.create_stack(StackName=name, TemplateBody=json.dumps(template))
    client.get_waiter("stack_create_complete").wait(StackName=name, WaiterConfig={"Delay": 0.1})
    request = named(hub="site-hub")
    request["EdgeConfig"]["RecorderConfig"]["MediaSourceConfig"]["MediaUriSecretArn"] = {"Fn::ImportValue": name}
    (one,) = declared(request)
    assert one.config["RecorderConfig"]["MediaSourceConfig"]["MediaUriSecretArn"] == SECRET


@pytest.mark.parametrize(
    ("request_more", "file_more", "sentence"),
    [
        ({"hub": {"Ref": "gone"}}, {}, r"edge/site.json:\d+: \{Ref: gone\} has no value: pass --reference gone=VALUE"),
        ({"hub": {"Fn::ImportValue": "gone"}}, {}, "no stack in eu-west-1 exports that name"),
        ({"hub": {"Ref": "bad"}}, {}, "with the values of its references, EdgeConfig.HubDeviceArn"),
        (
            {"hub": "arn:aws:iot:us-west-2:123456789012:thing/far"},
            {},
            r"thing/far is in us-west-2, and the requests go to eu-west-1: set region: us-west-2 in the file",
        ),
        (
            {"hub": "arn:aws:iot:eu-west-1:111122223333:thing/far"},
            {},
            r"in account 111122223333, and the credentials are for 123456789012: use credentials of 111122223333",
        ),
        (
            {"hub": "far"},
            {"account": "111122223333"},
            r"edge/site.json is for account 111122223333, and the credentials are for 123456789012",
        ),
    ],
)
def test_what_is_not_there_or_elsewhere_is_refused(declared, named, request_more, file_more, sentence):
    """With the place in the file, and the fix."""
    with pytest.raises(UsageError, match=sentence):
        declared(named(**request_more), references={"bad": "a hub"}, **file_more)


def test_a_file_with_faults_is_told_and_nothing_is_asked(aws, site, capsys):
    """Each fault on standard error, as validate tells it."""
    file = site({"StreamName": "dock"})
    with pytest.raises(UsageError, match="the files have 1 error: no AWS request was made"):
        desired.read([file], Progress())
    assert "edge/site.json:3:5: error ValueNotAccepted: EdgeConfig is missing" in capsys.readouterr().err


def test_two_references_to_one_stream_are_refused(declared, named):
    """Only their values tell that they are."""
    sentence = r"site.json:15: stream dock is already declared at edge/site.json:3"
    with pytest.raises(UsageError, match=sentence):
        declared(named(hub="a"), named({"Ref": "again"}, hub="a"), references={"again": "dock"})
