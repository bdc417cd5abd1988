"""Options of the provider: each reaches the template, and wrong ones are named."""

import pytest
from aws_cdk import CfnParameter, RemovalPolicy, Stack
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sqs as sqs

from cdk_kvs_edge import ConfigurationError, EdgeConfigurationProvider
from support.nag import violations

AVOIDABLE = {
    "CloudWatchLogGroupEncrypted": "encryption_key",
    "LambdaConcurrency": "reserved_concurrent_executions",
    "LambdaDLQ": "dead_letter_queue",
    "LambdaInsideVPC": "vpc",
}
"""Rules that the construct does not acknowledge, with the option that avoids each."""


@pytest.fixture
def functions(resources):
    """Return a function that returns the properties of a template's two functions."""

    def functions(template):
        found = [one["Properties"] for one in resources(template, "AWS::Lambda::Function").values()]
        assert len(found) == 2
        return found

    return functions


@pytest.fixture
def role_statements(resources):
    """Return a function that returns the statements of all roles for a resource."""

    def role_statements(template, resource):
        return [
            statement["Action"]
            for role in resources(template, "AWS::IAM::Role").values()
            for statement in role["Properties"]["Policies"][0]["PolicyDocument"]["Statement"]
            if statement["Resource"] == resource
        ]

    return role_statements


def test_functions_and_roles_have_descriptions(stack, template_of, functions, resources):
    """The console shows what each is for."""
    EdgeConfigurationProvider(stack, "Provider")
    template = template_of(stack)
    described = [*functions(template), *(role["Properties"] for role in resources(template, "AWS::IAM::Role").values())]
    descriptions = {one["Description"] for one in described}
    assert len(descriptions) == 5
    assert all(20 < len(description) <= 256 for description in descriptions)


def test_logs_go_to_a_given_log_group(stack, template_of, functions, resources, role_statements):
    """The app owns its retention and key; both roles may write to it."""
    group = logs.LogGroup(stack, "Ours")
    provider = EdgeConfigurationProvider(stack, "Provider", log_group=group)
    template = template_of(stack)
    name, arn = stack.resolve(group.log_group_name), stack.resolve(group.log_group_arn)
    assert list(resources(template, "AWS::Logs::LogGroup")) == [name["Ref"]]
    assert [one["LoggingConfig"] for one in functions(template)] == [{"LogGroup": name}, {"LogGroup": name}]
    assert role_statements(template, arn) == [["logs:CreateLogStream", "logs:PutLogEvents"]] * 2
    assert stack.resolve(provider.log_group_name) == name


def test_logs_can_stay_after_the_stack(stack, template_of, only):
    EdgeConfigurationProvider(stack, "Provider", log_removal_policy=RemovalPolicy.RETAIN)
    assert only(template_of(stack), "AWS::Logs::LogGroup")["DeletionPolicy"] == "Retain"


def test_architecture_and_runtime_are_those_of_both_functions(stack, template_of, functions):
    EdgeConfigurationProvider(
        stack, "Provider", architecture=lambda_.Architecture.ARM_64, runtime=lambda_.Runtime.PYTHON_3_12
    )
    chosen = [(one["Architectures"], one["Runtime"]) for one in functions(template_of(stack))]
    assert chosen == [(["arm64"], "python3.12")] * 2


@pytest.mark.parametrize("has_key", [False, True])
def test_events_that_cannot_be_delivered_go_to_the_dead_letter_queue(
    stack, template_of, functions, role_statements, has_key
):
    """The roles may send to the queue, and encrypt with its key."""
    key = kms.Key(stack, "Key") if has_key else None
    queue = sqs.Queue(stack, "Queue", encryption_master_key=key)
    EdgeConfigurationProvider(stack, "Provider", dead_letter_queue=queue)
    template = template_of(stack)
    arn = stack.resolve(queue.queue_arn)
    assert [one["DeadLetterConfig"] for one in functions(template)] == [{"TargetArn": arn}] * 2
    assert role_statements(template, arn) == [["sqs:SendMessage"]] * 2
    if key is not None:
        assert role_statements(template, stack.resolve(key.key_arn)) == [["kms:Decrypt", "kms:GenerateDataKey"]] * 2


@pytest.mark.parametrize(("reserved", "is_short"), [(2, True), (3, False)])
def test_ticks_are_short_beyond_the_reserved_concurrency(
    stack, declare, template_of, functions, only, reserved, is_short
):
    """A tick that sleeps would keep the other streams from the function."""
    provider = EdgeConfigurationProvider(stack, "Provider", reserved_concurrent_executions=reserved)
    for number in range(3):
        declare(stack, f"Edge{number}", provider=provider)
    template = template_of(stack)
    assert [one["ReservedConcurrentExecutions"] for one in functions(template)] == [reserved] * 2
    machine = only(template, "AWS::StepFunctions::StateMachine")["Properties"]
    assert (int(machine["DefinitionSubstitutions"]["StaySeconds"]) < 60) is is_short


def test_reserved_concurrency_may_be_a_token(stack, declare, template_of, functions):
    """The number of streams then decides alone, as without it."""
    reserved = CfnParameter(stack, "Reserved", type="Number").value_as_number
    declare(stack, provider=EdgeConfigurationProvider(stack, "Provider", reserved_concurrent_executions=reserved))
    assert [one["ReservedConcurrentExecutions"] for one in functions(template_of(stack))] == [{"Ref": "Reserved"}] * 2


