"""`kvs-edge status` against the local AWS: what is told of a fleet, and how it ends."""

import json
import socket
from dataclasses import replace
from datetime import UTC, datetime

import boto3
import pytest

from kvs_edge_gitops.commands.status import command as status_command
from kvs_edge_health import Kind
from kvs_edge_local.edge.assumptions import Assumptions, OfflineDelete
from kvs_edge_local.edge.configuration import JobStatus
from kvs_edge_local.edge.faults import Fault
from kvs_edge_local.edge.hub import Failing, Offline

OLD_HUB = "arn:aws:iot:eu-west-1:123456789012:thing/old-hub"


@pytest.fixture
def declare(site, edge_config):
    """Return a function that writes a file with streams of these names, on a hub."""

    def write(*names, file="site.json", **more):
        return site(*({"StreamName": name, "EdgeConfig": edge_config(**more)} for name in names), name=file)

    return write


@pytest.fixture
def camera(make_stream, start, edge_config):
    """Return a function that creates a stream with its configuration on a hub."""

    def make(name=None, **more):
        name = make_stream(name)
        start(name, edge_config(**more))
        return name

    return make


def lines(ended):
    """Return the fields of each line by stream name."""
    return {fields[2]: fields for fields in (line.split("\t") for line in ended.out.splitlines()[1:])}


def streams(ended):
    """Return the streams of the JSON by name."""
    return {stream["stream"]: stream for stream in ended.json["streams"]}


def test_a_fleet_that_records_is_healthy(on_the_clock, declare, camera, aws):
    """Each stream has its line, and the exit code is 0; before the first report it is awaited."""
    name = camera()
    declare(name)
    ended = on_the_clock()
    assert (ended.code, ended.err) == (0, "")
    fields = lines(ended)[name]
    assert fields[:4] == ["in_progress", "site-hub", name, "IN_SYNC"]
    assert fields[5:9] == ["-"] * 4
    aws.edge.set_agent_status(name, JobStatus("SUCCESS", None, aws.clock.now()))
    ended = on_the_clock()
    assert ended.out.splitlines()[0].endswith("1 stream on 1 hub: 1 healthy")
    assert lines(ended)[name][:4] == ["healthy", "site-hub", name, "IN_SYNC"]


def test_what_failed_is_told_with_the_hubs_words(run, declare, camera, aws, hub):
    """FailedStatusDetails stand in the line, on one line, and the exit code is 1."""
    aws.edge.set_hub(hub, Failing("the camera\nrefused the \x1b[31mpassword"))
    name = camera()
    declare(name)
    ended = run("status")
    assert ended.code == 1
    assert (lines(ended)[name][0], lines(ended)[name][3]) == ("not_in_sync", "SYNC_FAILED")
    assert lines(ended)[name][-1] == "the sync failed: the camera refused the ?[31mpassword"


def test_jobs_are_told_with_their_details_and_times(run, declare, camera, aws):
    """Only DescribeEdgeConfiguration has it."""
    name = camera()
    at = datetime(2026, 11, 23, 12, 0, tzinfo=UTC).timestamp()
    recorder = JobStatus("USER_ERROR", "the secret has no MediaURI", at - 3600, at)
    aws.edge.set_agent_status(name, recorder, JobStatus("SUCCESS", None, at, at))
    declare(name)
    ended = run("status", "--format", "json")
    assert ended.code == 1
    stream = streams(ended)[name]
    assert stream["recorder"] == {
        "status": "USER_ERROR",
        "details": "the secret has no MediaURI",
        "collected": "2026-11-23T11:00:00Z",
        "updated": "2026-11-23T12:00:00Z",
    }
    assert stream["uploader"]["status"] == "SUCCESS"
    assert (stream["health"], stream["since"]) == ("recording_failed", "2026-11-23T12:00:00Z")
    assert stream["reason"].startswith("the recorder reported USER_ERROR at 2026-11-23T12:00:00Z: the secret has no")
    assert lines(run("status"))[name][5:9] == ["USER_ERROR", "2026-11-23T12:00:00Z", "SUCCESS", "2026-11-23T12:00:00Z"]


