"""Footage analysis at synthesis: errors are raised, warnings are annotations."""

import json

import pytest
from aws_cdk import CfnParameter, Duration, Size
from aws_cdk import aws_kinesisvideo as kinesisvideo

from cdk_kvs_edge import (
    Acknowledgement,
    ConfigurationError,
    EdgeFleet,
    MediaUriType,
    ScheduleConfig,
    StrategyOnFullSize,
    StreamEdgeConfiguration,
)

LOSING = {
    "uploader_schedule": ScheduleConfig.between("22:00", "24:00", days=["MON-FRI"]),
    "edge_retention": Duration.hours(48),
}
EXPECTED = Acknowledgement("AlwaysOnExceedsRetention", "Nothing moves at weekends.")


@pytest.fixture
def losing(edge_config):
    """Return a request that loses footage at weekends."""

    def losing(name="one", **facts):
        schedule = {"ScheduleExpression": "0 0 22-23 ? * MON-FRI *", "DurationInSeconds": 3599}
        config = edge_config | {
            "UploaderConfig": {"ScheduleConfig": schedule},
            "DeletionConfig": {"EdgeRetentionInHours": 48},
        }
        return {"StreamName": name, "EdgeConfig": config, **facts}

    return losing


@pytest.fixture
def fleet(stack, tmp_path):
    """Return a function that creates a fleet of one file."""

    def fleet(**content):
        directory = tmp_path / "edge"
        directory.mkdir()
        (directory / "site.json").write_text(json.dumps(content))
        return EdgeFleet.from_directory(stack, "Fleet", directory)

    return fleet


def test_footage_that_is_lost_stops_the_synthesis(stack, declare):
    """With the field, the numbers, and the code to look up."""
    with pytest.raises(ConfigurationError) as raised:
        declare(stack, **LOSING)
    (fault,) = raised.value.faults
    assert fault.path == "edge_retention"
    assert "22 hours per week are lost; keep it longer or upload more often [AlwaysOnExceedsRetention]" in fault.rule


def test_what_is_acknowledged_is_silent(stack, declare, warnings):
    """A reason is enough."""
    declare(stack, **LOSING, acknowledge=[EXPECTED])
    assert warnings(stack) == []


def test_an_acknowledgement_without_a_reason_silences_nothing(stack, declare):
    """Both are told, and by the argument's name."""
    with pytest.raises(ConfigurationError) as raised:
        declare(stack, **LOSING, acknowledge=[Acknowledgement("AlwaysOnExceedsRetention", " ")])
    assert [fault.path for fault in raised.value.faults] == [
        "edge_retention",
        "acknowledge.0",
    ]


def test_a_warning_is_an_annotation_of_the_construct(stack, declare, warnings):
    """The CDK's own acknowledgement works, too."""
    declare(stack, media_uri_type=MediaUriType.FILE_URI)
    ((path, text),) = warnings(stack)
    assert path == "/Test/Edge"
    assert "media_uri_type: FILE_URI is in the API" in text
    assert "[ack: FileUriInDoubt]" in text


def test_weekday_numbers_are_a_warning_with_the_whole_expression(stack, declare, warnings):
    """At the expression, and the offered one has no warning."""
    declare(stack, recorder_schedule=ScheduleConfig(expression="0 0 9 ? * 1-5 *", duration=Duration.hours(1)))
    ((_, text),) = warnings(stack)
    assert text.startswith("recorder_schedule.expression: ")
    assert '"0 0 9 ? * MON-FRI *" for Monday to Friday' in text
    assert "[ack: ScheduleWeekdayNumbers]" in text


def test_what_is_only_to_be_known_is_silent(stack, declare, warnings):
    """An app knows no hub's time zone and no camera's bit rate."""
    declare(
        stack,
        recorder_schedule=ScheduleConfig.between("08:30", "16:30"),
        max_local_media_size=Size.gibibytes(2),
        strategy_on_full_size=StrategyOnFullSize.DELETE_OLDEST_MEDIA,
    )
    assert warnings(stack) == []


def test_a_streams_data_retention_is_looked_at_where_the_app_says_it(stack, declare, warnings):
    """Footage that is gone in the cloud before the edge retention is over."""
    stream = kinesisvideo.CfnStream(stack, "Camera", data_retention_in_hours=1)
    declare(stack, stream=stream, edge_retention=Duration.hours(24))
    ((_, text),) = warnings(stack)
    assert "[ack: KeptShorterThanRetention]" in text


