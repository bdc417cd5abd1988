"""Client of CloudFormation, for the request's own stack."""

from collections.abc import Iterator, Mapping
from typing import Any

from botocore import xform_name

from kvs_edge.calls import CallFailedError, call, unexpected_response
from kvs_edge.clients import client
from kvs_edge.observed import CallFailure, CallFailureKind
from kvs_edge.operation import History, StackEvent, StackState, is_settled

_SERVICE = "cloudformation"
_MAX_PAGES = 40
_PERMANENT = frozenset({CallFailureKind.DENIED, CallFailureKind.OTHER})


class StackClient:
    """Client for the stack that sent a request."""

    def __init__(self, stack_id: str) -> None:
        self._id = stack_id

    def state(self) -> StackState:
        """Return the stack's status and times; raises CallFailedError."""
        operation = "DescribeStacks"
        response = call(_SERVICE, operation, self._client.describe_stacks, StackName=self._id)
        stacks = response.get("Stacks")
        if not stacks:
            raise unexpected_response(f"{_SERVICE}:{operation}", "its response has no stack")
        stack = stacks[0]
        updated, deleted = (
            stack[name].timestamp() if name in stack else None for name in ("LastUpdatedTime", "DeletionTime")
        )
        return StackState(stack["StackStatus"], stack["CreationTime"].timestamp(), updated, deleted)

    def history(self, logical_id: str, since: float = 0.0) -> History:
        """Return the events of the stack and of a resource since the stack was last settled; raises CallFailedError.

        `since`, in seconds since the epoch, leaves out older pages. DescribeEvents, which has the same events, is the
        fallback for DescribeStackEvents.
        """
        try:
            return self._history("DescribeStackEvents", "StackEvents", logical_id, since)
        except CallFailedError as first:
            try:
                return self._history("DescribeEvents", "OperationEvents", logical_id, since)
            except CallFailedError as second:
                for error in (first, second):
                    if error.failure.kind not in _PERMANENT:
                        raise error from None
                return History(is_offered=False)

    def declares_elsewhere(self, logical_id: str, resource_type: str, physical_id: str) -> bool:
        """Return whether another resource of the type has that physical id in the stack; raises CallFailedError."""
        for page in self._pages("ListStackResources"):
            for resource in page.get("StackResourceSummaries", ()):
                if (
                    resource["LogicalResourceId"] != logical_id
                    and resource["ResourceType"] == resource_type
                    and resource.get("PhysicalResourceId") == physical_id
                    and not resource["ResourceStatus"].startswith("DELETE")
                ):
                    return True
        return False

    def _history(self, operation: str, member: str, logical_id: str, since: float) -> History:
        events: list[StackEvent] = []
        for page in self._pages(operation):
            raw = page.get(member, ())
            given = (self._event(event, logical_id) for event in raw)
            events.extend(event for event in given if event is not None)
            is_old = any(event["Timestamp"].timestamp() < since for event in raw)
            if is_old or any(event.of_stack and is_settled(event.status) for event in events):
                break
        events.sort(key=lambda event: event.at, reverse=True)
        settled = (number for number, event in enumerate(events) if event.of_stack and is_settled(event.status))
        last = next(settled, len(events))
        return History(events[: last + 1])

    def _event(self, event: Mapping[str, Any], logical_id: str) -> StackEvent | None:
        of_stack = event.get("PhysicalResourceId") == self._id
        if "ResourceStatus" not in event or not (of_stack or event.get("LogicalResourceId") == logical_id):
            return None
        physical_id = event.get("PhysicalResourceId", "")
        return StackEvent(event["Timestamp"].timestamp(), event["ResourceStatus"], of_stack, physical_id)

    def _pages(self, operation: str) -> Iterator[Mapping[str, Any]]:
        function = getattr(self._client, xform_name(operation), None)
        if function is None:
            # boto3 before November 2025 has no DescribeEvents.
            text = "this version of boto3 does not have the operation"
            raise CallFailedError(CallFailure(CallFailureKind.OTHER, f"{_SERVICE}:{operation}", "NotOffered", text))
        token: dict[str, str] = {}
        for _ in range(_MAX_PAGES):
            page = call(_SERVICE, operation, function, StackName=self._id, **token)
            yield page
            if not page.get("NextToken"):
                return
            token = {"NextToken": page["NextToken"]}

    @property
    def _client(self) -> Any:
        # A late response is too old to base a write on.
        return client(_SERVICE, 2, 3)