def test_what_is_not_there_or_elsewhere_is_in_the_table(run, declare, camera, make_stream, new_name):
    """A stream without configuration, no stream at all, another hub: each has its line."""
    bare, moved, missing = make_stream(), camera(hub_arn=OLD_HUB), new_name("nobody")
    declare(bare, moved, missing)
    ended = run("status", "--format", "json")
    assert ended.code == 1
    found = streams(ended)
    assert {name: found[name]["sync_status"] for name in (bare, moved, missing)} == {
        bare: "NO_CONFIGURATION",
        moved: "IN_SYNC",
        missing: "NO_STREAM",
    }
    assert found[moved]["live_hub"] == OLD_HUB
    assert {stream["health"] for stream in found.values()} == {"not_in_sync"}
    assert found[moved]["reason"] == "it is on hub old-hub instead of site-hub"


def test_json_holds_everything(run, declare, camera, hub):
    """The members of the report, and of a stream."""
    name = camera()
    file = declare(name)
    file.write_text(json.dumps({"time_zone": "Europe/Berlin", **json.loads(file.read_text())}))
    report = run("status", "--format", "json").json
    assert (report["version"], report["exit_code"]) == (1, 0)
    assert datetime.fromisoformat(report["taken_at"]).tzinfo is not None
    counts = dict.fromkeys(Kind, 0) | {"in_progress": 1}
    assert report["summary"] == {"streams": 1, "hubs": 1, **counts, "hubs_without_streams": []}
    (stream,) = report["streams"]
    (cause,) = stream.pop("causes")
    assert cause == {key: stream[key] for key in ("health", "since", "reason")}
    assert stream.pop("since") == stream["last_updated"]
    assert stream.pop("reason").startswith("the recorder has not reported yet; the configuration was last updated at ")
    assert datetime.fromisoformat(stream.pop("last_updated"))
    assert stream.pop("stream_arn").startswith("arn:aws:kinesisvideo:eu-west-1:123456789012:stream/" + name)
    assert stream.pop("declared_at").startswith(f"{file}:")
    assert stream == {
        "stream": name,
        "region": "eu-west-1",
        "hub": hub,
        "live_hub": hub,
        "time_zone": "Europe/Berlin",
        "health": "in_progress",
        "recording": "due",
        "uploading": "due",
        "next_due": None,
        "at_risk": None,
        "sync_status": "IN_SYNC",
        "failed_status_details": None,
        "recorder": None,
        "uploader": None,
    }


def test_the_worst_comes_first_and_equal_ones_in_the_order_of_hubs_and_names(run, declare, camera, make_stream):
    """As lines and in JSON."""
    bare, healthy, other = make_stream("z-last"), camera("a-first"), camera("m-middle", hub_arn=OLD_HUB)
    declare(bare, healthy)
    declare(other, file="other.json", hub_arn=OLD_HUB)
    assert [line.split("\t")[2] for line in run("status").out.splitlines()[1:]] == [bare, other, healthy]
    assert list(streams(run("status", "--format", "json"))) == [bare, other, healthy]


@pytest.fixture
def on_the_clock(run, monkeypatch, aws):
    """Return a function that runs the command line on the local AWS's clock."""

    def call(*arguments):
        def now():
            return datetime.fromtimestamp(aws.clock.now(), UTC)

        real = status_command.run
        with monkeypatch.context() as patched:
            patched.setattr(status_command, "run", lambda options: real(options, now=now))
            return run("status", *arguments)

    return call


