"""`kvs-edge import`, on a manually configured local AWS."""

import os
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from kvs_edge.configuration import Stream, matches
from kvs_edge_gitops.aws.access import Aws
from kvs_edge_gitops.aws.arguments import Settings
from kvs_edge_gitops.aws.edge_client import EdgeClient
from kvs_edge_gitops.commands.import_ import command
from kvs_edge_local.edge import Failing, Fault, Offline, Slow
from kvs_edge_local.edge.assumptions import BadSchedule, DeletedStream, DescribedDefaults, OfflineDelete
from kvs_edge_preflight.files import read_file

SCHEDULE = {"ScheduleExpression": "0 0 9-16 ? * MON-FRI *", "DurationInSeconds": 3599}
NIGHTS = {"ScheduleExpression": "0 0 22,23 ? * MON-FRI *", "DurationInSeconds": 3599}
LOSSY = {"UploaderConfig": {"ScheduleConfig": NIGHTS}, "DeletionConfig": {"EdgeRetentionInHours": 24}}
"""Always recording, kept for a day, and no upload at weekends."""
FILE = Path("edge/site-hub.yaml")


@pytest.fixture
def assume(aws):
    """Let the service answer open questions like this, until the test is over."""
    before = aws.edge.settings
    yield lambda **answers: setattr(
        aws.edge, "settings", replace(before, assumptions=replace(before.assumptions, **answers))
    )
    aws.edge.settings = before


@pytest.fixture
def by_hand(make_stream, start, edge_config):
    """Streams with different configurations, made by hand; call it to make them."""

    def make():
        always, at_work, nights, kept = (make_stream(hours=hours) for hours in (24, 24, 48, 24))
        start(always, edge_config())
        config = edge_config(UploaderConfig={"ScheduleConfig": NIGHTS}, DeletionConfig={"EdgeRetentionInHours": 100})
        config["RecorderConfig"]["ScheduleConfig"] = SCHEDULE
        start(at_work, config)
        start(nights, edge_config(UploaderConfig={"ScheduleConfig": NIGHTS}))
        sizes = {"MaxLocalMediaSizeInMB": 2800, "StrategyOnFullSize": "DELETE_OLDEST_MEDIA"}
        start(kept, edge_config(DeletionConfig={"LocalSizeConfig": sizes, "DeleteAfterUpload": False}))
        return [always, at_work, nights, kept]

    return make


@pytest.fixture
def one_by_hand(make_stream, start, edge_config):
    """Return the name of a stream on the hub."""
    name = make_stream()
    start(name, edge_config())
    return name


@pytest.mark.parametrize("described", DescribedDefaults)
@pytest.mark.parametrize("name", ["edge/site-hub.yaml", "edge/site.json"])
def test_a_first_deployment_finds_what_it_would_send(by_hand, site, run, hub, assume, described, name):
    """With or without defaults of the service, each stream of the file matches the live configuration."""
    assume(described_defaults=described)
    names = by_hand()
    ended = run("import", "--hub", hub, "-o", name)
    assert (ended.code, ended.out) == (0, "")
    assert ended.err.endswith(f"{name}: 4 streams of site-hub\n")
    written = read_file(Path(name))
    assert written.faults == []
    assert [one.stream_name for one in written.streams] == sorted(names)
    edge = Aws(Settings()).edge()
    for one in written.streams:
        assert matches(edge.describe(Stream(one.stream_name)).observed.config, one.edge_config)


@pytest.mark.parametrize("described", DescribedDefaults)
def test_the_first_plan_is_empty(by_hand, site, run, hub, assume, described):
    """Every stream is left as it is."""
    assume(described_defaults=described)
    names = by_hand()
    assert run("import", "--hub", hub).code == 0
    planned = run("plan", "--format", "json")
    assert planned.code == 0
    assert {one["stream"]: one["kind"] for one in planned.json["streams"]} == dict.fromkeys(names, "no_op")


