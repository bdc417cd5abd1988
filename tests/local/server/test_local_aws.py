"""The local AWS as a whole: one per process, on its port, without leftovers."""

import json
import os
import socket
import subprocess
import sys
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import boto3
import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import ClientError

from kvs_edge_local.http_server import PortTakenError, listening
from kvs_edge_local.server import AlreadyRunningError, LocalAws

HANDLER = """
import json, urllib.request
def handler(event, context):
    answer = {key: event[key] for key in ("StackId", "RequestId", "LogicalResourceId")}
    answer |= {"Status": "SUCCESS", "PhysicalResourceId": "made-by-a-worker"}
    request = urllib.request.Request(event["ResponseURL"], data=json.dumps(answer).encode(), method="PUT")
    urllib.request.urlopen(request)
"""
TEMPLATE = {
    "Resources": {
        "Role": {
            "Type": "AWS::IAM::Role",
            "Properties": {
                "AssumeRolePolicyDocument": {
                    "Version": "2012-10-17",
                    "Statement": [
                        {
                            "Effect": "Allow",
                            "Principal": {"Service": "lambda.amazonaws.com"},
                            "Action": "sts:AssumeRole",
                        }
                    ],
                }
            },
        },
        "Function": {
            "Type": "AWS::Lambda::Function",
            "Properties": {
                "Code": {"ZipFile": HANDLER},
                "Handler": "index.handler",
                "Role": {"Fn::GetAtt": ["Role", "Arn"]},
                "Runtime": f"python{sys.version_info.major}.{sys.version_info.minor}",
            },
        },
        "Thing": {"Type": "Custom::Thing", "Properties": {"ServiceToken": {"Fn::GetAtt": ["Function", "Arn"]}}},
    },
    "Outputs": {"Id": {"Value": {"Ref": "Thing"}}},
}


def test_a_custom_resource_is_made_by_the_function_s_own_code(local_aws):
    """The path is complete: template, worker process, HTTPS ResponseURL, stack."""
    cloudformation = local_aws.client("cloudformation")

    cloudformation.create_stack(StackName="Whole", TemplateBody=json.dumps(TEMPLATE), Capabilities=["CAPABILITY_IAM"])

    stack = local_aws.cloudformation.engine(local_aws.account, local_aws.region).wait("Whole")
    assert stack.status == "CREATE_COMPLETE"
    assert [output.value for output in stack.outputs] == ["made-by-a-worker"]
    [event] = local_aws.lambdas.received_events()
    assert event.payload["RequestType"] == "Create"


def test_there_is_one_in_a_process(local_aws):
    """The state of moto belongs to the process: the error of a second one has the endpoint of the first."""
    with pytest.raises(AlreadyRunningError, match=local_aws.endpoint_url):
        LocalAws().start()


def test_logs_and_stack_events_have_the_same_clock(local_aws):
    """A function's log line has a time between the events of its resource."""
    template = json.loads(json.dumps(TEMPLATE))
    properties = template["Resources"]["Function"]["Properties"]
    properties["Code"]["ZipFile"] = HANDLER.replace(
        "def handler(event, context):", "def handler(event, context):\n    print('called')"
    )
    properties["LoggingConfig"] = {"LogGroup": "one-clock"}
    local_aws.client("logs").create_log_group(logGroupName="one-clock")
    local_aws.client("cloudformation").create_stack(
        StackName="OneClock", TemplateBody=json.dumps(template), Capabilities=["CAPABILITY_IAM"]
    )
    local_aws.cloudformation.engine(local_aws.account, local_aws.region).wait("OneClock")
    while not (lines := local_aws.client("logs").filter_log_events(logGroupName="one-clock")["events"]):
        local_aws.clock.sleep(1)

    events = local_aws.client("cloudformation").describe_stack_events(StackName="OneClock")["StackEvents"]
    [started] = [
        event["Timestamp"].timestamp()
        for event in events
        if (event["LogicalResourceId"], event["ResourceStatus"]) == ("Function", "CREATE_COMPLETE")
    ]
    assert started <= lines[0]["timestamp"] / 1000 <= local_aws.clock.now()


def test_its_environment_is_all_that_an_sdk_needs(local_aws, monkeypatch):
    """boto3 works with these variables alone."""
    for name in list(os.environ):
        if name.startswith("AWS_"):
            monkeypatch.delenv(name)
    for name, value in local_aws.environment().items():
        monkeypatch.setenv(name, value)

    identity = boto3.Session().client("sts").get_caller_identity()

    assert identity["Account"] == local_aws.account


def test_what_moto_does_not_implement_is_refused_at_once(local_aws):
    """An SDK would retry a 500 for a minute."""
    with pytest.raises(ClientError, match="The local AWS does not support this") as refused:
        local_aws.client("codeartifact").list_domains()
    assert refused.value.response["ResponseMetadata"]["RetryAttempts"] == 0
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400