def test_what_is_on_its_way_raises_no_alarm_until_it_takes_too_long(
    run, on_the_clock, declare, camera, aws, hub, monkeypatch
):
    """A deletion that a hub never hears of: it is waited for, and then it is stuck."""
    for_ever = Assumptions(offline_delete=OfflineDelete.DELETING_FOREVER)
    monkeypatch.setattr(aws.edge, "settings", replace(aws.edge.settings, assumptions=for_ever))
    name = camera()
    declare(name)
    aws.edge.set_hub(hub, Offline())
    aws.client("kinesisvideo").delete_edge_configuration(StreamName=name)
    # By this machine's clock, which is behind the local AWS's, it has just begun.
    ended = run("status")
    assert (ended.code, lines(ended)[name][:4]) == (0, ["in_progress", "site-hub", name, "DELETING"])
    aws.clock.sleep(21 * 60)
    ended = on_the_clock()
    assert (ended.code, lines(ended)[name][:4]) == (1, ["not_in_sync", "site-hub", name, "DELETING"])
    assert lines(ended)[name][-1].startswith("the sync status is DELETING, last updated at ")


def test_a_recorder_that_fell_silent_is_found(on_the_clock, declare, camera, aws):
    """After two hours in which recording was due, or --silent-after HOURS."""
    name = camera()
    declare(name)
    aws.edge.set_agent_status(name, JobStatus("SUCCESS", None, aws.clock.now()))
    aws.clock.sleep(3 * 3600)
    assert on_the_clock("--silent-after", "4").code == 0
    ended = on_the_clock()
    assert (ended.code, lines(ended)[name][0]) == (1, "silent_hub")
    assert lines(ended)[name][-1].startswith("the recorder has not reported since ")


OFFICE = {"ScheduleExpression": "0 0 9-16 ? * * *", "DurationInSeconds": 3599}


def test_a_schedule_needs_the_hubs_time_zone_from_a_file_or_an_option(run, site, start, make_stream, edge_config, hub):
    """The hub's own entry, the file's field, --time-zone; without one, the health is unknown and that is said."""
    name, config = make_stream(), edge_config()
    config["RecorderConfig"]["ScheduleConfig"] = OFFICE
    start(name, config)
    request = {"StreamName": name, "EdgeConfig": config}

    def zone(*arguments):
        (stream,) = run("status", *arguments, "--format", "json").json["streams"]
        return stream["time_zone"], stream["recording"] == "unknown", stream["health"] == "unknown"

    assert zone("--hub", hub) == (None, True, True)
    assert zone("--hub", hub, "--time-zone", "Asia/Tokyo") == ("Asia/Tokyo", False, False)
    site(request)
    assert run("status").code == 1
    assert "the hub's time zone is not stated" in run("status").out
    assert zone("--time-zone", "Asia/Tokyo") == ("Asia/Tokyo", False, False)
    site(request, time_zone="Europe/Berlin")
    assert zone("--time-zone", "Asia/Tokyo") == ("Europe/Berlin", False, False)
    site(request, time_zone="Europe/Berlin", hubs=[{"hub": hub, "time_zone": "Europe/London"}])
    assert zone() == ("Europe/London", False, False)


@pytest.mark.parametrize("by_hub", [False, True])
def test_a_stream_that_may_not_be_read_hides_no_other(run, declare, camera, aws, hub, by_hub):
    """It is unknown, with AWS's reason; if none may be read, the credentials are wrong."""
    names = [camera(), camera(), camera()]
    declare(*names)
    arguments = ["--hub", hub] if by_hub else []
    aws.edge.inject(Fault("DescribeEdgeConfiguration", "AccessDenied"))
    ended = run("status", *arguments)
    assert ended.code == 1
    assert sorted(fields[0] for fields in lines(ended).values()) == ["in_progress", "in_progress", "unknown"]
    (denied,) = [fields for fields in lines(ended).values() if fields[0] == "unknown"]
    assert denied[3] == "-"
    assert denied[-1].startswith("AWS denied kinesisvideo:DescribeEdgeConfiguration in eu-west-1: ")
    for _ in names:
        aws.edge.inject(Fault("DescribeEdgeConfiguration", "AccessDenied"))
    assert run("status", *arguments).code == 3


