"""validate and schedule on templates and cloud assemblies."""

import json

import pytest

from support.declarations import edge_config
from support.templates import edge_resource, stream_resource, template, write_assembly

_SCHEDULE = {"ScheduleExpression": "0 0 9 ? * MON-FRI", "DurationInSeconds": 3599}


@pytest.fixture
def assembly(tmp_path, monkeypatch):
    """Write cdk.out with a stream that loses footage, and one with a schedule that is known only at deployment."""
    monkeypatch.chdir(tmp_path)
    upload = {"UploaderConfig": {"ScheduleConfig": {**_SCHEDULE, "DurationInSeconds": 60}}}
    lossy = edge_config(DeletionConfig={"EdgeRetentionInHours": 1}, **upload)
    unknown = edge_config(UploaderConfig={"ScheduleConfig": {**_SCHEDULE, "DurationInSeconds": {"Ref": "Seconds"}}})
    resources = {
        "Edge": {**edge_resource("lossy", lossy), "Metadata": {"aws:cdk:path": "Site/Cam/Resource"}},
        "Other": edge_resource("unknown", unknown),
    }
    return write_assembly(
        tmp_path / "cdk.out", {"Site": template(resources, Parameters={"Seconds": {"Type": "Number"}})}
    )


def test_findings_have_the_place_in_the_template_and_the_construct(assembly, validate):
    ended = validate("cdk.out")
    assert ended.code == 1
    found = {finding["code"]: finding for finding in ended.findings}
    lost = found["AlwaysOnExceedsRetention"]
    assert (lost["file"], lost["construct"], lost["stream"]) == (
        "cdk.out/Site.template.json",
        "Site/Cam/Resource",
        "lossy",
    )
    line = (assembly / "Site.template.json").read_text().splitlines()[lost["line"] - 1]
    assert "EdgeRetentionInHours" in line
    assert lost["path"] == "Resources.Edge.Properties.EdgeConfig.DeletionConfig.EdgeRetentionInHours"
    unknown = found["ValueUnknown"]
    assert (unknown["severity"], unknown["stream"]) == ("info", "unknown")
    assert "UploaderConfig.ScheduleConfig.DurationInSeconds is {Ref: Seconds}" in unknown["message"]
    assert json.loads(ended.out)["summary"]["streams"] == 2


def test_text_and_sarif_name_the_construct(assembly, run):
    assert " [lossy, Site/Cam/Resource]\n" in run("validate", "cdk.out").out
    results = json.loads(run("validate", "cdk.out", "--format", "sarif").out)["runs"][0]["results"]
    names = {
        location["fullyQualifiedName"] for result in results for location in result["locations"][0]["logicalLocations"]
    }
    assert "Site/Cam/Resource" in names


def test_schedule_draws_what_is_known_and_names_the_rest(assembly, run):
    ended = run("schedule", "cdk.out", "--ascii")
    assert ended.code == 0
    assert "lossy" in ended.out
    assert ended.err == (
        "not drawn: unknown (Other): known only at deployment:"
        " EdgeConfig.UploaderConfig.ScheduleConfig.DurationInSeconds is {Ref: Seconds}\n"
    )


def test_a_stream_of_the_template_that_keeps_nothing_is_an_error(site, validate):
    site("a.json", template({"Cam": stream_resource("cam", 0), "Edge": edge_resource({"Ref": "Cam"})}))
    messages = [finding["message"] for finding in validate().findings]
    assert any(message.startswith("the template creates cam without media retention") for message in messages)


def test_an_app_that_is_not_synthesized_is_wrong_usage(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for command in ("validate", "schedule"):
        ended = run(command, "cdk.out")
        assert (ended.code, ended.err) == (2, "kvs-edge: cdk.out does not exist: run cdk synth, which writes it\n")
