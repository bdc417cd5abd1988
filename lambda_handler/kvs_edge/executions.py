"""Start of an execution, the entry function's only call of AWS."""

import time
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from kvs_edge.clients import client

if TYPE_CHECKING:
    from mypy_boto3_stepfunctions import SFNClient

ROLE_GRACE_SECONDS = 25.0
"""Time that the function's new role may take to become effective. It fits into the function's 60 seconds."""

_PAUSE = 2.0

# After any other error the execution may have started, or may start when Lambda retries the event.
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
    """Start an execution; do nothing if the name exists.

    Raises ClientError or BotoCoreError if the execution did not start or may not have started.
    """
    # Three tries with pauses take at most half a minute, which fits into the function's 60 seconds.
    step_functions: SFNClient = client("stepfunctions", 3, 5, tries=3)
    deadline = time.time() + ROLE_GRACE_SECONDS
    while True:
        try:
            step_functions.start_execution(stateMachineArn=state_machine_arn, name=name, input=execution_input)
            return
        except step_functions.exceptions.ExecutionAlreadyExists:
            return
        except ClientError as error:
            if error.response["Error"]["Code"] != "AccessDeniedException" or time.time() >= deadline:
                raise
        time.sleep(_PAUSE)


def is_rejected(error: Exception) -> bool:
    """Return whether the execution certainly did not start, and will not start on a retry."""
    return isinstance(error, ClientError) and error.response["Error"]["Code"] in _NOT_STARTED
