"""Files of the examples: valid by the platforms' schemas, complete, and equal where they share content."""

import difflib
import json
import re
import runpy
import subprocess
import sys
import tomllib

import pytest
from aws_cdk.assertions import Template
from packaging.requirements import Requirement

from site_copy import EXAMPLES, ROOT

NAMES = ("github-actions", "gitlab", "cdk-pipelines")
SHARED = (".gitignore", "cdk.json", "edge/shop.yaml", "edge/warehouse.yaml", "package-lock.json", "package.json")


def _listed(action):
    return [action] if isinstance(action, str) else action


def _run(*command):
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("schema", "pattern"),
    [
        ("vendor.github-workflows", "github-actions/.github/workflows/*.yml"),
        ("vendor.gitlab-ci", "gitlab/.gitlab-ci.yml"),
    ],
)
def test_the_platforms_own_schemas_take_the_pipelines(schema, pattern):
    """check-jsonschema has the schemas of GitHub's workflows and GitLab's pipelines."""
    files = [str(file) for file in EXAMPLES.glob(pattern)]
    assert files
    linted = _run(sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, *files)
    assert linted.returncode == 0, linted.stdout


def test_the_schemas_would_notice(tmp_path):
    """An unknown key is found."""
    text = (EXAMPLES / "github-actions/.github/workflows/edge.yml").read_text("utf-8")
    (tmp_path / "edge.yml").write_text(text.replace("    needs: validate\n", "    after: validate\n"))
    linted = _run(
        sys.executable,
        "-m",
        "check_jsonschema",
        "--builtin-schema",
        "vendor.github-workflows",
        str(tmp_path / "edge.yml"),
    )
    assert linted.returncode == 1


def test_nothing_is_found_that_makes_the_workflows_insecure():
    """Zizmor in its strictest mode finds unpinned actions, injected text, wide permissions and kept credentials."""
    zizmor = _run("zizmor", "--offline", "--persona", "pedantic", "--no-progress", str(EXAMPLES / "github-actions"))
    assert zizmor.returncode == 0, zizmor.stdout


@pytest.mark.parametrize("name", NAMES[1:])
def test_what_the_examples_share_is_alike(name):
    """Each example is complete, so the site's files exist several times, with equal content."""
    for file in (*SHARED, "requirements.txt"):
        ours, first = ((EXAMPLES / one / file).read_text("utf-8") for one in (name, NAMES[0]))
        assert ours == first, f"{name}/{file}"


def test_the_app_and_the_roles_of_github_and_gitlab_differ_in_whom_they_trust_alone():
    """app.py is equal, and access.py differs in its constants."""
    github, gitlab = ((EXAMPLES / name / "app.py").read_text("utf-8") for name in NAMES[:2])
    assert github == gitlab
    github, gitlab = ((EXAMPLES / name / "access.py").read_text("utf-8").splitlines() for name in NAMES[:2])
    differing = [line for line in difflib.ndiff(github, gitlab) if line[:2] in {"- ", "+ "}]
    assert differing
    constant = re.compile(r"[-+] (?:#.*|(?:REPOSITORY|ISSUER|AUDIENCE|READ_FROM|DEPLOY_FROM) = .*)")
    assert [line for line in differing if not constant.fullmatch(line)] == []


def test_versions_are_those_that_are_tested_here():
    """The examples require this version of the package, and the CDK CLI of the tests."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    lines = (EXAMPLES / NAMES[0] / "requirements.txt").read_text("utf-8").splitlines()
    (asked,) = (Requirement(line) for line in lines if not line.startswith("#"))
    assert asked.name == project["name"]
    assert asked.specifier.contains(project["version"])
    ours, theirs = (
        json.loads((folder / "package-lock.json").read_text("utf-8"))["packages"]["node_modules/aws-cdk"]
        for folder in (ROOT, EXAMPLES / NAMES[0])
    )
    assert theirs == ours


def test_each_example_says_what_to_replace():
    """Its README lists the account, the region and other own values."""
    for name in NAMES:
        text = (EXAMPLES / name / "README.md").read_text("utf-8")
        assert "## What to replace" in text
        assert {"123456789012", "eu-west-1"} <= set(re.findall(r"[\w-]+", text))


@pytest.mark.parametrize(
    ("name", "issuer", "readers", "deployers"),
    [
        (
            "github-actions",
            "token.actions.githubusercontent.com",
            ["repo:my-org/edge-site:pull_request", "repo:my-org/edge-site:ref:refs/heads/main"],
            ["repo:my-org/edge-site:environment:production"],
        ),
        (
            "gitlab",
            "gitlab.com",
            ["project_path:my-group/edge-site:ref_type:branch:ref:*"],
            ["project_path:my-group/edge-site:ref_type:branch:ref:main"],
        ),
    ],
)
def test_reviews_may_look_and_what_is_merged_may_deploy(name, issuer, readers, deployers, tmp_path, monkeypatch):
    """Each role trusts only its jobs' subjects, and has the permissions of docs/cli.md."""
    monkeypatch.setenv("CDK_OUTDIR", str(tmp_path))
    template = Template.from_stack(runpy.run_path(str(EXAMPLES / name / "access.py"))["access"])
    template.has_resource_properties("AWS::IAM::OIDCProvider", {"Url": f"https://{issuer}"})
    (policy,) = re.findall(
        r'^```json\n(\{\s*"Version".*?)^```$', (ROOT / "docs/cli.md").read_text("utf-8"), re.DOTALL | re.M
    )
    documented = {action for one in json.loads(policy)["Statement"] for action in _listed(one["Action"])}
    for role, subjects, actions in (
        ("kvs-edge-reader", readers, []),
        ("kvs-edge-deployer", deployers, ["sts:AssumeRole"]),
    ):
        (made,) = template.find_resources("AWS::IAM::Role", {"Properties": {"RoleName": role}}).values()
        (trust,) = made["Properties"]["AssumeRolePolicyDocument"]["Statement"]
        assert trust["Action"] == "sts:AssumeRoleWithWebIdentity"
        assert trust["Condition"]["StringLike"][f"{issuer}:sub"] in (subjects, subjects[0])
        (policy,) = made["Properties"]["Policies"]
        statements = policy["PolicyDocument"]["Statement"]
        allowed = [_listed(one["Action"]) for one in statements]
        assert set(allowed[0]) == documented
        assert [one for more in allowed[1:] for one in more] == actions