def test_the_file_says_what_the_service_said(by_hand, site, run, hub):
    """Region, account, time zone, and retentions; streams are referred to, and defaults that ran are stated."""
    names = by_hand()
    assert run("import", "--hub", hub, "--time-zone", "Europe/Berlin").code == 0
    content = yaml.safe_load(FILE.read_text())
    assert list(content) == ["region", "account", "time_zone", "defaults", "streams"]
    assert [content[name] for name in ("region", "account", "time_zone")] == [
        "eu-west-1",
        "123456789012",
        "Europe/Berlin",
    ]
    assert content["defaults"]["hub"] == "site-hub"
    assert content["defaults"]["create_stream"] is False
    retentions = {one.stream_name: one.fact("DataRetentionInHours") for one in read_file(FILE).streams}
    assert [retentions[name] for name in names] == [24, 24, 48, 24]
    assert {one.edge_config["DeletionConfig"]["EdgeRetentionInHours"] for one in read_file(FILE).streams} == {720, 100}


def test_nothing_is_written_to_the_service(one_by_hand, site, run, hub, aws):
    """An import reads only."""
    before = len(aws.edge.writes())
    assert run("import", "--hub", hub).code == 0
    assert len(aws.edge.writes()) == before


def test_more_streams_than_a_page_are_imported(make_stream, start, edge_config, site, run, hub):
    """A full hub is two pages."""
    names = [make_stream() for _ in range(16)]
    for name in names:
        start(name, edge_config())
    assert run("import", "--hub", hub).code == 0
    assert [one.stream_name for one in read_file(FILE).streams] == sorted(names)


def test_a_hub_may_be_given_by_its_name(one_by_hand, site, run):
    """In the region and account of the settings."""
    assert run("import", "--hub", "site-hub").code == 0
    assert len(read_file(FILE).streams) == 1


def test_several_hubs_make_one_file(make_stream, start, edge_config, site, run, hub):
    """A site may have several hubs: each stream names its own."""
    streams = {make_stream(): hub, make_stream(): f"{hub}-2"}
    for name, of in streams.items():
        start(name, edge_config(of))
    ended = run("import", "--hub", hub, "--hub", "site-hub-2")
    assert ended.code == 2
    assert "name it with -o" in ended.err
    assert run("import", "--hub", hub, "--hub", "site-hub-2", "-o", "edge/site.yaml").code == 0
    assert {one.stream_name: one.hub for one in read_file(Path("edge/site.yaml")).streams} == streams


def test_standard_output_gets_the_file_and_nothing_else(one_by_hand, site, run, hub):
    """`-o -`; what is to be said of it is on standard error, and no file is made."""
    ended = run("import", "--hub", hub, "-o", "-")
    assert ended.code == 0
    assert yaml.safe_load(ended.out)["region"] == "eu-west-1"
    assert ended.err.endswith("standard output: 1 stream of site-hub\n")
    assert list(Path("edge").iterdir()) == []


def test_the_directory_is_made(one_by_hand, site, run, hub):
    """In an empty repository there is no edge/ yet."""
    Path("edge").rmdir()
    assert run("import", "--hub", hub).code == 0
    assert [str(file) for file in Path("edge").iterdir()] == [str(FILE)]


# What exists already


def test_a_file_that_is_there_is_not_replaced_unless_it_may_be(one_by_hand, site, run, hub, aws):
    """It is refused before AWS is asked; with --force it is replaced, and does not count as declared."""
    FILE.write_text("streams: []\n")
    asked = len(aws.edge.calls())
    ended = run("import", "--hub", hub)
    assert ended.code == 2
    assert ended.err == (
        "kvs-edge: edge/site-hub.yaml exists already: name another file with -o, or replace it with --force\n"
    )
    assert (FILE.read_text(), len(aws.edge.calls())) == ("streams: []\n", asked)
    assert run("import", "--hub", hub, "--force").code == 0
    assert run("import", "--hub", hub, "--force").code == 0
    assert len(read_file(FILE).streams) == 1


def test_a_file_that_appears_meanwhile_is_not_replaced(one_by_hand, site, run, hub, monkeypatch):
    """An existing file is never replaced, not even one that was created meanwhile."""
    write = command._write

    def late(goal, text):
        FILE.write_text("streams: []\n")
        write(goal, text)

    monkeypatch.setattr(command, "_write", late)
    ended = run("import", "--hub", hub)
    assert ended.code == 2
    assert "exists already" in ended.err
    assert FILE.read_text() == "streams: []\n"
    assert [str(file) for file in Path("edge").iterdir()] == [str(FILE)]


