"""`kvs-edge validate`: each fault at its place, and an exit code that a pipeline can rely on."""

import json
from pathlib import Path

import pytest

from kvs_edge_schedules import tzdata_release

EXAMPLE = """\
time_zone: America/Los_Angeles
streams:
  - StreamName: dock
    EdgeConfig:
      HubDeviceArn: arn:aws:iot:us-west-2:123456789012:thing/hub
      RecorderConfig:
        MediaSourceConfig:
          MediaUriSecretArn: arn:aws:secretsmanager:us-west-2:123456789012:secret:dock-aBcDeF
          MediaUriType: RTSP_URI
      UploaderConfig:
        ScheduleConfig:
          ScheduleExpression: 0 0 22,23 ? * MON-FRI *
          DurationInSeconds: 3599
      DeletionConfig:
        EdgeRetentionInHours: 48
"""
SCHEDULE = {"ScheduleExpression": "0 0 9 * * ?", "DurationInSeconds": 600}


def test_a_fleet_with_nothing_to_say_about_ends_with_0(declare, stream, validate):
    uploader = {"UploaderConfig": {"ScheduleConfig": {**SCHEDULE, "ScheduleExpression": "0 0 * * * ?"}}}
    declare(stream(config=uploader), time_zone="Europe/Berlin")
    ended = validate()
    assert (ended.code, ended.findings) == (0, [])


def test_a_footage_error_points_at_the_field_and_ends_with_1(site, validate):
    site("dock.yaml", EXAMPLE)
    ended = validate()
    assert ended.code == 1
    (found,) = [one for one in ended.findings if one["severity"] == "error"]
    assert (found["code"], found["line"], found["column"]) == ("AlwaysOnExceedsRetention", 15, 31)
    assert found["file"] == "edge/dock.yaml"
    assert found["path"] == "streams.0.EdgeConfig.DeletionConfig.EdgeRetentionInHours"
    assert found["stream"] == "dock"


def test_what_is_acknowledged_with_a_reason_is_told_apart_and_ends_with_0(site, validate):
    acknowledged = "    acknowledge:\n      - {code: AlwaysOnExceedsRetention, reason: weekends are not needed}\n"
    site("dock.yaml", EXAMPLE + acknowledged)
    ended = validate()
    assert ended.code == 0
    (known,) = json.loads(ended.out)["acknowledged"]
    assert (known["code"], known["reason"]) == ("AlwaysOnExceedsRetention", "weekends are not needed")


def test_what_is_acknowledged_at_the_hub_has_the_hubs_reason(declare, stream, validate):
    one = stream(config={"UploaderConfig": {"ScheduleConfig": {**SCHEDULE, "ScheduleExpression": "0 0 * * * ?"}}})
    known = {"code": "HubTimeZoneUnstated", "reason": "the hub keeps UTC"}
    declare(one, hubs=[{"HubDeviceArn": one["EdgeConfig"]["HubDeviceArn"], "acknowledge": [known]}])
    found = json.loads(validate().out)["acknowledged"]
    assert [(each["code"], each["reason"]) for each in found] == [("HubTimeZoneUnstated", "the hub keeps UTC")]


def test_an_acknowledgement_of_what_is_not_found_points_at_itself(site, validate):
    site("dock.yaml", EXAMPLE + "    acknowledge:\n      - {code: NoDataRetention, reason: because}\n")
    assert ("AcknowledgementUnused", 17, 9) in validate().places


@pytest.mark.parametrize(("least", "code"), [("error", 0), ("warning", 1), ("info", 1)])
def test_fail_on_sets_the_least_severity_that_fails(declare, stream, validate, least, code):
    one = stream()
    one["EdgeConfig"]["RecorderConfig"]["MediaSourceConfig"]["MediaUriType"] = "FILE_URI"
    declare(one)
    assert validate("--fail-on", least).code == code


def test_every_fault_of_every_file_comes_at_once_in_the_order_of_places(site, validate):
    site("a.yaml", "streams:\n  - {StreamName: a, EdgeConfig: {}, extra: 1}\n  - 7\n")
    site("b.yaml", "streams: [\n")
    places = [(one["file"], one["line"], one["column"], one["path"]) for one in validate().findings]
    assert places == [
        ("edge/a.yaml", 2, 21, "streams.0.EdgeConfig"),
        ("edge/a.yaml", 2, 37, "streams.0.extra"),
        ("edge/a.yaml", 3, 5, "streams.1"),
        ("edge/b.yaml", 1, 10, ""),
    ]


