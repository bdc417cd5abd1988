"""examples/gitlab: its pipeline, run by gitlab-ci-local, with its roles, on a local AWS."""

import shutil

import pytest

from gitlab_ci import FORK, MERGE_REQUEST, MERGED, NIGHT, gitlab, report


@pytest.fixture
def project(site):
    """Return the example as a project on GitLab."""
    with gitlab(site.copy("gitlab", "gitlab")) as made:
        yield made


def test_a_bad_file_fails_validation_with_a_code_quality_report_and_nothing_follows(project):
    """The finding is in the merge request's widget, and no plan runs."""
    project.site.edit("edge/gitlab-shop.yaml", "EdgeRetentionInHours: 48", "EdgeRetentionInHours: 0")

    jobs = project.on(MERGE_REQUEST)

    assert jobs["validate"].code == 1
    assert set(jobs) == {"validate"}
    (issue,) = report(project.site)
    assert (issue["check_name"], issue["severity"]) == ("ValueNotAccepted", "critical")
    assert issue["location"] == {"path": "edge/gitlab-shop.yaml", "lines": {"begin": 25}}


def test_a_merge_request_from_a_fork_is_validated_alone(project):
    """The roles do not trust a fork's token, so the job does not run."""
    assert {name: ended.code for name, ended in project.on(FORK).items()} == {"validate": 0}


def test_from_a_merge_request_to_a_deployed_site_and_a_drift_that_is_found(project, aws):
    """The plan is in one note, the merge deploys, and after a manual change the nightly pipeline ends with 2."""
    project.notes.extend({"id": number, "body": f"remark {number}"} for number in range(100))

    jobs = project.on(MERGE_REQUEST, passed=["validate"])
    project.site.edit("edge/gitlab-shop.yaml", "EdgeRetentionInHours: 48", "EdgeRetentionInHours: 60")
    again = project.on(MERGE_REQUEST, passed=["validate"])
    assert again["plan"].code == 0, "the folder has the worktree of the first run"
    assert {name: ended.code for name, ended in jobs.items()} == {"validate": 0, "plan": 0}, jobs
    (ours,) = project.notes[100:]
    assert ours["body"].startswith("<!-- kvs-edge plan -->\n")
    assert "3 to create" in ours["body"]
    assert aws.writes("gitlab-") == [], "a plan changes nothing"

    jobs = project.on(MERGED, passed=["validate"])
    assert {name: ended.code for name, ended in jobs.items()} == {"validate": 0, "deploy": 0}, jobs
    for stream in ("gitlab-shop-counter", "gitlab-warehouse-dock", "gitlab-warehouse-gate"):
        assert aws.edge(stream)["SyncStatus"] == "IN_SYNC"
    assert aws.edge("gitlab-shop-counter")["EdgeConfig"]["DeletionConfig"]["EdgeRetentionInHours"] == 60

    shop = project.site.folder / "edge/gitlab-shop.yaml"
    shop.rename(shop.with_name("gitlab-store.yaml"))
    shutil.rmtree(project.site.folder / ".before")  # as a runner cleans its folder: Git still knows the worktree
    assert project.on(MERGE_REQUEST, passed=["validate"])["plan"].code == 1
    assert "StreamExists" in project.notes[-1]["body"], "the plan knows what is deployed"
    shop.with_name("gitlab-store.yaml").rename(shop)

    assert {name: ended.code for name, ended in project.on(NIGHT).items()} == {"drift": 0}
    aws.by_hand("gitlab-warehouse-gate", DeletionConfig={"EdgeRetentionInHours": 12})
    night = project.on(NIGHT)["drift"]
    assert night.code == 2, night.output
    assert "gitlab-warehouse-gate" in night.output
    assert "EdgeRetentionInHours" in night.output