def test_tracing_traces_functions_and_executions(stack, template_of, functions, only, role_statements):
    """X-Ray supports no resource but '*'."""
    EdgeConfigurationProvider(stack, "Provider", tracing=True)
    template = template_of(stack)
    machine = only(template, "AWS::StepFunctions::StateMachine")["Properties"]
    assert machine["TracingConfiguration"] == {"Enabled": True}
    assert [one["TracingConfig"] for one in functions(template)] == [{"Mode": "Active"}] * 2
    assert all(action.startswith("xray:") for actions in role_statements(template, "*") for action in actions)
    assert len(role_statements(template, "*")) == 3


@pytest.mark.parametrize(
    ("options", "path", "said"),
    [
        ({"vpc": "vpc-1"}, "vpc", "'vpc-1' is not accepted: give an ec2.IVpc, like ec2.Vpc.from_lookup"),
        ({"security_groups": []}, "security_groups", "it needs a VPC: set vpc as well"),
        ({"permissions_boundary": "arn:aws:iam::aws:policy/X"}, "permissions_boundary", "an iam.IManagedPolicy"),
        ({"encryption_key": "arn:aws:kms:..."}, "encryption_key", "kms.Key.from_key_arn(self, ...)"),
        ({"log_retention": 90}, "log_retention", "90 is not accepted: give a member of logs.RetentionDays"),
        ({"log_removal_policy": "RETAIN"}, "log_removal_policy", "give RemovalPolicy.DESTROY or RemovalPolicy.RETAIN"),
        ({"log_group": "/ours"}, "log_group", "'/ours' is not accepted: give a logs.ILogGroup"),
        ({"architecture": "arm64"}, "architecture", "lambda_.Architecture.ARM_64"),
        ({"runtime": "python3.13"}, "runtime", "'python3.13' is not accepted: give a Python runtime of 3.11 or newer"),
        ({"runtime": lambda_.Runtime.PYTHON_3_9}, "runtime", "give a Python runtime of 3.11 or newer"),
        ({"runtime": lambda_.Runtime.NODEJS_LATEST}, "runtime", "give a Python runtime of 3.11 or newer"),
        ({"dead_letter_queue": "arn:aws:sqs:..."}, "dead_letter_queue", "give an sqs.IQueue"),
        ({"reserved_concurrent_executions": 0}, "reserved_concurrent_executions", "0 is not accepted: give a whole"),
        ({"reserved_concurrent_executions": True}, "reserved_concurrent_executions", "1 or more"),
        ({"tracing": "Active"}, "tracing", "'Active' is not accepted: give True or False"),
        ({"log_retension": 5}, "log_retension", "EdgeConfigurationProvider has no such argument: did you mean"),
    ],
)
def test_a_wrong_option_is_named(stack, options, path, said):
    """One fault, with the argument, the value and the fix."""
    with pytest.raises(ConfigurationError) as raised:
        EdgeConfigurationProvider(stack, "Provider", **options)
    (fault,) = raised.value.faults
    assert (fault.path, said in fault.rule) == (path, True), fault


def test_options_that_exclude_each_other_are_refused(stack):
    """A given log group has its own settings; Lambda sends to no FIFO queue."""
    with pytest.raises(ConfigurationError) as raised:
        EdgeConfigurationProvider(
            stack,
            "Provider",
            log_group=logs.LogGroup(stack, "Ours"),
            log_retention=logs.RetentionDays.ONE_DAY,
            log_removal_policy=RemovalPolicy.RETAIN,
            dead_letter_queue=sqs.Queue(stack, "Queue", fifo=True),
        )
    assert [fault.path for fault in raised.value.faults] == ["log_retention", "log_removal_policy", "dead_letter_queue"]


def test_a_provider_needs_a_scope():
    with pytest.raises(ConfigurationError, match="the provider is invalid:\n  - scope: None is not accepted"):
        EdgeConfigurationProvider(None, "Provider")


def test_cdk_nags_packs_are_satisfied_with_these_options(app, stack, declare):
    """All other findings are acknowledged with a reason, whether or not configurations may be deleted."""
    network = Stack(app, "Network")
    key = kms.Key(network, "Key", enable_key_rotation=True)
    EdgeConfigurationProvider(
        stack,
        "EdgeConfigurationProvider",
        vpc=ec2.Vpc(network, "Vpc", max_azs=1),
        encryption_key=key,
        dead_letter_queue=sqs.Queue(network, "Queue", encryption_master_key=key),
        reserved_concurrent_executions=5,
        tracing=True,
    )
    declare(stack, "A")
    declare(stack, "B", removal_policy=RemovalPolicy.DESTROY)
    assert violations(stack) == set()


def test_cdk_nags_packs_find_without_options_only_what_an_option_avoids(stack, declare):
    """The construct acknowledges nothing that a user can avoid."""
    declare(stack, "A")
    declare(stack, "B", removal_policy=RemovalPolicy.DESTROY)
    assert {rule.partition("-")[2] for rule in violations(stack)} == set(AVOIDABLE)
