"""CloudFormation's API: requests parsed by moto and passed to the engine.

Every other action is refused by name, with a status that no SDK retries.
"""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Protocol

from moto.core.common_types import TYPE_RESPONSE
from moto.core.responses import ActionResult, BaseResponse, EmptyResult

from kvs_edge_local.cloudformation import descriptions, operation_events
from kvs_edge_local.cloudformation.deployments import Deployment
from kvs_edge_local.cloudformation.engine import Engine
from kvs_edge_local.cloudformation.errors import ValidationError, stack_not_found
from kvs_edge_local.cloudformation.faults import FaultError
from kvs_edge_local.cloudformation.identity import StackIdentity
from kvs_edge_local.cloudformation.operations import Options
from kvs_edge_local.cloudformation.plain_result import PlainResult
from kvs_edge_local.cloudformation.preconditions import REVIEW
from kvs_edge_local.cloudformation.request_members import refused_members
from kvs_edge_local.cloudformation.stack import Stack, StackView

PAGE_SIZE = 100


class Engines(Protocol):
    """Lookup of the engine of an account and region."""

    def engine(self, account: str, region: str) -> Engine:
        """Return the engine of that account and region."""

    def apply_fault(self, operation: str, stack: StackIdentity | None, access_key: str) -> float | None:
        """Return the time whose state a caller's operation reads, None for now; raise the error of a fault."""


