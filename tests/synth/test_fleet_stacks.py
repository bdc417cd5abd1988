"""One stack per file: names, environments, and independence of streams."""

import json
import random

import pytest
from aws_cdk import App, Environment, RemovalPolicy, Stack, Stage
from aws_cdk.assertions import Annotations, Match
from constructs import Construct

from cdk_kvs_edge import ConfigurationError, EdgeFleet, WaitFor
from support import declarations
from support.declarations import hub_arn, stream_arn

POLICY = "AWS::IAM::ManagedPolicy"


@pytest.fixture
def fleet_of(app, write):
    """Return a function that creates a fleet of the given files."""

    def fleet_of(files, scope=None, **options):
        for name, content in files.items():
            directory = write(name, content)
        return EdgeFleet.from_directory(scope or app, "KvsEdge", directory, **options)

    return fleet_of


def test_each_file_is_a_stack_that_bears_its_name(app, fleet_of, request_for):
    """ID-STEM, with a description that names the file; the fleet has them by the files' stems."""
    fleet = fleet_of({"shop.json": {"streams": [request_for("till")]}, "yard.json": {"streams": [request_for("gate")]}})

    made = {stack.stack_name: stack.template for stack in app.synth().stacks}

    assert list(made) == ["KvsEdge-shop", "KvsEdge-yard"]
    assert "shop.json" in made["KvsEdge-shop"]["Description"]
    assert list(fleet.stacks) == ["shop", "yard"]
    assert list(fleet.configurations) == ["till", "gate"]
    assert Stack.of(fleet.configurations["gate"]) is fleet.stacks["yard"]


def test_each_stack_has_the_command_that_shows_whether_its_streams_record(app, stack, fleet_of, request_for):
    """By its file, which states the hub's time zone; by the directory where a stack has all files; or not at all."""
    files = {"shop.json": {"streams": [request_for("till")]}, "yard.json": {"streams": [request_for("gate")]}}

    def outputs(fleet):
        template = Stage.of(fleet).synth(force=True).get_stack_by_name(fleet.stacks["yard"].stack_name).template
        return [output["Value"] for output in template.get("Outputs", {}).values()]

    assert outputs(fleet_of(files)) == ["kvs-edge status edge/yard.json"]
    assert outputs(fleet_of(files, scope=Stack(App(analytics_reporting=False), "All"))) == ["kvs-edge status edge"]
    assert outputs(fleet_of(files, scope=App(analytics_reporting=False), status_output=False)) == []


def test_in_a_stage_the_stacks_bear_the_stages_name_as_well(app, fleet_of, request_for):
    """As the CDK names a stage's stacks, so that two stages can be in one account."""
    stage = Stage(app, "Prod")
    fleet = fleet_of({"shop.json": {"streams": [request_for("till")]}}, scope=Construct(stage, "Sites"))
    assert fleet.stacks["shop"].stack_name == "Prod-KvsEdge-shop"


def test_a_stage_in_a_pipelines_stack_is_outside_of_that_stack(app, stack, fleet_of, request_for):
    """A CDK pipeline is a stack that holds stages: what they deploy has stacks of its own, named after the stage."""
    fleet = fleet_of({"shop.json": {"streams": [request_for("till")]}}, scope=Stage(stack, "Prod"))
    assert fleet.stacks["shop"].stack_name == "Prod-KvsEdge-shop"
    assert fleet.stacks["shop"] is not stack


def test_a_scope_inside_of_a_stack_takes_all_files_into_it(app, stack, fleet_of, request_for):
    """As it was before there was one stack a file."""
    files = {"shop.json": {"streams": [request_for("till")]}, "yard.json": {"streams": [request_for("gate")]}}
    fleet = fleet_of(files, scope=Construct(stack, "Sites"))
    assert [one.stack_name for one in app.synth().stacks] == ["Test"]
    assert fleet.stacks == {"shop": stack, "yard": stack}


