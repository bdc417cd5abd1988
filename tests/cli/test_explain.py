"""`kvs-edge explain`: the page of each code, as text."""

import pytest

from kvs_edge.reasons import FailureCode
from kvs_edge_gitops.camera import CameraCode
from kvs_edge_gitops.commands.explain.pages import Pages
from kvs_edge_gitops.hubs.gaps import GapCode
from kvs_edge_health import Kind
from kvs_edge_preflight.files import FileCode
from kvs_edge_preflight.footage import FindingCode
from kvs_edge_preflight.media_secret import IssueCode


def test_each_code_has_a_page():
    """Findings, failure reasons, faults of files, kinds of health, gaps of hubs, and issues of secrets and cameras."""
    codes = {*FindingCode, *FailureCode, *FileCode, *Kind, *GapCode, *IssueCode, *CameraCode}
    assert codes == set(Pages.installed().codes)


def test_an_issue_of_a_secret_has_its_severity():
    """That of the command."""
    pages = Pages.installed()
    assert [code for code in IssueCode if f": {code.severity}: " not in str(pages.find(code))] == []


@pytest.mark.parametrize("code", ["HubTimeZoneUnstated", "hubtimezoneunstated", "HubTimeZoneUnstated:"])
def test_a_finding_is_explained_with_example_and_fix(run, code):
    ended = run("explain", code)
    assert ended.code == 0
    assert ended.out.startswith("HubTimeZoneUnstated\n\ninfo: The hub's time zone is not stated; UTC is assumed\n")
    assert "\n    time_zone: Europe/Berlin\n" in ended.out
    assert "```" not in ended.out
    assert "**" not in ended.out


def test_a_reason_and_a_fault_are_explained(run):
    ended = run("explain", "DeleteFailed", "KeyTwice")
    assert ended.out.startswith("DeleteFailed\n\nfailure reason: The hub did not delete")
    assert ended.out.endswith("\n\nKeyTwice\n\nfault of a file: a mapping has a key twice\n")


def test_a_mistyped_code_is_corrected(run):
    assert run("explain", "HubTimezoneUnknow").err == (
        "kvs-edge: 'HubTimezoneUnknow' is not a code; did you mean HubTimeZoneUnknown?\n"
    )
    ended = run("explain", "x")
    assert (ended.code, ended.err) == (2, "kvs-edge: 'x' is not a code; kvs-edge explain --list shows all codes\n")


def test_the_list_has_whole_sentences(run):
    """A colon or a semicolon does not end a summary."""
    reasons = run("explain", "--list").out.partition("Reasons of a failed deployment:\n")[2].partition("\nFaults of")[0]
    assert [line for line in reasons.splitlines() if not line.endswith(".")] == []


def test_the_list_has_each_code_once(run):
    ended = run("explain", "--list")
    listed = [line.split()[0] for line in ended.out.splitlines() if line.startswith("  ")]
    assert sorted(listed) == sorted(Pages.installed().codes)
    assert (run("explain").code, run("explain", "--list", "KeyTwice").code) == (2, 2)


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (["valdate"], "did you mean validate?"),
        (["validate", "--fromat=json"], "did you mean --format?"),
        (["validate", "--format", "sarf"], "did you mean sarif?"),
    ],
)
def test_mistyped_commands_options_and_values_are_corrected(run, arguments, hint):
    ended = run(*arguments)
    assert ended.code == 2
    assert ended.err.rstrip().endswith(hint)


def test_a_mistyped_field_of_a_file_is_corrected(site, validate):
    site("a.yaml", "streams: []\ntimezone: UTC\n")
    (finding,) = validate().findings
    assert finding["message"].endswith("; did you mean time_zone?")
