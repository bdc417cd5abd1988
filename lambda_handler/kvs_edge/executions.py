"""The entry function's only call to AWS."""

from typing import TYPE_CHECKING

import boto3
from botocore.config import Config

if TYPE_CHECKING:
    from mypy_boto3_stepfunctions import SFNClient

_PATIENT = Config(connect_timeout=5, read_timeout=15, retries={"mode": "standard", "total_max_attempts": 5})


def start_execution(state_machine_arn: str, name: str, execution_input: str) -> None:
    """Start an execution, once a name: a name that was used before is left at that.

    Raises ClientError or BotoCoreError if it cannot be started.
    """
    client: SFNClient = boto3.client("stepfunctions", config=_PATIENT)
    try:
        client.start_execution(stateMachineArn=state_machine_arn, name=name, input=execution_input)
    except client.exceptions.ExecutionAlreadyExists:
        return
