"""The entry function's only call to AWS."""

import time
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from mypy_boto3_stepfunctions import SFNClient

_PATIENT = Config(connect_timeout=5, read_timeout=15, retries={"mode": "standard", "total_max_attempts": 5})

PATIENCE_WHEN_DENIED = 40.0
"""Seconds that the function's role, made a moment ago in the same deployment, is given to take effect."""

_PAUSE = 2.0


def start_execution(state_machine_arn: str, name: str, execution_input: str) -> None:
    """Start an execution, once a name: a name that was used before is left at that.

    Raises ClientError or BotoCoreError if it cannot be started.
    """
    client: SFNClient = boto3.client("stepfunctions", config=_PATIENT)
    deadline = time.time() + PATIENCE_WHEN_DENIED
    while True:
        try:
            client.start_execution(stateMachineArn=state_machine_arn, name=name, input=execution_input)
            return
        except client.exceptions.ExecutionAlreadyExists:
            return
        except ClientError as error:
            if error.response["Error"]["Code"] != "AccessDeniedException" or time.time() >= deadline:
                raise
        time.sleep(_PAUSE)