def test_a_configuration_with_tokens_is_left_alone(stack, declare, warnings):
    """A value that is known only at deployment cannot be analysed."""
    retention = Duration.hours(CfnParameter(stack, "Hours", type="Number").value_as_number)
    declare(stack, **(LOSING | {"edge_retention": retention}), media_uri_type=MediaUriType.FILE_URI)
    assert warnings(stack) == []


def test_tokens_that_are_not_played_hide_nothing(stack, declare):
    """Hub, stream and secret may be tokens."""
    hub = CfnParameter(stack, "Hub").value_as_string
    secret = CfnParameter(stack, "Secret").value_as_string
    stream = CfnParameter(stack, "Stream").value_as_string
    with pytest.raises(ConfigurationError, match="AlwaysOnExceedsRetention"):
        declare(stack, **LOSING, stream=stream, hub_device_arn=hub, media_uri_secret=secret)


def test_json_is_looked_at_likewise(stack, losing, warnings):
    """With acknowledgements beside it."""
    config = losing()["EdgeConfig"]
    with pytest.raises(ConfigurationError, match="AlwaysOnExceedsRetention"):
        StreamEdgeConfiguration.from_edge_config(stack, "Refused", stream="camera", edge_config=config)
    StreamEdgeConfiguration.from_edge_config(
        stack, "Taken", stream="camera", edge_config=config, acknowledge=[EXPECTED]
    )
    assert warnings(stack) == []


def test_errors_of_all_streams_of_a_fleet_come_at_once(fleet, losing):
    """Beside the faults of the files themselves, each at its place."""
    with pytest.raises(ConfigurationError) as raised:
        fleet(streams=[losing("one"), losing("two"), {"StreamName": "three"}])
    faults = [str(fault) for fault in raised.value.faults]
    assert [fault.partition(" ")[2].partition(":")[0] for fault in faults] == [
        "streams.2",
        "streams.0.EdgeConfig.DeletionConfig.EdgeRetentionInHours",
        "streams.1.EdgeConfig.DeletionConfig.EdgeRetentionInHours",
    ]
    assert all(fault.startswith("edge/site.json:1:") for fault in faults)


def test_a_fleets_warnings_are_at_their_streams_and_hubs_once(stack, fleet, losing, edge_config, warnings):
    """Acknowledged in the file, and known of its hub."""
    hub = edge_config["HubDeviceArn"]
    unused = {"code": "TooManyStreams", "reason": "There are more."}
    acknowledge = [{"code": EXPECTED.code, "reason": EXPECTED.reason}]
    doubtful = losing("two", acknowledge=acknowledge)
    recorder = {
        "MediaSourceConfig": doubtful["EdgeConfig"]["RecorderConfig"]["MediaSourceConfig"]
        | {"MediaUriType": "FILE_URI"}
    }
    doubtful["EdgeConfig"] = doubtful["EdgeConfig"] | {"RecorderConfig": recorder}

    fleet(
        time_zone="Europe/Berlin",
        hubs=[{"HubDeviceArn": hub, "acknowledge": [unused]}],
        streams=[losing("one", acknowledge=acknowledge), doubtful],
    )

    (of_fleet, first), (of_stream, second) = warnings(stack)
    assert (of_fleet, of_stream) == ("/Test/Fleet", "/Test/Fleet/two")
    assert "hubs.0.acknowledge.0: TooManyStreams is acknowledged, but not found; remove the acknowledgement" in first
    assert "streams.1.EdgeConfig.RecorderConfig.MediaSourceConfig.MediaUriType: FILE_URI is in the API" in second


def test_the_retention_of_streams_that_the_fleet_makes_is_known(stack, tmp_path, edge_config, warnings):
    """The app's stream_retention counts for all files."""
    kept = edge_config | {"DeletionConfig": {"EdgeRetentionInHours": 24}}
    request = {"StreamName": "one", "EdgeConfig": kept}
    (tmp_path / "site.json").write_text(json.dumps({"streams": [request]}))
    EdgeFleet.from_directory(stack, "Fleet", tmp_path, stream_retention=Duration.hours(1))
    ((path, text),) = warnings(stack)
    assert path == "/Test/Fleet/one"
    assert "[ack: KeptShorterThanRetention]" in text
