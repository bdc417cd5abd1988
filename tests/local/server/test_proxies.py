"""A proxy in the environment does not affect the local AWS and its clients."""

import json
import os
import subprocess
import sys

import pytest

from kvs_edge_local.control_client import ControlClient

# Nothing listens there: every request to it fails.
PROXY = "http://127.0.0.1:9"
POLICY = {"Version": "2012-10-17", "Statement": []}
RESOURCES = {
    "Role": {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": POLICY}},
    "Bucket": {"Type": "AWS::S3::Bucket"},
    "Logs": {"Type": "AWS::Logs::LogGroup"},
}


@pytest.fixture(autouse=True)
def proxies(monkeypatch):
    """Set proxies for everything, with the shell's own exceptions only."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, PROXY)
        monkeypatch.setenv(name.lower(), PROXY)
    monkeypatch.setenv("NO_PROXY", "intranet.example.com")
    monkeypatch.delenv("no_proxy", raising=False)


def test_cloudformation_makes_its_resources(local_aws):
    """The calls use the same APIs as other clients."""
    local_aws.client("cloudformation").create_stack(
        StackName="Proxied", TemplateBody=json.dumps({"Resources": RESOURCES}), Capabilities=["CAPABILITY_IAM"]
    )

    stack = local_aws.cloudformation.engine(local_aws.account, local_aws.region).wait("Proxied")
    assert stack.status == "CREATE_COMPLETE"


def test_its_own_clients_reach_it(local_aws):
    """The clients are boto3's, and the control API's."""
    assert local_aws.client("iam").list_roles()["ResponseMetadata"]["HTTPStatusCode"] == 200
    assert ControlClient(local_aws.endpoint_url).about()["endpoint_url"] == local_aws.endpoint_url


def test_its_environment_keeps_other_clients_from_the_proxy(local_aws):
    """The shell's own exceptions stay, without duplicates."""
    environment = local_aws.environment()
    program = "import boto3; print(boto3.client('sts').get_caller_identity()['Account'])"

    asked = subprocess.run(
        [sys.executable, "-c", program], env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )

    assert environment["NO_PROXY"] == environment["no_proxy"] == "intranet.example.com,localhost,127.0.0.1"
    assert asked.stdout.strip() == local_aws.account, asked.stderr


def test_its_environment_is_the_same_inside_of_itself(local_aws, monkeypatch):
    environment = local_aws.environment()
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    assert local_aws.environment() == environment
