#!/usr/bin/env bash
# crhelper cannot poll a resource with a long logical id or long properties: EventBridge's limits are lower.
#
# Expected: each resource that CloudFormation accepts can be polled. A logical id has at most 255 characters (the CDK
# uses up to 240 of a path and 8 of a hash). An Update's event carries the properties twice.
#
# Happens: the name of the rule is the logical id and 8 more characters. A rule's name has at most 64 (API reference of
# PutRule), so an id may have 56. The target's input is the whole event. It has at most 8,192 characters (PutTargets),
# which leaves about 7,600 for properties. botocore sends both requests without a complaint; the limits are in its
# model. The function that creates the resource has already run then.
#
# With crhelper==2.0.12, boto3==1.44.5.
#
# Output seen:
#   limits: rule name 64, input 8192
#   logical id of 57: rule name of 65
#   properties of 8000: input of 8552
#
# Needs Python 3.11 or newer. Exits with 0 while it behaves like this, and with 1 once it does not.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check crhelper==2.0.12 boto3==1.44.5
cd "$folder"
export AWS_REGION=us-west-2 AWS_ACCESS_KEY_ID=example AWS_SECRET_ACCESS_KEY=example
"$folder/venv/bin/python" - <<'PYTHON'
import json
from types import SimpleNamespace

import botocore.session
from botocore.awsrequest import AWSResponse
from crhelper import CfnResource

RULE_ARN = "arn:aws:events:us-west-2:111122223333:rule/polling"
ANSWERS = {"PutRule": {"RuleArn": RULE_ARN}, "PutTargets": {"FailedEntryCount": 0, "FailedEntries": []}}
CONTEXT = SimpleNamespace(
    function_name="handler", aws_request_id="1", get_remaining_time_in_millis=lambda: 60_000, log_stream_name="1"
)


def requests_of(logical_id, properties):
    """Return the parameters that crhelper sends to EventBridge when it starts to poll a new resource."""
    sent = {}
    helper = CfnResource(log_level="CRITICAL")
    helper.create(lambda event, context: "made")
    helper.poll_create(lambda event, context: None)

    def answer(request, **_):
        operation = request.headers.get("X-Amz-Target", b"").decode().rpartition(".")[2] or "AddPermission"
        sent[operation] = json.loads(request.body)
        body = json.dumps(ANSWERS.get(operation, {"Statement": "{}"})).encode()
        raw = SimpleNamespace(read=lambda *_: body, stream=lambda *_, **__: iter([body]))
        return AWSResponse(request.url, 200, {}, raw)

    for client in (helper._events_client, helper._lambda_client):
        client.meta.events.register("before-send", answer)
    event = {
        "RequestType": "Create",
        "ResponseURL": "https://example.com/" + "s" * 80,
        "StackId": "arn:aws:cloudformation:us-west-2:111122223333:stack/site/00000000-0000-0000-0000-000000000000",
        "RequestId": "00000000-0000-0000-0000-000000000001",
        "LogicalResourceId": logical_id,
        "ResourceProperties": {"Text": "x" * properties},
    }
    helper(event, CONTEXT)
    return sent


model = botocore.session.get_session().get_service_model("events")
name_limit = model.shape_for("RuleName").metadata["max"]
input_limit = model.shape_for("TargetInput").metadata["max"]
print(f"limits: rule name {name_limit}, input {input_limit}")
name = requests_of("C" * 57, 10)["PutRule"]["Name"]
print(f"logical id of 57: rule name of {len(name)}")
text = requests_of("Camera", 8000)["PutTargets"]["Targets"][0]["Input"]
print(f"properties of 8000: input of {len(text)}")
assert (name_limit, input_limit, len(name)) == (64, 8192, 65)
assert len(text) > input_limit
PYTHON
