#!/usr/bin/env bash
# moto creates a stack although its custom resource failed or never ran: a test on plain moto passes falsely.
#
# Expected: the function of a custom resource is invoked for Create, Update and Delete, and its response FAILED fails
# the stack.
#
# Happens: a change set, as `cdk deploy` and `aws cloudformation deploy` execute it, ends in CREATE_COMPLETE after a
# FAILED, without an event about it; without a change set the stack stays in CREATE_IN_PROGRESS. A resource of the type
# AWS::CloudFormation::CustomResource, the CDK's default, is skipped with a warning in the log: no invocation, and
# CREATE_COMPLETE. No function is ever invoked for Update or Delete.
#
# With moto==5.2.5, boto3==1.44.5, botocore==1.44.5.
#
# Output seen:
#   Custom::Any, SUCCESS: CREATE_COMPLETE, invoked for ['Create']
#   - updated: UPDATE_COMPLETE, invoked for []
#   - deleted: gone, invoked for []
#   Custom::Any, FAILED: CREATE_IN_PROGRESS, invoked for ['Create']
#   Custom::Any, FAILED, by a change set: CREATE_COMPLETE, invoked for ['Create']
#   AWS::CloudFormation::CustomResource, FAILED: CREATE_COMPLETE, invoked for []
#
# Docker, in which moto runs functions, is not needed: a function of this script answers in its place.
#
# Needs Python 3.11 or newer. Exits with 0 while it behaves like this, and with 1 once it does not.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check "moto[server]==5.2.5" boto3==1.44.5 botocore==1.44.5
cd "$folder"
# Nothing of this machine's AWS settings.
for name in "${!AWS_@}"; do unset "$name"; done
export HOME="$folder" NO_PROXY=127.0.0.1 no_proxy=127.0.0.1
"$folder/venv/bin/python" - 2>moto.log <<'PYTHON' || { cat moto.log >&2; exit 1; }
import io
import json
import time
import urllib.request
import zipfile
from urllib.parse import urlsplit

import boto3
from botocore.exceptions import ClientError
from moto.awslambda.models import LambdaFunction
from moto.server import ThreadedMotoServer


def run_function(function, body, *_):
    """Be the function: answer as its code would from a container, in which the host has a name of its own."""
    event = json.loads(body)
    answer = {name: event[name] for name in ("StackId", "RequestId", "LogicalResourceId")}
    answer |= {"Status": status, "Reason": "as asked for", "PhysicalResourceId": "one", "Data": {}}
    url = urlsplit(event["ResponseURL"])._replace(netloc=f"{host}:{port}").geturl()
    sent = urllib.request.Request(url, json.dumps(answer).encode(), headers={"Content-Type": ""}, method="PUT")
    urllib.request.urlopen(sent).close()
    invoked.append(event["RequestType"])
    return ""


LambdaFunction.invoke = run_function
server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
server.start()
host, port = server.get_host_and_port()


def client(service):
    return boto3.client(
        service,
        region_name="us-east-1",
        endpoint_url=f"http://{host}:{port}",
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )


role = client("iam").create_role(RoleName="any", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
code = io.BytesIO()
with zipfile.ZipFile(code, "w") as archive:
    archive.writestr("index.py", "def handler(event, context): pass\n")
function = client("lambda").create_function(
    FunctionName="any", Runtime="python3.13", Role=role, Handler="index.handler", Code={"ZipFile": code.getvalue()}
)["FunctionArn"]
cloudformation = client("cloudformation")


def template(resource_type, number=1):
    properties = {"ServiceToken": function, "Number": number}
    return json.dumps({"Resources": {"Resource": {"Type": resource_type, "Properties": properties}}})


def outcome(stack):
    """Return the stack's status once there was time for an invocation, and what the function was invoked for."""
    time.sleep(3)
    try:
        (described,) = cloudformation.describe_stacks(StackName=stack)["Stacks"]
        return f"{described['StackStatus']}, invoked for {invoked}"
    except ClientError as error:
        assert "does not exist" in str(error)
        return f"gone, invoked for {invoked}"


seen = {}
status, invoked = "SUCCESS", []
cloudformation.create_stack(StackName="good", TemplateBody=template("Custom::Any"))
seen["Custom::Any, SUCCESS"] = outcome("good")
invoked = []
cloudformation.update_stack(StackName="good", TemplateBody=template("Custom::Any", 2))
seen["- updated"] = outcome("good")
invoked = []
cloudformation.delete_stack(StackName="good")
seen["- deleted"] = outcome("good")
status, invoked = "FAILED", []
cloudformation.create_stack(StackName="bad", TemplateBody=template("Custom::Any"))
seen["Custom::Any, FAILED"] = outcome("bad")
invoked = []
change_set = {"StackName": "changes", "ChangeSetName": "any"}
cloudformation.create_change_set(**change_set, ChangeSetType="CREATE", TemplateBody=template("Custom::Any"))
cloudformation.execute_change_set(**change_set)
seen["Custom::Any, FAILED, by a change set"] = outcome("changes")
events = cloudformation.describe_stack_events(StackName="changes")["StackEvents"]
assert not any("FAILED" in event["ResourceStatus"] for event in events)
invoked = []
cloudformation.create_stack(StackName="typed", TemplateBody=template("AWS::CloudFormation::CustomResource"))
seen["AWS::CloudFormation::CustomResource, FAILED"] = outcome("typed")
server.stop()
for how, what in seen.items():
    print(f"{how}: {what}")
assert list(seen.values()) == [
    "CREATE_COMPLETE, invoked for ['Create']",
    "UPDATE_COMPLETE, invoked for []",
    "gone, invoked for []",
    "CREATE_IN_PROGRESS, invoked for ['Create']",
    "CREATE_COMPLETE, invoked for ['Create']",
    "CREATE_COMPLETE, invoked for []",
]
PYTHON