@pytest.mark.parametrize("operation", ["ListEdgeAgentConfigurations", "DescribeEdgeConfiguration"])
def test_a_refusal_in_the_middle_leaves_no_file(one_by_hand, site, run, hub, aws, operation):
    """Exit code 3, and what to allow."""
    aws.edge.inject(Fault(operation, "AccessDenied"))
    ended = run("import", "--hub", hub)
    assert ended.code == 3
    assert f"AWS denied kinesisvideo:{operation} in eu-west-1" in ended.err
    assert list(Path("edge").iterdir()) == []


@pytest.mark.parametrize(
    ("known", "owner", "moment"),
    [
        (None, EdgeClient, "describe"),
        (None, Path, "open"),
        (None, Path, "hardlink_to"),
        (None, os, "fsync"),
        ("streams: []\n", EdgeClient, "on_hub"),
        ("streams: []\n", Path, "open"),
        ("streams: []\n", Path, "replace"),
        ("streams: []\n", os, "fsync"),
    ],
)
def test_an_interrupt_leaves_the_old_file_or_none(one_by_hand, site, run, hub, monkeypatch, known, owner, moment):
    """Ctrl-C never leaves a half-written or unwanted file."""
    if known:
        FILE.write_text(known)
    with monkeypatch.context() as interrupting:
        interrupting.setattr(owner, moment, _interrupted)
        code = run("import", "--hub", hub, *(["--force"] if known else [])).code
    assert code == 130
    assert {str(file): file.read_text() for file in Path("edge").iterdir()} == ({str(FILE): known} if known else {})


def _interrupted(*_, **__):
    raise KeyboardInterrupt


def test_streams_of_other_files_are_left_out(by_hand, site, run, hub, edge_config):
    """A stream is declared once in a fleet: the file beside keeps it."""
    first, *others = by_hand()
    site({"StreamName": first, "EdgeConfig": edge_config()}, name="others.json")
    ended = run("import", "--hub", hub)
    assert ended.code == 0
    assert f"{first} is skipped: edge/others.json:3 declares it already\n" in ended.err
    assert ended.err.endswith("3 streams of site-hub, 1 skipped\n")
    assert [one.stream_name for one in read_file(FILE).streams] == sorted(others)


# What the hub has not simply taken


def test_a_failed_sync_is_taken_and_said(make_stream, start, edge_config, site, run, hub, aws):
    """SYNC_FAILED: the first deployment sends it again."""
    aws.edge.set_hub(hub, Failing("the secret\ncannot be read"))
    name = make_stream()
    start(name, edge_config())
    ended = run("import", "--hub", hub)
    assert ended.code == 0
    assert f"{name} is SYNC_FAILED (" in ended.err
    assert "and the first deployment sends it again\n" in ended.err
    assert len(read_file(FILE).streams) == 1


def test_a_sync_under_way_is_taken_and_said(make_stream, edge_config, site, run, hub, aws):
    """SYNCING, or ACKNOWLEDGED: what was sent last counts."""
    aws.edge.set_hub(hub, Slow(100_000))
    name = make_stream()
    # In real time: on the scaled clock the service gives up within a second.
    with aws.clock.computing():
        aws.client("kinesisvideo").start_edge_configuration_update(StreamName=name, EdgeConfig=edge_config())
        ended = run("import", "--hub", hub)
    assert ended.code == 0
    assert "the configuration sent last is imported, and the first deployment waits for the hub\n" in ended.err
    assert len(read_file(FILE).streams) == 1


@pytest.mark.parametrize(
    ("ends", "said"),
    [
        (OfflineDelete.DELETING_FOREVER, "it is DELETING, together with its footage\n"),
        (
            OfflineDelete.DELETE_FAILED,
            "it is DELETE_FAILED, so its deletion was requested; delete it again, or declare",
        ),
    ],
)
def test_what_is_deleted_is_left_out(make_stream, start, edge_config, site, run, hub, aws, assume, ends, said):
    """Who deletes it wants no deployment to bring it back; with nothing else on the hub, the exit code is 1."""
    assume(offline_delete=ends)
    name = make_stream()
    start(name, edge_config())
    aws.edge.set_hub(hub, Offline())
    aws.client("kinesisvideo").delete_edge_configuration(StreamName=name)
    aws.clock.sleep(1000)
    ended = run("import", "--hub", hub)
    assert ended.code == 1
    assert f"{name} is skipped: {said}" in ended.err
    assert ended.err.endswith("nothing to import from site-hub: no file is written\n")
    assert not FILE.exists()