FIVE_FIELDS = EXAMPLE.replace("0 0 22,23 ? * MON-FRI *", '"*/15 22-23 * * 1-5"')
EXPRESSION = "streams.0.EdgeConfig.UploaderConfig.ScheduleConfig.ScheduleExpression"


def test_a_fault_of_an_expression_has_the_path_and_the_place_of_the_expression(site, validate):
    """Five fields, too, and a finding on a valid expression."""
    site("dock.yaml", FIVE_FIELDS)
    (fault,) = [one for one in validate().findings if one["code"] == "ScheduleNotUnderstood"]
    assert (fault["path"], fault["line"], fault["column"]) == (EXPRESSION, 12, 31)
    assert fault["message"].endswith('; probably meant: "0 */15 22-23 ? * MON-FRI *"')
    site("dock.yaml", EXAMPLE.replace("MON-FRI", "1-5"))
    (warning,) = [one for one in validate().findings if one["code"] == "ScheduleWeekdayNumbers"]
    assert (warning["path"], warning["line"], warning["severity"]) == (EXPRESSION, 12, "warning")
    assert '"0 0 22,23 ? * MON-FRI *" for Monday to Friday' in warning["message"]


def test_a_fault_of_an_expression_has_its_path_in_sarif(site, run):
    site("dock.yaml", FIVE_FIELDS)
    results = json.loads(run("validate", "--format", "sarif", "--start", "2026-01-05T00:00:00Z").out)["runs"][0][
        "results"
    ]
    (fault,) = [one for one in results if one["ruleId"] == "ScheduleNotUnderstood"]
    assert fault["locations"][0]["logicalLocations"] == [{"fullyQualifiedName": EXPRESSION}]


def test_weekday_numbers_can_be_acknowledged(site, validate):
    known = "    acknowledge:\n      - {code: ScheduleWeekdayNumbers, reason: Sunday to Thursday is meant}\n"
    site("dock.yaml", EXAMPLE.replace("MON-FRI", "1-5") + known)
    ended = validate()
    assert "ScheduleWeekdayNumbers" not in {one["code"] for one in ended.findings}
    assert "ScheduleWeekdayNumbers" in {one["code"] for one in json.loads(ended.out)["acknowledged"]}


def test_a_schedule_is_judged_even_where_the_stream_breaks_another_rule(declare, stream, validate):
    bad = {"ScheduleConfig": {**SCHEDULE, "ScheduleExpression": "\u0660 0 9 * * ? *"}}
    declare(stream(config={"UploaderConfig": bad}, extra=1))
    codes = {one["code"]: one["path"] for one in validate().findings}
    assert codes == {
        "ValueNotAccepted": "streams.0.extra",
        "ScheduleNotUnderstood": "streams.0.EdgeConfig.UploaderConfig.ScheduleConfig.ScheduleExpression",
    }


def test_a_stream_declared_twice_in_or_across_files_is_named_with_its_first_place(declare, stream, validate):
    arn = "arn:aws:kinesisvideo:us-west-2:123456789012:stream/gate/1234567890123"
    again = {**stream(), "StreamARN": arn}
    del again["StreamName"]
    declare(stream(), stream(), name="a.json")
    declare(again, name="b.json")
    twice = [one for one in validate().findings if one["code"] == "StreamTwice"]
    assert [(one["file"], one["path"]) for one in twice] == [
        ("edge/a.json", "streams.1.StreamName"),
        ("edge/b.json", "streams.0.StreamARN"),
    ]
    assert all("already declared in edge/a.json:3;" in one["message"] for one in twice)


def test_the_17th_stream_of_a_hub_is_too_many_wherever_the_files_part_them(declare, stream, validate):
    declare(*(stream(f"a{number}") for number in range(10)), name="a.json")
    declare(*(stream(f"b{number}") for number in range(7)), name="b.json")
    (found,) = [one for one in validate().findings if one["code"] == "TooManyStreams"]
    assert (found["file"], found["path"]) == ("edge/b.json", "streams.6.EdgeConfig.HubDeviceArn")


