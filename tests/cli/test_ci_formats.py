"""The formats of `validate` for pipelines: paths from the repository's root, Code Quality, JUnit XML, pre-commit."""

import json
import os
import re
import shlex
import subprocess
from collections import Counter
from importlib.metadata import entry_points
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit
from xml.etree import ElementTree

import pytest
import yaml
from jsonschema import Draft7Validator

from kvs_edge_gitops.source_root import SourceRoot

ROOT = Path(__file__).parents[2]
HUB = "arn:aws:iot:us-west-2:123456789012:thing/{}"
FILE = """\
streams:
  - StreamName: a b
    EdgeConfig: {}
  - StreamName: "fine"
    acknowledge: [{code: FileUriInDoubt, reason: "tried <&> it"}]
    EdgeConfig:
      HubDeviceArn: arn:aws:iot:us-west-2:123456789012:thing/hub
      RecorderConfig:
        MediaSourceConfig:
          MediaUriSecretArn: arn:aws:secretsmanager:us-west-2:123456789012:secret:dock-aBcDeF
          MediaUriType: FILE_URI
"""
# The table of https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
CODE_QUALITY = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["description", "check_name", "fingerprint", "location", "severity"],
        "properties": {
            "description": {"type": "string", "minLength": 1},
            "check_name": {"type": "string", "minLength": 1},
            "fingerprint": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": {
                "type": "object",
                "required": ["path", "lines"],
                "properties": {
                    "path": {"type": "string", "pattern": "^(?!\\./|/)."},
                    "lines": {"type": "object", "required": ["begin"], "properties": {"begin": {"minimum": 1}}},
                },
            },
        },
    },
}


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """Return a repository's root; the working directory is sites/north in it, and edge/a.yaml there has faults."""
    for name in ("GITHUB_WORKSPACE", "CI_PROJECT_DIR"):
        monkeypatch.delenv(name, raising=False)
    root = tmp_path.resolve() / "repository"
    (root / "sites/north/edge").mkdir(parents=True)
    (root / "sites/north/edge/a.yaml").write_text(FILE)
    monkeypatch.chdir(root / "sites/north")
    return root


@pytest.fixture
def by_platform(checkout, monkeypatch, request):
    """Make the root known as GitHub, GitLab or Git alone do; a worktree's `.git` is a file."""
    match request.param:
        case "git":
            (checkout / ".git").mkdir()
        case "worktree":
            (checkout / ".git").write_text("gitdir: elsewhere\n")
        case "link":
            (checkout.parent / "link").symlink_to(checkout)
            monkeypatch.setenv("GITHUB_WORKSPACE", str(checkout.parent / "link"))
        case name:
            monkeypatch.setenv(name, str(checkout))
    return checkout


KNOWN = pytest.mark.parametrize(
    "by_platform", ["GITHUB_WORKSPACE", "CI_PROJECT_DIR", "git", "worktree", "link"], indirect=True
)


@KNOWN
def test_paths_are_from_the_root_of_the_repository(by_platform, run):
    """The working directory does not matter: the platforms know files by their paths in the repository."""
    path = "sites/north/edge/a.yaml"
    assert f"::error file={path},line=2," in run("validate", "--format", "github").out
    (log,) = json.loads(run("validate", "--format", "sarif").out)["runs"]
    places = [one["locations"][0]["physicalLocation"]["artifactLocation"] for one in log["results"]]
    assert places
    assert all(place == {"uri": path, "uriBaseId": "%SRCROOT%"} for place in places)
    assert {one["location"]["path"] for one in json.loads(run("validate", "--format", "gitlab").out)} == {path}
    suite = ElementTree.fromstring(run("validate", "--format", "junit").out.encode()).find("testsuite")
    assert suite.get("name") == path
    assert run("validate").out.startswith("edge/a.yaml:2:17: "), "people are in the working directory"


@KNOWN
def test_uris_of_sarif_lead_to_the_files(by_platform, run):
    """A viewer resolves a file's URI against that of %SRCROOT%."""
    (log,) = json.loads(run("validate", "--format", "sarif").out)["runs"]
    base = log["originalUriBaseIds"]["%SRCROOT%"]["uri"]
    assert base.endswith("/")
    for artifact in log["artifacts"]:
        found = urlsplit(urljoin(base, artifact["location"]["uri"]))
        assert Path(unquote(found.path)).read_text() == FILE


def test_an_absolute_path_gives_the_same_as_a_relative_one(checkout, run, monkeypatch):
    (checkout / ".git").mkdir()
    relative = [run("validate", "--format", form).out for form in ("github", "sarif", "gitlab", "junit")]
    monkeypatch.chdir("/")
    given = str(checkout / "sites/north/edge")
    assert relative == [run("validate", "--format", form, given).out for form in ("github", "sarif", "gitlab", "junit")]


