#!/usr/bin/env bash
# moto's Step Functions returns an execution's text output without quotes: it is not JSON.
#
# Expected: output, like input, is JSON text (the API: "The string that contains the JSON output data of the
# execution"), so that json.loads(output) returns the last state's output: the text "17" differs from the number 17.
#
# Happens: a text is returned without quotes. json.loads() raises for "done", and returns a number for "17". All other
# values, and texts within an object or a list, are JSON.
#
# With moto==5.2.5, boto3==1.44.5, botocore==1.44.5.
#
# Output seen:
#   input "done" -> output done
#   input "17" -> output 17
#   input 17 -> output 17
#   input {"text": "17"} -> output {"text": "17"}
#
# Needs Python 3.11 or newer. Exits with 0 while it behaves like this, and with 1 once it does not.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
  "moto[stepfunctions]==5.2.5" boto3==1.44.5 botocore==1.44.5
cd "$folder"
# Nothing of this machine's AWS settings.
for name in "${!AWS_@}"; do unset "$name"; done
export HOME="$folder" AWS_DEFAULT_REGION=us-east-1 AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test
"$folder/venv/bin/python" - <<'PYTHON'
import json
import time
import uuid

import boto3
from moto import mock_aws


def output(text):
    """Return the output of an execution that hands on its input."""
    execution = client.start_execution(stateMachineArn=machine, name=str(uuid.uuid4()), input=text)["executionArn"]
    for _ in range(300):
        described = client.describe_execution(executionArn=execution)
        if described["status"] != "RUNNING":
            return described["output"]
        time.sleep(0.1)
    raise TimeoutError


with mock_aws(config={"stepfunctions": {"execute_state_machine": True}}):
    client = boto3.client("stepfunctions")
    machine = client.create_state_machine(
        name="any",
        roleArn="arn:aws:iam::123456789012:role/any",
        definition=json.dumps({"StartAt": "State", "States": {"State": {"Type": "Pass", "End": True}}}),
    )["stateMachineArn"]
    seen = {text: output(text) for text in ('"done"', '"17"', "17", '{"text": "17"}')}
for text, came in seen.items():
    print(f"input {text} -> output {came}")
assert [*seen.values()] == ["done", "17", "17", '{"text": "17"}']
PYTHON
