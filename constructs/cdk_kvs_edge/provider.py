"""Provider of the custom resource: one per stack, for all its edge configurations."""

from collections.abc import Callable, Mapping
from typing import Unpack

import jsii
from aws_cdk import (
    Aws,
    CfnResource,
    IResolveContext,
    IStringProducer,
    Lazy,
    Stack,
    Validations,
)
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_stepfunctions as stepfunctions
from constructs import Construct

from cdk_kvs_edge import acknowledgements
from cdk_kvs_edge.arguments import check_scope
from cdk_kvs_edge.handler_asset import HandlerAsset
from cdk_kvs_edge.log_group import create_log_group
from cdk_kvs_edge.network import FunctionNetwork
from cdk_kvs_edge.policy_size import RolePolicyQuota
from cdk_kvs_edge.provider_options import ProviderOptions, ProviderSettings
from cdk_kvs_edge.provider_roles import ProviderRoles, statement
from cdk_kvs_edge.turns import Turns
from cdk_kvs_edge.validation import Validation
from kvs_edge.polling import BRIEF_STAY_SECONDS, STAY_SECONDS
from kvs_edge_preflight.handler import state_machine_definition

_DEFAULT_ID = "EdgeConfigurationProvider"
_MEMORY_MIB = 128
_ENTRY_SECONDS = 60
_TICK_SECONDS = 360
_MAX_STAYING = 5
"""Maximum number of edge configurations of a provider whose ticks may stay for STAY_SECONDS.

A function that sleeps uses one of the account's concurrent executions. A new account has fewer than the usual 1,000
(AWS Lambda Developer Guide, "Lambda quotas"), often 10. CloudFormation sends the events of a stack at once, so half of
the 10 remain for the entry function and for other functions of the account.
"""
_DESCRIPTIONS = {
    "entry": "Starts one execution per request of CloudFormation for a stream's edge configuration",
    "tick": "Sends and polls a stream's edge configuration, and responds to CloudFormation",
}


