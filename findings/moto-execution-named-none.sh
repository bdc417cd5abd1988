#!/usr/bin/env bash
# moto's interpreter names an execution without a name "None", and allows only one of them.
#
# Expected: StartExecution without a name generates one (a UUID), so that it can be called any number of times.
#
# Happens: with execute_state_machine the execution is named "None", and the second call for the same state machine
# raises ExecutionAlreadyExists. Without execute_state_machine, moto's default, each has a UUID.
#
# With moto==5.2.5, boto3==1.44.5, botocore==1.44.5.
#
# Output seen:
#   execute_state_machine=False: a UUID, a UUID
#   execute_state_machine=True: None, ExecutionAlreadyExists
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
import uuid

import boto3
from botocore.exceptions import ClientError
from moto import mock_aws


def names(interpreted):
    """Return what comes of two calls without a name."""
    with mock_aws(config={"stepfunctions": {"execute_state_machine": interpreted}}):
        client = boto3.client("stepfunctions")
        machine = client.create_state_machine(
            name="any",
            roleArn="arn:aws:iam::123456789012:role/any",
            definition=json.dumps({"StartAt": "State", "States": {"State": {"Type": "Pass", "End": True}}}),
        )["stateMachineArn"]
        return ", ".join(name_of_next(client, machine) for _ in range(2))


def name_of_next(client, machine):
    try:
        name = client.start_execution(stateMachineArn=machine)["executionArn"].rpartition(":")[2]
    except ClientError as error:
        return error.response["Error"]["Code"]
    try:
        uuid.UUID(name)
    except ValueError:
        return name
    return "a UUID"


seen = {interpreted: names(interpreted) for interpreted in (False, True)}
for interpreted, what in seen.items():
    print(f"execute_state_machine={interpreted}: {what}")
assert seen == {False: "a UUID, a UUID", True: "None, ExecutionAlreadyExists"}
PYTHON
