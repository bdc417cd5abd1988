"""`kvs-edge drift` against the local AWS."""

import re
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from kvs_edge_gitops.commands.drift.drifted import Drift, DriftedStream, Way
from kvs_edge_gitops.commands.drift.renderings.markdown import write
from kvs_edge_gitops.comparison.model import Kind
from kvs_edge_local.edge import Failing
from kvs_edge_preflight.files import Place


@pytest.fixture
def declared(site, make_stream, edge_config):
    """Return the name of a declared stream."""
    name = make_stream()
    site({"StreamName": name, "EdgeConfig": edge_config()})
    return name


def test_there_is_none_where_the_hub_has_what_is_declared(declared, start, edge_config, run):
    """Exit code 0, and a line for the log."""
    start(declared, edge_config())
    ended = run("drift")
    assert (ended.code, ended.out, ended.err) == (0, "0 of 1 stream differs\n", "")


def test_a_configuration_that_is_not_there_differs(declared, run):
    """Exit code 2."""
    ended = run("drift")
    assert ended.code == 2
    assert ended.out == (
        f"edge/site.json\n  {declared} (line 3, on site-hub)\n      the stream has no edge configuration\n"
        "1 of 1 stream differs\n"
    )


def test_a_stream_that_is_not_there_differs(aws, site, edge_config, run):
    site({"StreamName": "nobody", "create_stream": True, "DataRetentionInHours": 1, "EdgeConfig": edge_config()})
    ended = run("drift")
    assert ended.code == 2
    assert "      the stream does not exist\n" in ended.out


def test_fields_are_told_one_by_one(declared, start, edge_config, run):
    """The declared value, and the live one."""
    start(declared, edge_config(DeletionConfig={"EdgeRetentionInHours": 24, "DeleteAfterUpload": False}))
    ended = run("drift")
    assert ended.code == 2
    assert "      DeletionConfig.EdgeRetentionInHours: declared none, so 720, live 24\n" in ended.out
    assert "      DeletionConfig.DeleteAfterUpload: declared none, so true, live false\n" in ended.out


def test_another_hub_differs(declared, start, edge_config, hub, run):
    """Both are named."""
    start(declared, edge_config(hub.replace("site-hub", "old-hub")))
    ended = run("drift")
    assert ended.code == 2
    assert "      it is on hub old-hub, and declared for site-hub\n" in ended.out


def test_a_sync_that_failed_differs(aws, declared, start, edge_config, hub, run):
    """The service has it, and the hub has not."""
    aws.edge.set_hub(hub, Failing("no space"))
    start(declared, edge_config())
    ended = run("drift", "--format", "json")
    assert ended.code == ended.json["exit_code"] == 2
    (stream,) = ended.json["streams"]
    assert (stream["stream"], stream["sync_status"], stream["fields"]) == (declared, "SYNC_FAILED", [])
    (way,) = stream["ways"]
    assert way["way"] == "not_on_hub"
    assert way["message"].endswith(": no space")


def test_unmanaged_streams_are_a_note_unless_they_are_asked_for(declared, make_stream, start, edge_config, run):
    """They may well be another team's."""
    other = make_stream()
    for name in (declared, other):
        start(name, edge_config())
    ended = run("drift")
    assert ended.code == 0
    assert ended.out == (
        "0 of 1 stream differs; 1 unmanaged stream on their hubs (counted as drift with --unmanaged)\n"
    )
    asked = run("drift", "--unmanaged")
    assert asked.code == 2
    assert asked.out == (
        f"on site-hub in eu-west-1, in no file\n  {other}\n      it is on hub site-hub, and no file declares it\n"
        "0 of 1 stream differs; 1 unmanaged stream on their hubs\n"
    )
    assert run("drift", "--unmanaged", "--format", "json").json["summary"]["unmanaged"] == 1


def test_json_tells_fields_as_values(declared, start, edge_config, run):
    """With null where there is none."""
    start(declared, edge_config(DeletionConfig={"EdgeRetentionInHours": 24}))
    (stream,) = run("drift", "--format", "json").json["streams"]
    assert stream["fields"] == [
        {"field": "DeletionConfig.EdgeRetentionInHours", "live": 24, "declared": None},
    ]
    assert [way["way"] for way in stream["ways"]] == ["fields"]


def test_retention_in_the_cloud_is_not_asked_about(aws, declared, run, monkeypatch):
    """It takes no permission for DescribeStream."""
    monkeypatch.setattr(
        "kvs_edge_gitops.aws.edge_client.EdgeClient.data_retention_in_hours", lambda *_: pytest.fail("it was asked")
    )
    assert run("drift").code == 2


def test_markdown_is_an_issue(declared, start, edge_config, run):
    """Differences are in a code block, so that text from AWS is not rendered as Markdown."""
    start(declared, edge_config(DeletionConfig={"EdgeRetentionInHours": 24}))
    ended = run("drift", "--format", "markdown")
    assert ended.code == 2
    assert ended.out == (
        "**kvs-edge drift**: 1 of 1 stream differs\n\n"
        "edge/site.json\n\n"
        f"```text\n{declared} (line 3, on site-hub)\n"
        "    DeletionConfig.EdgeRetentionInHours: declared none, so 720, live 24\n```\n"
    )


@pytest.mark.parametrize("files", [1, 700])
def test_an_issue_stays_within_the_size_limit(files, capsys):
    """GitHub accepts 65,536 characters; what is omitted is counted."""
    drift = Drift(tuple(_absent(file, stream) for file in range(files) for stream in range(2_000 // files)), 2_000, 0)
    write(drift, 2, sys.stdout)
    text = capsys.readouterr().out
    assert len(text) < 65_536 - 100, "the workflow adds a sentence"
    assert len(text) > 60_000
    assert text.count("```") % 2 == 0
    omitted = int(
        re.search(r"\n([\d,]+) more entries are omitted: .* `kvs-edge drift` shows all", text)[1].replace(",", "")
    )
    assert omitted + text.count("the stream does not exist") == len(drift.found)


def _absent(file, stream):
    """Return a stream that differs in a file, as far as the rendering reads it."""
    entry = SimpleNamespace(file=Path(f"edge/site-{file}.yaml"), place=lambda: Place(stream + 3, 1))
    compared = SimpleNamespace(
        stream=f"stream-{file}-{stream}",
        declared=SimpleNamespace(entry=entry),
        deployed=None,
        kind=Kind.MISSING,
        hub="arn:aws:iot:us-west-2:123456789012:thing/hub",
        fields=(),
    )
    return DriftedStream(compared, {Way.NO_STREAM: "the stream does not exist"})


def test_a_drifted_schedule_is_shown_in_words(site, run, make_stream, start, edge_config):
    def uploading(expression):
        return {"UploaderConfig": {"ScheduleConfig": {"ScheduleExpression": expression, "DurationInSeconds": 3599}}}

    name = make_stream()
    start(name, edge_config(**uploading("0 0 22 ? * * *")))
    site({"StreamName": name, "EdgeConfig": edge_config(**uploading("0 0 22 ? * MON *"))})
    assert (
        "ScheduleExpression: declared 0 0 22 ? * MON *, live 0 0 22 ? * * *\n"
        "        in words: declared at 22:00, on Monday, live at 22:00, every day\n"
    ) in run("drift").out
