"""Stacks, resources, events and change sets in the API's shape."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from kvs_edge_local.cloudformation.change_sets import ChangeSet
from kvs_edge_local.cloudformation.identity import StackIdentity
from kvs_edge_local.cloudformation.operation_records import OperationStatus, OperationType
from kvs_edge_local.cloudformation.plan import Change
from kvs_edge_local.cloudformation.stack import STACK_TYPE, StackEvent, StackResource, StackView
from kvs_edge_local.cloudformation.template import Template

Description = dict[str, Any]


def time(seconds: float | None) -> datetime | None:
    """Convert seconds since the epoch to a time for the API's serializer."""
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None)


def stack_description(stack: StackView) -> Description:
    """Describe a stack for DescribeStacks."""
    deployed = stack.deployed
    return _present(
        StackId=stack.identity.stack_id,
        StackName=stack.identity.name,
        Description=deployed.template.description if deployed else None,
        Parameters=deployed.parameters.described() if deployed else [],
        CreationTime=time(stack.created_at),
        LastUpdatedTime=time(stack.updated_at),
        DeletionTime=time(stack.deleted_at),
        StackStatus=stack.status,
        StackStatusReason=stack.status_reason,
        DisableRollback=stack.disable_rollback,
        NotificationARNs=[],
        Outputs=[
            _present(
                OutputKey=output.key,
                OutputValue=output.value,
                Description=output.description,
                ExportName=output.export,
            )
            for output in stack.outputs
        ],
        Tags=_tags(stack.tags),
        EnableTerminationProtection=stack.termination_protection,
        DriftInformation={"StackDriftStatus": "NOT_CHECKED"},
        LastOperations=[
            {"OperationType": record.type.value, "OperationId": record.operation_id} for record in stack.last_operations
        ],
    )


def stack_summary(stack: StackView) -> Description:
    """Describe a stack for ListStacks."""
    described = stack_description(stack)
    names = (
        "StackId",
        "StackName",
        "CreationTime",
        "LastUpdatedTime",
        "DeletionTime",
        "StackStatus",
        "StackStatusReason",
        "LastOperations",
    )
    summary = {name: described[name] for name in names if name in described}
    if stack.deployed and stack.deployed.template.description:
        summary["TemplateDescription"] = stack.deployed.template.description
    return summary


def event_description(identity: StackIdentity, event: StackEvent) -> Description:
    """Describe an event for DescribeStackEvents."""
    return {"StackName": identity.name, **_event(identity, event)}


def operation_event(identity: StackIdentity, event: StackEvent, at: float) -> Description:
    """Describe an event for DescribeEvents.

    The EventType of an event is undocumented: a failed resource is taken as a PROVISIONING_ERROR, another resource as a
    PROGRESS_EVENT, the stack itself as a STACK_EVENT.
    """
    kind = "STACK_EVENT" if event.type == STACK_TYPE else "PROGRESS_EVENT"
    failed = kind == "PROGRESS_EVENT" and event.status.endswith("_FAILED")
    return {
        **_event(identity, event),
        "OperationType": event.operation.type.value,
        "OperationStatus": event.operation.status_at(at).value,
        "EventType": "PROVISIONING_ERROR" if failed else kind,
    }


def change_set_event(change_set: ChangeSet, at: float) -> Description:
    """Describe the creation of a change set for DescribeEvents."""
    record = change_set.operation
    return _present(
        EventId=record.operation_id,
        StackId=change_set.stack.identity.stack_id,
        OperationId=record.operation_id,
        OperationType=record.type.value,
        OperationStatus=record.status_at(at).value,
        EventType="STACK_EVENT",
        LogicalResourceId=change_set.stack.identity.name,
        PhysicalResourceId=change_set.stack.identity.stack_id,
        ResourceType=STACK_TYPE,
        Timestamp=time(record.ended_at or record.started_at),
        StartTime=time(record.started_at),
        EndTime=time(record.ended_at),
    )


def has_failed(event: Description) -> bool:
    """Return True if DescribeEvents' filter FailedEvents keeps the event."""
    failed: bool = event.get("ResourceStatus", "").endswith("_FAILED")
    return failed or (
        event["OperationType"] == OperationType.CREATE_CHANGESET and event["OperationStatus"] == OperationStatus.FAILED
    )


def resource_description(identity: StackIdentity, resource: StackResource) -> Description:
    """Describe a resource for DescribeStackResources."""
    return {
        "StackName": identity.name,
        "StackId": identity.stack_id,
        "Timestamp": time(resource.updated_at),
        **_resource(resource),
    }


def resource_summary(resource: StackResource) -> Description:
    """Describe a resource for ListStackResources, and most of it for DescribeStackResource."""
    return {"LastUpdatedTimestamp": time(resource.updated_at), **_resource(resource)}