def test_a_file_that_states_its_region_and_account_is_deployed_there(fleet_of, request_for):
    """The fleet's env is for files that state none."""
    near = {"StreamName": "b", "EdgeConfig": declarations.edge_config(hub_arn(account="111122223333"))}
    fleet = fleet_of(
        {
            "far.json": {"region": "us-west-2", "account": "123456789012", "streams": [request_for("a")]},
            "near.json": {"streams": [near]},
        },
        env=Environment(region="eu-west-1", account="111122223333"),
    )
    environments = {stem: stack.environment for stem, stack in fleet.stacks.items()}
    assert environments == {"far": "aws://123456789012/us-west-2", "near": "aws://111122223333/eu-west-1"}


def test_stacks_take_the_options_of_stacks(app, fleet_of, request_for):
    """Tags and the protection from being deleted."""
    fleet = fleet_of({"a.json": {"streams": [request_for("a")]}}, tags={"site": "a"}, termination_protection=True)
    assert fleet.stacks["a"].termination_protection
    (stack,) = app.synth().stacks
    assert stack.tags == {"site": "a"}


def test_options_of_stacks_are_refused_where_none_is_made(stack, fleet_of, request_for):
    """They would have no effect."""
    with pytest.raises(ConfigurationError, match="tags: it is an option of stacks that a fleet creates"):
        fleet_of({"a.json": {"streams": [request_for("a")]}}, scope=stack, tags={"site": "a"})


@pytest.mark.parametrize(
    ("name", "fix"),
    [
        ("ware_house.json", "rename the file to ware-house"),
        ("lager halle.yaml", "rename the file to lager-halle"),
        ("käse.yaml", "rename the file to k-se"),
        (f"{'x' * 130}.json", "shorten the file's name"),
    ],
)
def test_a_file_whose_name_makes_no_stack_is_told_a_name_that_does(fleet_of, request_for, name, fix):
    """CloudFormation takes letters, digits and hyphens."""
    with pytest.raises(ConfigurationError, match=fix) as raised:
        fleet_of({name: {"streams": [request_for("a")]}})
    assert raised.value.faults[0].path == f"edge/{name}"


def test_two_files_of_one_name_are_refused(fleet_of, request_for):
    """They would be one stack."""
    with pytest.raises(
        ConfigurationError, match=r"edge/a\.json and edge/a\.yaml would be the same stack, KvsEdge-a: rename a file"
    ):
        fleet_of({"a.json": {"streams": [request_for("a")]}, "a.yaml": {"streams": [request_for("b")]}})


def test_a_file_for_another_region_is_refused_in_a_stack(app, fleet_of, request_for):
    """It could only be deployed to the wrong place."""
    stack = Stack(app, "Here", env=Environment(region="eu-west-1"))
    file = {"region": "us-west-2", "streams": [request_for("a")]}
    with pytest.raises(ConfigurationError, match="for region us-west-2, but the fleet's stack is in eu-w"):
        fleet_of({"a.json": file}, scope=stack)


def test_a_hub_by_its_name_is_one_of_the_stacks_own_region_and_account(app, fleet_of, edge_config, only):
    """So that a file need not hold either."""
    config = {"RecorderConfig": edge_config["RecorderConfig"]}
    fleet_of({"a.json": {"streams": [{"StreamName": "a", "hub": "warehouse-hub", "EdgeConfig": config}]}})
    (stack,) = app.synth().stacks
    arn = "arn:${AWS::Partition}:iot:${AWS::Region}:${AWS::AccountId}:thing/warehouse-hub"
    assert only(stack.template)["Properties"]["EdgeConfig"]["HubDeviceArn"] == {"Fn::Sub": arn}


