"""plan, drift, status and describe on a cloud assembly: as on edge files, and what is unknown is said."""

import pytest

from support.declarations import edge_config, hub_arn
from support.templates import edge_resource, stream_resource, template, write_assembly

_PART = {"Fn::Join": ["", ["arn:aws:iot:eu-west-1:123456789012:thing/", {"Ref": "Hub"}]]}


@pytest.fixture
def app(tmp_path, monkeypatch, new_name):
    """Return a function that writes cdk.out with one stack, and returns the name of its stream."""
    monkeypatch.chdir(tmp_path)

    def write(**resources):
        name = new_name("app")
        own = {"Cam": stream_resource(name), "Edge": edge_resource({"Ref": "Cam"})}
        paths = {"Metadata": {"aws:cdk:path": "Site/Edge/Resource"}}
        write_assembly(tmp_path / "cdk.out", {"Site": template({**own, "Edge": {**own["Edge"], **paths}, **resources})})
        return name

    return write


def test_a_stream_of_an_app_is_planned_deployed_and_healthy(run, app, make_stream, start):
    name = app()
    plan = run("plan", "cdk.out", "--format", "json")
    (stream,) = plan.json["streams"]
    assert (plan.code, stream["kind"], stream["stream"]) == (0, "create", name)
    assert (stream["file"], stream["construct"]) == ("cdk.out/Site.template.json", "Site/Edge/Resource")
    start(make_stream(name), edge_config())
    # The stream is not one that a stack created: CloudFormation would refuse to create it.
    assert "error StreamExists" in run("plan", "cdk.out").out
    assert run("plan", "cdk.out", "--offline").out == "1 stream: 1 unchanged\n"
    assert run("drift", "cdk.out/Site.template.json").code == 0
    assert run("status", "cdk.out").code == 0


def test_a_stream_without_a_known_name_is_shown_and_can_be_named(run, app, make_stream, start):
    """It cannot be compared, and an undeclared configuration on its hub may be its own."""
    name = app(Auto=stream_resource(), Other=edge_resource({"Ref": "Auto"}))
    auto = make_stream()
    for stream in (make_stream(name), auto):
        start(stream, edge_config())
    plan = run("plan", "cdk.out", "--offline")
    assert plan.code == 0
    assert "{Ref: Auto} (Other): its name is known only at deployment (StreamName is {Ref: Auto})" in plan.out
    assert "pass --reference Auto=STREAM" in plan.out
    assert "unless it is {Ref: Auto} (Other), whose name is known only at deployment" in plan.out
    assert "Not compared" in run("plan", "cdk.out", "--format", "markdown").out
    (unnamed,) = run("plan", "cdk.out", "--format", "json").json["unnamed"]
    assert (unnamed["stream"], unnamed["construct"], unnamed["hub"]) == ("{Ref: Auto}", None, hub_arn())
    drift = run("drift", "cdk.out")
    assert (drift.code, "1 stream without a known name" in drift.out) == (0, True)
    assert len(run("drift", "cdk.out", "--format", "json").json["unnamed"]) == 1
    status = run("status", "cdk.out")
    assert (status.code, "# cdk.out/Site.template.json:" in status.out) == (0, True)
    assert len(run("status", "cdk.out", "--format", "json").json["unnamed"]) == 1
    named = run("plan", "cdk.out", "--reference", f"Auto={auto}", "--offline")
    assert named.out == "2 streams: 2 unchanged\n"


def test_unknown_values_are_not_compared_and_the_rest_is(run, app, make_stream, start):
    """An unknown hub is the live one; without a live configuration, the text that it depends on."""
    config = edge_config(
        _PART, {"Ref": "Secret"}, DeletionConfig={"EdgeRetentionInHours": 24, "DeleteAfterUpload": {"Ref": "Keep"}}
    )
    name, other = app(Other=edge_resource("other-cam", config)), make_stream("other-cam")
    start(make_stream(name), edge_config())
    before = run("plan", "cdk.out", "--format", "json").json["streams"]
    assert [(stream["kind"], stream["hub"]) for stream in before] == [
        ("no_op", hub_arn()),
        ("create", hub_arn("${Hub}")),
    ]
    assert run("status", "cdk.out").code == 1
    start(other, edge_config(DeletionConfig={"EdgeRetentionInHours": 72}))
    (_, stream) = run("plan", "cdk.out", "--format", "json").json["streams"]
    assert (stream["kind"], [field["field"] for field in stream["fields"]]) == (
        "update",
        ["DeletionConfig.EdgeRetentionInHours"],
    )
    assert [note.partition(" is ")[0] for note in stream["notes"]] == [
        "HubDeviceArn",
        "RecorderConfig.MediaSourceConfig.MediaUriSecretArn",
        "DeletionConfig.DeleteAfterUpload",
    ]
    drift = run("drift", "cdk.out", "--format", "json").json
    assert (len(drift["streams"]), len(drift["not_compared"])) == (1, 3)
    assert "HubDeviceArn is {Fn::Sub: " in run("drift", "cdk.out").out
    status = run("status", "cdk.out")
    assert status.code == 1
    assert "declared configuration: DeletionConfig.EdgeRetentionInHours: declared 24, live 72" in status.out
    hub = run("plan", "cdk.out", "--reference", "Hub=other-hub", "--format", "json").json["streams"][1]
    assert hub["kind"] == "move"