def resource_detail(identity: StackIdentity, resource: StackResource) -> Description:
    """Describe a resource for DescribeStackResource."""
    metadata = resource.definition.metadata
    return {
        "StackName": identity.name,
        "StackId": identity.stack_id,
        **resource_summary(resource),
        **({"Metadata": json.dumps(dict(metadata))} if metadata else {}),
    }


def change_set_summary(change_set: ChangeSet) -> Description:
    """Describe a change set for ListChangeSets, and the head of DescribeChangeSet."""
    return _present(
        StackId=change_set.stack.identity.stack_id,
        StackName=change_set.stack.identity.name,
        ChangeSetId=change_set.change_set_id,
        ChangeSetName=change_set.name,
        ExecutionStatus=change_set.execution_status,
        Status=change_set.status,
        StatusReason=change_set.status_reason,
        CreationTime=time(change_set.created_at),
        Description=change_set.description,
        IncludeNestedStacks=False,
    )


def change_set_description(change_set: ChangeSet, *, include_values: bool) -> Description:
    """Describe a change set for DescribeChangeSet."""
    return {
        **change_set_summary(change_set),
        "Parameters": change_set.target.parameters.described(),
        "NotificationARNs": [],
        "Capabilities": [],
        "Tags": _tags(change_set.tags),
        "Changes": [_change(change, include_values=include_values) for change in change_set.changes],
    }


def template_summary(template: Template) -> Description:
    """Describe a template for GetTemplateSummary."""
    parameters = template.section("Parameters")
    return _present(
        Parameters=[_declared_parameter(key, slot) for key, slot in parameters.items()],
        Description=template.description,
        ResourceTypes=sorted({resource.type for resource in template.resources.values()}),
        Version=template.document.get("AWSTemplateFormatVersion"),
        Metadata=json.dumps(template.section("Metadata")) if template.section("Metadata") else None,
        ResourceIdentifierSummaries=[],
    )


def _declared_parameter(key: str, slot: Mapping[str, Any]) -> Description:
    default = slot.get("Default")
    constraints = {"AllowedValues": [str(value) for value in slot["AllowedValues"]]} if "AllowedValues" in slot else {}
    return _present(
        ParameterKey=key,
        DefaultValue=None if default is None else str(default),
        ParameterType=slot.get("Type", "String"),
        NoEcho=str(slot.get("NoEcho", False)).lower() == "true",
        Description=slot.get("Description"),
        ParameterConstraints=constraints,
    )


def _event(identity: StackIdentity, event: StackEvent) -> Description:
    return _present(
        StackId=identity.stack_id,
        EventId=event.event_id,
        OperationId=event.operation.operation_id,
        ClientRequestToken=event.operation.token,
        LogicalResourceId=event.logical_id,
        PhysicalResourceId=event.physical_id,
        ResourceType=event.type,
        Timestamp=time(event.timestamp),
        ResourceStatus=event.status,
        ResourceStatusReason=event.reason,
        ResourceProperties=event.properties,
    )


def _resource(resource: StackResource) -> Description:
    return _present(
        LogicalResourceId=resource.definition.logical_id,
        PhysicalResourceId=resource.physical_id or resource.former_id or None,
        ResourceType=resource.definition.type,
        ResourceStatus=resource.status,
        ResourceStatusReason=resource.reason,
        DriftInformation={"StackResourceDriftStatus": "NOT_CHECKED"},
    )


def _change(change: Change, *, include_values: bool) -> Description:
    described = _present(
        Action=change.action,
        LogicalResourceId=change.logical_id,
        PhysicalResourceId=change.physical_id,
        ResourceType=change.type,
        Replacement=change.replacement,
        PolicyAction=change.policy_action,
        Scope=list(change.scope),
        Details=[
            _detail(change, name, recreation, include_values=include_values)
            for name, recreation in change.changed.items()
        ],
    )
    if include_values:
        described |= _present(BeforeContext=_context(change.before), AfterContext=_context(change.after))
    return {"Type": "Resource", "ResourceChange": described}


def _detail(change: Change, name: str, recreation: str, *, include_values: bool) -> Description:
    target: Description = {"Attribute": "Properties", "Name": name, "RequiresRecreation": recreation}
    if include_values:
        target |= _present(
            Path=f"/Properties/{name}",
            BeforeValue=_value(change.before, name),
            AfterValue=_value(change.after, name),
            AttributeChangeType=_kind(change, name),
        )
    return {"Target": target, "Evaluation": "Static", "ChangeSource": "DirectModification"}


def _kind(change: Change, name: str) -> str:
    if name not in (change.before or {}):
        return "Add"
    return "Modify" if name in (change.after or {}) else "Remove"


def _value(properties: Mapping[str, Any] | None, name: str) -> str | None:
    if properties is None or name not in properties:
        return None
    value = properties[name]
    return value if isinstance(value, str) else json.dumps(value)


def _context(properties: Mapping[str, Any] | None) -> str | None:
    return None if properties is None else json.dumps({"Properties": dict(properties)})


def _tags(tags: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def _present(**members: Any) -> Description:
    return {name: value for name, value in members.items() if value is not None}
