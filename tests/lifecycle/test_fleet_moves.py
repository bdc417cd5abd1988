"""Footage after changes of a fleet's files: each row of the table in docs/fleet.md."""

import itertools
import json

import pytest
from aws_cdk import App, Stack

from cdk_kvs_edge import EdgeConfigurationProvider, EdgeFleet
from kvs_edge_local.edge import SyncStatus
from support.synthesis import PROVIDER_STACK

CAPABILITIES = ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM"]
COMPLETE = {"CREATE_COMPLETE", "UPDATE_COMPLETE"}


class Files:
    """Files of a fleet, each deployed as `cdk deploy` of one stack."""

    def __init__(self, stack, folder):
        self._stack, self._folder = stack, folder
        self._numbers = itertools.count()
        self._there = set()

    def deploy(self, stem, *streams, **fields) -> str:
        """Deploy a file with these streams; return the final status of its stack."""
        folder = self._folder / str(next(self._numbers))
        edge = folder / "edge"
        edge.mkdir(parents=True)
        requests = [
            {"StreamName": name, "EdgeConfig": self._stack.edge_config(HubDeviceArn=self._stack.hub), **fields}
            for name in streams
        ]
        (edge / f"{stem}.json").write_text(json.dumps({"streams": requests}))
        context = {"aws:cdk:disable-asset-staging": True}
        app = App(analytics_reporting=False, outdir=str(folder / "out"), context=context)
        provider = EdgeConfigurationProvider(Stack(app, PROVIDER_STACK), "Provider")
        references = {"camera": self._stack.stream}
        EdgeFleet.from_directory(app, self._stack.name, edge, references=references, provider=provider)
        assembly, name = app.synth(), f"{self._stack.name}-{stem}"
        self._stack.site.provide(assembly.get_stack_by_name(PROVIDER_STACK).template)
        url = self._stack.site.template_url(name, assembly.get_stack_by_name(name).template)
        cloudformation = self._stack.site.cloudformation
        send = cloudformation.update_stack if name in self._there else cloudformation.create_stack
        send(StackName=name, TemplateURL=url, Capabilities=CAPABILITIES)
        self._there.add(name)
        return self._stack.site.ended(name)

    def delete(self, stem) -> str:
        """Delete the stack of a file."""
        cloudformation, name = self._stack.site.cloudformation, f"{self._stack.name}-{stem}"
        stack_id = cloudformation.describe_stacks(StackName=name)["Stacks"][0]["StackId"]
        cloudformation.delete_stack(StackName=stack_id)
        return self._stack.site.ended(stack_id)


@pytest.fixture
def files(stack, tmp_path):
    return Files(stack, tmp_path)


@pytest.fixture
def other(stack):
    """Return a stream that stays in its file, so that the file keeps a stack."""
    stack.make_stream(f"{stack.name}-other")
    return f"{stack.name}-other"


def test_a_stream_that_moves_to_another_file_is_adopted_without_a_write(stack, files, other):
    """With RETAIN the new stack's Create finds what it declares, and the old stack releases it."""
    assert files.deploy("old", stack.stream, other) in COMPLETE
    assert files.deploy("new", stack.stream) in COMPLETE
    assert files.deploy("old", other) in COMPLETE
    assert stack.writes() == ["Start"]
    assert stack.status() is SyncStatus.IN_SYNC


def test_a_move_with_destroy_would_delete_what_was_just_adopted(stack, files, other):
    """The reason why docs/fleet.md says to deploy RETAIN first."""
    assert files.deploy("old", stack.stream, other, removal_policy="DESTROY") in COMPLETE
    assert files.deploy("new", stack.stream, removal_policy="DESTROY") in COMPLETE
    assert files.deploy("old", other, removal_policy="DESTROY") in COMPLETE
    assert stack.writes() == ["Start", "Delete"]


def test_a_move_with_destroy_is_safe_once_retain_was_deployed(stack, files, other):
    """The safe way: RETAIN in the old file, deployed; then the move; then DESTROY again."""
    assert files.deploy("old", stack.stream, other, removal_policy="DESTROY") in COMPLETE
    assert files.deploy("old", stack.stream, other, removal_policy="RETAIN") in COMPLETE
    assert files.deploy("new", stack.stream, removal_policy="DESTROY") in COMPLETE
    assert files.deploy("old", other, removal_policy="DESTROY") in COMPLETE
    assert stack.writes() == ["Start"]
    assert stack.status() is SyncStatus.IN_SYNC


def test_another_name_for_the_same_stream_is_adopted_without_a_write(stack, files):
    """A reference in place of the name changes the logical id: with RETAIN the new resource adopts."""
    assert files.deploy("site", stack.stream) in COMPLETE
    assert files.deploy("site", {"Ref": "camera"}) in COMPLETE
    assert stack.writes() == ["Start"]
    assert stack.status() is SyncStatus.IN_SYNC


def test_another_name_is_safe_with_destroy_once_retain_was_deployed(stack, files):
    """The safe way, as shown by `kvs-edge plan --before`."""
    assert files.deploy("site", stack.stream, removal_policy="DESTROY") in COMPLETE
    assert files.deploy("site", stack.stream, removal_policy="RETAIN") in COMPLETE
    assert files.deploy("site", {"Ref": "camera"}, removal_policy="DESTROY") in COMPLETE
    assert stack.writes() == ["Start"]
    assert stack.status() is SyncStatus.IN_SYNC


def test_a_file_that_was_renamed_leaves_its_old_stack_which_retains(stack, files):
    """The new stack adopts all streams; the deletion of the old stack is a no-op."""
    assert files.deploy("old", stack.stream) in COMPLETE
    assert files.deploy("new", stack.stream) in COMPLETE
    assert files.delete("old") == "DELETE_COMPLETE"
    assert stack.writes() == ["Start"]
    assert stack.status() is SyncStatus.IN_SYNC


@pytest.mark.parametrize(("policy", "writes"), [("RETAIN", ["Start"]), ("DESTROY", ["Start", "Delete"])])
def test_a_rename_starts_the_new_stream_and_treats_the_old_one_by_its_policy(stack, files, other, policy, writes):
    """A stream cannot be renamed: another name is another stream, with new footage."""
    assert files.deploy("site", stack.stream, removal_policy=policy) in COMPLETE
    assert files.deploy("site", other, removal_policy=policy) in COMPLETE
    assert stack.writes() == writes
    assert stack.writes(other) == ["Start"]


def test_a_stream_that_the_app_makes_cannot_be_made_again_by_another_file(stack, files, other):
    """The new stack fails before any write; without `create_stream` it refers to the existing stream."""
    name = f"{stack.name}-made"
    made = {"create_stream": True, "DataRetentionInHours": 24}
    assert files.deploy("old", name, **made) in COMPLETE
    assert files.deploy("new", other) in COMPLETE
    assert files.deploy("new", other, name, **made) == "UPDATE_ROLLBACK_COMPLETE"
    assert files.deploy("new", other, name) in COMPLETE
    assert files.delete("old") == "DELETE_COMPLETE"
    assert stack.writes(name) == ["Start"]
    assert stack.status(name) is SyncStatus.IN_SYNC
