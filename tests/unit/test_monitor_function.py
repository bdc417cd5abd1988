"""The monitor's function: what it reads, prints and sends, with requests and responses of botocore's models."""

import json
from datetime import UTC, datetime, timedelta

import boto3
import pytest
from botocore.stub import Stubber

from kvs_edge_monitor import aws, entry

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)  # a Monday, 13:00 in Berlin
HUB = "arn:aws:iot:eu-west-1:123456789012:thing/hub-1"
LOG_GROUP = "monitor-logs"
WORKDAY = {"ScheduleExpression": "0 0 9-16 ? * MON-FRI *", "DurationInSeconds": 3599}
EVENING = {"ScheduleExpression": "0 0 20 ? * * *", "DurationInSeconds": 3600}
DENIED = "AccessDeniedException"


def described(name="a", status="IN_SYNC", recorder=None, recorder_schedule=None, uploader_schedule=None, **more):
    """Return a response of DescribeEdgeConfiguration."""
    media = {
        "MediaUriSecretArn": "arn:aws:secretsmanager:eu-west-1:123456789012:secret:cam",
        "MediaUriType": "RTSP_URI",
    }
    config = {"HubDeviceArn": HUB, "RecorderConfig": {"MediaSourceConfig": media}}
    if recorder_schedule:
        config["RecorderConfig"]["ScheduleConfig"] = recorder_schedule
    if uploader_schedule:
        config["UploaderConfig"] = {"ScheduleConfig": uploader_schedule}
    response = {
        "StreamName": name,
        "SyncStatus": status,
        "LastUpdatedTime": NOW - timedelta(minutes=10),
        "EdgeConfig": config,
        **more,
    }
    if recorder:
        report = {
            "RecorderStatus": recorder,
            "LastUpdatedTime": NOW - timedelta(minutes=1),
            "JobStatusDetails": "said so",
        }
        response["EdgeAgentStatus"] = {"LastRecorderStatus": report}
    return response


class World:
    """AWS as the function sees it."""

    def __init__(self, monkeypatch, capsys):
        self.capsys = capsys
        self.slept = []
        self.stubs = {}
        for service in ("kinesisvideo", "logs", "events"):
            client = boto3.client(service, "eu-west-1", aws_access_key_id="x", aws_secret_access_key="x")
            self.stubs[service] = Stubber(client)
            self.stubs[service].activate()
        monkeypatch.setattr(aws.boto3, "client", lambda service, **_: self.stubs[service].client)
        monkeypatch.setattr(aws, "clock", NOW.timestamp)
        monkeypatch.setattr(aws, "sleep", self.slept.append)
        monkeypatch.setenv("AWS_LAMBDA_LOG_GROUP_NAME", LOG_GROUP)

    def describes(self, stream, response=None, error=None):
        """Expect a DescribeEdgeConfiguration."""
        self._expect("kinesisvideo", "describe_edge_configuration", {"StreamName": stream}, response, error)

    def lists(self, *entries, error=None, token=None, next_token=None):
        """Expect a ListEdgeAgentConfigurations."""
        asked = {"HubDeviceArn": HUB, "MaxResults": 10, **({"NextToken": token} if token else {})}
        page = {"EdgeConfigs": list(entries), **({"NextToken": next_token} if next_token else {})}
        self._expect("kinesisvideo", "list_edge_agent_configurations", asked, page, error)

    def remembers(self, error=None, **kinds):
        """Expect a FilterLogEvents that finds a hub's line."""
        line = json.dumps({"Monitor": "site", "Hub": "hub-1", "HealthByStream": kinds})
        found = [{"timestamp": 2, "message": line}, {"timestamp": 1, "message": "older"}] if kinds else []
        start = int((NOW.timestamp() - 1200) * 1000)
        asked = {"logGroupName": LOG_GROUP, "startTime": start, "filterPattern": '"HealthByStream"'}
        self._expect("logs", "filter_log_events", asked, {"events": found}, error)

    def sends(self, *entries, error=None):
        """Expect a PutEvents with these results; collect what it sent."""
        stub = self.stubs["events"]
        if error:
            stub.add_client_error("put_events", error)
            return
        results = [entry or {"EventId": "1"} for entry in entries]
        stub.add_response("put_events", {"FailedEntryCount": 0, "Entries": results})

    def run(self, streams=("a",), zone="Europe/Berlin", **more):
        """Invoke the function; return its result and the lines that it printed."""
        hub = {"hub": HUB, "zone": zone, **({} if streams is None else {"streams": list(streams)})}
        event = {
            "monitor": "site",
            "namespace": "KvsEdge",
            "intervalSeconds": 300,
            "callsPerSecond": 1000,
            "hubs": [hub],
        }
        result = entry.handler({**event, **more}, None)
        for stub in self.stubs.values():
            stub.assert_no_pending_responses()
        return result, [json.loads(line) for line in self.capsys.readouterr().out.splitlines()]

    def _expect(self, service, method, asked, response, error):
        if error:
            self.stubs[service].add_client_error(method, error, "not today", expected_params=asked)
        else:
            self.stubs[service].add_response(method, response, asked)


