"""Stacks, their operations and their events, and what CloudFormation tells of them when it is asked."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from chaos_campaign.edge_service import moment
from chaos_campaign.errors import ServiceError
from chaos_campaign.requests import Request, as_sent

RESOURCE_TYPE = "Custom::KinesisVideoEdgeConfiguration"
_PAGE = 100
"""Events on a page of DescribeStackEvents."""


@dataclass(frozen=True)
class Declaration:
    """One custom resource in a template."""

    properties: Mapping[str, Any]
    policy: str
    """RETAIN, DESTROY or RETAIN_ON_UPDATE_OR_DELETE."""

    @property
    def stream(self) -> str:
        """The stream's name."""
        return str(self.properties["StreamName"])


Template = dict[str, Declaration]


@dataclass(eq=False)
class Resource:
    """One custom resource of a stack, as CloudFormation believes it to be."""

    logical_id: str
    declaration: Declaration
    physical_id: str
    status: str
    made_by: "Operation"
    last: Request | None = None
    certain: bool = True
    """True if the last response, if a success, confirms the declaration."""


@dataclass(eq=False)
class Operation:
    """One operation on a stack; an automatic rollback is one of its own (DescribeEvents, API reference)."""

    id: str
    type: str
    began: float
    undoes: "Operation | None" = None
    """The operation that a rollback, or a deletion that cut in, puts an end to."""
    ended: float = float("inf")
    failed: bool = False

    @property
    def origin(self) -> "Operation":
        """The operation whose effects this one undoes, or itself."""
        return self.undoes.origin if self.undoes else self


@dataclass(eq=False)
class Stack:
    """One stack."""

    name: str
    created: float
    status: str = "REVIEW_IN_PROGRESS"
    updated: float | None = None
    deletion: float | None = None
    resources: dict[str, Resource] = field(default_factory=dict)
    operations: list[Operation] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)
    statuses: list[tuple[float, dict[str, Any]]] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    declared: dict[str, Declaration] = field(default_factory=dict)
    """The template in effect: the new one going forward, the old one in a rollback."""
    replaced: list[tuple[str, str, Declaration]] = field(default_factory=list)
    """Resources that the next cleanup may have to delete: logical id, previous id and previous declaration."""
    kept: set[str] = field(default_factory=set)
    """Streams for whose configuration no Delete was sent, because a policy retains it."""

    @property
    def id(self) -> str:
        """The stack's ARN."""
        return f"arn:aws:cloudformation:us-west-2:123456789012:stack/{self.name}/{int(self.created * 1000):x}"

    def enter(self, status: str, now: float, operation: Operation, reason: str = "") -> None:
        """Take a status on, with its event."""
        self.status = status
        self._tell(now, operation, self.name, self.id, "AWS::CloudFormation::Stack", status, reason)
        self.snapshot(now)

    def snapshot(self, now: float) -> None:
        """Remember what DescribeStacks answers from now on."""
        self.statuses.append((now, self._described()))

    def tell(self, now: float, request: Request, status: str, reason: str = "") -> None:
        """Add a resource's event."""
        self._tell(
            now, request.operation, request.logical_id, request.physical_id, RESOURCE_TYPE, status, reason,
            json.dumps(as_sent(request.properties)),
        )  # fmt: skip

    def as_of(self, time: float) -> dict[str, Any]:
        """Return what DescribeStacks answered at a time."""
        for since, described in reversed(self.statuses):
            if since <= time:
                return described
        return self.statuses[0][1]

    def newest_events(self, time: float, operation_id: str | None = None) -> list[dict[str, Any]]:
        """Return the events that are known at a time, newest first."""
        known = [event for event in self.events if event["At"] <= time]
        if operation_id is not None:
            known = [event for event in known if event["OperationId"] == operation_id]
        return known[::-1]

    def _described(self) -> dict[str, Any]:
        stack: dict[str, Any] = {
            "StackId": self.id,
            "StackName": self.name,
            "CreationTime": moment(self.created),
            "StackStatus": self.status,
            "DisableRollback": False,
            "Tags": [],
            "LastOperations": [
                {"OperationType": operation.type, "OperationId": operation.id} for operation in self.operations[:-3:-1]
            ],
        }
        if self.updated is not None:
            stack["LastUpdatedTime"] = moment(self.updated)
        if self.deletion is not None:
            stack["DeletionTime"] = moment(self.deletion)
        return stack

    def _tell(
        self, now: float, operation: Operation, logical_id: str, physical_id: str, kind: str, status: str, reason: str,
        properties: str = "",
    ) -> None:  # fmt: skip
        # Each event has a time of its own: the service's are strictly ordered.
        at = max(now, self.events[-1]["At"] + 0.001) if self.events else now
        event = {
            "At": at,
            "StackId": self.id,
            "EventId": f"event-{len(self.events)}",
            "StackName": self.name,
            "OperationId": operation.id,
            "LogicalResourceId": logical_id,
            "PhysicalResourceId": physical_id,
            "ResourceType": kind,
            "Timestamp": moment(at),
            "ResourceStatus": status,
            "Operation": operation,
        }
        self.events.append(event | ({"ResourceStatusReason": reason} if reason else {}))
        if properties:
            self.events[-1]["ResourceProperties"] = properties


