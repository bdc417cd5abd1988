"""Events of a stack, and the failures of its last operation."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kvs_edge.reasons import FailureCode, split_link
from kvs_edge_preflight.templates import EDGE_TYPE

STACK_TYPE = "AWS::CloudFormation::Stack"
_BEGINNINGS = frozenset({"CREATE_IN_PROGRESS", "UPDATE_IN_PROGRESS", "DELETE_IN_PROGRESS", "IMPORT_IN_PROGRESS"})
_MESSAGE = "Message returned: "
"""CloudFormation writes this before the reason of a custom resource."""
_REQUEST = " (RequestId: "
"""And this behind it."""
_CODES = {code.value: code for code in FailureCode}


@dataclass(frozen=True)
class StackEvent:
    """An event of DescribeStackEvents.

    Attributes:
        properties: The properties of the resource; empty if CloudFormation does not show them.
    """

    at: datetime
    logical_id: str
    resource_type: str
    status: str
    is_of_stack: bool
    reason: str = ""
    properties: Mapping[str, Any] | None = None

    @property
    def stream(self) -> str | None:
        """The name of the stream whose edge configuration the resource is; None if it is not known."""
        match self.properties if self.resource_type == EDGE_TYPE else None:
            case {"StreamARN": str(arn)} if "/" in arn:
                return arn.split("/")[1]
            case {"StreamName": str(name)}:
                return name
        return None

    @property
    def code(self) -> FailureCode | None:
        """The code of the reason, if the handler gave it."""
        return _CODES.get(self.text.partition(":")[0])

    @property
    def text(self) -> str:
        """The reason without what CloudFormation adds to it, and without the link."""
        reason = self.reason.rpartition(_MESSAGE)[2].partition(_REQUEST)[0]
        return split_link(reason)[0]


def event_of(response: Mapping[str, Any]) -> StackEvent:
    """Return an event of a response."""
    return StackEvent(
        response["Timestamp"],
        response["LogicalResourceId"],
        response.get("ResourceType", ""),
        response.get("ResourceStatus", ""),
        response.get("PhysicalResourceId") == response["StackId"],
        " ".join(response.get("ResourceStatusReason", "").split()),
        _properties(response.get("ResourceProperties")),
    )


def _properties(text: str | None) -> Mapping[str, Any] | None:
    try:
        found = json.loads(text or "")
    except ValueError:
        return None
    return found if isinstance(found, Mapping) else None


def last_failures(newest_first: Iterable[StackEvent]) -> list[StackEvent]:
    """Return the failed resources of a stack's last operation, the first failure first.

    The events are read back to the beginning of the operation only.
    """
    failures = [event for event in _of_last_operation(newest_first) if event.status.endswith("_FAILED")]
    return [event for event in reversed(failures) if not event.is_of_stack and not _is_cancelled(event)]


def _of_last_operation(newest_first: Iterable[StackEvent]) -> Iterator[StackEvent]:
    for event in newest_first:
        yield event
        if event.is_of_stack and event.status in _BEGINNINGS:
            return


def _is_cancelled(event: StackEvent) -> bool:
    """Return whether the resource was stopped because another one failed."""
    return event.reason.endswith(" cancelled")
