"""`kvs-edge plan` against the local AWS."""

import json
import re

import pytest

from kvs_edge_gitops.terminal import Progress
from kvs_edge_local.edge import Failing, Fault, JobStatus
from kvs_edge_local.edge.limits import LIMITS


@pytest.fixture
def other_hub(hub):
    """Return the ARN of another hub."""
    return hub.replace("site-hub", "old-hub")


def test_what_is_there_already_is_left_alone(site, make_stream, start, edge_config, run):
    """One stream as declared: nothing to do, exit code 0."""
    name = make_stream()
    start(name, edge_config())
    site({"StreamName": name, "EdgeConfig": edge_config()})
    ended = run("plan")
    assert (ended.code, ended.out, ended.err) == (0, "1 stream: 1 unchanged\n", "")


@pytest.mark.usefixtures("site")
def test_the_first_plan_after_an_import_is_empty(make_stream, start, edge_config, hub, run):
    start(make_stream(), edge_config())
    start(make_stream(), edge_config(DeletionConfig={"EdgeRetentionInHours": 24, "DeleteAfterUpload": False}))
    assert run("import", "--hub", hub).code == 0
    ended = run("plan")
    assert (ended.code, ended.out) == (0, "2 streams: 2 unchanged\n")
    assert run("drift", "--unmanaged").code == 0


def test_no_streams_are_no_plan(aws, site, run):
    """Nothing is asked but whose credentials they are."""
    site()
    assert run("plan").out == "0 streams: nothing to do\n"
    assert aws.edge.calls() == ()


def test_a_stream_without_a_configuration_is_to_be_created(site, make_stream, edge_config, run):
    """It is named with its hub and its line."""
    name = make_stream()
    site({"StreamName": name, "EdgeConfig": edge_config()})
    ended = run("plan")
    assert ended.code == 0
    assert ended.out == (
        f"edge/site.json\n  + create {name} (line 3, on site-hub)\n      a deployment sends the configuration\n"
        "1 stream: 1 to create\n"
    )


def test_a_move_is_refused_and_says_what_it_costs(site, make_stream, start, edge_config, other_hub, run, aws):
    """Unless it is allowed: old hub, retention, size and the uploader's last success are told."""
    name = make_stream()
    start(name, edge_config(other_hub, DeletionConfig={"LocalSizeConfig": {"MaxLocalMediaSizeInMB": 2000}}))
    aws.edge.set_agent_status(name, uploader=JobStatus("SUCCESS", updated=1767571200.0))
    site({"StreamName": name, "EdgeConfig": edge_config()})
    ended = run("plan")
    assert ended.code == 1
    assert "error HubMoveForbidden: it is on hub old-hub and declared for site-hub" in ended.out
    assert "deleted and lost: up to 720 hours of recording, at most 2,000 MB" in ended.out
    assert "its uploader last succeeded at 2026-01-05T00:00:00Z" in ended.out
    assert "HubDeviceArn: old-hub -> site-hub\n" in ended.out
    allowed = run("plan", "--allow-hub-move")
    assert allowed.code == 0
    assert "deletes it from old-hub, waits for the deletion, and sends it to site-hub" in allowed.out
    site({"StreamName": name, "hub_move": "ALLOWED", "EdgeConfig": edge_config()})
    assert run("plan").out == allowed.out


@pytest.mark.parametrize(
    ("uploader", "words"),
    [
        (None, "the service does not report the last upload, and there is no UploaderConfig"),
        (
            JobStatus("USER_ERROR", "no\n network", updated=1767571200.0),
            "its uploader last failed at 2026-01-05T00:00:00Z with USER_ERROR: no network",
        ),
        (JobStatus("SYSTEM_ERROR"), "its uploader last failed with SYSTEM_ERROR: no details"),
        (JobStatus("SUCCESS", collected=1767571200.0), "its uploader last succeeded at 2026-01-05T00:00:00Z"),
    ],
)
def test_a_move_tells_what_is_known_of_the_uploader(
    site, make_stream, start, edge_config, other_hub, run, aws, uploader, words
):
    """The amount of footage not uploaded depends on it."""
    name = make_stream()
    start(name, edge_config(other_hub))
    if uploader:
        aws.edge.set_agent_status(name, uploader=uploader)
    site({"StreamName": name, "EdgeConfig": edge_config()})
    assert f"footage: {words}\n" in run("plan").out