def test_a_stream_that_is_gone_is_left_out(make_stream, start, edge_config, site, run, hub, aws, assume):
    """A hub may still have the configuration of a stream that was deleted."""
    assume(deleted_stream=DeletedStream.ORPHANED)
    name = make_stream()
    start(name, edge_config())
    client = aws.client("kinesisvideo")
    client.delete_stream(StreamARN=client.describe_stream(StreamName=name)["StreamInfo"]["StreamARN"])
    ended = run("import", "--hub", hub)
    assert ended.code == 1
    assert f"{name} is skipped: the stream was deleted, and the hub still has its configuration\n" in ended.err


def test_a_hub_without_configurations_is_said(aws, site, run, hub):
    """Exit code 1 and a sentence that names hub, region and account; no file."""
    ended = run("import", "--hub", hub)
    assert ended.code == 1
    assert ended.err == (
        "hub site-hub has no streams in eu-west-1, account 123456789012: check the name\n"
        "nothing to import from site-hub: no file is written\n"
    )
    assert not FILE.exists()


# What would lose footage


def test_errors_of_what_runs_are_acknowledged(make_stream, start, edge_config, site, run, hub):
    """A synthesis of what runs today is not refused: each error is acknowledged with the day, and counted."""
    name = make_stream()
    start(name, edge_config(**LOSSY))
    ended = run("import", "--hub", hub)
    assert ended.code == 0
    assert "1 error of the footage analysis is acknowledged in the file, so that it can be deployed; " in ended.err
    assert f": {name}\n" in ended.err
    today = datetime.now(UTC).date()
    (stream,) = read_file(FILE).streams
    (acknowledged,) = stream.fact("acknowledge")
    assert acknowledged["code"] == "AlwaysOnExceedsRetention"
    assert acknowledged["reason"] in {
        f"It ran like this when it was imported on {day}." for day in (today, datetime.now(UTC).date())
    }
    assert run("validate").code == 0


def test_a_schedule_that_quartz_refuses_is_written_and_said(make_stream, start, edge_config, site, run, hub, assume):
    """It can't be acknowledged: the file has it as it is, and `validate` names it."""
    assume(bad_schedule=BadSchedule.SYNC_FAILED)
    config = edge_config(UploaderConfig={"ScheduleConfig": {**NIGHTS, "ScheduleExpression": "0 0 22 * * MON-FRI *"}})
    name = make_stream()
    start(name, config)
    ended = run("import", "--hub", hub)
    assert ended.code == 0
    assert f"{name}: " in ended.err
    assert "[ScheduleNotUnderstood]; correct it in the file, or the deployment fails\n" in ended.err
    (stream,) = read_file(FILE).streams
    assert stream.fact("acknowledge") is None
    assert run("validate").code == 1


def test_what_is_wrong_with_the_hub_is_said(one_by_hand, site, run, hub):
    """An error on the hub itself is acknowledged with the hub's facts, which may stand in another file."""
    site(name="hubs.json", hubs=[{"HubDeviceArn": hub, "stream_count": 17}])
    ended = run("import", "--hub", hub)
    assert ended.code == 0
    assert "[TooManyStreams]; acknowledge it at the hub (hubs:), or correct it, or the deployment" in ended.err
    assert run("validate").code == 1


def test_facts_of_the_hub_in_other_files_count(make_stream, start, edge_config, site, run, hub):
    """Facts that another file states about the hub count."""
    site(name="hubs.json", hubs=[{"HubDeviceArn": hub, "cloud_secrets": []}])
    name = make_stream()
    start(name, edge_config())
    assert run("import", "--hub", hub).code == 0
    (stream,) = read_file(FILE).streams
    assert [one["code"] for one in stream.fact("acknowledge")] == ["SecretUnknownToHub"]
    assert run("validate").code == 0


