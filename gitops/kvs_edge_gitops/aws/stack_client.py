"""A read-only client for CloudFormation in one region."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from kvs_edge_gitops.aws.calls import Calls
from kvs_edge_gitops.errors import AwsError
from kvs_edge_gitops.stacks.deployed_stack import StackSummary
from kvs_edge_gitops.stacks.events import StackEvent, event_of
from kvs_edge_preflight.files.location import UnreadableError
from kvs_edge_preflight.templates import parse_template


class StackClient:
    """The stacks of one region.

    Raises:
        DeniedError: From each method: the credentials lack the action.
        AwsError: From each method: a request fails for another reason.
    """

    def __init__(self, client: Any, region: str, calls: Calls) -> None:
        self.region = region
        self._client = client
        self._calls = calls

    def summaries(self) -> list[StackSummary]:
        """Return all stacks of the region."""
        return [self._summary(stack) for stack in self._pages("DescribeStacks", self._client.describe_stacks, "Stacks")]

    def template(self, stack: StackSummary) -> Mapping[str, Any]:
        """Return the template of a stack, as it was deployed last."""
        response = self._call("GetTemplate", partial(self._client.get_template, StackName=stack.stack_id))
        body = response["TemplateBody"]
        # boto3 has parsed JSON already, and leaves YAML as text.
        return body if isinstance(body, Mapping) else self._parsed(body, stack)

    def events(self, stack: StackSummary) -> Iterator[StackEvent]:
        """Yield the events of a stack, the newest first."""
        call = partial(self._client.describe_stack_events, StackName=stack.stack_id)
        return map(event_of, self._pages("DescribeStackEvents", call, "StackEvents"))

    def physical_ids(self, stack: StackSummary) -> Mapping[str, str]:
        """Return the physical ID of each resource of a stack by logical ID."""
        list_resources = partial(self._client.list_stack_resources, StackName=stack.stack_id)
        listed = self._pages("ListStackResources", list_resources, "StackResourceSummaries")
        return {
            resource["LogicalResourceId"]: resource["PhysicalResourceId"]
            for resource in listed
            if resource.get("PhysicalResourceId")
        }

    def _parsed(self, text: str, stack: StackSummary) -> Mapping[str, Any]:
        try:
            root = parse_template(Path(stack.name), text)
            reason = "it has no Resources"
        except UnreadableError as error:
            root, reason = None, error.fault.message
        if root is None:
            raise AwsError(f"the template of stack {stack.name} in {self.region} cannot be read: {reason}")
        content: Mapping[str, Any] = root.value
        return content

    def _summary(self, stack: Any) -> StackSummary:
        parameters = {
            each["ParameterKey"]: each.get("ResolvedValue", each.get("ParameterValue", ""))
            for each in stack.get("Parameters", ())
        }
        description = stack.get("Description", "")
        return StackSummary(
            stack["StackName"], stack["StackId"], self.region, stack["StackStatus"], description, parameters
        )

    def _pages(self, operation: str, call: Callable[..., Any], member: str) -> Iterator[Any]:
        token: dict[str, str] = {}
        while True:
            page = self._call(operation, partial(call, **token))
            yield from page.get(member, ())
            if not page.get("NextToken"):
                return
            token = {"NextToken": page["NextToken"]}

    def _call(self, operation: str, call: Callable[[], Any]) -> Any:
        action = f"cloudformation:{operation}"
        try:
            return self._calls.make(action, self.region, call)
        except ClientError as error:
            raise self._calls.failure(error, action, self.region) from error
