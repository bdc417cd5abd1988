"""Capacity of a file's stack: the count before synthesis, compared with real templates."""

import json
from pathlib import Path

import pytest
from aws_cdk import App, Duration, Stack

from cdk_kvs_edge import ConfigurationError, EdgeConfigurationProvider, EdgeFleet
from cdk_kvs_edge.deployment import Deployment
from cdk_kvs_edge.fleet.limits import PROVIDER_BYTES, PROVIDER_RESOURCES, TEMPLATE_BYTES, Demand
from cdk_kvs_edge.policy_size import MANAGED_CHARACTERS
from support.declarations import media_secret

SCHEDULE = {"ScheduleExpression": "0 0 9,10,11,12,13,14,15,16 ? * MON,TUE,WED,THU,FRI *", "DurationInSeconds": 3599}


def streams_of(request_for, count, **fields):
    """Streams with short names, 16 a hub."""
    hub = "arn:aws:iot:us-west-2:123456789012:thing/hub-{}"
    return [request_for(f"cam-{number:03}", hub=hub.format(number // 16), **fields) for number in range(count)]


@pytest.fixture
def fleet_of(write):
    """Return a function that creates a fleet of one file, warehouse.json."""

    def fleet_of(streams, **options):
        app = App(analytics_reporting=False, context={"aws:cdk:enable-path-metadata": True})
        directory = write("warehouse.json", {"streams": streams})
        EdgeFleet.from_directory(app, "KvsEdge", directory, **options)
        return app

    return fleet_of


MOST = {"referred": (486, {}), "made": (244, {"stream_retention": Duration.days(1)})}


@pytest.mark.parametrize("case", MOST)
def test_a_full_stack_synthesizes_within_all_limits(fleet_of, request_for, case):
    """500 resources, and policies that reach the declared streams only; these figures are in docs/fleet.md."""
    count, options = MOST[case]
    app = fleet_of(streams_of(request_for, count), **options)
    (stack,) = app.synth().stacks
    policies = [one for one in stack.template["Resources"].values() if one["Type"] == "AWS::IAM::ManagedPolicy"]
    assert 498 <= len(stack.template["Resources"]) <= 500
    assert len(policies) <= 10
    for policy in policies:
        assert len(json.dumps(policy["Properties"]["PolicyDocument"]).replace(" ", "")) < MANAGED_CHARACTERS * 1.6


@pytest.mark.parametrize("case", MOST)
def test_one_stream_more_is_told_where_to_split_the_file(fleet_of, request_for, case):
    """Before anything is made of it, since the CDK itself would only count resources."""
    count, options = MOST[case]
    with pytest.raises(ConfigurationError) as raised:
        fleet_of(streams_of(request_for, count + 1), **options)
    (fault,) = raised.value.faults
    assert str(fault) == (
        f"edge/warehouse.json: it declares {count + 1} streams, and its stack has room for {count} (500 resources): "
        f"move the last stream, cam-{count}, to another file"
    )


def test_many_streams_more_are_told_from_which_on(fleet_of, request_for):
    """The first that does not fit, and how many follow."""
    with pytest.raises(ConfigurationError, match="move the last 114 streams, from cam-486 on, to another file"):
        fleet_of(streams_of(request_for, 600))


def test_streams_that_may_be_deleted_fill_the_roles_inline_policies(fleet_of, request_for):
    """Each needs a policy of its own; the error says so before IAM does."""
    streams = streams_of(request_for, 40, removal_policy="DESTROY")
    with pytest.raises(ConfigurationError, match=r"room for (\d+) \(10,240 characters of inline policies") as raised:
        fleet_of(streams)
    fitting = int(str(raised.value).partition("room for ")[2].split()[0])
    assert fitting == 31
    assert fleet_of(streams[:fitting]).synth()


def test_iams_limits_hold_in_a_stack_that_takes_all_files_too(stack, request_for, write):
    """There the policies are counted as they are made, and synthesis says how to go on."""
    directory = write("warehouse.json", {"streams": streams_of(request_for, 32, removal_policy="DESTROY")})
    EdgeFleet.from_directory(stack, "Fleet", directory)
    with pytest.raises(RuntimeError, match="One role has room for 31 of the 32"):
        stack.node.root.synth()


def test_long_names_fill_the_roles_managed_policies(fleet_of, request_for):
    """Each of the role's ten policies has room for the ARNs of eighteen or so."""
    streams = streams_of(request_for, 200)
    for one in streams:
        one["StreamName"] += "n" * 240
    with pytest.raises(ConfigurationError, match=r"room for 179 \(10 managed policies of 6,144 characters per role\)"):
        fleet_of(streams)


def test_long_texts_fill_the_template_before_its_resources_do(fleet_of, request_for):
    """A megabyte is the limit of a template that comes from Amazon S3."""
    streams = []
    for number, request in enumerate(streams_of(request_for, 470)):
        config = varied(request_for, number, "everything")["EdgeConfig"]
        config = {**config, "HubDeviceArn": request["EdgeConfig"]["HubDeviceArn"] + "h" * 100}
        source = config["RecorderConfig"]["MediaSourceConfig"]
        secret = media_secret("s" * 1000, region="us-west-2")
        recorder = {**config["RecorderConfig"], "MediaSourceConfig": {**source, "MediaUriSecretArn": secret}}
        name = f"{request['StreamName']}-{'n' * 40}"
        streams.append({"StreamName": name, "EdgeConfig": {**config, "RecorderConfig": recorder}})
    with pytest.raises(ConfigurationError, match=r"room for (\d+) \(a template of 1,048,576 bytes\): move") as raised:
        fleet_of(streams)
    fitting = int(str(raised.value).partition("room for ")[2].split()[0])
    assembly = fleet_of(streams[:fitting]).synth()
    size = Path(assembly.directory, assembly.stacks[0].template_file).stat().st_size
    assert 0.8 * TEMPLATE_BYTES <= size <= TEMPLATE_BYTES


def test_the_figures_of_the_documents_are_those_that_the_tests_here_hold():
    """Capacity of a stack."""
    text = (Path(__file__).parents[2] / "docs" / "fleet.md").read_text("utf-8")
    made = f"{MOST['referred'][0]} existing streams; {MOST['made'][0]} that the fleet creates, too; 493 with"
    for said in (made, "179 streams whose names have 247 characters", "31 streams that may be deleted"):
        assert said in text


VARIANTS = {
    "plain": {},
    "everything": {"EdgeConfig": None},
    "made": {"create_stream": True, "DataRetentionInHours": 24},
    "deletable": {"removal_policy": "DESTROY"},
    "hub by name": {"hub": "hub-by-its-name"},
    "imported": {"hub": {"Fn::ImportValue": "site-hub"}},
    "long name": {"StreamName": "n" * 250},
    "options": {"hub_move": "ALLOWED", "sync_token": "2026-11-23"},
}


def varied(request_for, number, variant):
    """Return a request of a kind."""
    request = request_for(f"camera-{number:03}")
    config = request["EdgeConfig"]
    if "hub" in VARIANTS[variant]:
        config = {"RecorderConfig": config["RecorderConfig"]}
    elif variant == "everything":
        deletion = {
            "EdgeRetentionInHours": 48,
            "LocalSizeConfig": {"MaxLocalMediaSizeInMB": 90000, "StrategyOnFullSize": "DELETE_OLDEST_MEDIA"},
            "DeleteAfterUpload": True,
        }
        recorder = {**config["RecorderConfig"], "ScheduleConfig": SCHEDULE}
        uploader = {"ScheduleConfig": {**SCHEDULE, "ScheduleExpression": "0 0 20,21,22,23 ? * * *"}}
        config = {**config, "RecorderConfig": recorder, "UploaderConfig": uploader, "DeletionConfig": deletion}
    fields = {**VARIANTS[variant], "EdgeConfig": config}
    if "StreamName" in fields:
        fields["StreamName"] = f"{number:03}-" + fields["StreamName"]
    return {**request, **fields}


@pytest.mark.parametrize("variant", VARIANTS)
def test_the_estimate_of_a_template_is_never_too_low_and_seldom_far_too_high(fleet_of, request_for, variant):
    """Held against real templates, with the metadata that the CDK CLI asks for."""

    def size(count):
        app = fleet_of([varied(request_for, number, variant) for number in range(count)])
        assembly = app.synth()
        (stack,) = assembly.stacks
        text = Path(assembly.directory, stack.template_file).read_bytes()
        return len(text), len(stack.template["Resources"])

    (small, few), (large, more) = size(1), size(11)
    request = varied(request_for, 1, variant)
    demand = Demand(
        name=request["StreamName"],
        label=request["StreamName"],
        is_created="create_stream" in request,
        may_delete="removal_policy" in request or "hub_move" in request,
        config={"HubDeviceArn": _hub(request), **request["EdgeConfig"]},
        option_bytes=Deployment(hub_move=request.get("hub_move"), sync_token=request.get("sync_token")).template_bytes,
    )
    assert (large - small) / 10 <= demand.bytes <= 1.4 * (large - small) / 10
    assert small <= PROVIDER_BYTES + demand.bytes
    assert more - few == 10 * demand.resources
    assert few == PROVIDER_RESOURCES + 1 + demand.resources


def _hub(request):
    if request.get("hub") == "hub-by-its-name":
        return "arn:${AWS::Partition}:iot:${AWS::Region}:${AWS::AccountId}:thing/hub-by-its-name"
    return request.get("hub") or request["EdgeConfig"]["HubDeviceArn"]


def test_a_provider_elsewhere_leaves_its_resources_to_the_streams(request_for, write):
    """The stack of the file has seven more for its streams."""
    app = App(analytics_reporting=False)
    provider = EdgeConfigurationProvider(Stack(app, "Shared"), "Provider")
    directory = write("warehouse.json", {"streams": streams_of(request_for, 493)})
    fleet = EdgeFleet.from_directory(app, "KvsEdge", directory, provider=provider)
    assert len(app.synth().get_stack_by_name("KvsEdge-warehouse").template["Resources"]) == 500
    assert len(fleet.configurations) == 493


def test_a_hub_has_16_streams_whichever_files_they_are_in(request_for, write):
    """Counted over all files of the fleet."""
    write("a.json", {"streams": streams_of(request_for, 16)})
    directory = write(
        "b.json",
        {"streams": [request_for("seventeenth", hub=streams_of(request_for, 1)[0]["EdgeConfig"]["HubDeviceArn"])]},
    )
    with pytest.raises(ConfigurationError, match=r"b\.json:1:\d+ streams\.0\.EdgeConfig\.HubDeviceArn.* 17 streams"):
        EdgeFleet.from_directory(App(), "KvsEdge", directory)