# Bad input


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--hub", "arn:aws:s3:::bucket"], "'arn:aws:s3:::bucket' is not a hub: give its ARN, "),
        (["--hub", "site hub"], "'site hub' is not a hub: give its ARN, "),
        (["--hub", "{hub}", "--region", "us-west-2"], "is in eu-west-1, and --region is us-west-2: remove --region\n"),
        (["--hub", "{hub}", "--hub", "arn:aws:iot:us-west-2:123456789012:thing/other", "-o", "edge/a.yaml"],
         "the hubs are in eu-west-1 and us-west-2, and a file is for one region: import each separately\n"),
        (["--hub", "arn:aws:iot:eu-west-1:111122223333:thing/hub"],
         "is in account 111122223333, and the credentials are for 123456789012: use credentials of 111122223333"),
        (["--hub", "{hub}", "--time-zone", "Berlin"], '"Berlin" is not a valid IANA time zone; '),
        (["--hub", "{hub}", "-o", "edge"], "edge is a directory: name a file in it\n"),
        (["--hub", "{hub}", "-o", "edge/site.txt"], "is not the name of an edge file: use the suffix .yaml"),
    ],
)  # fmt: skip
def test_bad_input_is_a_sentence_and_two(aws, site, run, hub, arguments, sentence):
    """It names the thing, the value and the fix; nothing is written, and the service is not asked."""
    ended = run("import", *(one.format(hub=hub) for one in arguments))
    assert ended.code == 2
    assert sentence in ended.err
    assert ended.err.count("\n") == 1
    assert list(Path("edge").iterdir()) == []
    assert aws.edge.calls() == ()


@pytest.mark.parametrize("name", ["notes/site.yaml", "notes/more/site.yaml", f"{'x' * 300}.yaml"])
def test_a_place_that_cannot_be_written_is_a_sentence(one_by_hand, site, run, hub, name):
    """A directory that is a file, and a name that is too long."""
    Path("notes").write_text("")
    ended = run("import", "--hub", hub, "-o", name)
    assert ended.code == 2
    assert ended.err.splitlines()[-1].startswith(f"kvs-edge: {name} cannot be written: ")


def test_the_time_zone_is_asked_for(one_by_hand, site, run, hub):
    """Nothing of AWS knows it: without it there is a note and a comment, with it neither."""
    assert "pass --time-zone" in run("import", "--hub", hub).err
    assert "# Add the time zone" in FILE.read_text()
    ended = run("import", "--hub", hub, "--force", "--time-zone", "Europe/Berlin")
    assert ended.err == "edge/site-hub.yaml: 1 stream of site-hub\n"
    assert "# Add" not in FILE.read_text()


def test_a_file_of_another_hub_has_a_name_that_a_stack_can_have(make_stream, start, edge_config, site, run, hub):
    """A stack is named after its file, and takes no dots and underscores."""
    start(make_stream(), edge_config(f"{hub}_2.b"))
    assert run("import", "--hub", f"{hub}_2.b").code == 0
    assert [str(file) for file in Path("edge").iterdir()] == ["edge/site-hub-2-b.yaml"]


def test_a_hub_among_others_that_has_nothing_is_said(one_by_hand, site, run, hub):
    """The others are imported."""
    ended = run("import", "--hub", hub, "--hub", "site-hbu", "-o", "edge/site.yaml")
    assert ended.code == 0
    assert "hub site-hbu has no streams in eu-west-1, account 123456789012: check the name\n" in ended.err


def test_the_region_of_the_arn_goes_before_that_of_the_environment(one_by_hand, site, run, hub, monkeypatch):
    """AWS_REGION is what a shell happens to have."""
    monkeypatch.setenv("AWS_REGION", "us-west-2")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-west-2")
    assert run("import", "--hub", hub).code == 0
    assert yaml.safe_load(FILE.read_text())["region"] == "eu-west-1"


def test_a_region_without_the_api_is_three(aws, site, run):
    """Nothing is known of it."""
    ended = run("import", "--hub", "arn:aws:iot:af-south-1:123456789012:thing/hub")
    assert ended.code == 3
    assert "no edge configurations in af-south-1" in ended.err


def test_no_credentials_are_three(aws, site, run, hub, monkeypatch):
    """And nothing is written."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    ended = run("import", "--hub", hub)
    assert ended.code == 3
    assert "no AWS credentials found" in ended.err
    assert not FILE.exists()
