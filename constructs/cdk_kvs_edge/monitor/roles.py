"""Roles of a monitor: its function reads and reports, its schedules invoke the function."""

from collections.abc import Mapping, Sequence
from typing import Any

from aws_cdk import Acknowledgment, Aws, Stack, Validations
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from constructs import Construct

from cdk_kvs_edge import acknowledgements, statements
from cdk_kvs_edge.monitor.options import MonitorSettings
from cdk_kvs_edge.monitor.watched import WatchedHub
from cdk_kvs_edge.permissions import wildcard_acknowledgment
from cdk_kvs_edge.provider_roles import statement
from cdk_kvs_edge.tokens import is_token
from kvs_edge_monitor.changes import SOURCE
from kvs_edge_monitor.survey import LISTED_FROM

_MAX_STREAM_CHARACTERS = 6_000
"""Characters of the streams' ARNs in the inline policy: IAM takes 10,240 in all inline policies of a role."""
_LIST = "ListEdgeAgentConfigurations supports no resource [Service Authorization Reference]."


class MonitorRoles:
    """Factory of the two roles."""

    def __init__(self, scope: Construct, settings: MonitorSettings, name: str) -> None:
        self._scope = scope
        self._settings = settings
        self._name = name

    def function_role(self, hubs: Sequence[WatchedHub], log_group: logs.ILogGroup) -> iam.CfnRole:
        """Create the role of the function: it describes, lists, sends its events, and reads and writes its own log."""
        stack = Stack.of(self._scope)
        bus = stack.format_arn(service="events", resource="event-bus", resource_name="default")
        own_events = {"StringEquals": {"events:source": SOURCE}}
        streams = _stream_arns(stack, hubs)
        allowed = [
            {**statement(["kinesisvideo:DescribeEdgeConfiguration"], ""), "Resource": streams},
            {**statement(["events:PutEvents"], bus), "Condition": own_events},
            statement(["logs:CreateLogStream", "logs:FilterLogEvents", "logs:PutLogEvents"], log_group.log_group_arn),
        ]
        lists = any(hub.streams is None or len(hub.streams) >= LISTED_FROM for hub in hubs)
        if lists:
            allowed.append(statement(["kinesisvideo:ListEdgeAgentConfigurations"], "*"))
        if self._settings.encryption_key:
            allowed.append(statement(["kms:Decrypt"], self._settings.encryption_key.key_arn))
        trust = {"Action": "sts:AssumeRole", "Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}}
        role = self._role("FunctionRole", trust, f"Reads edge configurations for the monitor {self._name}", allowed)
        validations = Validations.of(role)
        validations.acknowledge(*map(wildcard_acknowledgment, stack.resolve(streams)))
        if lists:
            rules = ("AwsSolutions-IAM5[Resource::*]", "Serverless-LambdaStarPermissions")
            validations.acknowledge(*(Acknowledgment(id=rule, reason=_LIST) for rule in rules))
            role.add_metadata("checkov", {"skip": [{"id": "CKV_AWS_111", "comment": _LIST}]})
        return role

    def schedule_role(self, function_arn: str) -> iam.CfnRole:
        """Create the role of the schedules, which only EventBridge Scheduler in this account can assume."""
        trust = {
            "Action": "sts:AssumeRole",
            "Effect": "Allow",
            "Principal": {"Service": "scheduler.amazonaws.com"},
            "Condition": {"StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID}},
        }
        invoke = statement(["lambda:InvokeFunction"], function_arn)
        return self._role("ScheduleRole", trust, f"Invokes the function of the monitor {self._name}", [invoke])

    def _role(
        self, name: str, trust: Mapping[str, object], description: str, statements: Sequence[Mapping[str, object]]
    ) -> iam.CfnRole:
        boundary = self._settings.permissions_boundary
        role = iam.CfnRole(
            self._scope,
            name,
            description=description,
            assume_role_policy_document=_document([trust]),
            policies=[{"policyName": name, "policyDocument": _document(statements)}],
            permissions_boundary=boundary.managed_policy_arn if boundary else None,
        )
        Validations.of(role).acknowledge(*acknowledgements.INLINE_POLICY)
        return role


def _stream_arns(stack: Stack, hubs: Sequence[WatchedHub]) -> list[Any]:
    """Return the ARNs of the watched streams, or of all streams here if they are not known or too many for a policy."""
    watched = [stream for hub in hubs for stream in hub.streams or ()]
    characters = sum(statements.shared_characters(None if is_token(each.name) else each.name) for each in watched)
    if characters <= _MAX_STREAM_CHARACTERS and all(hub.streams is not None for hub in hubs):
        return [_stream_arn(stack, each.name) for each in watched]
    return [statements.any_stream_arn()]


def _stream_arn(stack: Stack, name: str) -> object:
    """Return the ARN of a stream; it ends in the creation time, which is not known here."""
    if not is_token(name):
        return statements.stream_arn(name)
    return stack.format_arn(service="kinesisvideo", resource="stream", resource_name=f"{name}/*")


def _document(statements: Sequence[Mapping[str, object]]) -> dict[str, object]:
    return {"Version": "2012-10-17", "Statement": [dict(each) for each in statements]}