def test_without_a_repository_paths_are_from_the_working_directory(checkout, run):
    assert "::error file=edge/a.yaml,line=2," in run("validate", "--format", "github").out


def test_a_file_outside_of_the_root_keeps_its_absolute_path(checkout, run, monkeypatch):
    """It has no base: a relative path would lead to another file."""
    elsewhere = checkout.parent / "c:d é.yaml"
    elsewhere.write_text(FILE)
    monkeypatch.setenv("CI_PROJECT_DIR", str(checkout))
    (log,) = json.loads(run("validate", "--format", "sarif", "edge", str(elsewhere)).out)["runs"]
    first, second = (artifact["location"] for artifact in log["artifacts"])
    assert first == {"uri": "sites/north/edge/a.yaml", "uriBaseId": "%SRCROOT%"}
    assert set(second) == {"uri"}
    assert Path(unquote(urlsplit(second["uri"]).path)) == elsewhere
    assert f"file={checkout.parent}/c%3Ad é.yaml" in run("validate", "--format", "github", "edge", str(elsewhere)).out


def test_a_pipeline_that_examines_files_of_another_checkout_uses_their_root(checkout, monkeypatch):
    monkeypatch.setenv("GITHUB_WORKSPACE", str(checkout.parent / "other"))
    (checkout / ".git").mkdir()
    assert SourceRoot.of([Path("edge/a.yaml")]).folder == checkout
    assert SourceRoot.of([]).folder == checkout


def test_code_quality_has_what_gitlab_requires(site, run):
    site("a.yaml", FILE)
    issues = json.loads(run("validate", "--format", "gitlab").out)
    assert [error.message for error in Draft7Validator(CODE_QUALITY).iter_errors(issues)] == []
    assert Counter(issue["severity"] for issue in issues) == {"critical": 2, "info": 1}
    assert "FileUriInDoubt" not in {issue["check_name"] for issue in issues}, "acknowledged"
    site("a.yaml", "streams: []\n")
    assert json.loads(run("validate", "--format", "gitlab").out) == []


def test_code_quality_fingerprints_are_unique_and_stay_when_lines_move(site, run):
    """Two findings of one code at one field are two issues."""

    def prints():
        return [one["fingerprint"] for one in json.loads(run("validate", "--format", "gitlab").out)]

    content = (
        "streams:\n  - {StreamName: a, EdgeConfig: {}, wrong: 1, hub: 'a b'}\n  - {StreamName: a, EdgeConfig: {}}\n"
    )
    site("a.yaml", f"region: Ireland\n{content}")
    before = prints()
    assert len(before) == len(set(before)) > 3
    site("a.yaml", f"# moved\n\nregion: Ireland\n{content}")
    assert prints() == before


def test_findings_with_one_identity_have_fingerprints_of_their_own(site, run):
    """Two keys of a mapping are given twice at one path."""
    site("a.yaml", "streams: []\nhubs: []\nhubs: []\nhubs: []\n")
    issues = json.loads(run("validate", "--format", "gitlab").out)
    assert [issue["check_name"] for issue in issues] == ["KeyTwice"] * len(issues)
    assert len({issue["fingerprint"] for issue in issues}) == len(issues)


@pytest.fixture
def suites(run):
    """Return a function that returns the test suites, whose counts are those of their elements."""

    def read(*arguments):
        document = ElementTree.fromstring(run("validate", "--format", "junit", *arguments).out.encode())
        assert document.tag == "testsuites"
        for element in (document, *document):
            counted = {"tests": "testcase", "failures": "failure", "skipped": "skipped", "errors": "error"}
            for attribute, tag in counted.items():
                assert int(element.get(attribute)) == len(element.findall(f".//{tag}")), attribute
        return {suite.get("name"): suite for suite in document}

    return read


def test_junit_has_a_suite_per_file_and_a_test_per_finding(site, suites):
    site("a.yaml", FILE)
    site("b.yaml", "streams: []\n")
    found = suites()
    assert list(found) == ["edge/a.yaml", "edge/b.yaml"]
    cases = {case.get("name"): [child.tag for child in case] for case in found["edge/a.yaml"]}
    assert cases == {
        "ValueNotAccepted [streams.0.StreamName]": ["failure"],
        "ValueNotAccepted [streams.0.EdgeConfig]": ["failure"],
        "HourlyUploadAssumed [fine]": ["system-out"],
        "FileUriInDoubt [fine]": ["skipped"],
    }
    assert found["edge/a.yaml"].find(".//skipped").get("message") == "tried <&> it"
    assert [case.get("name") for case in found["edge/b.yaml"]] == ["no findings"]


