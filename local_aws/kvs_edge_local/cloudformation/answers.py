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


class NoAnswerError(ValueError):
    """What was put is no answer to the request: CloudFormation goes on waiting."""


@dataclass(frozen=True)
class Answer:
    """An answer that decides a request; `problem` is what is wrong with one that fails it for its form."""

    status: str
    physical_id: str | None = None
    reason: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    problem: str | None = None

    @property
    def succeeded(self) -> bool:
        """Whether the request was carried out."""
        return self.status == SUCCESS and self.problem is None


def read_answer(body: bytes, asked: Mapping[str, Any]) -> Answer:
    """Read an answer to the event `asked`; a NoAnswerError says why it is none."""
    if len(body) > MAXIMUM_BYTES:
        raise NoAnswerError(f"the answer is {len(body)} bytes long, and at most {MAXIMUM_BYTES} are read")
    try:
        answer = json.loads(body)
    except ValueError as error:
        raise NoAnswerError(f"the answer is not JSON: {error}") from error
    if not isinstance(answer, dict):
        raise NoAnswerError("the answer is not a JSON object")
    for key in ("RequestId", "StackId", "LogicalResourceId"):
        if answer.get(key) != asked[key]:
            raise NoAnswerError(f"the answer's {key} is {answer.get(key)!r}, and {asked[key]!r} was asked")
    return _judged(answer)


def _judged(answer: Mapping[str, Any]) -> Answer:
    status = answer.get("Status")
    physical_id = answer.get("PhysicalResourceId")
    data = answer.get("Data") or {}
    if status not in (SUCCESS, FAILED):
        return Answer(FAILED, problem=f"Invalid Status {status!r} in the response of the custom resource")
    if physical_id in (None, ""):
        return Answer(FAILED, problem="Vendor response doesn't contain PhysicalResourceId attribute")
    if not isinstance(physical_id, str) or len(physical_id.encode()) > MAXIMUM_PHYSICAL_ID_BYTES:
        return Answer(FAILED, problem="Invalid PhysicalResourceId")
    if not isinstance(data, dict):
        return Answer(FAILED, physical_id, problem="Vendor response's Data is not an object")
    return Answer(status, physical_id, str(answer.get("Reason") or ""), data)
