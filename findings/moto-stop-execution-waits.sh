#!/usr/bin/env bash
# StopExecution in moto does not stop an execution that waits to retry a task, and loses its error and cause.
#
# Expected: as in Step Functions, a stopped execution is ABORTED soon in every state, and DescribeExecution
# and the history's last event have the caller's error and cause.
#
# Happens: moto's interpreter sleeps through the retrier's IntervalSeconds: StopExecution returns at once, and the
# execution is RUNNING until that time is over. In a Wait state it does stop. In both cases the given error and cause
# are missing.
#
# With moto==5.2.5, boto3==1.44.5, botocore==1.44.5.
#
# Output seen:
#   stopped while it retries: RUNNING a second later, ABORTED in the end, error None, cause None, in the history
#   {'error': '', 'cause': ''}
#   stopped while it waits: ABORTED a second later, ABORTED in the end, error None, cause None, in the history
#   {'error': '', 'cause': ''}
#
# Needs Python 3.11 or newer. Exits with 0 while it behaves like this, and with 1 once it does not.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
  "moto[stepfunctions,sns]==5.2.5" boto3==1.44.5 botocore==1.44.5
cd "$folder"
# Nothing of this machine's AWS settings.
for name in "${!AWS_@}"; do unset "$name"; done
export HOME="$folder" AWS_DEFAULT_REGION=us-east-1 AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test
"$folder/venv/bin/python" - <<'PYTHON'
import json
import time

import boto3
from moto import mock_aws

SECONDS = 8
STATES = {
    # There is no such topic: the task fails, and is tried again after some seconds.
    "retries": {
        "Type": "Task",
        "Resource": "arn:aws:states:::aws-sdk:sns:getTopicAttributes",
        "Parameters": {"TopicArn": "arn:aws:sns:us-east-1:123456789012:none"},
        "Retry": [{"ErrorEquals": ["States.ALL"], "IntervalSeconds": SECONDS, "MaxAttempts": 1}],
        "End": True,
    },
    "waits": {"Type": "Wait", "Seconds": SECONDS, "End": True},
}


def until(condition):
    """Wait until the condition holds."""
    for _ in range(300):
        if condition():
            return
        time.sleep(0.1)
    raise TimeoutError


def outcome(name, state, last):
    """Return what is told of an execution that is stopped in this state, after its event of the type `last`."""
    definition = json.dumps({"StartAt": "State", "States": {"State": state}})
    role = "arn:aws:iam::123456789012:role/any"
    machine = client.create_state_machine(name=name, roleArn=role, definition=definition)["stateMachineArn"]
    execution = client.start_execution(stateMachineArn=machine)["executionArn"]

    def events():
        return client.get_execution_history(executionArn=execution)["events"]

    def described():
        return client.describe_execution(executionArn=execution)

    until(lambda: events() and events()[-1]["type"] == last)
    client.stop_execution(executionArn=execution, error="Stopped", cause="by hand")
    time.sleep(1)
    soon = described()["status"]
    until(lambda: described()["status"] != "RUNNING")
    end = described()
    told = f"error {end.get('error')}, cause {end.get('cause')}"
    aborted = events()[-1].get("executionAbortedEventDetails", {})
    return f"{soon} a second later, {end['status']} in the end, {told}, in the history {aborted}"


with mock_aws(config={"stepfunctions": {"execute_state_machine": True}}):
    client = boto3.client("stepfunctions")
    seen = {
        name: outcome(name, STATES[name], last)
        for name, last in (("retries", "TaskFailed"), ("waits", "WaitStateEntered"))
    }
for name, what in seen.items():
    print(f"stopped while it {name}: {what}")
rest = "ABORTED in the end, error None, cause None, in the history {'error': '', 'cause': ''}"
assert list(seen.values()) == [f"RUNNING a second later, {rest}", f"ABORTED a second later, {rest}"]
PYTHON
