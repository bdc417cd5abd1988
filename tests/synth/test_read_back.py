"""The declarations that `kvs-edge` reads from an assembly are those that the app declares."""

from datetime import UTC, datetime

from aws_cdk import App, CfnParameter, Duration, Environment, NestedStack, Stack, Stage
from aws_cdk import aws_kinesisvideo as kinesisvideo
from aws_cdk import aws_secretsmanager as secretsmanager

from cdk_kvs_edge import EdgeFleet, ScheduleConfig, StreamEdgeConfiguration
from kvs_edge_preflight.files import hub_plans
from kvs_edge_preflight.footage import Acknowledgement, Calendar, analyse_hub
from kvs_edge_preflight.templates import find_sources, read_sources
from support.declarations import ACCOUNT, REGION, hub_arn, media_secret

_HUB = hub_arn()
_FLEET_HUB = hub_arn("warehouse-hub", region="us-west-2")
_RECORDER = ScheduleConfig(expression="0 0 9-16 ? * * *", duration=Duration.seconds(3599))


def test_an_app_with_stages_nested_stacks_and_references_is_read_whole(tmp_path):
    """Each stream has its construct; what only CloudFormation knows stays a reference."""
    app = App(analytics_reporting=False, outdir=str(tmp_path / "cdk.out"))
    site = Stack(app, "Site", env=Environment(account=ACCOUNT, region=REGION))
    secret = secretsmanager.Secret(site, "Secret")
    hub = CfnParameter(site, "Hub").value_as_string

    def stream(construct_id, **named):
        return kinesisvideo.CfnStream(site, construct_id, data_retention_in_hours=24, **named)

    def declare(scope, name, of, hub_device_arn=_HUB, media_uri_secret=secret, **more):
        StreamEdgeConfiguration(
            scope, name, stream=of, hub_device_arn=hub_device_arn, media_uri_secret=media_uri_secret, **more
        )

    declare(
        site, "Named", stream("Cam", name="cam"), f"arn:{site.partition}:iot:{site.region}:{site.account}:thing/hub"
    )
    declare(site, "Unnamed", stream("Auto"), f"arn:aws:iot:{REGION}:{ACCOUNT}:thing/{hub}", recorder_schedule=_RECORDER)
    reason = Acknowledgement("HourlyUploadAssumed", "It is tested.")
    declare(site, "Known", "known", media_uri_secret=media_secret(), acknowledge=[reason])
    declare(NestedStack(site, "Nested"), "Inner", stream("Third", name="third").ref)
    user = Stack(app, "User", env=Environment(account=ACCOUNT, region=REGION))
    declare(user, "Imported", stream("Fourth", name="fourth"), media_uri_secret=media_secret())
    free = Stack(Stage(app, "Prod"), "Free")
    declare(free, "Free", "fifth", f"arn:aws:iot:{free.region}:{free.account}:thing/hub", media_secret())
    app.synth()

    reading = read_sources(find_sources([tmp_path / "cdk.out"]))

    assert list(reading.faults()) == []
    found = {stream.origin.construct: (stream.stream_name, stream.hub, stream.region) for stream in reading.streams}
    assert found == {
        "Site/Named/Resource": ("cam", hub_arn(), REGION),
        "Site/Unnamed/Resource": ("{Ref: Auto}", hub_arn("${Hub}"), REGION),
        "Site/Known/Resource": ("known", hub_arn(), REGION),
        "Site/Nested/Inner/Resource": ("third", hub_arn(), REGION),
        "User/Imported/Resource": ("fourth", hub_arn(), REGION),
        "Prod/Free/Free/Resource": ("fifth", "arn:aws:iot:${AWS::Region}:${AWS::AccountId}:thing/hub", None),
    }
    assert {stream.origin.stack for stream in reading.streams} == {"Site", None, "User", "Prod-Free"}
    created = [stream for stream in reading.streams if stream.fact("create_stream")]
    assert [stream.fact("DataRetentionInHours") for stream in created] == [24] * 4
    (known,) = [stream for stream in reading.streams if stream.stream_name == "known"]
    assert known.fact("acknowledge") == [{"code": "HourlyUploadAssumed", "reason": "It is tested."}]


def _judged(paths):
    """Return the findings and the acknowledged findings of files or an assembly, by hub and stream."""
    reading = read_sources(find_sources(paths))
    assert list(reading.faults()) == []
    calendar = Calendar(datetime(2026, 11, 23, tzinfo=UTC))
    analyses = [analyse_hub(plan.hub, plan.streams, calendar) for plan in hub_plans(reading)]
    return tuple(
        sorted((finding.hub, finding.stream or "", finding.code, finding.message) for finding in found)
        for found in (
            [finding for analysis in analyses for finding in analysis.findings],
            [finding for analysis in analyses for finding in analysis.acknowledged],
        )
    )


