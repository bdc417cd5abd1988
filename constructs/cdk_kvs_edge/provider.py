"""Provider of the custom resource: one per stack, for all its edge configurations."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import jsii
from aws_cdk import (
    Acknowledgment,
    Arn,
    ArnComponents,
    ArnFormat,
    Aws,
    IResolveContext,
    IStringProducer,
    Lazy,
    RemovalPolicy,
    Stack,
    Validations,
)
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_stepfunctions as stepfunctions
from constructs import Construct

from cdk_kvs_edge.handler_asset import HandlerAsset
from cdk_kvs_edge.network import FunctionNetwork
from cdk_kvs_edge.policy_size import RolePolicyQuota
from cdk_kvs_edge.validation import Validation
from kvs_edge.polling import BRIEF_STAY_SECONDS, STAY_SECONDS

RUNTIME = lambda_.Runtime.PYTHON_3_14
_DEFAULT_ID = "EdgeConfigurationProvider"
_MEMORY_MIB = 128
_ENTRY_SECONDS = 60
_TICK_SECONDS = 360
_STARTS_PER_SECOND = 10
"""Quota of an account [StartEdgeConfigurationUpdate, Kinesis Video Streams Developer Guide, quotas]."""
_MAX_STAYING = 5
"""Maximum number of edge configurations of a provider whose ticks may stay for STAY_SECONDS.

