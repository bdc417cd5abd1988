"""Parsing of custom resource responses. Pure.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-responses.html
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

MAXIMUM_BYTES = 4096
MAXIMUM_PHYSICAL_ID_BYTES = 1024
SUCCESS = "SUCCESS"
FAILED = "FAILED"


class InvalidResponseError(ValueError):
    """A body that is not a response to the request: CloudFormation continues to wait."""


@dataclass(frozen=True)
class CustomResourceResponse:
    """Response that ends a request; `problem` is the reason of a malformed response, which fails the request."""

    status: str
    physical_id: str | None = None
    reason: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    problem: str | None = None

    @property
    def succeeded(self) -> bool:
        """True if the request succeeded."""
        return self.status == SUCCESS and self.problem is None


def parse_response(body: bytes, asked: Mapping[str, Any]) -> CustomResourceResponse:
    """Parse a response to the event `asked`; raise InvalidResponseError if it is not one."""
    if len(body) > MAXIMUM_BYTES:
        raise InvalidResponseError(f"the response is {len(body)} bytes long; the maximum is {MAXIMUM_BYTES}")
    try:
        response = json.loads(body)
    except ValueError as error:
        raise InvalidResponseError(f"the response is not JSON: {error}") from error
    if not isinstance(response, dict):
        raise InvalidResponseError("the response is not a JSON object")
    for key in ("RequestId", "StackId", "LogicalResourceId"):
        if response.get(key) != asked[key]:
            raise InvalidResponseError(f"the response's {key} is {response.get(key)!r}, expected {asked[key]!r}")
    return _judged(response)


def _judged(response: Mapping[str, Any]) -> CustomResourceResponse:
    status = response.get("Status")
    physical_id = response.get("PhysicalResourceId")
    data = response.get("Data") or {}
    if status not in (SUCCESS, FAILED):
        return CustomResourceResponse(
            FAILED, problem=f"Invalid Status {status!r} in the response of the custom resource"
        )
    if physical_id in (None, ""):
        return CustomResourceResponse(FAILED, problem="Vendor response doesn't contain PhysicalResourceId attribute")
    if not isinstance(physical_id, str) or len(physical_id.encode()) > MAXIMUM_PHYSICAL_ID_BYTES:
        return CustomResourceResponse(FAILED, problem="Invalid PhysicalResourceId")
    if not isinstance(data, dict):
        return CustomResourceResponse(FAILED, physical_id, problem="Vendor response's Data is not an object")
    return CustomResourceResponse(status, physical_id, str(response.get("Reason") or ""), data)
