"""The entry function's only call to AWS."""

import time
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from mypy_boto3_stepfunctions import SFNClient

# Three tries with their pauses take half a minute at most, and so fit into the function's 60 seconds.
_THREE_TRIES = Config(connect_timeout=3, read_timeout=5, retries={"mode": "standard", "total_max_attempts": 3})

DENIED_GRACE_SECONDS = 25.0
"""Seconds that the function's role, made a moment ago in the same deployment, is given to take effect."""

_PAUSE = 2.0

# Whatever else goes wrong, the execution may have been started, or may be when Lambda delivers the event again.
_NOT_STARTED = frozenset(
    {
        "AccessDeniedException",
        "InvalidArn",
        "InvalidExecutionInput",
        "InvalidName",
        "KmsAccessDeniedException",
        "StateMachineDeleting",
        "StateMachineDoesNotExist",
        "ValidationException",
    }
)


def start_execution(state_machine_arn: str, name: str, execution_input: str) -> None:
    """Start an execution, once a name: a name that was used before is left at that.

    Raises ClientError or BotoCoreError if it cannot be started, or if it is not known whether it was.
    """
    client: SFNClient = boto3.client("stepfunctions", config=_THREE_TRIES)
    deadline = time.time() + DENIED_GRACE_SECONDS
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


def is_rejected(error: Exception) -> bool:
    """Return whether Step Functions has definitely not started the execution, and will not do so."""
    return isinstance(error, ClientError) and error.response["Error"]["Code"] in _NOT_STARTED