@pytest.mark.parametrize(
    ("service", "method", "parameters", "operation"),
    [
        ("lambda", "get_account_settings", {}, "lambda:GetAccountSettings"),
        ("lambda", "list_capacity_providers", {}, "lambda:ListCapacityProviders"),
        ("kinesisvideo", "list_signaling_channels", {}, "kinesisvideo:ListSignalingChannels"),
        ("apigateway", "get_sdk_types", {}, "apigateway:GetSdkTypes"),
        ("route53", "list_traffic_policies", {}, "route53:ListTrafficPolicies"),
    ],
)
def test_an_operation_without_a_route_in_moto_is_refused_by_name(local_aws, service, method, parameters, operation):
    """The error is in the service's own protocol, JSON or XML; moto answers with an HTML page."""
    with pytest.raises(ClientError) as refused:
        getattr(local_aws.client(service), method)(**parameters)

    error = refused.value.response["Error"]
    assert error["Code"] == "UnsupportedByLocalAws"
    assert error["Message"] == f"The local AWS does not support this: moto has no {operation}"
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400


def test_s3_control_is_refused_in_xml(local_aws):
    """It is signed by hand: an SDK puts the account's number before the host name, which does not resolve here."""
    request = AWSRequest(
        "GET", f"{local_aws.endpoint_url}/v20180820/jobs", headers={"x-amz-account-id": "123456789012"}
    )
    SigV4Auth(Credentials("local", "local"), "s3", local_aws.region).add_auth(request)

    with pytest.raises(HTTPError) as refused:
        urlopen(Request(request.url, headers=dict(request.headers)))

    assert refused.value.code == 400
    assert b"<Code>UnsupportedByLocalAws</Code>" in refused.value.read()


def test_what_is_not_there_is_still_not_found(local_aws):
    """A service's own 404 is passed on."""
    with pytest.raises(ClientError) as missing:
        local_aws.client("lambda").get_function(FunctionName="nobody")
    assert missing.value.response["Error"]["Code"] == "ResourceNotFoundException"
    with pytest.raises(ClientError) as missing:
        local_aws.client("s3").head_bucket(Bucket="nobodys")
    assert missing.value.response["Error"]["Code"] == "404"


IN_A_PROCESS = """
import json
import sys
import threading
from kvs_edge_local.edge import Offline
from kvs_edge_local.server import LocalAws

template = json.loads(sys.argv[1])
template["Resources"]["Function"]["Properties"]["Code"]["ZipFile"] = "def handler(event, context): ..."
before = set(threading.enumerate())
with LocalAws() as first:
    first.client("s3").create_bucket(Bucket="gone-soon", CreateBucketConfiguration={"LocationConstraint": first.region})
    first.edge.set_hub("hub", Offline())
print("threads left", sorted(t.name for t in set(threading.enumerate()) - before))
with LocalAws() as second:
    print("buckets", second.client("s3").list_buckets()["Buckets"])
    print("hubs", dict(second.edge.hubs()))
    second.client("cloudformation").create_stack(
        StackName="Stuck", TemplateBody=json.dumps(template), Capabilities=["CAPABILITY_IAM"]
    )
    while not second.lambdas.received_events():
        second.clock.sleep(0.05)
print("stopped in the middle")
second.stop()
print("stopped twice")
print("cfn-lint is imported:", "cfnlint" in sys.modules)
"""


@pytest.fixture(scope="module")
def printed():
    """Return what a process prints that starts and stops two local AWS, one after the other."""
    command = [sys.executable, "-c", IN_A_PROCESS, json.dumps(TEMPLATE)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()


def test_whatever_it_held_is_gone_when_it_stops(printed):
    """No thread is left, and the next one in the process starts empty. Of cfn-lint only data is read."""
    assert printed[:3] == ["threads left []", "buckets []", "hubs {}"]
    assert printed[4:] == ["stopped twice", "cfn-lint is imported: False"]


def test_a_port_that_is_taken_is_named_with_what_to_do():
    """The server library does not end the process."""
    with socket.socket() as taken:
        taken.bind(("localhost", 0))
        taken.listen()
        port = taken.getsockname()[1]

        with (
            pytest.raises(
                PortTakenError,
                match=f"port {port} is in use or not available .*: stop the process that uses it, or choose",
            ),
            listening(port),
        ):
            pytest.fail("there were two on one port")


def test_it_stops_in_the_middle_of_a_deployment(printed):
    """A custom resource without a response does not delay the stop by its ServiceTimeout of an hour."""
    assert printed[3] == "stopped in the middle"


def test_importing_the_package_and_the_pytest_plugin_costs_nothing():
    """Each pytest run in an environment with the package imports the plugin."""
    program = "import sys, kvs_edge_local, kvs_edge_local.pytest_plugin, kvs_edge_local.cli; print(*sys.modules)"

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    loaded = {name.partition(".")[0] for name in done.stdout.split()}
    assert loaded.isdisjoint({"moto", "boto3", "botocore", "werkzeug", "cryptography", "awslambdaric"})
