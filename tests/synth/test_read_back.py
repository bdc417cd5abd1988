"""The declarations that `kvs-edge` reads from an assembly are those that the app declares."""

from aws_cdk import App, CfnParameter, Duration, Environment, NestedStack, Stack, Stage
from aws_cdk import aws_kinesisvideo as kinesisvideo
from aws_cdk import aws_secretsmanager as secretsmanager

from cdk_kvs_edge import ScheduleConfig, StreamEdgeConfiguration
from kvs_edge_preflight.footage import Acknowledgement
from kvs_edge_preflight.templates import find_sources, read_sources
from support.declarations import ACCOUNT, REGION, hub_arn, media_secret

_HUB = hub_arn()
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