class CloudFormationResponse(BaseResponse):
    """Supported actions of CloudFormation, one method each."""

    engines: ClassVar[Engines]

    def __init__(self) -> None:
        super().__init__(service_name="cloudformation")
        self.automated_parameter_parsing = True

    def call_action(self) -> TYPE_RESPONSE:
        """Answer the request, including one for an unsupported action."""
        action = self._get_action()
        if action not in ACTIONS:
            return self._refusal(f"The local AWS does not support cloudformation:{action}")
        if asked := refused_members(self._get_params()):
            return self._refusal(f"The local AWS does not support {', '.join(asked)}: leave it out")
        try:
            return super().call_action()
        except FaultError as error:
            return error.status, {"Content-Type": "text/xml"}, error.body()

    def _refusal(self, message: str) -> TYPE_RESPONSE:
        status, headers, body = self.serialized(ActionResult(ValidationError(message)))
        return status, headers, body

    def create_stack(self) -> ActionResult:
        """Answer CreateStack."""
        if self._get_param("DisableRollback") and self._get_param("OnFailure"):
            raise ValidationError("You can specify either DisableRollback or OnFailure, but not both")
        stack = self._engine.create_stack(
            self._get_param("StackName"),
            self._deployment(),
            on_failure=self._get_param("OnFailure"),
            termination_protection=bool(self._get_param("EnableTerminationProtection")),
            options=self._options(),
        )
        return _operation_id(stack)

    def update_stack(self) -> ActionResult:
        """Answer UpdateStack."""
        stack = self._engine.update_stack(
            self._get_param("StackName"),
            self._deployment(),
            options=self._options(),
        )
        return _operation_id(stack)

    def delete_stack(self) -> ActionResult:
        """Answer DeleteStack."""
        self._engine.delete_stack(
            self._get_param("StackName"),
            retained=self._get_param("RetainResources", []),
            force=self._get_param("DeletionMode") == "FORCE_DELETE_STACK",
            options=self._options(),
        )
        return EmptyResult()

    def cancel_update_stack(self) -> ActionResult:
        """Answer CancelUpdateStack."""
        self._engine.cancel_update(self._get_param("StackName"))
        return EmptyResult()

    def continue_update_rollback(self) -> ActionResult:
        """Answer ContinueUpdateRollback."""
        self._engine.continue_rollback(
            self._get_param("StackName"),
            self._get_param("ResourcesToSkip", []),
            force=bool(self._get_param("ForceRollback")),
            options=self._options(),
        )
        return EmptyResult()

    def rollback_stack(self) -> ActionResult:
        """Answer RollbackStack."""
        return _operation_id(self._engine.rollback_stack(self._get_param("StackName"), options=self._options()))

    def update_termination_protection(self) -> ActionResult:
        """Answer UpdateTerminationProtection."""
        stack = self._stack()
        stack.termination_protection = bool(self._get_param("EnableTerminationProtection"))
        return _stack_id(stack)

    def create_change_set(self) -> ActionResult:
        """Answer CreateChangeSet."""
        change_set = self._engine.create_change_set(
            self._get_param("ChangeSetName"),
            self._get_param("StackName"),
            self._get_param("ChangeSetType", "UPDATE"),
            self._deployment(),
            self._get_param("Description"),
            on_stack_failure=self._get_param("OnStackFailure"),
            client_token=self._get_param("ClientToken"),
        )
        return PlainResult({"Id": change_set.change_set_id, "StackId": change_set.stack.identity.stack_id})

    def describe_change_set(self) -> ActionResult:
        """Answer DescribeChangeSet."""
        name = self._get_param("StackName")
        stack = self._stack() if name else None
        change_set = self._engine.change_sets.find(self._get_param("ChangeSetName"), stack)
        described = descriptions.change_set_description(
            change_set, include_values=bool(self._get_param("IncludePropertyValues"))
        )
        page, token = self._page(described["Changes"])
        return PlainResult({**described, "Changes": page, **token})

    def execute_change_set(self) -> ActionResult:
        """Answer ExecuteChangeSet."""
        self._engine.execute_change_set(
            self._get_param("ChangeSetName"),
            self._get_param("StackName"),
            options=self._options(),
        )
        return EmptyResult()

    def delete_change_set(self) -> ActionResult:
        """Answer DeleteChangeSet."""
        self._engine.delete_change_set(self._get_param("ChangeSetName"), self._get_param("StackName"))
        return EmptyResult()

    def list_change_sets(self) -> ActionResult:
        """Answer ListChangeSets."""
        change_sets = self._engine.change_sets.of(self._stack())
        return PlainResult({"Summaries": [descriptions.change_set_summary(each) for each in change_sets]})

    def describe_stacks(self) -> ActionResult:
        """Answer DescribeStacks."""
        name = self._get_param("StackName")
        stacks = [self._engine.stack(name)] if name else self._engine.stacks()
        views = self._views("DescribeStacks", stacks, named=bool(name))
        return self._listing("Stacks", [descriptions.stack_description(view) for view in views])

    def list_stacks(self) -> ActionResult:
        """Answer ListStacks."""
        wanted = self._get_param("StackStatusFilter", [])
        views = [view for stack in self._engine.all_stacks() if (view := stack.view()) is not None]
        listed = [descriptions.stack_summary(view) for view in views if not wanted or view.status in wanted]
        return self._listing("StackSummaries", listed)

    def describe_stack_events(self) -> ActionResult:
        """Answer DescribeStackEvents, newest first."""
        stack = self._stack()
        at = self._apply_fault("DescribeStackEvents", stack)
        described = [descriptions.event_description(stack.identity, event) for event in stack.events_until(at)]
        return self._listing("StackEvents", described)

    def describe_events(self) -> ActionResult:
        """Answer DescribeEvents for a stack, an operation or a change set, newest first."""
        name, operation_id = self._get_param("StackName"), self._get_param("OperationId")
        change_set_name = self._get_param("ChangeSetName")
        stack = self._engine.stack(name) if name else None
        at = self._apply_fault("DescribeEvents", stack)
        if change_set_name:
            found = operation_events.of_change_set(self._engine.change_sets.find(change_set_name, stack), at)
        elif operation_id or stack is not None:
            stacks = [stack] if stack is not None else self._engine.all_stacks()
            found = operation_events.of_stacks(stacks, self._engine.change_sets, operation_id, at)
        else:
            raise ValidationError("One of ChangeSetName, OperationId or StackName must be specified as input.")
        if self._get_param("Filters", {}).get("FailedEvents"):
            found = [event for event in found if descriptions.has_failed(event)]
        return self._listing("OperationEvents", found)

    def describe_stack_resource(self) -> ActionResult:
        """Answer DescribeStackResource."""
        stack, logical_id = self._stack(), self._get_param("LogicalResourceId")
        resource = stack.resources.get(logical_id)
        if resource is None:
            raise ValidationError(f"Resource {logical_id} does not exist for stack {stack.identity.name}")
        return PlainResult({"StackResourceDetail": descriptions.resource_detail(stack.identity, resource)})

    def describe_stack_resources(self) -> ActionResult:
        """Answer DescribeStackResources: the first 100 of a stack, or of the stack that has a physical resource."""
        logical_id, physical_id = self._get_param("LogicalResourceId"), self._get_param("PhysicalResourceId")
        if bool(physical_id) == bool(self._get_param("StackName")):
            raise ValidationError("You must specify either StackName or PhysicalResourceId, but not both")
        stack = self._engine.stack_with(physical_id) if physical_id else self._stack()
        [view] = self._views("DescribeStackResources", [stack], named=True)
        resources = [each for name, each in view.resources.items() if logical_id in (None, name)]
        described = [descriptions.resource_description(stack.identity, each) for each in resources[:PAGE_SIZE]]
        return PlainResult({"StackResources": described})

    def list_stack_resources(self) -> ActionResult:
        """Answer ListStackResources."""
        [view] = self._views("ListStackResources", [self._stack()], named=True)
        summaries = [descriptions.resource_summary(each) for each in view.resources.values()]
        return self._listing("StackResourceSummaries", summaries)

    def get_template(self) -> ActionResult:
        """Answer GetTemplate for a stack or one of its change sets."""
        stack, change_set_name = self._stack(), self._get_param("ChangeSetName")
        target = self._engine.change_sets.find(change_set_name, stack).target if change_set_name else stack.current
        stages = {"StagesAvailable": ["Original", "Processed"]}
        # A stack in REVIEW_IN_PROGRESS has no template yet: the CDK CLI treats an absent template as empty.
        return PlainResult({"TemplateBody": target.template.body, **stages} if target else stages)

    def get_template_summary(self) -> ActionResult:
        """Answer GetTemplateSummary for a stack's template or a given one."""
        name = self._get_param("StackName")
        if name is None:
            return PlainResult(descriptions.template_summary(self._engine.planner.template(self._deployment())))
        stack = self._stack()
        if stack.status == REVIEW or stack.current is None:
            raise ValidationError("GetTemplateSummary cannot be called on REVIEW_IN_PROGRESS stacks.")
        return PlainResult(descriptions.template_summary(stack.current.template))

    def validate_template(self) -> ActionResult:
        """Answer ValidateTemplate."""
        summary = descriptions.template_summary(self._engine.planner.template(self._deployment()))
        return PlainResult({name: summary[name] for name in ("Parameters", "Description") if name in summary})

    def list_exports(self) -> ActionResult:
        """Answer ListExports."""
        exports = [
            {"ExportingStackId": export.stack.identity.stack_id, "Name": export.name, "Value": export.value}
            for export in self._engine.exports.all()
        ]
        return self._listing("Exports", exports)

    def list_imports(self) -> ActionResult:
        """Answer ListImports."""
        name = self._get_param("ExportName")
        importers = [stack.identity.name for stack in self._engine.exports.importers(name)]
        if not importers:
            raise ValidationError(f"Export '{name}' is not imported by any stack.")
        return PlainResult({"Imports": importers})

    @property
    def _engine(self) -> Engine:
        return type(self).engines.engine(self.current_account, self.region)

    def _stack(self) -> Stack:
        name = self._get_param("StackName")
        if not name:
            raise stack_not_found("")
        return self._engine.stack(name)

    def _options(self) -> Options:
        return Options(
            token=self._get_param("ClientRequestToken"),
            disable_rollback=bool(self._get_param("DisableRollback")),
            retain_except_on_create=bool(self._get_param("RetainExceptOnCreate")),
        )

    def _apply_fault(self, operation: str, stack: Stack | None) -> float | None:
        return type(self).engines.apply_fault(operation, stack.identity if stack else None, self.access_key)

    def _views(self, operation: str, stacks: Sequence[Stack], *, named: bool) -> list[StackView]:
        at = self._apply_fault(operation, stacks[0] if named else None)
        views = [view for stack in stacks if (view := stack.view(at)) is not None]
        if named and not views:
            raise stack_not_found(stacks[0].identity.name)
        return views

    def _deployment(self) -> Deployment:
        tags = self._get_param("Tags")
        return Deployment(
            template_body=self._get_param("TemplateBody"),
            template_url=self._get_param("TemplateURL"),
            use_previous_template=bool(self._get_param("UsePreviousTemplate")),
            parameters=self._get_param("Parameters", []),
            tags=None if tags is None else {tag["Key"]: tag["Value"] for tag in tags},
            capabilities=self._get_param("Capabilities", []),
        )

    def _listing(self, name: str, items: Sequence[Mapping[str, Any]]) -> ActionResult:
        page, token = self._page(items)
        return PlainResult({name: page, **token})

    def _page(self, items: Sequence[Any]) -> tuple[Sequence[Any], dict[str, str]]:
        start = int(self._get_param("NextToken") or 0)
        end = start + PAGE_SIZE
        return items[start:end], {"NextToken": str(end)} if end < len(items) else {}


def _operation_id(stack: Stack) -> ActionResult:
    return PlainResult({"StackId": stack.identity.stack_id, "OperationId": stack.operations[-1].operation_id})


def _stack_id(stack: Stack) -> ActionResult:
    return PlainResult({"StackId": stack.identity.stack_id})


ACTIONS = frozenset(
    {
        "CancelUpdateStack",
        "ContinueUpdateRollback",
        "CreateChangeSet",
        "CreateStack",
        "DeleteChangeSet",
        "DeleteStack",
        "DescribeChangeSet",
        "DescribeEvents",
        "DescribeStackEvents",
        "DescribeStackResource",
        "DescribeStackResources",
        "DescribeStacks",
        "ExecuteChangeSet",
        "GetTemplate",
        "GetTemplateSummary",
        "ListChangeSets",
        "ListExports",
        "ListImports",
        "ListStackResources",
        "ListStacks",
        "RollbackStack",
        "UpdateStack",
        "UpdateTerminationProtection",
        "ValidateTemplate",
    }
)