class EdgeConfigurationProvider(Construct):
    """Lambda functions and state machine of `Custom::KinesisVideoEdgeConfiguration`.

    Seven resources: an entry function, a tick function, a state machine, a role for each, and one log
    group. The policies for the streams are in the stack that declares the edge configurations.

    A stack creates its default provider. Create your own for a VPC, a key, a permissions boundary or other options
    (`ProviderOptions`), and pass it to each `StreamEdgeConfiguration(provider=...)`, in the same stack or in
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

    def __init__(self, scope: Construct, construct_id: str, **options: Unpack[ProviderOptions]) -> None:
        """Create the provider.

        Args:
            scope: A stack, or a construct in a stack.
            construct_id: Id of the construct; part of the logical ids, see the class.
            options: See `ProviderOptions`.

        Raises:
            ConfigurationError: The options have faults; the error lists all, each with argument, value and rule.
        """
        check_scope("provider", scope, construct_id)
        settings = ProviderSettings.of(options)
        super().__init__(scope, construct_id)
        self.policy_quota: RolePolicyQuota = RolePolicyQuota.of(
            has_extras=settings.tracing or settings.dead_letter_queue is not None
        )
        self._turns = Turns.of(self)
        self.node.add_validation(Validation(lambda: [*self.policy_quota.faults(), *self._turns.faults()]))
        self._settings = settings
        self._network = FunctionNetwork(self, settings.vpc, settings.vpc_subnets, settings.security_groups)
        self._code = HandlerAsset(self, "Code")
        self._log_group = settings.log_group or create_log_group(
            self, settings.encryption_key, settings.log_retention, settings.log_removal_policy
        )
        roles = ProviderRoles(self, settings, self._log_group, self._network)

        tick_role = roles.function_role("TickRole", "Access to the declared streams for the tick function", [])
        tick = self._function("Tick", tick_role, "tick", _TICK_SECONDS, {})
        invoke = statement(["lambda:InvokeFunction"], tick.attr_arn)
        machine_role = roles.state_machine_role("StateMachineRole", "Invocation of the tick function", [invoke])
        machine = self._create_state_machine(tick, machine_role)
        start = statement(["states:StartExecution"], machine.ref)
        entry_role = roles.function_role("EntryRole", "Start of executions by the entry function", [start])
        environment = {"STATE_MACHINE_ARN": machine.ref}
        entry = self._function("Entry", entry_role, "entry", _ENTRY_SECONDS, environment)

        self._entry = entry
        self.service_token: str = entry.attr_arn
        self.tick_role_name: str = tick_role.ref
        self.log_group_name: str = self._log_group.log_group_name
        self.state_machine_arn: str = machine.ref

    def register(self, configuration: Construct, sync_timeout: float) -> None:
        """Count an edge configuration that uses this provider, in any stack.

        Args:
            configuration: Its construct.
            sync_timeout: Its sync timeout in seconds, perhaps a token.
        """
        self._turns.add(configuration, sync_timeout)

    def depend_on(self, policy: CfnResource) -> None:
        """Make the entry function, and so each edge configuration, depend on a policy in the provider's stack."""
        self._entry.add_resource_dependency(policy)

    def is_default_of(self, stack: Stack) -> bool:
        """Return True if this provider is the default of the stack."""
        return self.node.path == f"{stack.node.path}/{_DEFAULT_ID}"

    def _stay_seconds(self) -> int:
        """Return how long a tick may stay."""
        few = self._turns.configurations <= self._settings.max_staying(_MAX_STAYING)
        return STAY_SECONDS if few else BRIEF_STAY_SECONDS

    def _create_state_machine(self, tick: lambda_.CfnFunction, role: iam.CfnRole) -> stepfunctions.CfnStateMachine:
        key, tracing = self._settings.encryption_key, self._settings.tracing
        machine = stepfunctions.CfnStateMachine(
            self,
            "StateMachine",
            role_arn=role.attr_arn,
            definition_string=state_machine_definition(),
            definition_substitutions={
                "TickFunctionArn": tick.attr_arn,
                "Partition": Aws.PARTITION,
                "StaySeconds": Lazy.uncached_string(_Seconds(self._stay_seconds)),
                "BackoffSeconds": Lazy.uncached_string(_Seconds(lambda: self._turns.first_seconds)),
                "TurnSeconds": Lazy.uncached_string(_Seconds(lambda: self._turns.next_seconds)),
            },
            encryption_configuration=stepfunctions.CfnStateMachine.EncryptionConfigurationProperty(
                type="CUSTOMER_MANAGED_KMS_KEY", kms_key_id=key.key_arn
            )
            if key
            else None,
            tracing_configuration={"enabled": True} if tracing else None,
        )
        # cfn-lint accepts the Resource of a task only with "arn:aws:", which is wrong in other partitions.
        machine.add_metadata("cfn-lint", {"config": {"ignore_checks": ["E3601"]}})
        untraced = () if tracing else acknowledgements.UNTRACED_STATE_MACHINE
        Validations.of(machine).acknowledge(acknowledgements.STATE_MACHINE_LOGS, *untraced)
        return machine

    def _function(
        self, name: str, role: iam.CfnRole, handler: str, seconds: int, environment: Mapping[str, str]
    ) -> lambda_.CfnFunction:
        settings = self._settings
        key, queue = settings.encryption_key, settings.dead_letter_queue
        function = lambda_.CfnFunction(
            self,
            name,
            description=_DESCRIPTIONS[handler],
            code=self._code.property,
            handler=f"kvs_edge.{handler}.handler",
            runtime=settings.runtime.name,
            architectures=[settings.architecture.name] if settings.architecture else None,
            role=role.attr_arn,
            memory_size=_MEMORY_MIB,
            timeout=seconds,
            environment={"variables": dict(environment)} if environment else None,
            logging_config={"logGroup": self._log_group.log_group_name},
            vpc_config=self._network.vpc_config,
            kms_key_arn=key.key_arn if key else None,
            dead_letter_config={"targetArn": queue.queue_arn} if queue else None,
            reserved_concurrent_executions=settings.reserved_concurrent_executions,
            tracing_config={"mode": "Active"} if settings.tracing else None,
        )
        self._network.connect(function)
        if not settings.tracing:
            Validations.of(function).acknowledge(acknowledgements.UNTRACED_FUNCTION)
        return function


@jsii.implements(IStringProducer)
class _Seconds:
    """Seconds that are rendered when all edge configurations of the provider are known."""

    def __init__(self, seconds: Callable[[], int]) -> None:
        self._seconds = seconds

    def produce(self, context: IResolveContext) -> str:
        """Return the seconds."""
        return str(self._seconds())