def test_a_stream_with_a_fault_counts_for_its_hub(declare, stream, validate):
    declare(*(stream(f"a{number}") for number in range(16)), stream("no name"))
    assert "TooManyStreams" in {one["code"] for one in validate().findings}


def test_an_unknown_time_zone_is_found_where_it_stands(declare, stream, site, validate):
    hub = {"HubDeviceArn": "arn:aws:iot:us-west-2:123456789012:thing/other", "time_zone": "Europe/Bern"}
    declare(stream(), stream("b", hub=hub["HubDeviceArn"]), hubs=[hub], time_zone="Mars/Olympus")
    found = {one["path"]: one["line"] for one in validate().findings if one["code"] == "HubTimeZoneUnknown"}
    assert found == {"time_zone": 8, "hubs.0.time_zone": 5}


def test_facts_of_a_hub_hold_for_its_streams_in_other_files(declare, stream, validate):
    one = stream()
    hub = {"HubDeviceArn": one["EdgeConfig"]["HubDeviceArn"], "cloud_secrets": []}
    declare(name="hubs.json", hubs=[hub])
    declare(one, name="site.json")
    assert "SecretUnknownToHub" in {found["code"] for found in validate().findings}


def test_facts_of_a_hub_stated_twice_are_a_fault(declare, stream, validate):
    hub = {"HubDeviceArn": stream()["EdgeConfig"]["HubDeviceArn"]}
    declare(stream(), hubs=[hub, hub])
    assert [one["path"] for one in validate().findings if one["code"] == "HubTwice"] == ["hubs.1.HubDeviceArn"]


def test_a_secret_that_stands_where_its_arn_belongs_is_not_shown(declare, stream, validate):
    one = stream()
    one["EdgeConfig"]["RecorderConfig"]["MediaSourceConfig"]["MediaUriSecretArn"] = "rtsp://user:hunter2@camera/1"
    declare(one)
    ended = validate()
    assert ended.code == 1
    assert "hunter2" not in ended.out


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["nowhere"], "nowhere does not exist"),
        (["empty"], "empty has no .yaml"),
        (["--start", "2026-01-01"], "--start: '2026-01-01' has no UTC offset"),
        (["--jobs", "0"], "--jobs: '0'"),
        (["--format", "xml"], "xml"),
    ],
)
def test_wrong_usage_ends_with_2_and_says_why(site, run, arguments, named):
    Path("empty").mkdir()
    site("a.yaml", "streams: []\n")
    ended = run("validate", *arguments)
    assert ended.code == 2
    assert any(part in ended.err for part in named.split("|"))
    assert "Traceback" not in ended.err


def test_a_file_that_cannot_be_opened_ends_with_2_beside_what_is_found_in_others(site, declare, stream, validate):
    Path("edge/gone.yaml").symlink_to("nothing-there")
    declare(stream(extra=1))
    ended = validate()
    assert ended.code == 2
    assert {one["code"] for one in ended.findings} == {"FileUnreadable", "ValueNotAccepted"}


def test_several_processes_find_what_one_does(declare, stream, validate):
    for hub in range(26):
        arn = f"arn:aws:iot:us-west-2:123456789012:thing/hub-{hub}"
        declare(*(stream(f"s{hub}-{place}", hub=arn) for place in range(16)), name=f"{hub}.json")
    alone, together = validate("--jobs", "1"), validate("--jobs", "2")
    assert alone.findings == together.findings
    assert len(alone.findings) == 26 * 16


def test_the_schema_and_botocores_names_are_not_mixed_up():
    """Fields of AWS have AWS's names, and facts that AWS has no field for are in lower case."""
    from kvs_edge_preflight.files.schema_check import SCHEMA_FILE

    definitions = json.loads(SCHEMA_FILE.read_text())["definitions"]
    names = {name for one in definitions.values() for name in one.get("properties", {})}
    aws = {"StreamName", "StreamARN", "EdgeConfig", "DataRetentionInHours", "HubDeviceArn"}
    aws |= {"Ref", "Fn::ImportValue"}
    assert {name for name in names if name != name.lower()} == aws


def test_the_release_of_the_time_zones_is_in_the_report_and_the_version(declare, stream, validate, run):
    """Zones differ by hours between releases, and the hub has its own."""
    declare(stream())
    assert json.loads(validate().out)["tzdata"] == tzdata_release()
    assert run("--version").out.endswith(f" (time zones: tzdata {tzdata_release()})\n")


