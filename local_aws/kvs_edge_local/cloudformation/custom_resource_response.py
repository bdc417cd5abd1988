"""Reading what a custom resource answered. Pure.

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
    """What was put is no response to the request: CloudFormation goes on waiting."""


@dataclass(frozen=True)
class CustomResourceResponse:
    """An response that decides a request; `problem` is what is wrong with one that fails it for its form."""

    status: str
    physical_id: str | None = None
    reason: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    problem: str | None = None

    @property
    def succeeded(self) -> bool:
        """Whether the request was carried out."""
        return self.status == SUCCESS and self.problem is None


def parse_response(body: bytes, asked: Mapping[str, Any]) -> CustomResourceResponse:
    """Read an response to the event `asked`; a InvalidResponseError says why it is none."""
    if len(body) > MAXIMUM_BYTES:
        raise InvalidResponseError(f"the response is {len(body)} bytes long, and at most {MAXIMUM_BYTES} are read")
    try:
        response = json.loads(body)
    except ValueError as error:
        raise InvalidResponseError(f"the response is not JSON: {error}") from error
    if not isinstance(response, dict):
        raise InvalidResponseError("the response is not a JSON object")
    for key in ("RequestId", "StackId", "LogicalResourceId"):
        if response.get(key) != asked[key]:
            raise InvalidResponseError(f"the response's {key} is {response.get(key)!r}, and {asked[key]!r} was asked")
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