def test_a_change_is_told_field_by_field(site, make_stream, start, edge_config, run):
    """With what it deletes at the hub."""
    name = make_stream()
    start(name, edge_config(DeletionConfig={"EdgeRetentionInHours": 48}))
    site({"StreamName": name, "EdgeConfig": edge_config(DeletionConfig={"EdgeRetentionInHours": 24})})
    ended = run("plan")
    assert ended.code == 0
    assert f"  ~ update {name} (line 3, on site-hub)\n" in ended.out
    assert "      DeletionConfig.EdgeRetentionInHours: 48 -> 24\n" in ended.out
    assert "footage: media older than 24 hours are deleted at the hub" in ended.out


def test_a_stream_that_is_not_there_is_refused_unless_the_app_makes_it(aws, site, edge_config, run):
    site({"StreamName": "nobody", "EdgeConfig": edge_config()})
    ended = run("plan")
    assert ended.code == 1
    assert "  ? missing nobody (line 3, on site-hub)\n" in ended.out
    assert "error StreamNotFound: the stream does not exist in eu-west-1" in ended.out
    assert ended.out.endswith("1 stream: 1 missing; the deployment would fail: 1 error\n")
    site({"StreamName": "nobody", "create_stream": True, "DataRetentionInHours": 24, "EdgeConfig": edge_config()})
    ended = run("plan")
    assert ended.code == 0
    assert "a deployment creates the stream, and sends its configuration" in ended.out


def test_a_stream_that_keeps_nothing_is_refused(site, make_stream, edge_config, run):
    """The service does not take a configuration for it."""
    site({"StreamName": make_stream(hours=0), "EdgeConfig": edge_config()})
    ended = run("plan")
    assert ended.code == 1
    assert "error NoDataRetention: its data retention is 0 hours" in ended.out


@pytest.fixture
def stop_time(aws, monkeypatch):
    """Lets the local AWS's clock stand still, so that nothing ends that is under way."""

    def stop():
        now = aws.clock.now()
        monkeypatch.setattr(type(aws.clock), "now", lambda _: now)

    return stop


def test_a_configuration_under_way_is_waited_for(aws, site, make_stream, edge_config, run, stop_time):
    """A deployment waits first."""
    name = make_stream()
    stop_time()
    aws.client("kinesisvideo").start_edge_configuration_update(StreamName=name, EdgeConfig=edge_config())
    site({"StreamName": name, "EdgeConfig": edge_config()})
    assert (
        f"  . in-progress {name} (line 3, on site-hub)\n      a deployment waits for the current sync"
        in run("plan").out
    )
    site({"StreamName": name, "EdgeConfig": edge_config(DeletionConfig={"EdgeRetentionInHours": 24})})
    assert "waits for the current sync, then sends the configuration" in run("plan").out


def test_a_configuration_on_its_way_out_is_waited_for(aws, site, make_stream, start, edge_config, run, stop_time):
    """It is sent once it is gone."""
    name = make_stream()
    start(name, edge_config())
    stop_time()
    aws.client("kinesisvideo").delete_edge_configuration(StreamName=name)
    site({"StreamName": name, "EdgeConfig": edge_config()})
    assert "waits for the deletion from site-hub, then sends the configuration" in run("plan").out


def test_a_sync_that_failed_is_told_with_its_details(aws, site, make_stream, start, edge_config, hub, run):
    """No terminal is moved by what a hub says."""
    name = make_stream()
    aws.edge.set_hub(hub, Failing("no \x1b[2Jcamera"))
    start(name, edge_config())
    site({"StreamName": name, "EdgeConfig": edge_config()})
    ended = run("plan")
    assert ended.code == 0
    assert f"  ! failed {name}" in ended.out
    assert re.search(r"SYNC_FAILED, last updated 20\d\d-\d\d-\d\dT[\d:]{8}Z: no", ended.out)
    assert "no \\x1b[2Jcamera" in ended.out
    assert "a deployment sends the configuration again\n" in ended.out, "no stack has it: it is a new resource"
    offline = run("plan", "--offline").out
    assert "a deployment does nothing while its template is unchanged; a new resource or a new" in offline


def test_what_no_file_declares_is_told(site, make_stream, start, edge_config, run):
    """A renamed stream leaves its old one on the hub, which goes on recording."""
    old, new = make_stream(), make_stream()
    start(old, edge_config())
    site({"StreamName": new, "EdgeConfig": edge_config()})
    ended = run("plan")
    assert ended.code == 0
    assert f"on site-hub in eu-west-1, in no file\n  # unmanaged {old}\n      no file declares it: a depl" in ended.out
    assert f"it has the camera secret of {new}" in ended.out
    assert f"aws kinesisvideo delete-edge-configuration --stream-name {old} --region eu-west-1\n" in ended.out