def test_what_a_stream_states_goes_before_the_fleets_options(app, fleet_of, request_for, resources):
    """A file can set creation, data retention and removal policy of a stream."""
    streams = [
        request_for("made", create_stream=True, DataRetentionInHours=5, removal_policy="DESTROY"),
        request_for("there", hub_move="ALLOWED", sync_token="again"),
    ]
    fleet_of({"a.json": {"streams": streams}}, sync_token="all")
    (stack,) = app.synth().stacks
    (stream,) = resources(stack.template, "AWS::KinesisVideo::Stream").values()
    edges = resources(stack.template, "Custom::KinesisVideoEdgeConfiguration").values()
    assert stream["Properties"] == {"Name": "made", "DataRetentionInHours": 5}
    assert stream["DeletionPolicy"] == "Delete"
    told = [tuple(one["Properties"].get(name) for name in ("RemovalPolicy", "HubMove", "SyncToken")) for one in edges]
    assert sorted(told) == [("DESTROY", None, "all"), ("RETAIN", "ALLOWED", "again")]


def test_a_fleet_that_makes_its_streams_leaves_out_those_that_are_there(app, fleet_of, request_for, resources):
    """`create_stream: false` says so, and so does an ARN, which no stream has before it is made."""
    from aws_cdk import Duration

    arn = stream_arn("by-arn", region="us-west-2")
    by_arn = {"StreamARN": arn, "EdgeConfig": request_for("")["EdgeConfig"]}
    streams = [request_for("made"), request_for("there", create_stream=False), by_arn]
    fleet_of({"a.json": {"streams": streams}}, stream_retention=Duration.days(1))
    (stack,) = app.synth().stacks
    made = resources(stack.template, "AWS::KinesisVideo::Stream").values()
    assert [one["Properties"]["Name"] for one in made] == ["made"]


def test_a_stream_that_is_made_without_retention_is_refused(fleet_of, request_for):
    """Unless the fleet has a retention for all."""
    with pytest.raises(ConfigurationError, match="set DataRetentionInHours to 1 or more"):
        fleet_of({"a.json": {"streams": [request_for("a", create_stream=True)]}})


def test_destroy_for_a_whole_fleet_has_to_stand_in_its_files(fleet_of, request_for):
    """The old stack would delete a stream that moves to another file; DESTROY in a file is reviewed."""
    with pytest.raises(ConfigurationError, match="set removal_policy: DESTROY in the files"):
        fleet_of({"a.json": {"streams": [request_for("a")]}}, removal_policy=RemovalPolicy.DESTROY)


def others_than_policies(request_for, write_to, streams, policy="RETAIN") -> dict[str, object]:
    """Return the resources of a file's stack without shared policies."""
    app = App()
    write_to.mkdir(exist_ok=True)
    requests = [
        request_for(name, hub=hub_arn(f"hub-{name[-1]}", region="us-west-2"), create_stream=True)
        | {"DataRetentionInHours": 24}
        for name in streams
    ]
    (write_to / "site.json").write_text(json.dumps({"defaults": {"removal_policy": policy}, "streams": requests}))
    EdgeFleet.from_directory(app, "KvsEdge", write_to)
    template = app.synth().get_stack_by_name("KvsEdge-site").template
    return {name: one for name, one in template["Resources"].items() if one["Type"] != POLICY}


@pytest.mark.parametrize("policy", ["RETAIN", "DESTROY"])
def test_a_camera_that_comes_goes_or_moves_about_disturbs_no_other(tmp_path, request_for, policy):
    """All that differs between the templates is its own, and the policies that list the streams."""
    names = [f"camera-{number}" for number in range(10)]
    shuffled = random.Random(4).sample(names, len(names))

    before = others_than_policies(request_for, tmp_path / "a", names, policy)
    reordered = others_than_policies(request_for, tmp_path / "b", shuffled, policy)
    without = others_than_policies(request_for, tmp_path / "c", names[:3] + names[4:], policy)

    assert reordered == before
    gone = {name: before[name] for name in before.keys() - without.keys()}
    assert {**without, **gone} == before
    assert gone
    assert all("camera3" in name for name in gone)


