"""`kvs-edge plan` on deployed stacks: what it says is what the next deployment does."""

import json
import time

import pytest
from aws_cdk import App
from botocore.exceptions import ClientError

from cdk_kvs_edge import EdgeFleet
from kvs_edge_gitops.aws import access
from kvs_edge_gitops.aws.calls import Calls
from kvs_edge_gitops.cli import main
from kvs_edge_local.assumed_roles import assume_role
from kvs_edge_local.edge import SyncStatus
from support.bootstrapped_region import CAPABILITIES

NO_STAGING = {"aws:cdk:disable-asset-staging": True}
READ = (
    "kinesisvideo:DescribeEdgeConfiguration",
    "kinesisvideo:DescribeStream",
    "kinesisvideo:ListEdgeAgentConfigurations",
)


@pytest.fixture(scope="module")
def region() -> str:
    """Return a region without the stacks of other tests, whose templates each plan would read."""
    return "eu-west-2"


class Fleet:
    """A fleet of one file in a stack, and `kvs-edge plan` of that file."""

    def __init__(self, stack, folder, capsys) -> None:
        self.stack, self._folder, self._capsys = stack, folder, capsys

    def write(self, *streams) -> None:
        """Write the file."""
        (self._folder / "edge").mkdir(exist_ok=True)
        (self._folder / "edge" / f"{self.stack.name}.json").write_text(json.dumps({"streams": streams}))

    def template(self):
        return self.stack.fleet_template(self._folder / "edge")

    def plan(self, *arguments) -> tuple[int, str]:
        """Return the exit code and the output of a plan."""
        code = main(["plan", "--region", self.stack.site.region, *arguments])
        out, err = self._capsys.readouterr()
        assert err == ""
        return code, out