def test_a_hub_with_too_many_streams_is_refused(aws, site, make_stream, start, edge_config, run):
    """Retained streams count as well."""
    for _ in range(16):
        start(make_stream(), edge_config())
    site({"StreamName": make_stream(), "EdgeConfig": edge_config()})
    ended = run("plan")
    assert ended.code == 1
    assert (
        "\nerror TooManyStreams: hub site-hub: 1 stream is declared for it, and 16 undeclared ones"
        " stay there; a hub accepts 16\n"
    ) in ended.out


def test_streams_may_be_named_by_their_arn(aws, site, make_stream, start, edge_config, run):
    """A stream that was created again has another ARN."""
    name = make_stream()
    start(name, edge_config())
    info = aws.client("kinesisvideo").describe_stream(StreamName=name)["StreamInfo"]
    site({"StreamARN": info["StreamARN"], "EdgeConfig": edge_config()})
    assert run("plan").out == "1 stream: 1 unchanged\n"
    site({"StreamARN": info["StreamARN"].rpartition("/")[0] + "/1600000000000", "EdgeConfig": edge_config()})
    assert f"  ? missing {name}" in run("plan").out


def test_a_fleet_takes_few_calls(aws, site, make_stream, start, edge_config, hub, run):
    """Ten configurations a call; one stream at a time is asked about only where its hub does not have it."""
    names = [make_stream() for _ in range(14)]
    for name in names[:12]:
        start(name, edge_config())
    site(*({"StreamName": name, "EdgeConfig": edge_config()} for name in names))
    before = len(aws.edge.calls())
    assert run("plan").out.endswith("14 streams: 2 to create, 12 unchanged\n")
    made = [call.operation for call in aws.edge.calls()[before:]]
    assert sorted(made) == ["DescribeEdgeConfiguration"] * 2 + ["ListEdgeAgentConfigurations"] * 2


def test_nothing_is_written_to_aws(aws, site, make_stream, start, edge_config, other_hub, run):
    """A plan only looks."""
    names = [make_stream() for _ in range(3)]
    start(names[0], edge_config(other_hub))
    start(names[1], edge_config(DeletionConfig={"EdgeRetentionInHours": 48}))
    before = aws.edge.writes()
    site(*({"StreamName": name, "EdgeConfig": edge_config()} for name in names))
    run("plan")
    run("drift")
    assert aws.edge.writes() == before


def test_files_of_several_regions_are_asked_about_each_in_its_own(aws, site, make_stream, edge_config, run):
    """A file's own region goes before the session's."""
    site({"StreamName": make_stream(), "EdgeConfig": edge_config()})
    far = json.loads(json.dumps(edge_config()).replace("eu-west-1", "us-west-2"))
    site({"StreamName": "far", "EdgeConfig": far}, name="west.json", region="us-west-2")
    ended = run("plan")
    assert ended.code == 1
    assert "error StreamNotFound: the stream does not exist in us-west-2" in ended.out
    assert ended.out.endswith("2 streams: 1 to create, 1 missing; the deployment would fail: 1 error\n")


def test_progress_counts_through_all_regions(aws, site, make_stream, edge_config, run, monkeypatch):
    """Each hub and each stream once, up to all of them."""
    shown = []
    monkeypatch.setattr(Progress, "show", lambda _, what, done, of: shown.append((what, done, of)))
    site(*({"StreamName": make_stream(), "EdgeConfig": edge_config()} for _ in range(2)))
    far = json.loads(json.dumps(edge_config()).replace("eu-west-1", "us-west-2"))
    site({"StreamName": "far", "EdgeConfig": far}, name="west.json", region="us-west-2")
    run("plan", "--offline")
    assert shown == [
        ("reading files", 1, 2),
        ("reading files", 2, 2),
        ("listing hubs", 1, 2),
        ("listing hubs", 2, 2),
        ("describing streams", 1, 3),
        ("describing streams", 2, 3),
        ("describing streams", 3, 3),
        ("fetching data retention", 1, 2),
        ("fetching data retention", 2, 2),
    ]