@pytest.fixture
def world(monkeypatch, capsys):
    return World(monkeypatch, capsys)


def test_a_camera_that_breaks_is_counted_and_sent_once(world):
    world.remembers(a="healthy")
    world.describes("a", described(recorder="USER_ERROR"))
    world.sends(None)
    result, (of_hub, in_all) = world.run()
    assert result == {"streams": 1, "unhealthy": 1, "changes": 1}
    assert of_hub["HealthByStream"] == {"a": "recording_failed"}
    assert "said so" in of_hub["Problems"][0]["reason"]
    assert (in_all["RecordingFailed"], in_all["UnhealthyStreams"], in_all["Streams"]) == (1, 1, 1)


def test_what_was_known_is_not_sent_again(world):
    world.remembers(a="recording_failed")
    world.describes("a", described(recorder="USER_ERROR"))
    result, _ = world.run()
    assert result == {"streams": 1, "unhealthy": 1, "changes": 0}


def test_a_stream_that_may_not_be_read_is_unknown_and_changes_no_other(world):
    world.remembers(a="healthy", b="healthy")
    world.describes("a", error=DENIED)
    world.describes("b", described("b", recorder="SUCCESS"))
    world.sends(None)
    result, (of_hub, _) = world.run(["a", "b"])
    assert result == {"streams": 2, "unhealthy": 0, "changes": 1}
    assert of_hub["HealthByStream"] == {"a": "unknown", "b": "healthy"}
    assert of_hub["Problems"][0]["reason"] == f"DescribeEdgeConfiguration failed: {DENIED}, not today"


@pytest.mark.parametrize("code", ["StreamEdgeConfigurationNotFoundException", "ResourceNotFoundException"])
def test_what_does_not_exist_is_not_in_sync(world, code):
    world.remembers(a="not_in_sync")
    world.describes("a", error=code)
    _, (of_hub, _) = world.run()
    assert of_hub["HealthByStream"] == {"a": "not_in_sync"}


def test_a_throttled_call_is_repeated_at_the_pace(world):
    world.remembers(a="healthy")
    world.describes("a", error="ClientLimitExceededException")
    world.describes("a", described(recorder="SUCCESS"))
    result, _ = world.run()
    assert result["unhealthy"] == 0
    assert world.slept == [pytest.approx(0.001, abs=1e-5)]


def test_a_call_that_stays_throttled_leaves_the_stream_unknown(world):
    world.remembers(a="unknown")
    for _ in range(aws.ATTEMPTS):
        world.describes("a", error="ClientLimitExceededException")
    _, (of_hub, _) = world.run()
    assert of_hub["HealthByStream"] == {"a": "unknown"}


def test_a_whole_hub_is_listed_and_its_streams_described(world):
    world.remembers(a="healthy", b="healthy")
    world.lists(described("b"), next_token="more")
    world.lists(described("a"), token="more")
    world.describes("a", described("a", recorder="SUCCESS"))
    world.describes("b", described("b", recorder="SUCCESS"))
    result, _ = world.run(streams=None)
    assert result == {"streams": 2, "unhealthy": 0, "changes": 0}


def test_a_whole_hub_that_cannot_be_listed_is_one_unknown(world):
    world.remembers()
    world.lists(error="NotAuthorizedException")
    world.sends(None)
    result, (of_hub, _) = world.run(streams=None)
    assert result == {"streams": 1, "unhealthy": 0, "changes": 1}
    assert of_hub["HealthByStream"] == {"*": "unknown"}


def test_a_whole_hub_without_streams_is_one_unknown(world):
    """A hub that is gone, or a wrong name, is not a hub on which all is well."""
    world.remembers()
    world.lists()
    world.sends(None)
    result, (of_hub, in_all) = world.run(streams=None)
    assert result == {"streams": 1, "unhealthy": 0, "changes": 1}
    assert "no stream has an edge configuration on this hub" in of_hub["Problems"][0]["reason"]
    assert (in_all["Unknown"], in_all["UnhealthyStreams"]) == (1, 0)


def test_one_stream_without_rights_changes_no_other(world):
    """Of fifty, one is unknown, once; the others keep their health."""
    names = [f"camera-{number:02}" for number in range(50)]
    world.remembers(**dict.fromkeys(names, "healthy"))
    world.lists(*(described(name) for name in names))
    for name in names:
        error = "AccessDeniedException" if name == "camera-07" else None
        world.describes(name, described(name, recorder="SUCCESS"), error=error)
    world.sends(None)
    result, (of_hub, in_all) = world.run(names)
    assert result == {"streams": 50, "unhealthy": 0, "changes": 1}
    assert (in_all["Unknown"], in_all["Healthy"]) == (1, 49)
    assert [problem["stream"] for problem in of_hub["Problems"]] == ["camera-07"]