def test_an_error_that_is_new_in_the_api_is_one_unknown(run, declare, camera, aws):
    """The other streams are shown; if AWS rejects all of them, the command fails."""
    declare(*(names := [camera() for _ in range(3)]))
    aws.edge.inject(Fault("DescribeEdgeConfiguration", "InvalidArgument"))
    ended = run("status")
    assert ended.code == 1
    (rejected,) = [fields for fields in lines(ended).values() if fields[0] == "unknown"]
    assert rejected[-1].startswith("AWS request failed: kinesisvideo:DescribeEdgeConfiguration in eu-west-1: ")
    for _ in names:
        aws.edge.inject(Fault("DescribeEdgeConfiguration", "InvalidArgument"))
    assert run("status").code == 3


def test_a_denied_stream_is_in_json_without_a_status(run, declare, camera, aws):
    """Its members are null."""
    declare(camera(), camera())
    aws.edge.inject(Fault("DescribeEdgeConfiguration", "AccessDenied"))
    denied = run("status", "--format", "json").json["streams"][0]
    assert (denied["health"], denied["sync_status"], denied["live_hub"], denied["recorder"]) == (
        "unknown",
        None,
        None,
        None,
    )


def test_a_hub_is_looked_at_without_any_file(run, camera, hub, monkeypatch, tmp_path):
    """All configurations on the hub, declared or not."""
    monkeypatch.chdir(tmp_path)
    names = {camera() for _ in range(12)}
    elsewhere = camera(hub_arn=OLD_HUB)
    ended = run("status", "--hub", hub)
    assert (ended.code, set(lines(ended))) == (0, names)
    both = run("status", "--hub", hub, "--hub", OLD_HUB, "--hub", hub)
    assert set(lines(both)) == {*names, elsewhere}
    by_name = run("status", "--hub", "old-hub", "--hub", OLD_HUB)
    assert set(lines(by_name)) == {elsewhere}


def test_a_hub_that_nothing_is_on_is_no_good_news(run, camera, hub, aws):
    """An alarm on a name that is mistyped would never fire."""
    camera()
    ended = run("status", "--hub", hub, "--hub", OLD_HUB)
    assert ended.code == 1
    assert ended.out.splitlines()[0].endswith("1 stream on 2 hubs: 1 in progress; no streams on old-hub in eu-west-1")
    assert run("status", "--hub", OLD_HUB, "--format", "json").json["summary"]["hubs_without_streams"] == [OLD_HUB]


def test_a_hub_tells_its_region(run, camera, hub, monkeypatch):
    """If neither the environment nor a profile has one."""
    name = camera()
    monkeypatch.delenv("AWS_REGION", raising=False)
    monkeypatch.delenv("AWS_DEFAULT_REGION", raising=False)
    assert list(lines(run("status", "--hub", hub))) == [name]


def test_hubs_of_several_regions_are_asked_where_they_are(run, camera, hub):
    """A hub's own region goes before that of the settings."""
    name = camera()
    elsewhere = hub.replace("eu-west-1", "us-east-1")
    ended = run("status", "--hub", elsewhere, "--hub", hub, "--format", "json")
    assert {stream["stream"]: stream["region"] for stream in ended.json["streams"]} == {name: "eu-west-1"}
    assert ended.json["summary"]["hubs_without_streams"] == [elsewhere]


def test_streams_of_several_regions_are_one_fleet(run, aws, edge_config, site, new_name):
    """Each file's streams are asked for in its region."""
    names = {region: new_name() for region in ("eu-west-1", "us-east-1")}
    for region, name in names.items():
        config = json.loads(json.dumps(edge_config()).replace("eu-west-1", region))
        client = boto3.client("kinesisvideo", region_name=region)
        client.create_stream(StreamName=name, DataRetentionInHours=24)
        client.start_edge_configuration_update(StreamName=name, EdgeConfig=config)
        site({"StreamName": name, "EdgeConfig": config}, name=f"{region}.json", region=region)
    aws.clock.sleep(30)
    ended = run("status", "--format", "json")
    assert ended.code == 0
    assert {stream["region"]: stream["stream"] for stream in ended.json["streams"]} == names


