"""examples/github-actions: its workflows' commands, with its roles, on a local AWS."""

import json

import pytest

from github_actions import FORK, NIGHT, PULL_REQUEST, PUSH, GitHub

TITLE = "Edge configurations differ from the files"


@pytest.fixture
def github(site):
    """Return the example as a repository on GitHub."""
    return GitHub(site.copy("github-actions", "github"))


def test_a_bad_file_fails_validation_with_annotations_and_sarif_and_nothing_follows(github):
    """The finding is in the diff and in the Security tab; plan and deployment do not run."""
    github.site.edit("edge/github-shop.yaml", "EdgeRetentionInHours: 48", "EdgeRetentionInHours: 0")

    jobs = github.on(PULL_REQUEST)

    assert jobs["validate"].code == 1
    assert "::error file=edge/github-shop.yaml,line=" in jobs["validate"].output
    (sarif,) = jobs["validate"].uploaded
    assert [result["level"] for result in sarif["runs"][0]["results"]] == ["error"]
    assert jobs["plan"].skipped
    assert github.comments == []


def test_a_pull_request_from_a_fork_is_validated_and_told_that_there_is_no_plan(github):
    """There are no credentials, no upload and no comment; the notice says what a maintainer can do."""
    jobs = github.on(FORK)

    assert jobs["validate"].code == 0, jobs["validate"].output
    assert jobs["validate"].uploaded == []
    assert jobs["plan"].skipped
    assert "::notice::A fork has no AWS credentials" in jobs["no-plan"].output
    assert github.calls == []


def test_from_a_pull_request_to_a_deployed_site_and_a_drift_that_is_found(github, aws):
    """The plan is in one comment, the merge deploys, and a manual change opens an issue until it is gone."""
    github.comment("somebody", "<!-- kvs-edge plan -->\nnot ours")

    # A pull request, and a second push to it.
    jobs = github.on(PULL_REQUEST, passed=["validate"])
    assert jobs["plan"].code == 0, jobs["plan"].output
    assert jobs["deploy"].skipped
    assert jobs["no-plan"].skipped
    github.site.edit("edge/github-shop.yaml", "EdgeRetentionInHours: 48", "EdgeRetentionInHours: 60")
    github.on(PULL_REQUEST, passed=["validate"])
    foreign, ours = github.comments
    assert foreign["body"] == "<!-- kvs-edge plan -->\nnot ours"
    assert ours["body"].startswith("<!-- kvs-edge plan -->\n")
    assert "3 to create" in ours["body"]
    assert aws.writes("github-") == [], "a plan changes nothing"

    # It is merged.
    jobs = github.on(PUSH, passed=["validate"])
    assert jobs["deploy"].code == 0, jobs["deploy"].output
    assert jobs["plan"].skipped
    for stream in ("github-shop-counter", "github-warehouse-dock", "github-warehouse-gate"):
        assert aws.edge(stream)["SyncStatus"] == "IN_SYNC"
    assert aws.edge("github-shop-counter")["EdgeConfig"]["DeletionConfig"]["EdgeRetentionInHours"] == 60

    # A pull request that would lose something: the plan knows what is deployed.
    shop = github.site.folder / "edge/github-shop.yaml"
    shop.rename(shop.with_name("github-store.yaml"))
    assert github.on(PULL_REQUEST, passed=["validate"])["plan"].code == 1
    assert "StreamExists" in github.comments[-1]["body"]
    shop.with_name("github-store.yaml").rename(shop)

    # The nights after it.
    assert github.on(NIGHT, "drift.yml")["drift"].code == 0
    assert github.issues == []
    aws.by_hand("github-warehouse-gate", DeletionConfig={"EdgeRetentionInHours": 12})
    found = github.on(NIGHT, "drift.yml")["drift"]
    again = github.on(NIGHT, "drift.yml")["drift"]
    assert (found.code, again.code) == (2, 2), found.output
    (issue,) = github.issues
    assert issue["title"] == TITLE
    assert "github-warehouse-gate" in issue["body"]
    assert "EdgeRetentionInHours" in issue["body"]
    aws.by_hand("github-warehouse-gate", DeletionConfig={"EdgeRetentionInHours": 48})
    assert github.on(NIGHT, "drift.yml")["drift"].code == 0
    (issue,) = github.issues
    assert not issue["open"]
    assert issue["comments"] == ["The service has the configurations of the files again."]


def test_a_plan_that_aws_does_not_answer_leaves_the_comment_as_it_is(github, aws):
    """With exit code 3 there is no result, and the comment stays."""
    policy = {"Version": "2012-10-17", "Statement": []}
    aws.client("iam").create_role(RoleName="may-nothing", AssumeRolePolicyDocument=json.dumps(policy))
    github.site.edit(".github/workflows/edge.yml", "role/kvs-edge-reader", "role/may-nothing")

    plan = github.on(PULL_REQUEST, passed=["validate"])["plan"]

    assert plan.code == 3
    assert "AWS denied kinesisvideo:" in plan.output
    assert github.calls == []