A function that sleeps uses one of the account's concurrent executions. A new account has fewer than the usual 1,000
(AWS Lambda Developer Guide, "Lambda quotas"), often 10. CloudFormation sends the events of a stack at once, so half of
the 10 remain for the entry function and for other functions of the account.
"""
_STATE_MACHINE = Path(__file__).with_name("state_machine.asl.json")

_NOT_LOGGED = (
    "The tick function logs each decision, and Step Functions keeps the history of an execution for 90 days. "
    "A log of all events would hold the presigned ResponseURL, with which a reader could respond to "
    "CloudFormation, and its delivery needs permissions on all log groups of the account."
)
_NOT_TRACED = "An execution makes a few calls, all logged with their result; tracing needs permissions on '*'."


class EdgeConfigurationProvider(Construct):
    """Lambda functions and state machine of `Custom::KinesisVideoEdgeConfiguration`.

    Seven resources: an entry function, a tick function, a state machine, a role for each, and one log
    group. The policies for the streams are in the stack that declares the edge configurations.

    A stack creates its default provider. Create your own for a VPC, a key, a permissions boundary or another
    log retention, and pass it to each `StreamEdgeConfiguration(provider=...)`, in the same stack or in
    another stack of the same account and region. A provider directly in a stack with the id
    `EdgeConfigurationProvider` becomes the default of the stack.

    The ServiceToken of an existing custom resource cannot change, so the entry function's logical id is
    public API: it follows from the path of this construct and stays the same across releases.

    Attributes:
        service_token: ARN of the entry function.
        tick_role_name: Name of the role that accesses the streams.
        log_group_name: Log group of both functions.
        state_machine_arn: ARN of the state machine, for alarms on ExecutionsFailed and ExecutionsTimedOut.
        policy_quota: Remaining quota of the tick role's policies.
    """

    @classmethod
    def of(cls, scope: Construct) -> "EdgeConfigurationProvider":
        """Return the default provider of the scope's stack; create it if there is none yet."""
        stack = Stack.of(scope)
        found = stack.node.try_find_child(_DEFAULT_ID)
        return found if isinstance(found, EdgeConfigurationProvider) else cls(stack, _DEFAULT_ID)

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        vpc: ec2.IVpc | None = None,
        vpc_subnets: ec2.SubnetSelection | None = None,
        security_groups: Sequence[ec2.ISecurityGroup] | None = None,
        permissions_boundary: iam.IManagedPolicy | None = None,
        encryption_key: kms.IKey | None = None,
        log_retention: logs.RetentionDays = logs.RetentionDays.THREE_MONTHS,
    ) -> None:
        """Create the provider.

        Args:
            scope: A stack, or a construct in a stack.
            construct_id: Id of the construct; part of the logical ids, see the class.
            vpc: VPC of the functions. They must reach Kinesis Video Streams, Step Functions, CloudFormation,
                and CloudFormation's response URL on Amazon S3, through a NAT gateway or VPC endpoints.
            vpc_subnets: Subnets; private subnets with a route to the internet by default.
            security_groups: Security groups; by default a new group that allows all outbound and no inbound traffic.
            permissions_boundary: Permissions boundary of all three roles.
            encryption_key: Key for the functions' environment, the log group and the executions, whose input
                holds the presigned ResponseURL. The construct adds the statement that CloudWatch Logs needs
                to the policy of a key of this app; the policy of an imported key must have it already.
            log_retention: Retention of both functions' logs.
        """
        super().__init__(scope, construct_id)
        self.policy_quota: RolePolicyQuota = RolePolicyQuota()
        self._stay_seconds, self._backoff_seconds = _StaySeconds(), _BackoffSeconds()
        self.node.add_validation(Validation(self.policy_quota.faults))
        self._key = encryption_key
        self._boundary = permissions_boundary
        self._network = FunctionNetwork(self, vpc, vpc_subnets, security_groups)
        self._code = HandlerAsset(self, "Code")
        self._log_group = self._create_log_group(log_retention)

        tick_role = self._function_role("TickRole", [])
        tick = self._function("Tick", tick_role, "tick", _TICK_SECONDS, {})
        machine = self._create_state_machine(tick)
        start = _statement(["states:StartExecution"], machine.ref)
        entry_role = self._function_role("EntryRole", [start])
        environment = {"STATE_MACHINE_ARN": machine.ref}
        entry = self._function("Entry", entry_role, "entry", _ENTRY_SECONDS, environment)

        self.service_token: str = entry.attr_arn
        self.tick_role_name: str = tick_role.ref
        self.log_group_name: str = self._log_group.log_group_name
        self.state_machine_arn: str = machine.ref

    def register(self) -> None:
        """Count an edge configuration that uses this provider, in any stack."""
        self._stay_seconds.configurations += 1
        self._backoff_seconds.configurations += 1

    def is_default_of(self, stack: Stack) -> bool:
        """Return True if this provider is the default of the stack."""
        return self.node.path == f"{stack.node.path}/{_DEFAULT_ID}"

    def _create_log_group(self, retention: logs.RetentionDays) -> logs.LogGroup:
        if self._key:
            self._key.add_to_resource_policy(_for_cloudwatch_logs(Stack.of(self)))
        return logs.LogGroup(
            self,
            "Logs",
            retention=retention,
            encryption_key=self._key,
            removal_policy=RemovalPolicy.DESTROY,
        )

    def _create_state_machine(self, tick: lambda_.CfnFunction) -> stepfunctions.CfnStateMachine:
        statements = [_statement(["lambda:InvokeFunction"], tick.attr_arn)]
        if self._key:
            statements.append(_statement(["kms:Decrypt", "kms:GenerateDataKey"], self._key.key_arn))
        machine = stepfunctions.CfnStateMachine(
            self,
            "StateMachine",
            role_arn=self._role("StateMachineRole", "states.amazonaws.com", statements).attr_arn,
            definition_string=_definition(),
            definition_substitutions={
                "TickFunctionArn": tick.attr_arn,
                "Partition": Aws.PARTITION,
                "StaySeconds": Lazy.uncached_string(self._stay_seconds),
                "BackoffSeconds": Lazy.uncached_string(self._backoff_seconds),
            },
            encryption_configuration=stepfunctions.CfnStateMachine.EncryptionConfigurationProperty(
                type="CUSTOMER_MANAGED_KMS_KEY", kms_key_id=self._key.key_arn
            )
            if self._key
            else None,
        )
        # cfn-lint accepts the Resource of a task only with "arn:aws:", which is wrong in other partitions.
        machine.add_metadata("cfn-lint", {"config": {"ignore_checks": ["E3601"]}})
        Validations.of(machine).acknowledge(
            Acknowledgment(id="AwsSolutions-SF1", reason=_NOT_LOGGED),
            Acknowledgment(id="AwsSolutions-SF2", reason=_NOT_TRACED),
        )
        return machine

    def _function(
        self, name: str, role: iam.CfnRole, handler: str, seconds: int, environment: Mapping[str, str]
    ) -> lambda_.CfnFunction:
        function = lambda_.CfnFunction(
            self,
            name,
            code=self._code.property,
            handler=f"kvs_edge.{handler}.handler",
            runtime=RUNTIME.name,
            role=role.attr_arn,
            memory_size=_MEMORY_MIB,
            timeout=seconds,
            environment={"variables": dict(environment)} if environment else None,
            logging_config={"logGroup": self._log_group.log_group_name},
            vpc_config=self._network.vpc_config,
            kms_key_arn=self._key.key_arn if self._key else None,
        )
        self._network.connect(function)
        return function

    def _function_role(self, name: str, statements: Sequence[Mapping[str, object]]) -> iam.CfnRole:
        log = _statement(["logs:CreateLogStream", "logs:PutLogEvents"], self._log_group.log_group_arn)
        decrypt = [_statement(["kms:Decrypt"], self._key.key_arn)] if self._key else []
        role = self._role(name, "lambda.amazonaws.com", [*statements, log, *decrypt, *self._network.role_statements])
        self._network.acknowledge(role)
        return role

    def _role(self, name: str, service: str, statements: Sequence[Mapping[str, object]]) -> iam.CfnRole:
        trust = {"Action": "sts:AssumeRole", "Effect": "Allow", "Principal": {"Service": service}}
        return iam.CfnRole(
            self,
            name,
            assume_role_policy_document=_document([trust]),
            policies=[{"policyName": name, "policyDocument": _document(statements)}],
            permissions_boundary=self._boundary.managed_policy_arn if self._boundary else None,
        )


