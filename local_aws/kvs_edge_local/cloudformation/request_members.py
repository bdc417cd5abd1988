"""What becomes of each member of a request: served, harmless, or refused by name. Pure.

What is passed over in silence seems done. A test walks botocore's model and holds these tables complete.
"""

from collections.abc import Mapping
from typing import Any

_DEPLOYMENT = frozenset({"Capabilities", "Parameters", "Tags", "TemplateBody", "TemplateURL"})
_PAGED = frozenset({"NextToken"})
_STACK = frozenset({"StackName"})

SERVED: Mapping[str, frozenset[str]] = {
    "CancelUpdateStack": _STACK,
    "ContinueUpdateRollback": _STACK | {"ForceRollback", "ResourcesToSkip"},
    "CreateChangeSet": _STACK
    | _DEPLOYMENT
    | {"ChangeSetName", "ChangeSetType", "ClientToken", "Description", "OnStackFailure", "UsePreviousTemplate"},
    "CreateStack": _STACK
    | _DEPLOYMENT
    | {"DisableRollback", "EnableTerminationProtection", "OnFailure", "RetainExceptOnCreate"},
    "DeleteChangeSet": _STACK | {"ChangeSetName"},
    "DeleteStack": _STACK | {"DeletionMode", "RetainResources"},
    "DescribeChangeSet": _STACK | _PAGED | {"ChangeSetName", "IncludePropertyValues"},
    "DescribeEvents": _STACK | _PAGED | {"ChangeSetName", "Filters", "OperationId"},
    "DescribeStackEvents": _STACK | _PAGED,
    "DescribeStackResource": _STACK | {"LogicalResourceId"},
    "DescribeStackResources": _STACK | {"LogicalResourceId", "PhysicalResourceId"},
    "DescribeStacks": _STACK | _PAGED,
    "ExecuteChangeSet": _STACK | {"ChangeSetName", "DisableRollback", "RetainExceptOnCreate"},
    "GetTemplate": _STACK | {"ChangeSetName"},
    "GetTemplateSummary": _STACK | {"TemplateBody", "TemplateURL"},
    "ListChangeSets": _STACK,
    "ListExports": _PAGED,
    "ListImports": frozenset({"ExportName"}),
    "ListStackResources": _STACK | _PAGED,
    "ListStacks": _PAGED | {"StackStatusFilter"},
    "RollbackStack": _STACK | {"RetainExceptOnCreate"},
    "UpdateStack": _STACK | _DEPLOYMENT | {"DisableRollback", "RetainExceptOnCreate", "UsePreviousTemplate"},
    "UpdateTerminationProtection": _STACK | {"EnableTerminationProtection"},
    "ValidateTemplate": frozenset({"TemplateBody", "TemplateURL"}),
}
# Members that change nothing of what is done, each with the reason.
HARMLESS: Mapping[str, str] = {
    "CallAs": "it says on whose behalf a stack set is looked at, and there are no stack sets",
    "ClientRequestToken": "it names a request; no request is sent twice to this CloudFormation in place of another",
    "DisableValidation": "there is no validation before a deployment that could be switched off",
    "ImportExistingResources": "the CDK CLI sets it at each bootstrap; a resource that exists fails the stack by name",
    "IncludeNestedStacks": "nested stacks are refused as a resource type",
    "NextToken": "operations that do not give a token out answer in one page",
    "RoleARN": "resources are made with the rights of the local AWS's owner",
    "TemplateStage": "macros are refused, so that both stages of a template are the same",
    "TemplateSummaryConfig": "a summary warns of no resource type",
}
# Members that ask for something that is not done here.
REFUSED = frozenset(
    {
        "DeploymentMode",
        "NotificationARNs",
        "ResourceTypes",
        "ResourcesToImport",
        "StackPolicyBody",
        "StackPolicyDuringUpdateBody",
        "StackPolicyDuringUpdateURL",
        "StackPolicyURL",
        "StackSetName",
        "TimeoutInMinutes",
    }
)
# Structures that are harmless unless one of their members asks for something: name, member, harmless values.
PARTLY_REFUSED: Mapping[str, Mapping[str, tuple[object, ...]]] = {
    "DeploymentConfig": {"DisableRollback": (False,), "Mode": ("STANDARD",)},
    "RollbackConfiguration": {"MonitoringTimeInMinutes": (0,), "RollbackTriggers": ()},
}


def refused_members(request: Mapping[str, Any]) -> list[str]:
    """Return what a request asks for that is not offered, by name."""
    refused = sorted(name for name in REFUSED if request.get(name))
    for structure, members in PARTLY_REFUSED.items():
        for member, harmless in members.items():
            value = (request.get(structure) or {}).get(member)
            if value and value not in harmless:
                refused.append(f"{structure}.{member} {value}" if isinstance(value, str) else f"{structure}.{member}")
    return refused