def test_streams_of_a_hub_that_cannot_be_listed_are_described(world):
    world.remembers(a="healthy", b="healthy", c="healthy")
    world.lists(error="NotAuthorizedException")
    for name in "abc":
        world.describes(name, described(name, recorder="SUCCESS"))
    result, _ = world.run("abc")
    assert result == {"streams": 3, "unhealthy": 0, "changes": 0}


def test_the_list_saves_a_call_for_each_stream_whose_health_follows_from_it(world):
    """The hub does not have a's configuration; between windows nothing changes for b; c was not seen before."""
    outside = {"recorder_schedule": EVENING, "uploader_schedule": EVENING}
    world.remembers(a="healthy", b="not_due")
    failed = described("a", "SYNC_FAILED", FailedStatusDetails="no")
    world.lists(failed, described("b", **outside), described("c", **outside), described("unwatched"))
    world.describes("c", described("c", recorder="SUCCESS", **outside))
    world.sends(None)
    _, (of_hub, _) = world.run("abc")
    assert of_hub["HealthByStream"] == {"a": "not_in_sync", "b": "not_due", "c": "not_due"}


def test_a_listed_stream_is_described_while_a_window_is_open(world):
    world.remembers(a="not_due", b="not_due", c="not_due")
    outside = {"recorder_schedule": EVENING, "uploader_schedule": EVENING}
    world.lists(
        described("a", recorder_schedule=WORKDAY, uploader_schedule=EVENING),
        described("b", recorder_schedule=EVENING, uploader_schedule=WORKDAY),
        described("c", "A_NEW_STATUS", **outside),
    )
    world.describes("a", described("a", recorder="SUCCESS", recorder_schedule=WORKDAY))
    world.describes("b", described("b", recorder="SUCCESS", recorder_schedule=EVENING))
    world.describes("c", described("c", "A_NEW_STATUS", **outside))
    world.sends(None, None)
    _, (of_hub, _) = world.run("abc")
    assert of_hub["HealthByStream"] == {"a": "healthy", "b": "not_due", "c": "unknown"}


def test_a_schedule_without_a_zone_is_unknown_and_says_so(world):
    world.remembers(a="unknown")
    world.describes("a", described(recorder="SUCCESS", recorder_schedule=WORKDAY))
    _, (of_hub, _) = world.run(zone=None)
    assert "time zone" in of_hub["Problems"][0]["reason"]


def test_the_silence_that_counts_is_an_option(world):
    world.remembers(a="silent_hub")
    world.describes("a", described())
    _, (of_hub, _) = world.run(silenceSeconds=300)
    assert of_hub["HealthByStream"] == {"a": "silent_hub"}


def test_without_the_log_the_metrics_come_and_no_change_is_guessed(world):
    world.remembers(error=DENIED)
    world.describes("a", described(recorder="USER_ERROR"))
    result, (note, of_hub, in_all) = world.run()
    assert "FilterLogEvents failed" in note["message"]
    assert "HealthByStream" not in of_hub
    assert (in_all["RecordingFailed"], result["changes"]) == (1, 0)


def test_an_event_that_was_not_accepted_is_sent_again(world):
    """The memory keeps the kind before; a stream without one stays without."""
    world.remembers(a="healthy")
    world.describes("a", described("a", recorder="USER_ERROR"))
    world.describes("b", described("b", recorder="USER_ERROR"))
    world.sends({"ErrorCode": "ThrottlingException"}, {"ErrorCode": "ThrottlingException"})
    _, (of_hub, _) = world.run("ab")
    assert of_hub["HealthByStream"] == {"a": "healthy"}


def test_an_event_bus_that_refuses_is_said_and_the_metrics_come(world):
    world.remembers(a="healthy")
    world.describes("a", described(recorder="USER_ERROR"))
    world.sends(error="AccessDeniedException")
    result, (note, of_hub, _) = world.run()
    assert "PutEvents failed" in note["message"]
    assert (of_hub["HealthByStream"], result["unhealthy"]) == ({"a": "healthy"}, 1)


def test_a_stream_can_be_given_by_its_arn(world):
    arn = "arn:aws:kinesisvideo:eu-west-1:123456789012:stream/a/1700000000000"
    world.remembers(a="healthy")
    world.stubs["kinesisvideo"].add_response(
        "describe_edge_configuration", described(recorder="SUCCESS"), {"StreamARN": arn}
    )
    _, (of_hub, _) = world.run([arn])
    assert of_hub["HealthByStream"] == {"a": "healthy"}


def test_a_lost_connection_is_unknown(world, monkeypatch):
    world.remembers(a="unknown")

    def lost(**_):
        raise aws.BotoCoreError

    monkeypatch.setattr(world.stubs["kinesisvideo"].client, "describe_edge_configuration", lost)
    _, (of_hub, _) = world.run()
    assert of_hub["HealthByStream"] == {"a": "unknown"}


def test_the_clock_is_the_systems(monkeypatch):
    monkeypatch.setattr(aws.time, "time", lambda: 5.0)
    slept = []
    monkeypatch.setattr(aws.time, "sleep", slept.append)
    aws.sleep(aws.clock())
    assert slept == [5.0]
