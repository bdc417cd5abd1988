"""docs/first-site.md and docs/existing-site.md, step by step on a local AWS."""

import pytest

from site_copy import EXAMPLES, ROOT
from support.declarations import hub_arn, media_secret
from walkthrough import Walkthrough

POLLS = 1000
"""Polls until the hub has the configuration, which takes some seconds of the scaled clock."""


@pytest.fixture
def first(site):
    """Return the walkthrough of docs/first-site.md."""
    return Walkthrough(ROOT / "docs/first-site.md", site)


def test_from_an_empty_repository_to_a_site_that_deploys_itself(first, aws):
    """Each step's output is that of the document."""
    first.follow("1. The repository")
    first.site.install()
    first.follow("2. The site's file")
    first.follow("3. Plan")
    assert aws.writes("office-") == []
    first.follow("4. Roles of the pipeline")
    first.follow("5. The pipeline")
    assert first.jobs["deploy"].code == 0
    assert aws.edge("office-door")["SyncStatus"] == "IN_SYNC"
    first.follow("6. A reviewed change")
    assert first.jobs["deploy"].code == 0
    assert aws.edge("office-door")["EdgeConfig"]["DeletionConfig"]["EdgeRetentionInHours"] == 72
    aws.by_hand("office-door", DeletionConfig={"EdgeRetentionInHours": 12})
    first.follow("7. A change outside of the repository")
    assert first.jobs["drift"].code == 2


def test_the_files_that_are_shown_are_those_of_the_example(first):
    """The document shows the files of examples/github-actions."""
    text = (ROOT / "docs/first-site.md").read_text("utf-8")
    shown = (
        *("access.py", "app.py", "cdk.json", "package.json", "requirements.txt", ".gitignore"),
        *(".github/workflows/edge.yml", ".github/workflows/drift.yml"),
    )
    for name in shown:
        assert f"\n{(EXAMPLES / 'github-actions' / name).read_text('utf-8')}```\n" in text, name


@pytest.fixture
def by_hand(aws):
    """Configure two streams on yard-hub by hand, and return the number of writes."""
    client = aws.client("kinesisvideo")
    for name, hours in (("yard-dock", 48), ("yard-gate", 24)):
        client.create_stream(StreamName=name, DataRetentionInHours=168)
        secret = media_secret(f"{name}-camera")
        at_night = {"ScheduleExpression": "0 0 22,23 ? * * *", "DurationInSeconds": 3599}
        client.start_edge_configuration_update(
            StreamName=name,
            EdgeConfig={
                "HubDeviceArn": hub_arn("yard-hub"),
                "RecorderConfig": {"MediaSourceConfig": {"MediaUriSecretArn": secret, "MediaUriType": "RTSP_URI"}},
                "UploaderConfig": {"ScheduleConfig": at_night},
                "DeletionConfig": {"EdgeRetentionInHours": hours},
            },
        )
    for _ in range(POLLS):
        if all(aws.edge(name)["SyncStatus"] == "IN_SYNC" for name in ("yard-dock", "yard-gate")):
            break
    return len(aws.writes("yard-"))


def test_from_a_hand_configured_site_to_a_managed_one(site, aws, by_hand):
    """The first change and its revert are the only writes."""
    there = Walkthrough(ROOT / "docs/first-site.md", site)
    there.follow("1. The repository")
    site.install()
    here = Walkthrough(ROOT / "docs/existing-site.md", site, there.github)

    here.follow("1. Write the file")
    here.follow("2. The plan is empty")
    there.follow("4. Roles of the pipeline")
    there.follow("5. The pipeline", files_alone=True)
    here.follow("3. The first deployment")
    assert here.jobs["deploy"].code == 0
    assert len(aws.writes("yard-")) == by_hand, "no camera was touched"

    here.follow("4. The first change")
    assert aws.edge("yard-gate")["EdgeConfig"]["DeletionConfig"]["EdgeRetentionInHours"] == 48
    here.follow("5. How to undo it")
    assert aws.edge("yard-gate")["EdgeConfig"]["DeletionConfig"]["EdgeRetentionInHours"] == 24
    assert len(aws.writes("yard-")) == by_hand + 2
    assert aws.edge("yard-dock")["SyncStatus"] == "IN_SYNC"