@jsii.implements(IStringProducer)
class _StaySeconds:
    """Seconds that a tick may stay, rendered when all edge configurations of the provider are known."""

    def __init__(self) -> None:
        self.configurations = 0

    def produce(self, context: IResolveContext) -> str:
        """Return the seconds."""
        return str(STAY_SECONDS if self.configurations <= _MAX_STAYING else BRIEF_STAY_SECONDS)


@jsii.implements(IStringProducer)
class _BackoffSeconds:
    """Seconds over which the first retries of a throttled stack are spread, known with all edge configurations."""

    def __init__(self) -> None:
        self.configurations = 0

    def produce(self, context: IResolveContext) -> str:
        """Return the time that the service takes for the Starts of all edge configurations, but at least 2 seconds."""
        return str(max(2, self.configurations // _STARTS_PER_SECOND))


def _definition() -> str:
    """Return the state machine as compact JSON, in which CloudFormation fills in a number of seconds."""
    text = json.dumps(json.loads(_STATE_MACHINE.read_text("utf-8")), separators=(",", ":"))
    return text.replace('"${BackoffSeconds}"', "${BackoffSeconds}")


def _document(statements: Sequence[Mapping[str, object]]) -> dict[str, object]:
    return {"Version": "2012-10-17", "Statement": [dict(statement) for statement in statements]}


def _statement(actions: Sequence[str], resource: str) -> dict[str, Any]:
    return {"Action": list(actions), "Effect": "Allow", "Resource": resource}


def _for_cloudwatch_logs(stack: Stack) -> iam.PolicyStatement:
    """Return the statement that CloudWatch Logs needs in the key's policy.

    [https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html]
    """
    groups = Arn.format(
        ArnComponents(
            service="logs", resource="log-group", resource_name="*", arn_format=ArnFormat.COLON_RESOURCE_NAME
        ),
        stack,
    )
    return iam.PolicyStatement(
        actions=["kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"],
        principals=[iam.ServicePrincipal(f"logs.{stack.region}.amazonaws.com")],
        resources=["*"],
        conditions={"ArnLike": {"kms:EncryptionContext:aws:logs:arn": groups}},
    )