def _site(request_for):
    """Return two files with a shared hub, facts of streams and hubs, and findings that are acknowledged."""

    def accepted(*codes):
        return {"acknowledge": [{"code": code, "reason": "It is tested."} for code in codes]}

    small = {"LocalSizeConfig": {"MaxLocalMediaSizeInMB": 100, "StrategyOnFullSize": "DENY_NEW_MEDIA"}}
    gate = request_for("gate", _FLEET_HUB, camera_bit_rate=4_000_000, DataRetentionInHours=24)
    gate["EdgeConfig"]["DeletionConfig"] = {"EdgeRetentionInHours": 48, **small}
    facts = {"HubDeviceArn": _FLEET_HUB, "cloud_secrets": [], "stream_count": 17, **accepted("TooManyStreams")}
    return {
        "a.json": {
            "streams": [
                gate | accepted("LocalSizeBelowAnHour", "SecretUnknownToHub"),
                request_for("dock", _FLEET_HUB, **accepted("SecretUnknownToHub")),
            ],
            "hubs": [facts],
            "time_zone": "Europe/Berlin",
        },
        "b.json": {"streams": [request_for("yard", _FLEET_HUB, **accepted("SecretUnknownToHub"))]},
    }


def test_an_assembly_of_a_fleet_has_the_findings_and_the_acknowledgements_of_its_files(tmp_path, write, request_for):
    """Facts that only files state are in the template's Metadata: one stack per file, or one stack for all."""
    for name, content in _site(request_for).items():
        directory = write(name, content)
    wanted = _judged([directory])
    assert {code for *_, code, _ in wanted[1]} == {"LocalSizeBelowAnHour", "SecretUnknownToHub", "TooManyStreams"}

    per_file = App(analytics_reporting=False, outdir=str(tmp_path / "a"))
    EdgeFleet.from_directory(per_file, "Fleet", directory, env=Environment(account=ACCOUNT, region="us-west-2"))
    per_file.synth()
    in_one = App(analytics_reporting=False, outdir=str(tmp_path / "b"))
    EdgeFleet.from_directory(
        Stack(in_one, "Site", env=Environment(account=ACCOUNT, region="us-west-2")), "Fleet", directory
    )
    in_one.synth()

    assert _judged([tmp_path / "a"]) == _judged([tmp_path / "b"]) == wanted


def test_facts_are_plain_and_those_of_an_unnamed_stream_are_its_acknowledgements(tmp_path, write, request_for):
    """CloudFormation evaluates no function in the Metadata of a template; a hub's ARN has pseudo parameters as text."""
    reason = [{"code": "HourlyUploadAssumed", "reason": "It is tested."}]
    unnamed = {**request_for("gate", _FLEET_HUB), "StreamName": {"Ref": "camera"}, "acknowledge": reason}
    named = request_for("dock")
    del named["EdgeConfig"]["HubDeviceArn"]
    content = {"streams": [unnamed, {**named, "hub": "dock-hub"}], "time_zone": "Europe/Berlin"}
    app = App(analytics_reporting=False, outdir=str(tmp_path / "cdk.out"))
    camera = kinesisvideo.CfnStream(Stack(app, "Cameras"), "Camera", data_retention_in_hours=24)
    EdgeFleet.from_directory(app, "Fleet", write("a.json", content), references={"camera": camera})
    template = app.synth().get_stack_by_name("Fleet-a").template

    by_name = "arn:${AWS::Partition}:iot:${AWS::Region}:${AWS::AccountId}:thing/dock-hub"
    zone = {"time_zone": "Europe/Berlin"}
    assert template["Metadata"]["kvs-edge:facts"] == {
        "hubs": [{"HubDeviceArn": _FLEET_HUB, **zone}, {"HubDeviceArn": by_name, **zone}]
    }


def test_a_fact_changes_no_resource(write, request_for):
    """CloudFormation compares resources, and sends no request to the handler."""

    def template(**content):
        app = App(analytics_reporting=False)
        EdgeFleet.from_directory(app, "Fleet", write("a.json", content))
        return app.synth().stacks[0].template

    plain = template(streams=[request_for("gate", _FLEET_HUB)])
    stated = template(streams=[request_for("gate", _FLEET_HUB, camera_bit_rate=4_000_000)], time_zone="Europe/Berlin")
    assert stated["Resources"] == plain["Resources"]
    assert "kvs-edge:facts" not in plain.get("Metadata", {})
    assert stated["Metadata"]["kvs-edge:facts"] == {
        "hubs": [{"HubDeviceArn": _FLEET_HUB, "time_zone": "Europe/Berlin"}],
        "streams": [{"StreamName": "gate", "camera_bit_rate": 4_000_000}],
    }
