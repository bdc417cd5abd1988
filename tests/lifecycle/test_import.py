"""From a hub that was configured by hand to a stack that manages it: kvs-edge import, and a first deployment."""

from pathlib import Path

import pytest

from kvs_edge_gitops.cli import main
from kvs_edge_local.edge import Failing, Online, SyncStatus
from kvs_edge_local.edge.assumptions import DescribedDefaults

NIGHTS = {"ScheduleConfig": {"ScheduleExpression": "0 0 22,23 ? * MON-FRI *", "DurationInSeconds": 3599}}
BY_HAND = {
    "always": {},
    "lossy": {"UploaderConfig": NIGHTS, "DeletionConfig": {"EdgeRetentionInHours": 24}},
    "kept": {"DeletionConfig": {"DeleteAfterUpload": False}},
    "stated": {"DeletionConfig": {"EdgeRetentionInHours": 720, "DeleteAfterUpload": True}},
}
"""Fields of each stream besides the required ones; lost footage is acknowledged."""


@pytest.fixture
def streams(stack):
    """Create streams that were configured out of band, with the hub in sync."""
    names = {}
    for kind, more in BY_HAND.items():
        name = names[kind] = f"{stack.name}-{kind}"
        stack.make_stream(name)
        stack.start_out_of_band(name, **more)
        stack.until_status(SyncStatus.IN_SYNC, stream=name)
    return names


@pytest.fixture
def imported(stack, tmp_path, monkeypatch):
    """Run the command on the stack's hub; return the template of the fleet that it wrote."""
    monkeypatch.chdir(tmp_path)
    for name, value in stack.aws.environment().items():
        monkeypatch.setenv(name, value)

    def imported():
        assert main(["import", "--hub", stack.hub, "--time-zone", "Europe/Berlin"]) == 0
        assert main(["validate"]) == 0
        return stack.fleet_template(Path("edge"))

    return imported


@pytest.mark.parametrize("described", DescribedDefaults)
def test_a_first_deployment_adopts_without_a_write(stack, streams, imported, described):
    """With and without the service's defaults in its output: every stream is polled, and none is written."""
    stack.assume(described_defaults=described)
    before = stack.aws.edge.writes()
    assert stack.create(imported()) == "CREATE_COMPLETE"
    assert stack.aws.edge.writes() == before
    for name in streams.values():
        assert stack.writes(name) == []
        assert stack.polls(name)
        assert stack.status(name) is SyncStatus.IN_SYNC


def test_only_what_had_failed_is_sent_again(stack, streams, imported):
    """The import reports it: the hub had refused the configuration."""
    stack.set_hub(Failing("the secret cannot be read"))
    stack.start_out_of_band(streams["kept"], **BY_HAND["kept"])
    stack.until_status(SyncStatus.SYNC_FAILED, stream=streams["kept"])
    template = imported()
    stack.set_hub(Online())
    assert stack.create(template) == "CREATE_COMPLETE"
    assert {kind: stack.writes(name) for kind, name in streams.items()} == {
        "always": [],
        "lossy": [],
        "kept": ["Start"],
        "stated": [],
    }