class StackQueries:
    """The read operations of CloudFormation's API."""

    def __init__(self, stacks: dict[str, Stack]) -> None:
        self._stacks = stacks

    def answer(self, operation: str, parameters: Mapping[str, Any], time: float) -> dict[str, Any]:
        """Answer one call as of a time."""
        match operation:
            case "DescribeStacks":
                return {"Stacks": [self._stack(parameters).as_of(time)]}
            case "DescribeStackEvents":
                return self._events(parameters, time)
            case "DescribeEvents":
                return self._operation_events(parameters, time)
            case "ListStackResources":
                return {"StackResourceSummaries": self._resources(parameters, "LastUpdatedTimestamp")}
            case "DescribeStackResources":
                return {"StackResources": self._resources(parameters, "Timestamp")}
            case "DescribeStackResource":
                return {"StackResourceDetail": self._resource(parameters)}
        raise ServiceError("ValidationError", f"{operation} is not simulated")

    def _stack(self, parameters: Mapping[str, Any]) -> Stack:
        wanted = parameters.get("StackName", "")
        for stack in self._stacks.values():
            if wanted == stack.id or (wanted == stack.name and stack.status != "DELETE_COMPLETE"):
                return stack
        raise ServiceError("ValidationError", f"Stack with id {wanted} does not exist")

    def _events(self, parameters: Mapping[str, Any], time: float) -> dict[str, Any]:
        events = self._stack(parameters).newest_events(time)
        shown = [{key: value for key, value in event.items() if key not in {"At", "Operation"}} for event in events]
        return _page("StackEvents", shown, parameters)

    def _operation_events(self, parameters: Mapping[str, Any], time: float) -> dict[str, Any]:
        wanted = parameters.get("OperationId")
        if "StackName" in parameters:
            stacks = [self._stack(parameters)]
        else:
            stacks = [stack for stack in self._stacks.values() if any(o.id == wanted for o in stack.operations)]
            if not stacks:
                raise ServiceError("ValidationError", f"Operation {wanted} does not exist")
        events = [_operation_event(event) for stack in stacks for event in stack.newest_events(time, wanted)]
        return _page("OperationEvents", events, parameters)

    def _resource(self, parameters: Mapping[str, Any]) -> dict[str, Any]:
        for resource in self._resources(parameters, "LastUpdatedTimestamp"):
            if resource["LogicalResourceId"] == parameters["LogicalResourceId"]:
                return resource
        raise ServiceError("ValidationError", f"Resource {parameters['LogicalResourceId']} does not exist")

    def _resources(self, parameters: Mapping[str, Any], timestamp: str) -> list[dict[str, Any]]:
        stack = self._stack(parameters)
        return [
            {
                "LogicalResourceId": resource.logical_id,
                "PhysicalResourceId": resource.physical_id,
                "ResourceType": RESOURCE_TYPE,
                "ResourceStatus": resource.status,
                timestamp: moment(resource.last.sent_at if resource.last else stack.created),
            }
            for resource in stack.resources.values()
        ]


def _operation_event(event: Mapping[str, Any]) -> dict[str, Any]:
    operation: Operation = event["Operation"]
    kept = {key: value for key, value in event.items() if key not in {"At", "Operation", "StackName"}}
    state = "IN_PROGRESS" if operation.ended == float("inf") else "FAILED" if operation.failed else "SUCCEEDED"
    return {
        **kept,
        "OperationType": operation.type,
        "OperationStatus": state,
        "EventType": "STACK_EVENT" if event["ResourceType"] == "AWS::CloudFormation::Stack" else "PROGRESS_EVENT",
        "StartTime": moment(operation.began),
    }


def _page(key: str, items: list[dict[str, Any]], parameters: Mapping[str, Any]) -> dict[str, Any]:
    begin = int(parameters.get("NextToken", "0"))
    answer: dict[str, Any] = {key: items[begin : begin + _PAGE]}
    return answer | ({"NextToken": str(begin + _PAGE)} if begin + _PAGE < len(items) else {})