@pytest.fixture
def fleet(stack, tmp_path, monkeypatch, capsys) -> Fleet:
    """Return a fleet that is not deployed yet; the commands are its owner's."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "no-such-file"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "no-such-file"))
    for name, value in stack.aws.environment().items():
        monkeypatch.setenv(name, value)
    # The pauses between the templates of several stacks take no time.
    monkeypatch.setattr(access, "Calls", lambda: Calls(time.monotonic, lambda seconds: None))
    return Fleet(stack, tmp_path, capsys)


@pytest.fixture
def entry(stack):
    """Return a function that makes an entry of the file."""

    def make(name=stack.stream, **facts):
        return {"StreamName": name, "EdgeConfig": stack.edge_config(), **facts}

    return make


@pytest.fixture
def role(stack, monkeypatch):
    """Return a function that takes on a role with some actions."""

    def take(*actions) -> None:
        iam, name = stack.aws.client("iam"), f"{stack.name}-planner"
        policy = {"Effect": "Allow", "Action": list(actions), "Resource": "*"}
        arn = iam.create_role(RoleName=name, AssumeRolePolicyDocument="{}")["Role"]["Arn"]
        document = json.dumps({"Version": "2012-10-17", "Statement": [policy]})
        iam.put_role_policy(RoleName=name, PolicyName="reads", PolicyDocument=document)
        keys = assume_role(arn, "plan", stack.site.region)
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", keys.access_key_id)
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", keys.secret_access_key)
        monkeypatch.setenv("AWS_SESSION_TOKEN", keys.session_token)

    return take


def test_a_manual_change_is_not_sent_until_the_token_changes(stack, fleet, entry):
    """The template is the same, so CloudFormation has nothing to update, as the plan says."""
    fleet.write(entry())
    assert fleet.plan("--detailed-exitcode")[0] == 2
    template = fleet.template()
    assert stack.create(template) == "CREATE_COMPLETE"
    assert fleet.plan("--detailed-exitcode") == (0, "1 stream: 1 unchanged\n")

    stack.start_out_of_band(DeletionConfig={"EdgeRetentionInHours": 48})
    stack.until_status(SyncStatus.IN_SYNC)
    code, out = fleet.plan("--detailed-exitcode")
    assert code == 2
    assert (
        "a deployment does nothing: the configuration was changed outside of CloudFormation, and the template of"
        f" {stack.name} does not change; set sync_token to another value to send it\n"
    ) in out
    assert out.endswith("1 stream: 1 to update; a deployment does not send 1 of them\n")
    with pytest.raises(ClientError, match="No updates are to be performed"):
        stack.begin_update(template)

    fleet.write(entry(sync_token="again"))
    assert "      a deployment sends the configuration\n" in fleet.plan()[1]
    assert stack.update(fleet.template()) == "UPDATE_COMPLETE"
    assert "DeletionConfig" not in stack.configuration()
    assert fleet.plan("--detailed-exitcode") == (0, "1 stream: 1 unchanged\n")


def test_a_retained_stream_blocks_the_next_deployment(stack, fleet, entry):
    """After the deletion of the stack, its stream belongs to no stack."""
    created = {"create_stream": True, "DataRetentionInHours": 24}
    name = f"{stack.name}-created"
    fleet.write(entry(name, **created))
    assert "creates the stream" in fleet.plan()[1]
    template = fleet.template()
    assert stack.create(template) == "CREATE_COMPLETE"
    assert fleet.plan() == (0, "1 stream: 1 unchanged\n")

    assert stack.delete() == "DELETE_COMPLETE"
    code, out = fleet.plan()
    assert code == 1
    assert "error StreamExists: the stream exists, and the stack of this file did not create it" in out
    assert stack.create(template) in {"ROLLBACK_COMPLETE", "ROLLBACK_FAILED"}
    events = stack.site.cloudformation.describe_stack_events(StackName=stack.stack_id)["StackEvents"]
    assert "already exists" in str(events)
    assert fleet.plan()[0] == 1, "a rolled back stack is deployed again from nothing"

    fleet.write(entry(name, create_stream=False))
    assert fleet.plan() == (0, "1 stream: 1 unchanged\n")


def test_a_stream_that_leaves_the_stack_of_its_file_is_deleted_with_destroy(stack, fleet, entry, tmp_path):
    """As the deployment then does; the stack is recognized by its description."""
    name = f"Fleet-{stack.name}"

    def template(folder: str):
        app = App(analytics_reporting=False, outdir=str(tmp_path / folder), context=NO_STAGING)
        EdgeFleet.from_directory(app, "Fleet", tmp_path / "edge")
        return stack.site.template_url(name, app.synth().get_stack_by_name(name).template)

    cloudformation = stack.site.cloudformation
    stack.make_stream(kept := f"{stack.name}-kept")
    fleet.write(entry(removal_policy="DESTROY"), entry(kept))
    cloudformation.create_stack(StackName=name, TemplateURL=template("before"), Capabilities=CAPABILITIES)
    assert stack.site.ended(name) == "CREATE_COMPLETE"
    fleet.write(entry(kept))
    code, out = fleet.plan("--detailed-exitcode")
    assert code == 2
    assert out.startswith(f"in stack {name} in {stack.site.region}, in no file\n  x delete {stack.stream} (on ")
    assert f"(DESTROY in the template of {name})\n" in out
    assert out.endswith("1 stream: 1 unchanged, 1 to delete\n")

    cloudformation.update_stack(StackName=name, TemplateURL=template("after"), Capabilities=CAPABILITIES)
    assert stack.site.ended(name) == "UPDATE_COMPLETE"
    assert stack.writes() == ["Start", "Delete"]
    assert fleet.plan("--detailed-exitcode") == (0, "1 stream: 1 unchanged\n")


def test_without_rights_on_cloudformation_the_plan_says_what_is_unknown(stack, fleet, entry, role):
    """It names the action, and the way without."""
    fleet.write(entry())
    assert stack.create(fleet.template()) == "CREATE_COMPLETE"
    stack.start_out_of_band(DeletionConfig={"EdgeRetentionInHours": 48})
    stack.until_status(SyncStatus.IN_SYNC)
    role(*READ)
    code, out = fleet.plan()
    assert code == 0
    unknown = f"deployed templates unknown in {stack.site.region}, for {stack.name}.json"
    assert f"{unknown}: AWS denied cloudformation:DescribeStacks." in out
    assert "      a deployment sends the configuration\n" in out
    role_less = fleet.plan("--offline", "--format", "json")[1]
    report = json.loads(role_less)
    assert (report["notices"], report["streams"][0]["sending"]) == ([], "unknown")