def test_an_account_other_than_that_of_the_credentials_is_named(run, aws, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    config = edge_config(hub_arn(account="444455556666"))
    write_assembly(
        tmp_path / "cdk.out",
        {"S": template({"E": edge_resource("a", config)})},
        environment="aws://444455556666/eu-west-1",
    )
    ended = run("plan", "cdk.out")
    assert ended.code == 2
    assert "is for account 444455556666, and the credentials are for 123456789012" in ended.err


def test_describe_shows_the_declaration_the_windows_and_what_runs(run, app, make_stream, start):
    name = app()
    start(make_stream(name), edge_config(DeletionConfig={"EdgeRetentionInHours": 24}))
    ended = run("describe", "Site/Edge", "--in", "cdk.out")
    assert (ended.code, ended.err) == (0, "")
    assert f"{name} in eu-west-1\n  declared: cdk.out/Site.template.json:" in ended.out
    assert f"  live: IN_SYNC on {hub_arn()}\n" in ended.out
    assert "    differs: DeletionConfig.EdgeRetentionInHours: 24 -> none, so 720\n" in ended.out
    (stream,) = run("describe", name, "--in", "cdk.out", "--format", "json").json["streams"]
    assert (stream["declared"]["construct"], stream["live"]["sync_status"]) == ("Site/Edge/Resource", "IN_SYNC")
    assert run("describe", name, "cdk.out").out == run("describe", name, "--in", "cdk.out").out
    only_a_path = run("describe", "cdk.out")
    assert (only_a_path.code, "describe takes a stream, and cdk.out exists here as a path" in only_a_path.err) == (
        2,
        True,
    )
    assert "arn:aws:secretsmanager" not in ended.out


def test_describe_shows_schedules_in_words_and_the_next_windows(run, site, make_stream):
    """In the time zone of the hub."""
    name = make_stream()
    schedule = {"ScheduleConfig": {"ScheduleExpression": "0 0 9-16 ? * * *", "DurationInSeconds": 3599}}
    broken = {"ScheduleConfig": {"ScheduleExpression": "0 0 9 1 1 ? 2021", "DurationInSeconds": 60}}
    config = edge_config(RecorderConfig={**edge_config()["RecorderConfig"], **schedule}, UploaderConfig=broken)
    site({"StreamName": name, "EdgeConfig": config}, time_zone="Europe/Berlin")
    ended = run("describe", name)
    assert (
        "    time zone of the hub: Europe/Berlin\n  recorder: every hour from 09:00 to 16:00, every day\n" in ended.out
    )
    assert ended.out.count("    next: ") == 4
    assert ended.out.count(" 09:00:00 to 16:59:59 +0") >= 2
    assert "    next: none within 400 days\n" in ended.out
    assert "  live: the stream has no edge configuration\n" in ended.out
    assert "ScheduleNeverAgain" in ended.out


def test_describe_of_an_undeclared_stream_shows_what_runs(run, tmp_path, monkeypatch, make_stream, start):
    monkeypatch.chdir(tmp_path)
    start(make_stream("lone-cam"), edge_config())
    ended = run("describe", "lone-cam")
    assert "  declared: in no file\n" in ended.out
    assert "    RecorderConfig.MediaSourceConfig.MediaUriSecretArn: camera-aBcDeF\n" in ended.out
    arn = run("describe", "lone-cam", "--format", "json").json["streams"][0]["live"]["stream_arn"]
    assert run("describe", arn).out == ended.out


def test_a_mistyped_stream_or_hub_is_corrected(run, aws, app):
    name = app(Auto=stream_resource(), Other=edge_resource({"Ref": "Auto"}))
    ended = run("describe", name + "x", "--in", "cdk.out")
    assert (ended.code, ended.err.endswith(f"; did you mean {name}?\n")) == (2, True)
    assert "did you mean Site/Edge/Resource?" in run("describe", "Site/Egde/Resource", "--in", "cdk.out").err
    assert "pass --reference Auto=STREAM" in run("describe", "Other", "--in", "cdk.out").err
    assert "did you mean hub?" in run("status", "cdk.out", "--hub", hub_arn("hubb")).err