@pytest.mark.parametrize("zone", ["localtime", "posix/Europe/Berlin", "right/UTC", "Factory", "posixrules"])
def test_a_zone_of_the_machine_is_a_finding(declare, stream, validate, zone):
    """As an unknown one is."""
    declare(stream(), time_zone=zone)
    (found,) = [one for one in validate().findings if one["code"] == "HubTimeZoneUnknown"]
    assert "depends on the machine that reads it" in found["message"]


def test_an_invalid_time_zone_without_streams_is_a_finding_once(site, validate):
    """The streams of these hubs may be in an app; the file's zone applies to all but two of its hubs."""
    known = {"code": "HubTimeZoneUnknown", "reason": "Newer than this machine's database."}
    other = {"code": "TooManyStreams", "reason": "The streams are in an app."}
    hubs = [
        {"hub": "first", "stream_count": 2},
        {"hub": "second", "time_zone": "CEST"},
        {"hub": "third", "time_zone": "CET2", "acknowledge": [other, known]},
        {"hub": "fourth", "time_zone": "Europe/Berlin", "acknowledge": [known]},
    ]
    site("hubs.json", json.dumps({"time_zone": "Mars/Base", "hubs": hubs, "streams": []}))
    ended = validate()
    assert [(one["code"], one["path"], one["hub"]) for one in ended.findings] == [
        ("HubTimeZoneUnknown", "time_zone", None),
        ("HubTimeZoneUnknown", "hubs.1.time_zone", "second"),
    ]
    assert [(one["hub"], one["reason"]) for one in json.loads(ended.out)["acknowledged"]] == [
        ("third", known["reason"])
    ]


def test_an_invalid_time_zone_of_a_hub_with_streams_is_a_finding_once(declare, stream, validate):
    declare(stream(), time_zone="CEST")
    assert [one["code"] for one in validate().findings].count("HubTimeZoneUnknown") == 1


def test_a_misspelt_region_on_the_command_line_is_wrong_usage(run):
    """Before any request."""
    ended = run("status", "--hub", "hub", "--region", "eu-wset-1")
    assert ended.code == 2
    assert "--region: eu-wset-1 is not a region of AWS; did you mean eu-west-1?" in ended.err


def test_severities_have_one_word_in_all_formats(declare, stream, run):
    """GitHub and SARIF have words of their own for an info: notice and note."""
    declare(stream())
    for form in ("text", "json", "github", "sarif"):
        out = run("validate", "--format", form, "--start", "2026-01-05T00:00:00Z").out
        assert "info" in out or form == "sarif"
        assert not {"note", "notes"} & set(out.replace('"level": "note"', "").split())


@pytest.mark.parametrize(
    ("stated", "declared", "is_noted"),
    [
        ("warehouse-hub", "warehous-hub", True),
        ("arn:aws:iot:eu-west-1:123456789012:thing/warehouse-hub", "warehous-hub", True),
        ("hub-1", "hub-2", False),
        ("warehouse-hub", "gatehouse", False),
        ("warehouse-hub", "warehouse-hub", False),
    ],
)
@pytest.mark.parametrize("is_valid", [True, False])
def test_facts_of_a_misspelt_hub_are_noted(site, stream, validate, stated, declared, is_noted, is_valid):
    """Facts of a hub with another name may be for streams in other files."""
    entry = {**stream(**({} if is_valid else {"extra": 1})), "hub": declared}
    entry["EdgeConfig"] = {name: value for name, value in entry["EdgeConfig"].items() if name != "HubDeviceArn"}
    site("a.json", json.dumps({"region": "eu-west-1", "streams": [entry]}))
    site("hubs.json", json.dumps({"region": "eu-west-1", "hubs": [{"hub": stated, "stream_count": 3}], "streams": []}))
    notes = [one for one in validate().findings if one["code"] == "FactsUnused"]
    assert [(one["severity"], one["path"]) for one in notes] == ([("info", "hubs.0.hub")] if is_noted else [])
    assert all("no stream is declared on hub warehouse-hub" in one["message"] for one in notes)
    assert all(one["message"].endswith("did you mean warehous-hub?") for one in notes)