def test_what_the_app_hands_over_is_filled_in(run, camera, site, edge_config):
    """A stream that a file refers to."""
    name = camera()
    site({"StreamName": {"Ref": "gate"}, "EdgeConfig": edge_config()})
    assert list(lines(run("status", "--reference", f"gate={name}"))) == [name]


def test_files_and_hubs_together_are_what_is_declared_on_these_hubs(run, declare, camera, hub):
    """Other streams on the hub are not described."""
    mine, _, other = camera(), camera(), camera(hub_arn=OLD_HUB)
    declare(mine)
    declare(other, file="other.json", hub_arn=OLD_HUB)
    assert list(lines(run("status", "edge", "--hub", hub))) == [mine]
    ended = run("status", "edge", "--hub", hub.replace("site-hub", "no-hub"))
    assert ended.code == 2
    assert "the files declare no stream on it" in ended.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--hub", "a hub"], "--hub 'a hub' is not the ARN or name of a thing; give NAME, or arn:aws:iot:"),
        (["--hub", "arn:aws:iot:eu-west-1:111122223333:thing/x"], "in account 111122223333"),
        (["--silent-after", "-1"], "'-1' is not a number of hours from 0 to 8784"),
        (["--silent-after", "inf"], "'inf' is not a number of hours"),
        (["--time-zone", "Berlin"], '--time-zone: "Berlin" is not a valid IANA time zone'),
        (["nowhere"], "nowhere does not exist"),
    ],
)
def test_wrong_usage_ends_with_2_and_one_sentence(run, site, aws, arguments, said):
    """It names what is wrong, and the fix."""
    ended = run("status", *arguments)
    assert ended.code == 2
    assert said in ended.err
    assert ended.out == ""


def test_without_credentials_nothing_is_known(run, declare, monkeypatch, aws):
    """Exit code 3, which is neither good news nor bad."""
    declare("camera")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    ended = run("status")
    assert (ended.code, ended.out) == (3, "")
    assert ended.err.startswith("kvs-edge: no AWS credentials found")


def test_a_region_without_the_api_ends_with_3(run, hub, aws):
    """The sentence says where it is."""
    ended = run("status", "--hub", hub.replace("eu-west-1", "af-south-1"))
    assert ended.code == 3
    assert "no edge configurations in af-south-1" in ended.err


def test_a_network_that_is_gone_ends_with_3(run, hub, aws, monkeypatch):
    """One sentence, after a few tries."""
    monkeypatch.setattr("kvs_edge_gitops.aws.calls.TRIES", 1)
    with socket.socket() as nobody_listens:
        nobody_listens.bind(("127.0.0.1", 0))
        url = f"http://localhost:{nobody_listens.getsockname()[1]}"
        ended = run("status", "--hub", hub, "--endpoint-url", url)
    assert (ended.code, ended.out) == (3, "")
    assert ended.err.startswith("kvs-edge: AWS request failed: no connection: ")
    assert ended.err.count("\n") == 1


def test_files_that_declare_nothing_are_well(run, site, aws):
    """Nothing is declared, and nothing is missing."""
    site()
    ended = run("status")
    assert (ended.code, len(ended.out.splitlines())) == (0, 1)


@pytest.mark.parametrize("format_", ["text", "json"])
def test_a_change_that_did_not_reach_the_service_is_told(run, declare, camera, format_):
    """After `cdk deploy --hotswap`, which drops it; without files, nothing is declared."""
    name = camera()
    declare(name, DeletionConfig={"EdgeRetentionInHours": 48})
    ended = run("status", "--format", format_)
    assert ended.code == 1
    assert "not_in_sync" in ended.out
    assert "DeletionConfig.EdgeRetentionInHours: declared 48, live 720" in ended.out
    assert run("status", "--hub", "arn:aws:iot:eu-west-1:123456789012:thing/site-hub").code == 0
