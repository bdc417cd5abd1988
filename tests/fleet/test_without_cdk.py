"""examples/cloudformation: its two templates on the local AWS, with boto3 and `kvs-edge bundle`, without the CDK."""

import subprocess
import sys
from collections.abc import Callable, Mapping
from itertools import count
from pathlib import Path

import pytest

from kvs_edge_local.edge import Offline, Online
from support.declarations import hub_arn, media_secret
from support.waiting import until

TEMPLATES = Path(__file__).parents[2] / "examples" / "cloudformation"
BUCKET = "kvs-edge-code"
HUB = "warehouse-hub"
SITE = {
    "HubDeviceArn": hub_arn(HUB),
    "EntranceCameraSecret": media_secret("entrance-camera-aBcDeF"),
    "DockCameraSecret": media_secret("dock-camera-aBcDeF"),
}
NO_CDK = (
    "import sys; from kvs_edge_gitops.cli import main; assert main(sys.argv[1:]) == 0;"
    " assert not {'jsii', 'aws_cdk'} & {*sys.modules}"
)


@pytest.fixture
def deploy(aws) -> Callable[..., str]:
    """Return a function that deploys a template as `aws cloudformation deploy` does: with a change set."""
    client, numbers = aws.client("cloudformation"), count(1)

    def deploy(stack: str, template: str, parameters: Mapping[str, str]) -> str:
        exists = stack in _stacks(client)
        given = [{"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()]
        client.create_change_set(
            StackName=stack,
            ChangeSetName=(name := f"deploy-{next(numbers)}"),
            ChangeSetType="UPDATE" if exists else "CREATE",
            TemplateBody=template,
            Parameters=given,
            Capabilities=["CAPABILITY_IAM"],
        )
        client.execute_change_set(StackName=stack, ChangeSetName=name)
        return _ended(client, stack)

    return deploy


def _stacks(client) -> set[str]:
    return {each["StackName"] for each in client.describe_stacks()["Stacks"]}


def _ended(client, stack: str) -> str:
    def status() -> str:
        return client.describe_stacks(StackName=stack)["Stacks"][0]["StackStatus"]

    until(lambda: not status().endswith("IN_PROGRESS"), f"the operation on {stack} is over")
    return status()


def test_both_templates_deploy_update_and_delete(aws, deploy, new_name, tmp_path):
    """A hub gets both configurations; a failed update is rolled back with the runbook's address; a Delete obeys."""
    zip_file = tmp_path / "handler.zip"
    subprocess.run([sys.executable, "-c", NO_CDK, "bundle", zip_file], check=True, capture_output=True)
    s3, cloudformation = aws.client("s3"), aws.client("cloudformation")
    s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": aws.region})
    s3.upload_file(str(zip_file), BUCKET, "kvs-edge/1.zip")
    provider, site = ((TEMPLATES / name).read_text("utf-8") for name in ("provider.yaml", "warehouse.yaml"))
    entrance, dock = new_name("entrance"), new_name("dock")
    for old, new in (("entrance", entrance), ("dock", dock)):
        site = site.replace(f"Name: {old}\n", f"Name: {new}\n").replace(f":stream/{old}/*", f":stream/{new}/*")

    code = {"CodeBucket": BUCKET, "CodeKey": "kvs-edge/1.zip"}
    assert deploy("kvs-edge-provider", provider, code) == "CREATE_COMPLETE"
    assert deploy("warehouse", site, SITE) == "CREATE_COMPLETE"
    (described,) = cloudformation.describe_stacks(StackName="warehouse")["Stacks"]
    assert described["Outputs"][0]["OutputValue"] == "entrance=IN_SYNC dock=IN_SYNC"

    aws.edge.set_hub(HUB, Offline())
    status = deploy("warehouse", site.replace("EdgeRetentionInHours: 72", "EdgeRetentionInHours: 96"), SITE)
    assert status == "UPDATE_ROLLBACK_COMPLETE"
    (reason,) = {
        event["ResourceStatusReason"]
        for event in cloudformation.describe_stack_events(StackName="warehouse")["StackEvents"]
        if event["LogicalResourceId"] == "Entrance" and event["ResourceStatus"] == "UPDATE_FAILED"
    }
    assert "A rollback restores the previous configuration. To deploy without waiting for hubs, set" in reason
    assert reason.rstrip().partition(" (RequestId")[0].endswith("/runbook/#syncfailed")
    video = aws.client("kinesisvideo")
    kept = video.describe_edge_configuration(StreamName=entrance)["EdgeConfig"]
    assert kept["DeletionConfig"]["EdgeRetentionInHours"] == 72

    aws.edge.set_hub(HUB, Online())
    cloudformation.delete_stack(StackName="warehouse")
    until(lambda: "warehouse" not in _stacks(cloudformation), "the stack is deleted")
    assert (_is_there(video, dock), _is_there(video, entrance)) == (False, True)


def _is_there(video, stream: str) -> bool:
    try:
        video.describe_edge_configuration(StreamName=stream)
    except video.exceptions.StreamEdgeConfigurationNotFoundException:
        return False
    return True