def test_json_holds_all_of_it(site, make_stream, start, edge_config, other_hub, run):
    """A script finds what is refused, what differs, and where it is declared."""
    moving, left = make_stream(), make_stream()
    start(moving, edge_config(other_hub))
    start(left, edge_config())
    site(*({"StreamName": name, "EdgeConfig": edge_config()} for name in (moving, left)))
    ended = run("plan", "--format", "json")
    report = ended.json
    assert (ended.code, report["exit_code"], report["version"]) == (1, 1, 1)
    assert report["summary"]["move"] == report["summary"]["no_op"] == 1
    assert report["summary"]["create"] == 0
    first, second = report["streams"]
    assert (first["kind"], first["file"], first["line"], first["region"]) == ("move", "edge/site.json", 3, "eu-west-1")
    assert (first["hub"].endswith("thing/site-hub"), first["live_hub"].endswith("thing/old-hub")) == (True, True)
    assert [field["field"] for field in first["fields"]] == ["HubDeviceArn"]
    assert [refusal["code"] for refusal in first["errors"]] == ["HubMoveForbidden"]
    assert report["errors"] == first["errors"]
    assert (second["kind"], second["sync_status"], second["fields"]) == ("no_op", "IN_SYNC", [])


@pytest.mark.parametrize("form", ["text", "json", "markdown"])
def test_a_plan_goes_into_a_file_as_it_would_to_the_output(site, make_stream, edge_config, run, tmp_path, form):
    """Whole, and in the place of the one before."""
    site({"StreamName": make_stream(), "EdgeConfig": edge_config()})
    told = run("plan", "--format", form).out
    file = tmp_path / "plan"
    for _ in range(2):
        ended = run("plan", "--format", form, "-o", str(file))
        assert (ended.code, ended.out, file.read_text()) == (0, "", told)


def test_a_file_that_cannot_be_written_is_told(site, make_stream, edge_config, run, tmp_path):
    """With its name."""
    site({"StreamName": make_stream(), "EdgeConfig": edge_config()})
    ended = run("plan", "-o", "no-such-directory/plan.md")
    assert (ended.code, ended.out) == (2, "")
    assert ended.err == "kvs-edge: no-such-directory/plan.md cannot be written: No such file or directory\n"


def test_the_file_stays_as_it_was_where_aws_cannot_be_asked(aws, site, make_stream, edge_config, run, tmp_path):
    """Half a plan is worse than the last one."""
    site({"StreamName": make_stream(), "EdgeConfig": edge_config()})
    file = tmp_path / "plan.md"
    file.write_text("the last one")
    aws.edge.inject(Fault("ListEdgeAgentConfigurations", "AccessDenied", len(LIMITS)))
    assert run("plan", "-o", str(file)).code == 3
    assert file.read_text() == "the last one"


def test_a_detailed_exit_code_tells_an_empty_plan_from_a_change(site, make_stream, start, edge_config, run):
    """As `terraform plan -detailed-exitcode`: 0 empty, 2 not empty, 1 fails; unmanaged streams are no change."""
    name, other = make_stream(), make_stream()
    start(name, edge_config())
    start(other, edge_config())
    site({"StreamName": name, "EdgeConfig": edge_config()})
    assert run("plan", "--detailed-exitcode").code == 0
    changed = edge_config(DeletionConfig={"EdgeRetentionInHours": 24})
    site({"StreamName": name, "EdgeConfig": changed})
    assert (run("plan").code, run("plan", "--detailed-exitcode").code) == (0, 2)
    report = run("plan", "--detailed-exitcode", "--format", "json").json
    assert report["exit_code"] == 2
    assert report["summary"]["sending"] == {"sent": 1, "not_sent": 0, "blocked": 0, "not_needed": 0, "unknown": 0}
    assert [one["sending"] for one in report["streams"]] == ["sent", None]
    assert (report["streams"][0]["stack"], report["notices"]) == (None, [])
    site({"StreamName": "no-such-stream", "EdgeConfig": changed})
    assert run("plan", "--detailed-exitcode").code == 1


@pytest.mark.parametrize("arguments", [["--detailed-exitcode", "no-such-file"], ["--no-such", "--detailed-exitcode"]])
def test_wrong_usage_is_no_change(arguments, run, monkeypatch, tmp_path):
    """2 means a change then."""
    monkeypatch.chdir(tmp_path)
    assert run("plan", *arguments).code == 64
    assert run("plan", *(one for one in arguments if one != "--detailed-exitcode")).code == 2
