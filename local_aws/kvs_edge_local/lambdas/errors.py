"""Errors of Lambda's API that moto has no class for."""

import json

from moto.awslambda.exceptions import LambdaClientError


class TooManyRequestsException(LambdaClientError):  # noqa: N818 - the API's name
    """The concurrency is used up; Step Functions knows it as Lambda.TooManyRequestsException."""

    code = 429

    def __init__(self, reason: str) -> None:
        super().__init__("TooManyRequestsException", "Rate Exceeded.")
        self.description = json.dumps({"__type": self.error_type, "message": self.message, "Reason": reason})


class ServiceException(LambdaClientError):  # noqa: N818 - the API's name
    """Lambda itself failed; a caller is expected to try again."""

    code = 500

    def __init__(self) -> None:
        super().__init__("ServiceException", "Service encountered an internal error (injected).")


class InvalidRequestContentException(LambdaClientError):  # noqa: N818 - the API's name
    """The payload is not JSON."""

    code = 400

    def __init__(self, detail: str) -> None:
        super().__init__("InvalidRequestContentException", f"Could not parse request body into json: {detail}")


class InvalidRuntimeException(LambdaClientError):  # noqa: N818 - the API's name
    """The function's runtime is not one that runs here."""

    code = 502

    def __init__(self, function_name: str, runtime: str | None, package_type: str) -> None:
        super().__init__(
            "InvalidRuntimeException",
            f"{function_name} has the runtime {runtime} and the package type {package_type}: "
            "the local AWS runs functions from a Zip with a python runtime only.",
        )
