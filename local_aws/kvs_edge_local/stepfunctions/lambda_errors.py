"""Names of Lambda's errors in a state machine.

See Step Functions' documentation, "Handling errors in Step Functions workflows" and "Handle transient Lambda service
exceptions". An error of the function itself keeps its type's name, as in moto.
"""

import json
from collections.abc import Callable
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from moto.stepfunctions.parser.api import HistoryEventType
from moto.stepfunctions.parser.asl.component.common.error_name.custom_error_name import CustomErrorName
from moto.stepfunctions.parser.asl.component.common.error_name.failure_event import FailureEvent
from moto.stepfunctions.parser.asl.component.state.exec.state_task import lambda_eval_utils
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service_lambda import (
    StateTaskServiceLambda,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_task.state_task_lambda import StateTaskLambda
from moto.stepfunctions.parser.asl.eval.environment import Environment

from kvs_edge_local.moto_patches import Patches

UNKNOWN = "Lambda.Unknown"
# Lambda does not declare it for Invoke, so AWS's SDK uses the service's general name for it.
_UNDECLARED = {"AccessDeniedException": "AWSLambdaException"}


def name_lambda_errors(replacements: Patches) -> None:
    """Give the two Lambda integrations AWS's names for the errors of an invocation."""
    invoke = lambda_eval_utils._invoke_lambda_function
    replacements.attribute(lambda_eval_utils, "_invoke_lambda_function", _client_faults_named(invoke))
    replacements.attribute(StateTaskServiceLambda, "_error_cause_from_client_error", staticmethod(error_and_cause))
    optimized, direct = StateTaskServiceLambda._from_error, _direct_errors_named(StateTaskLambda._from_error)
    replacements.attribute(StateTaskServiceLambda, "_from_error", _unknown_errors_named(optimized))
    replacements.attribute(StateTaskLambda, "_from_error", _unknown_errors_named(direct))


def error_and_cause(client_error: ClientError) -> tuple[str, str]:
    """Return an error of Lambda's API in the optimized integration's words."""
    error, response = client_error.response["Error"], client_error.response["ResponseMetadata"]
    code = error["Code"]
    cause = (
        f"{error['Message']} (Service: AWSLambda; Status Code: {response['HTTPStatusCode']}; "
        f"Error Code: {code}; Request ID: {response.get('RequestId')}; Proxy: null)"
    )
    return f"Lambda.{_UNDECLARED.get(code, code)}", cause


def _client_faults_named(invoke: Callable[..., Any]) -> Callable[..., Any]:
    """Convert a client-side failure to Lambda.SdkClientException."""

    def named(**call: Any) -> Any:
        try:
            return invoke(**call)
        except BotoCoreError as fault:
            response: Any = {
                "Error": {"Code": "SdkClientException", "Message": str(fault)},
                "ResponseMetadata": {"HTTPStatusCode": 0},
            }
            raise ClientError(response, "Invoke") from fault

    return named


def _unknown_errors_named(from_error: Callable[..., FailureEvent]) -> Callable[..., FailureEvent]:
    """Name a function's error without errorType Lambda.Unknown; moto says "Exception"."""

    def named(self: Any, env: Environment, ex: Exception) -> FailureEvent:
        event = from_error(self, env=env, ex=ex)
        if not isinstance(ex, lambda_eval_utils.LambdaFunctionErrorException) or _has_error_type(ex.payload):
            return event
        failed: Any = event.event_details
        details: Any = {kind: {**told, "error": UNKNOWN} for kind, told in failed.items()}
        return FailureEvent(env, CustomErrorName(UNKNOWN), event.event_type, details)

    return named


def _has_error_type(payload: str) -> bool:
    answer = json.loads(payload)
    return isinstance(answer, dict) and "errorType" in answer


def _direct_errors_named(from_error: Callable[..., FailureEvent]) -> Callable[..., FailureEvent]:
    """Name the errors of a Task whose Resource is the function's own ARN; moto says "Exception"."""

    def named(self: StateTaskLambda, env: Environment, ex: Exception) -> FailureEvent:
        if not isinstance(ex, ClientError):
            return from_error(self, env=env, ex=ex)
        error, cause = error_and_cause(ex)
        details: Any = {"lambdaFunctionFailedEventDetails": {"error": error, "cause": cause}}
        return FailureEvent(
            env=env,
            error_name=CustomErrorName(error),
            event_type=HistoryEventType.LambdaFunctionFailed,
            event_details=details,
        )

    return named
