#!/usr/bin/env bash
# ministack rolls back a custom resource with a failed Create without a Delete.
#
# Expected: as in CloudFormation, the rollback sends a Delete with the PhysicalResourceId of the failed response, so
# that a handler can remove a partial resource, and a test can check that it does.
#
# Happens: the stack becomes ROLLBACK_COMPLETE after the Create alone. A handler that cannot clean up after a failed
# Create, or that fails on a Delete without a resource, passes here. After a successful Create, delete_stack does send
# one.
#
# With ministack==1.5.33, boto3==1.43.106, botocore==1.43.106.
#
# Output seen:
#   Create fails: ROLLBACK_COMPLETE, after [('Create', None)]
#   Create succeeds: CREATE_COMPLETE, after [('Create', None)]
#   - deleted: gone, after [('Delete', 'made')]
#
# Needs Python 3.11 or newer. Exits with 0 while it behaves like this, and with 1 once it does not.
set -euo pipefail

folder=$(mktemp -d)
emulator=
trap '[[ -z $emulator ]] || { kill "$emulator" && wait "$emulator"; } || true; rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check ministack==1.5.33 boto3==1.43.106 botocore==1.43.106
cd "$folder"
# Nothing of this machine's AWS settings.
for name in "${!AWS_@}"; do unset "$name"; done
export HOME="$folder" TMPDIR="$folder" NO_PROXY=127.0.0.1,localhost no_proxy=127.0.0.1,localhost
GATEWAY_PORT=$("$folder/venv/bin/python" -c "import socket; print(socket.create_server(('127.0.0.1', 0)).getsockname()[1])")
# Without BIND_HOST it listens on all of the machine's addresses.
export GATEWAY_PORT BIND_HOST=127.0.0.1 MINISTACK_ACCOUNT_ID=123456789012 MINISTACK_REGION=us-east-1
"$folder/venv/bin/python" -m ministack >ministack.log 2>&1 &
emulator=$!
"$folder/venv/bin/python" - <<'PYTHON' || { tail -n 50 ministack.log >&2; exit 1; }
import io
import json
import os
import time
import urllib.request
import zipfile
from pathlib import Path

import boto3
from botocore.exceptions import ClientError

ENDPOINT = f"http://localhost:{os.environ['GATEWAY_PORT']}"
EVENTS = Path("events").absolute()
HANDLER = """
import json, os, urllib.request

def handler(event, context):
    with open(os.environ["EVENTS"], "a") as events:
        events.write(json.dumps(event) + "\\n")
    names = ("StackId", "RequestId", "LogicalResourceId")
    answer = {name: event[name] for name in names}
    answer["PhysicalResourceId"] = event.get("PhysicalResourceId", "made")
    fails = event["RequestType"] == "Create" and event["ResourceProperties"]["Create"] == "fails"
    answer |= {"Status": "FAILED" if fails else "SUCCESS", "Reason": "as asked for"}
    sent = urllib.request.Request(event["ResponseURL"], json.dumps(answer).encode(), {"Content-Type": ""}, method="PUT")
    urllib.request.urlopen(sent).close()
"""


def wait_until_up():
    for _ in range(600):
        try:
            return urllib.request.urlopen(f"{ENDPOINT}/_ministack/health", timeout=1).close()
        except OSError:
            time.sleep(0.1)
    raise TimeoutError("ministack did not start")


def client(service):
    return boto3.client(
        service,
        region_name="us-east-1",
        endpoint_url=ENDPOINT,
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )


def outcome(stack):
    """Return where the stack ends, and what the function was invoked with since the last look."""
    for _ in range(300):
        time.sleep(0.2)
        try:
            (described,) = cloudformation.describe_stacks(StackName=stack)["Stacks"]
            status = described["StackStatus"]
        except ClientError as error:
            assert "does not exist" in str(error)
            status = "gone"
        if not status.endswith("_IN_PROGRESS"):
            break
    time.sleep(3)
    events = [json.loads(line) for line in EVENTS.read_text().splitlines()]
    EVENTS.unlink()
    return f"{status}, after {[(event['RequestType'], event.get('PhysicalResourceId')) for event in events]}"


wait_until_up()
role = client("iam").create_role(RoleName="any", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
code = io.BytesIO()
with zipfile.ZipFile(code, "w") as archive:
    archive.writestr("index.py", HANDLER)
function = client("lambda").create_function(
    FunctionName="any",
    Runtime="python3.13",
    Role=role,
    Handler="index.handler",
    Timeout=30,
    Code={"ZipFile": code.getvalue()},
    Environment={"Variables": {"EVENTS": str(EVENTS)}},
)["FunctionArn"]
cloudformation = client("cloudformation")
seen = {}
for how in ("fails", "succeeds"):
    properties = {"ServiceToken": function, "Create": how}
    template = {"Resources": {"Resource": {"Type": "Custom::Any", "Properties": properties}}}
    cloudformation.create_stack(StackName=how, TemplateBody=json.dumps(template))
    seen[f"Create {how}"] = outcome(how)
cloudformation.delete_stack(StackName="succeeds")
seen["- deleted"] = outcome("succeeds")
for what, came in seen.items():
    print(f"{what}: {came}")
assert list(seen.values()) == [
    "ROLLBACK_COMPLETE, after [('Create', None)]",
    "CREATE_COMPLETE, after [('Create', None)]",
    "gone, after [('Delete', 'made')]",
]
PYTHON
