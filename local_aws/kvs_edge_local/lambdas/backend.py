"""Lambda's API in moto, with functions that run."""

import base64
import json
from collections.abc import Mapping
from typing import Any, ClassVar, Protocol

from moto.awslambda import urls
from moto.awslambda.models import LambdaBackend, LambdaFunction, lambda_backends

from kvs_edge_local.lambdas.errors import InvalidRequestContentException
from kvs_edge_local.lambdas.function import RunningFunction
from kvs_edge_local.lambdas.invocation import InvocationResult
from kvs_edge_local.moto_cloudformation import parsing
from kvs_edge_local.moto_patches import Patches

# Lambda returns the last 4 KB of the log if the caller asks for it.
LOG_TAIL_BYTES = 4096


class Invoker(Protocol):
    """Interface of the running functions for moto's API."""

    def run(self, function: LambdaFunction, payload: bytes) -> InvocationResult:
        """Handle one event now."""

    def enqueue(self, function: LambdaFunction, payload: bytes) -> str:
        """Handle one event later."""

    def retire(self, function_arn: str) -> None:
        """Stop a deleted function's workers."""


class RunningLambdaBackend(LambdaBackend):
    """moto's backend with its own creation, invocation and deletion of functions."""

    invoker: ClassVar[Invoker]

    @property
    def _url_module(self) -> Any:
        # moto derives it from the class's own module.
        return urls

    def create_function(self, spec: dict[str, Any]) -> LambdaFunction:
        """Create a function that keeps all of its configuration."""
        function = RunningFunction(self.account_id, spec, self.region_name, version="$LATEST")
        self._lambdas.put_function(function)
        if spec.get("Publish"):
            self.publish_version(function.function_name)
        return function

    def delete_function(self, function_name: str, qualifier: str | None = None) -> None:
        """Delete a function or one version of it, with its workers."""
        function = self.get_function(function_name, qualifier)
        super().delete_function(function_name, qualifier)
        self.invoker.retire(function.function_arn)

    def reset(self) -> None:
        """Discard everything, for moto's reset API."""
        for function in self.list_functions():
            self.invoker.retire(function.function_arn)
        super().reset()

    def invoke(
        self,
        function_name: str,
        qualifier: str | None,
        body: str | bytes,
        headers: Mapping[str, str],
        response_headers: dict[str, str],
    ) -> bytes:
        """Invoke a function in any of the three ways; moto derives the HTTP status from the type."""
        function = self.get_function(function_name, qualifier)
        payload = _payload(body)
        match headers.get("X-Amz-Invocation-Type", "RequestResponse"):
            case "DryRun":
                return b""
            case "Event":
                response_headers["x-amzn-RequestId"] = self.invoker.enqueue(function, payload)
                return b""
        result = self.invoker.run(function, payload)
        response_headers["x-amzn-RequestId"] = result.request_id
        response_headers["x-amz-executed-version"] = str(function.version)
        response_headers["x-amz-log-result"] = _log_tail(result)
        if result.function_error:
            response_headers["x-amz-function-error"] = result.function_error
        return result.payload


def replace_moto_lambda(invoker: Invoker, replacements: Patches) -> None:
    """Patch moto to create functions that run, through its API and from templates."""

    class BoundBackend(RunningLambdaBackend):
        """Backend that moto can create with an account and a region only."""

    BoundBackend.invoker = invoker
    lambda_backends.clear()
    replacements.on_undo(lambda_backends.clear)
    replacements.attribute(lambda_backends, "backend", BoundBackend)
    replacements.item(parsing.get_model_map(), RunningFunction.cloudformation_type(), RunningFunction)


def _payload(body: str | bytes) -> bytes:
    payload = (body.encode() if isinstance(body, str) else body) or b"{}"
    try:
        json.loads(payload)
    except ValueError as error:
        raise InvalidRequestContentException(str(error)) from error
    return payload


def _log_tail(result: InvocationResult) -> str:
    return base64.b64encode(result.log_tail.encode()[-LOG_TAIL_BYTES:]).decode()