def test_a_rename_is_a_new_resource_and_leaves_the_old_to_its_removal_policy(tmp_path, request_for):
    """With RETAIN CloudFormation lets go of the old one without a call."""
    before = others_than_policies(request_for, tmp_path / "a", ["dock-1"])
    after = others_than_policies(request_for, tmp_path / "b", ["dock-2"])
    old, new = (set(one) - set(two) for one, two in ((before, after), (after, before)))
    assert len(old) == len(new) == 2
    assert {before[name]["DeletionPolicy"] for name in old} == {"Retain"}
    assert {before[name]["Type"] for name in old} == {
        "AWS::KinesisVideo::Stream",
        "Custom::KinesisVideoEdgeConfiguration",
    }


def test_a_file_that_is_renamed_is_another_stack_with_the_same_logical_ids(tmp_path, request_for):
    """The stack's name is the file's; within it, nothing depends on that."""
    first = others_than_policies(request_for, tmp_path / "a", ["dock-1"])
    (tmp_path / "a" / "site.json").rename(tmp_path / "a" / "plant.json")
    app = App()
    EdgeFleet.from_directory(app, "KvsEdge", tmp_path / "a")
    (stack,) = app.synth().stacks
    assert stack.stack_name == "KvsEdge-plant"
    assert set(first) <= set(stack.template["Resources"])


def _scheduled(request, **facts):
    config = request["EdgeConfig"]
    schedule = {"ScheduleExpression": "0 0 9-16 * * ? *", "DurationInSeconds": 3599}
    recorder = {**config["RecorderConfig"], "ScheduleConfig": schedule}
    return {**request, "EdgeConfig": {**config, "RecorderConfig": recorder}, **facts}


def test_a_file_says_what_its_streams_wait_for_in_the_time_zone_of_its_hub(app, fleet_of, request_for, resources):
    """A file takes precedence over the fleet's options, and only a scheduled recording needs the zone."""
    streams = [
        _scheduled(request_for("gate")),
        request_for("yard"),
        _scheduled(request_for("till"), wait_for="SYNC"),
    ]
    fleet_of({"a.json": {"time_zone": "Europe/Berlin", "streams": streams}}, wait_for=WaitFor.RECORDING)
    edges = resources(app.synth().stacks[0].template, "Custom::KinesisVideoEdgeConfiguration").values()
    told = {
        one["Properties"]["StreamName"]: [one["Properties"].get(name) for name in ("WaitFor", "HubTimeZone")]
        for one in edges
    }
    assert told == {"gate": ["RECORDING", "Europe/Berlin"], "yard": ["RECORDING", None], "till": [None, None]}


def test_a_fleet_does_not_wait_for_a_scheduled_recording_in_an_unknown_time_zone(app, fleet_of, request_for, resources):
    """The fault has its place in the file; an option of the fleet is the zone of hubs without one."""
    files = {"a.json": {"streams": [_scheduled(request_for("gate"), wait_for="RECORDING")]}}
    said = r"a\.json:1:\d+ streams\.0\.wait_for: .* the time zone of warehouse-hub"
    with pytest.raises(ConfigurationError, match=said):
        fleet_of(files)
    fleet_of(files, hub_time_zone="Asia/Tokyo")
    (edge,) = resources(app.synth().stacks[0].template, "Custom::KinesisVideoEdgeConfiguration").values()
    assert edge["Properties"]["HubTimeZone"] == "Asia/Tokyo"


def test_a_fleet_warns_once_of_the_former_option(stack, fleet_of, request_for):
    """`wait_for_sync` is deprecated."""
    fleet_of({"a.json": {"streams": [request_for("gate"), request_for("yard")]}}, scope=stack, wait_for_sync=True)
    warnings = Annotations.from_stack(stack).find_warning("*", Match.string_like_regexp("wait_for_sync is deprecated"))
    assert len(warnings) == 1
