"""Once a stack: what serves all its edge configurations."""

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

import kvs_edge
from cdk_kvs_edge.handler_asset import HandlerCode
from cdk_kvs_edge.network import FunctionNetwork
from cdk_kvs_edge.policy_size import RolePolicyQuota
from cdk_kvs_edge.validation import Validation

RUNTIME = lambda_.Runtime.PYTHON_3_14
_DEFAULT_ID = "EdgeConfigurationProvider"
_MEMORY_MIB = 128
_ENTRY_SECONDS = 60
_TICK_SECONDS = 180
_STAY_SECONDS = 135
"""The seconds that a tick function sleeps and looks again by itself, while a hub is most likely to answer."""
_CROWDED_STAY_SECONDS = 5
"""The same in a larger provider: enough for a hub that is online, and short enough that each tick gets its place."""
_MAX_STAYING = 5
"""The edge configurations of a provider whose ticks may stay for long.

A function that sleeps takes one of the account's concurrent executions all the while. A new account has fewer of them
than the usual 1,000 (AWS Lambda Developer Guide, "Lambda quotas"), 10 as a rule. CloudFormation sends the events of a
stack at once, so half of the 10 are left for the entry function and for whatever else runs in the account.
"""
_STATE_MACHINE = Path(kvs_edge.__file__).with_name("state_machine.asl.json")

_NOT_LOGGED = (
    "The tick function logs each decision, and Step Functions keeps the history of an execution for 90 days. "
    "A log of all events would hold the presigned ResponseURL, with which its reader could answer "
    "CloudFormation, and delivering it needs rights on all of the account's log groups."
)
_NOT_TRACED = "An execution makes a handful of calls, all logged with their outcome; tracing needs rights on '*'."


class EdgeConfigurationProvider(Construct):
    """The Lambda functions and the state machine behind `Custom::KinesisVideoEdgeConfiguration`.

    Seven resources: an entry function, a tick function, a state machine, a role for each, and one log
    group. The policies for the streams are in the stack that declares the edge configurations.

    A stack makes one by itself. Make your own for a VPC, a key, a permissions boundary or another log
    retention, and hand it to each `StreamEdgeConfiguration(provider=...)`, in the same stack or another of
    the same account and region. One that is made directly in a stack with the id
    `EdgeConfigurationProvider` becomes that stack's default.

    The ServiceToken of an existing custom resource can't change, so the entry function's logical id is
    public API: it follows from this construct's path and stays as it is across releases.

    Attributes:
        service_token: The ARN of the entry function.
        tick_role_name: The name of the role that works on the streams.
        log_group_name: Where both functions log.
        state_machine_arn: For an alarm on ExecutionsFailed and ExecutionsTimedOut.
        policy_quota: What the tick role's policies may still grow by.
    """

    @classmethod
    def of(cls, scope: Construct) -> "EdgeConfigurationProvider":
        """The default provider of the scope's stack; made where there is none yet."""
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
        """Make the provider.

        Args:
            scope: A stack, or a construct in one.
            construct_id: The construct's id; part of the logical ids, see the class.
            vpc: Where the functions' network interfaces are. They must reach Kinesis Video Streams, Step
                Functions and CloudFormation, and CloudFormation's response URL on Amazon S3: through a NAT
                gateway or VPC endpoints.
            vpc_subnets: Which subnets; by default the private ones with a way out.
            security_groups: By default a new one, which lets everything out and nothing in.
            permissions_boundary: For all three roles.
            encryption_key: For the functions' environment, the log group and the executions, whose input
                holds the presigned ResponseURL. The construct adds what CloudWatch Logs needs to the policy
                of a key of this app; an imported key must allow that already.
            log_retention: How long both functions' logs are kept.
        """
        super().__init__(scope, construct_id)
        self.policy_quota = RolePolicyQuota()
        self._served = _ServedCount()
        self.node.add_validation(Validation(self.policy_quota.faults))
        self._key = encryption_key
        self._boundary = permissions_boundary
        self._network = FunctionNetwork(self, vpc, vpc_subnets, security_groups)
        self._code = HandlerCode(self, "Code")
        self._log_group = self._make_log_group(log_retention)

        tick_role = self._function_role("TickRole", [])
        tick = self._function("Tick", tick_role, "tick", _TICK_SECONDS, {})
        machine = self._make_state_machine(tick)
        start = _statement(["states:StartExecution"], machine.ref)
        entry_role = self._function_role("EntryRole", [start])
        environment = {"STATE_MACHINE_ARN": machine.ref}
        entry = self._function("Entry", entry_role, "entry", _ENTRY_SECONDS, environment)

        self.service_token: str = entry.attr_arn
        self.tick_role_name: str = tick_role.ref
        self.log_group_name: str = self._log_group.log_group_name
        self.state_machine_arn: str = machine.ref

    def register(self) -> None:
        """Count one more edge configuration that this provider serves, in whichever stack."""
        self._served.count += 1

    def is_default_of(self, stack: Stack) -> bool:
        """Whether that stack's edge configurations use this provider if they are given none."""
        return self.node.path == f"{stack.node.path}/{_DEFAULT_ID}"

    def _make_log_group(self, retention: logs.RetentionDays) -> logs.LogGroup:
        if self._key:
            self._key.add_to_resource_policy(_for_cloudwatch_logs(Stack.of(self)))
        return logs.LogGroup(
            self,
            "Logs",
            retention=retention,
            encryption_key=self._key,
            removal_policy=RemovalPolicy.DESTROY,
        )

    def _make_state_machine(self, tick: lambda_.CfnFunction) -> stepfunctions.CfnStateMachine:
        statements = [_statement(["lambda:InvokeFunction"], tick.attr_arn)]
        if self._key:
            statements.append(_statement(["kms:Decrypt", "kms:GenerateDataKey"], self._key.key_arn))
        machine = stepfunctions.CfnStateMachine(
            self,
            "StateMachine",
            role_arn=self._role("StateMachineRole", "states.amazonaws.com", statements).attr_arn,
            definition_string=json.dumps(json.loads(_STATE_MACHINE.read_text("utf-8")), separators=(",", ":")),
            definition_substitutions={
                "TickFunctionArn": tick.attr_arn,
                "Partition": Aws.PARTITION,
                "StaySeconds": Lazy.uncached_string(self._served),
            },
            encryption_configuration=stepfunctions.CfnStateMachine.EncryptionConfigurationProperty(
                type="CUSTOMER_MANAGED_KMS_KEY", kms_key_id=self._key.key_arn
            )
            if self._key
            else None,
        )
        # cfn-lint knows the Resource of a task only with "arn:aws:", which is wrong in other partitions.
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
class _ServedCount:
    """The number of edge configurations that a provider serves; it renders the seconds that a tick may stay."""

    def __init__(self) -> None:
        self.count = 0

    def produce(self, context: IResolveContext) -> str:
        """Return the seconds, once all edge configurations are known."""
        return str(_STAY_SECONDS if self.count <= _MAX_STAYING else _CROWDED_STAY_SECONDS)


def _document(statements: Sequence[Mapping[str, object]]) -> dict[str, object]:
    return {"Version": "2012-10-17", "Statement": [dict(statement) for statement in statements]}


def _statement(actions: Sequence[str], resource: str) -> dict[str, Any]:
    return {"Action": list(actions), "Effect": "Allow", "Resource": resource}


def _for_cloudwatch_logs(stack: Stack) -> iam.PolicyStatement:
    """What the key's policy must allow [https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html]."""
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