def test_junit_fails_what_fails_the_command(site, suites):
    """With --fail-on info, each finding that is not acknowledged is a failure."""
    site("a.yaml", FILE)
    assert suites()["edge/a.yaml"].get("failures") == "2"
    assert suites("--fail-on", "info")["edge/a.yaml"].get("failures") == "3"


def test_junit_escapes_what_xml_cannot_have(site, suites):
    r"""Control characters of a file are shown as \x1b."""
    site("a.yaml", 'streams: [{StreamName: "\\e[2J\\0\\uFFFE", EdgeConfig: {}}]\n')
    site("b\x1b.yaml", "streams: []\n")
    found = suites()
    assert "edge/b\\x1b.yaml" in found
    (case, *_) = found["edge/a.yaml"]
    assert "\\x1b" in case.find("failure").get("message")


def test_the_hook_of_pre_commit_validates_all_edge_files(site, run):
    """As pre-commit does: it runs in the root of the repository if a changed file matches, without the names."""
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    assert {"id", "name", "entry", "language"} <= set(hook)
    matches = re.compile(hook["files"]).search
    changed = ["edge/dock.yaml", "edge/dock.yml", "edge/shop.json", "README.md", "docs/edge/x.yaml", "edge/notes.txt"]
    assert list(filter(matches, changed)) == changed[:3]
    command, *arguments = shlex.split(hook["entry"])
    assert command in {script.name for script in entry_points(group="console_scripts")}
    assert hook["pass_filenames"] is False
    site("dock.yaml", "streams: []\n")
    assert run(*arguments).code == 0
    site("dock.yml", FILE)
    assert run(*arguments).code == 1


@pytest.fixture
def many_findings(declare, stream, run):
    """Return the SARIF log of a file with the findings of all pages in docs/findings, as far as files can have them."""
    streams, hubs = [], []
    for page in sorted((ROOT / "docs/findings").glob("[A-Z]*.md")):
        example = yaml.safe_load(re.search(r"```yaml\n(.*?)```", page.read_text("utf-8"), re.DOTALL)[1])
        hub = f"hub-{page.stem}"
        hubs += [{"hub": hub, **facts} for facts in example.get("hubs", [])]
        for number, facts in enumerate(example.get("streams", [{}])):
            whole = stream(f"{page.stem}-{number}")
            config = _merged({**whole["EdgeConfig"], "HubDeviceArn": HUB.format(hub)}, facts.get("EdgeConfig", {}))
            streams.append({**whole, **facts, "EdgeConfig": config})
    declare(*streams, hubs=hubs, region="us-west-2", account="123456789012", wrong=1)
    return json.loads(run("validate", "--format", "sarif", "--start", "2026-01-05T00:00:00Z").out)


def _merged(base, own):
    if not (isinstance(base, dict) and isinstance(own, dict)):
        return own
    return {**base, **own, **{key: _merged(base[key], own[key]) for key in base.keys() & own.keys()}}


def test_each_rule_of_sarif_has_what_github_requires(many_findings):
    """GH2012 of Microsoft's SARIF Multitool, which `make sarif` runs; a name equal to the ID is against SARIF1001."""
    rules = many_findings["runs"][0]["tool"]["driver"]["rules"]
    assert len(rules) > 20
    for rule in rules:
        assert rule["fullDescription"]["text"].startswith(rule["shortDescription"]["text"])
        assert len(rule["fullDescription"]["text"]) <= 1024
        assert rule["help"]["text"]
        assert rule["helpUri"] in rule["help"]["markdown"]
        assert "name" not in rule


@pytest.mark.skipif(not os.environ.get("SARIF_MULTITOOL"), reason="`make sarif` downloads the tool, 100 MB")
def test_the_sarif_multitool_finds_no_error_and_no_warning(many_findings):
    """The rules of SARIF and of GitHub's code scanning (GHAS); notes ask for snippets and embedded files."""
    Path("log.sarif").write_text(json.dumps(many_findings))
    options = ["--rule-kind", "Sarif;GHAS", "--level", "Error;Warning", "--output", "result.sarif"]
    subprocess.run([os.environ["SARIF_MULTITOOL"], "validate", "log.sarif", *options], check=False)
    (result,) = json.loads(Path("result.sarif").read_text("utf-8-sig"))["runs"]
    assert result["results"] == []
    assert result["invocations"][0]["executionSuccessful"]


def test_git_agrees_on_the_root(checkout):
    """The closest `.git` is what `git rev-parse` finds."""
    subprocess.run(["git", "init", "--quiet", str(checkout)], check=True)
    done = subprocess.run(["git", "rev-parse", "--show-toplevel"], capture_output=True, text=True, check=True)
    assert SourceRoot.of([Path("edge/a.yaml")]).folder == Path(done.stdout.strip())
