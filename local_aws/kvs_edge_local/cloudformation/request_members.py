"""Treatment of each request member: supported, without effect, or refused by name. Pure.

A silently ignored member would look supported. A test checks these tables against botocore's model.
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
# Members without effect here, each with the reason.
HARMLESS: Mapping[str, str] = {
    "CallAs": "it applies to stack sets, which do not exist here",
    "ClientRequestToken": "it identifies a request; this CloudFormation does not deduplicate requests",
    "DisableValidation": "there is no validation before a deployment to switch off",
    "ImportExistingResources": "the CDK CLI sets it at each bootstrap; an existing resource fails the stack by name",
    "IncludeNestedStacks": "nested stacks are refused as a resource type",
    "NextToken": "operations without a returned token answer in one page",
    "RoleARN": "resources are created with the permissions of the local AWS's owner",
    "TemplateStage": "macros are refused, so that both stages of a template are the same",
    "TemplateSummaryConfig": "a summary has no warnings about resource types",
}
# Members that request something unsupported.
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
# Structures without effect unless one of their members requests something: name, member, values without effect.
PARTLY_REFUSED: Mapping[str, Mapping[str, tuple[object, ...]]] = {
    "DeploymentConfig": {"DisableRollback": (False,), "Mode": ("STANDARD",)},
    "RollbackConfiguration": {"MonitoringTimeInMinutes": (0,), "RollbackTriggers": ()},
}


def refused_members(request: Mapping[str, Any]) -> list[str]:
    """Return the names of unsupported members in a request."""
    refused = sorted(name for name in REFUSED if request.get(name))
    for structure, members in PARTLY_REFUSED.items():
        for member, harmless in members.items():
            value = (request.get(structure) or {}).get(member)
            if value and value not in harmless:
                refused.append(f"{structure}.{member} {value}" if isinstance(value, str) else f"{structure}.{member}")
    return refused
