"""Roles of the provider."""

from collections.abc import Mapping, Sequence
from typing import Any

from aws_cdk import Validations
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from constructs import Construct

from cdk_kvs_edge import acknowledgements
from cdk_kvs_edge.network import FunctionNetwork
from cdk_kvs_edge.provider_options import ProviderSettings

_KIND = "of the custom resource Custom::KinesisVideoEdgeConfiguration"
_TRACE = ("xray:PutTelemetryRecords", "xray:PutTraceSegments")
_TRACE_EXECUTIONS = (*_TRACE, "xray:GetSamplingRules", "xray:GetSamplingTargets")
"""Actions of Step Functions' X-Ray policy
[https://docs.aws.amazon.com/step-functions/latest/dg/concepts-xray-tracing.html]."""


class ProviderRoles:
    """Factory of the provider's roles, each with its own inline policy."""

    def __init__(
        self, scope: Construct, settings: ProviderSettings, log_group: logs.ILogGroup, network: FunctionNetwork
    ) -> None:
        self._scope = scope
        self._settings = settings
        self._log_group = log_group
        self._network = network

    def function_role(self, name: str, purpose: str, statements: Sequence[Mapping[str, object]]) -> iam.CfnRole:
        """Create the role of a function, which may also write its log and use what the options add."""
        write_logs = statement(["logs:CreateLogStream", "logs:PutLogEvents"], self._log_group.log_group_arn)
        own: list[Mapping[str, object]] = [write_logs]
        if self._settings.encryption_key:
            own.append(statement(["kms:Decrypt"], self._settings.encryption_key.key_arn))
        own += [*self._network.role_statements, *self._dead_letters()]
        if self._settings.tracing:
            own.append(statement(_TRACE, "*"))
        role = self._role(name, "lambda.amazonaws.com", purpose, [*statements, *own])
        if self._network.role_statements:
            Validations.of(role).acknowledge(*acknowledgements.wildcard_resource(network=True))
        if self._network.role_statements or self._settings.tracing:
            role.add_metadata("checkov", acknowledgements.CHECKOV_WILDCARD)
        return role

    def state_machine_role(self, name: str, purpose: str, statements: Sequence[Mapping[str, object]]) -> iam.CfnRole:
        """Create the role of the state machine."""
        own = []
        if self._settings.encryption_key:
            actions = ["kms:Decrypt", "kms:GenerateDataKey"]
            own.append(statement(actions, self._settings.encryption_key.key_arn))
        if self._settings.tracing:
            own.append(statement(_TRACE_EXECUTIONS, "*"))
        return self._role(name, "states.amazonaws.com", purpose, [*statements, *own])

    def _dead_letters(self) -> list[dict[str, Any]]:
        queue = self._settings.dead_letter_queue
        if queue is None:
            return []
        send = statement(["sqs:SendMessage"], queue.queue_arn)
        key = queue.encryption_master_key
        return [send] if key is None else [send, statement(["kms:Decrypt", "kms:GenerateDataKey"], key.key_arn)]

    def _role(self, name: str, service: str, purpose: str, statements: Sequence[Mapping[str, object]]) -> iam.CfnRole:
        trust = {"Action": "sts:AssumeRole", "Effect": "Allow", "Principal": {"Service": service}}
        boundary = self._settings.permissions_boundary
        role = iam.CfnRole(
            self._scope,
            name,
            description=f"{purpose}, {_KIND}",
            assume_role_policy_document=_document([trust]),
            policies=[{"policyName": name, "policyDocument": _document(statements)}],
            permissions_boundary=boundary.managed_policy_arn if boundary else None,
        )
        validations = Validations.of(role)
        validations.acknowledge(*acknowledgements.INLINE_POLICY)
        if self._settings.tracing:
            validations.acknowledge(*acknowledgements.wildcard_resource(network=False))
        return role


def statement(actions: Sequence[str], resource: str) -> dict[str, Any]:
    """Return a statement that allows actions on a resource."""
    return {"Action": list(actions), "Effect": "Allow", "Resource": resource}


def _document(statements: Sequence[Mapping[str, object]]) -> dict[str, object]:
    return {"Version": "2012-10-17", "Statement": [dict(statement) for statement in statements]}
