"""Errors of Lambda's API without a class in moto."""

import json
from collections.abc import Mapping
from functools import cache

from botocore.loaders import Loader
from botocore.model import ServiceModel
from moto.awslambda.exceptions import LambdaClientError


class TooManyRequestsException(LambdaClientError):  # noqa: N818 - the API's name
    """The concurrency is exhausted; Step Functions names it Lambda.TooManyRequestsException."""

    code = 429

    def __init__(self, reason: str) -> None:
        super().__init__("TooManyRequestsException", "Rate Exceeded.")
        self.description = json.dumps({"__type": self.error_type, "message": self.message, "Reason": reason})


class ServiceException(LambdaClientError):  # noqa: N818 - the API's name
    """Lambda itself failed; a caller should retry."""

    code = 500

    def __init__(self) -> None:
        super().__init__("ServiceException", "Service encountered an internal error (injected).")


class InvokeError(LambdaClientError):
    """Error that botocore's model declares for Invoke, with the model's HTTP status."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(code, message)
        self.code = _invoke_statuses()[code]


class InvalidRequestContentException(LambdaClientError):  # noqa: N818 - the API's name
    """The payload is not JSON."""

    code = 400

    def __init__(self, detail: str) -> None:
        super().__init__("InvalidRequestContentException", f"Could not parse request body into json: {detail}")


class InvalidRuntimeException(LambdaClientError):  # noqa: N818 - the API's name
    """The function's runtime does not run here."""

    code = 502

    def __init__(self, function_name: str, runtime: str | None, package_type: str) -> None:
        super().__init__(
            "InvalidRuntimeException",
            f"{function_name} has the runtime {runtime} and the package type {package_type}: "
            "the local AWS runs functions from a Zip with a python runtime only.",
        )


@cache
def _invoke_statuses() -> Mapping[str, int]:
    """Return the HTTP status of each error that botocore's model declares for Invoke."""
    model = ServiceModel(Loader().load_service_model("lambda", "service-2"), "lambda")
    errors = model.operation_model("Invoke").error_shapes
    return {shape.name: int(shape.metadata["error"]["httpStatusCode"]) for shape in errors}
