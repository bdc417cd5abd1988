"""CloudFormation's API: requests as moto has parsed them, handed to the engine.

Every action that is not here is refused by name, with a status that no SDK retries.
"""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Protocol

from moto.core.common_types import TYPE_RESPONSE
from moto.core.responses import ActionResult, BaseResponse, EmptyResult

from kvs_edge_local.cloudformation import descriptions
from kvs_edge_local.cloudformation.engine import REVIEW, Deployment, Engine
from kvs_edge_local.cloudformation.errors import ValidationError, stack_not_found
from kvs_edge_local.cloudformation.request_members import refused_members
from kvs_edge_local.cloudformation.stack import Stack

PAGE_SIZE = 100


class Engines(Protocol):
    """Finds the engine of an account and region."""

    def engine(self, account: str, region: str) -> Engine:
        """The engine of that account and region."""


class CloudFormationResponse(BaseResponse):
    """The actions of CloudFormation that the local AWS offers; each method is one, by its name."""

    engines: ClassVar[Engines]

    def __init__(self) -> None:
        super().__init__(service_name="cloudformation")
        self.automated_parameter_parsing = True

    def call_action(self) -> TYPE_RESPONSE:
        """Answer the request, also if it is for something that is not offered."""
        action = self._get_action()
        if action not in ACTIONS:
            return self._refusal(f"The local AWS does not offer cloudformation:{action}")
        if asked := refused_members(self._get_params()):
            return self._refusal(f"The local AWS does not offer {', '.join(asked)}: leave it out")
        return super().call_action()

    def _refusal(self, message: str) -> TYPE_RESPONSE:
        status, headers, body = self.serialized(ActionResult(ValidationError(message)))
        return status, headers, body

    def create_stack(self) -> ActionResult:
        """CreateStack."""
        disable_rollback = bool(self._get_param("DisableRollback"))
        if disable_rollback and self._get_param("OnFailure"):
            raise ValidationError("You can specify either DisableRollback or OnFailure, but not both")
        stack = self._engine.create_stack(
            self._get_param("StackName"),
            self._deployment(),
            on_failure=self._get_param("OnFailure") or ("DO_NOTHING" if disable_rollback else "ROLLBACK"),
            termination_protection=bool(self._get_param("EnableTerminationProtection")),
        )
        return _stack_id(stack)

    def update_stack(self) -> ActionResult:
        """UpdateStack."""
        stack = self._engine.update_stack(
            self._get_param("StackName"),
            self._deployment(),
            disable_rollback=bool(self._get_param("DisableRollback")),
        )
        return _stack_id(stack)

    def delete_stack(self) -> ActionResult:
        """DeleteStack."""
        self._engine.delete_stack(
            self._get_param("StackName"),
            retained=self._get_param("RetainResources", []),
            force=self._get_param("DeletionMode") == "FORCE_DELETE_STACK",
        )
        return EmptyResult()

    def cancel_update_stack(self) -> ActionResult:
        """CancelUpdateStack."""
        self._engine.cancel_update(self._get_param("StackName"))
        return EmptyResult()

    def continue_update_rollback(self) -> ActionResult:
        """ContinueUpdateRollback."""
        self._engine.continue_rollback(self._get_param("StackName"), self._get_param("ResourcesToSkip", []))
        return EmptyResult()

    def rollback_stack(self) -> ActionResult:
        """RollbackStack."""
        return _stack_id(self._engine.rollback_stack(self._get_param("StackName")))

    def update_termination_protection(self) -> ActionResult:
        """UpdateTerminationProtection."""
        stack = self._stack()
        stack.termination_protection = bool(self._get_param("EnableTerminationProtection"))
        return _stack_id(stack)

    def create_change_set(self) -> ActionResult:
        """CreateChangeSet."""
        change_set = self._engine.create_change_set(
            self._get_param("ChangeSetName"),
            self._get_param("StackName"),
            self._get_param("ChangeSetType", "UPDATE"),
            self._deployment(),
            self._get_param("Description"),
            on_stack_failure=self._get_param("OnStackFailure"),
            client_token=self._get_param("ClientToken"),
        )
        return ActionResult({"Id": change_set.change_set_id, "StackId": change_set.stack.identity.stack_id})

    def describe_change_set(self) -> ActionResult:
        """DescribeChangeSet."""
        name = self._get_param("StackName")
        stack = self._stack() if name else None
        change_set = self._engine.change_sets.find(self._get_param("ChangeSetName"), stack)
        described = descriptions.change_set_description(
            change_set, include_values=bool(self._get_param("IncludePropertyValues"))
        )
        page, token = self._page(described["Changes"])
        return ActionResult({**described, "Changes": page, **token})

    def execute_change_set(self) -> ActionResult:
        """ExecuteChangeSet."""
        self._engine.execute_change_set(
            self._get_param("ChangeSetName"),
            self._get_param("StackName"),
            disable_rollback=bool(self._get_param("DisableRollback")),
        )
        return EmptyResult()

    def delete_change_set(self) -> ActionResult:
        """DeleteChangeSet."""
        self._engine.delete_change_set(self._get_param("ChangeSetName"), self._get_param("StackName"))
        return EmptyResult()

    def list_change_sets(self) -> ActionResult:
        """ListChangeSets."""
        change_sets = self._engine.change_sets.of(self._stack())
        return ActionResult({"Summaries": [descriptions.change_set_summary(each) for each in change_sets]})

    def describe_stacks(self) -> ActionResult:
        """DescribeStacks."""
        name = self._get_param("StackName")
        stacks = [self._engine.stack(name)] if name else self._engine.stacks()
        return self._listing("Stacks", [descriptions.stack_description(stack) for stack in stacks])

    def list_stacks(self) -> ActionResult:
        """ListStacks."""
        wanted = self._get_param("StackStatusFilter", [])
        stacks = [stack for stack in self._engine.all_stacks() if not wanted or stack.status in wanted]
        return self._listing("StackSummaries", [descriptions.stack_summary(stack) for stack in stacks])

    def describe_stack_events(self) -> ActionResult:
        """DescribeStackEvents, the latest first."""
        stack = self._stack()
        with stack.lock:
            events = stack.events[::-1]
        return self._listing("StackEvents", [descriptions.event_description(stack, event) for event in events])

    def describe_stack_resource(self) -> ActionResult:
        """DescribeStackResource."""
        stack, logical_id = self._stack(), self._get_param("LogicalResourceId")
        resource = stack.resources.get(logical_id)
        if resource is None:
            raise ValidationError(f"Resource {logical_id} does not exist for stack {stack.identity.name}")
        return ActionResult({"StackResourceDetail": descriptions.resource_detail(stack, resource)})

    def describe_stack_resources(self) -> ActionResult:
        """DescribeStackResources."""
        stack, logical_id = self._stack(), self._get_param("LogicalResourceId")
        with stack.lock:
            resources = [each for name, each in stack.resources.items() if logical_id in (None, name)]
        return ActionResult({"StackResources": [descriptions.resource_description(stack, each) for each in resources]})

    def list_stack_resources(self) -> ActionResult:
        """ListStackResources."""
        stack = self._stack()
        with stack.lock:
            resources = list(stack.resources.values())
        return self._listing("StackResourceSummaries", [descriptions.resource_summary(each) for each in resources])

    def get_template(self) -> ActionResult:
        """GetTemplate: of the stack, or of one of its change sets."""
        stack, change_set_name = self._stack(), self._get_param("ChangeSetName")
        target = self._engine.change_sets.find(change_set_name, stack).target if change_set_name else stack.deployed
        stages = {"StagesAvailable": ["Original", "Processed"]}
        # A stack in REVIEW_IN_PROGRESS has no template yet: the CDK CLI takes an absent one for an empty one.
        return ActionResult({"TemplateBody": target.template.body, **stages} if target else stages)

    def get_template_summary(self) -> ActionResult:
        """GetTemplateSummary: of a stack's template or of one that is given."""
        name = self._get_param("StackName")
        if name is None:
            return ActionResult(descriptions.template_summary(self._engine.parse(self._deployment())))
        stack = self._stack()
        if stack.status == REVIEW or stack.deployed is None:
            raise ValidationError("GetTemplateSummary cannot be called on REVIEW_IN_PROGRESS stacks.")
        return ActionResult(descriptions.template_summary(stack.deployed.template))

    def validate_template(self) -> ActionResult:
        """ValidateTemplate."""
        summary = descriptions.template_summary(self._engine.parse(self._deployment()))
        return ActionResult({name: summary[name] for name in ("Parameters", "Description") if name in summary})

    def list_exports(self) -> ActionResult:
        """ListExports."""
        exports = [
            {"ExportingStackId": export.stack.identity.stack_id, "Name": export.name, "Value": export.value}
            for export in self._engine.exports.all()
        ]
        return self._listing("Exports", exports)

    def list_imports(self) -> ActionResult:
        """ListImports."""
        name = self._get_param("ExportName")
        importers = [stack.identity.name for stack in self._engine.exports.importers(name)]
        if not importers:
            raise ValidationError(f"Export '{name}' is not imported by any stack.")
        return ActionResult({"Imports": importers})

    @property
    def _engine(self) -> Engine:
        return type(self).engines.engine(self.current_account, self.region)

    def _stack(self) -> Stack:
        name = self._get_param("StackName")
        if not name:
            raise stack_not_found("")
        return self._engine.stack(name)

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
        return ActionResult({name: page, **token})

    def _page(self, items: Sequence[Any]) -> tuple[Sequence[Any], dict[str, str]]:
        start = int(self._get_param("NextToken") or 0)
        end = start + PAGE_SIZE
        return items[start:end], {"NextToken": str(end)} if end < len(items) else {}


def _stack_id(stack: Stack) -> ActionResult:
    return ActionResult({"StackId": stack.identity.stack_id})


ACTIONS = frozenset(
    {
        "CancelUpdateStack",
        "ContinueUpdateRollback",
        "CreateChangeSet",
        "CreateStack",
        "DeleteChangeSet",
        "DeleteStack",
        "DescribeChangeSet",
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
