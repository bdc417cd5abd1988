"""Resources of the provider, and their permissions."""

import pytest
from aws_cdk import App, Stack
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs

from cdk_kvs_edge import ConfigurationError, EdgeConfigurationProvider

ENTRY = "EdgeConfigurationProviderEntry9ADB5458"
ENTRY_ROLE = "EdgeConfigurationProviderEntryRole7B6E6D16"
LOGS = "EdgeConfigurationProviderLogsC5266FEB"
STATE_MACHINE = "EdgeConfigurationProviderStateMachine8051B681"
STATE_MACHINE_ROLE = "EdgeConfigurationProviderStateMachineRoleFDE70111"
TICK = "EdgeConfigurationProviderTick77902343"
TICK_ROLE = "EdgeConfigurationProviderTickRole420163AC"
SHARED_POLICY = "EdgeStreamPermissionsPolicy1D359DEA8"

WRITE_LOGS = {
    "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
    "Effect": "Allow",
    "Resource": {"Fn::GetAtt": [LOGS, "Arn"]},
}


@pytest.fixture
def template(stack, declare, template_of):
    declare(stack)
    return template_of(stack)


def test_eight_resources_serve_a_stack_and_keep_their_logical_ids(template, resources):
    """The ServiceToken of an existing resource can't change, so the ids are public API."""
    fixed = {
        name: one["Type"]
        for name, one in template["Resources"].items()
        if one["Type"] != "Custom::KinesisVideoEdgeConfiguration"
    }
    assert fixed == {
        ENTRY: "AWS::Lambda::Function",
        ENTRY_ROLE: "AWS::IAM::Role",
        LOGS: "AWS::Logs::LogGroup",
        STATE_MACHINE: "AWS::StepFunctions::StateMachine",
        STATE_MACHINE_ROLE: "AWS::IAM::Role",
        TICK: "AWS::Lambda::Function",
        TICK_ROLE: "AWS::IAM::Role",
        SHARED_POLICY: "AWS::IAM::ManagedPolicy",
    }


def test_many_streams_share_the_eight_resources(stack, declare, template_of):
    """A stack has one provider."""
    for number in range(10):
        declare(stack, f"Edge{number}")
    assert len(template_of(stack)["Resources"]) == 8 + 10


@pytest.mark.parametrize(
    ("role", "service", "allowed"),
    [
        (
            ENTRY_ROLE,
            "lambda.amazonaws.com",
            [
                {"Action": ["states:StartExecution"], "Effect": "Allow", "Resource": {"Ref": STATE_MACHINE}},
                WRITE_LOGS,
            ],
        ),
        (TICK_ROLE, "lambda.amazonaws.com", [WRITE_LOGS]),
        (
            STATE_MACHINE_ROLE,
            "states.amazonaws.com",
            [
                {
                    "Action": ["lambda:InvokeFunction"],
                    "Effect": "Allow",
                    "Resource": {"Fn::GetAtt": [TICK, "Arn"]},
                }
            ],
        ),
    ],
)
def test_each_role_may_do_this_and_nothing_else(template, role, service, allowed):
    """The entry starts executions, the machine invokes the tick, and each function writes its log."""
    properties = template["Resources"][role]["Properties"]
    (trust,) = properties["AssumeRolePolicyDocument"]["Statement"]
    (policy,) = properties["Policies"]
    assert trust == {"Action": "sts:AssumeRole", "Effect": "Allow", "Principal": {"Service": service}}
    assert policy["PolicyDocument"] == {"Version": "2012-10-17", "Statement": allowed}
    assert set(properties) == {"AssumeRolePolicyDocument", "Description", "Policies"}


def test_the_functions_are_small_and_know_only_what_they_need(template):
    """Same zip, two entry points; the state machine is all that the entry has to be told."""
    entry, tick = (template["Resources"][name]["Properties"] for name in (ENTRY, TICK))
    assert entry["Code"] == tick["Code"]
    assert (entry["Handler"], tick["Handler"]) == ("kvs_edge.entry.handler", "kvs_edge.tick.handler")
    assert (entry["MemorySize"], tick["MemorySize"]) == (128, 128)
    assert (entry["Timeout"], tick["Timeout"]) == (60, 360)
    assert entry["Environment"]["Variables"] == {"STATE_MACHINE_ARN": {"Ref": STATE_MACHINE}}
    assert "Environment" not in tick
    assert entry["LoggingConfig"] == tick["LoggingConfig"] == {"LogGroup": {"Ref": LOGS}}


@pytest.mark.parametrize(
    ("retention", "days"), [(None, 90), (logs.RetentionDays.ONE_YEAR, 365), (logs.RetentionDays.INFINITE, None)]
)
def test_logs_are_kept_as_long_as_asked_for(stack, template_of, only, retention, days):
    """Three months unless said otherwise; and the logs go with the stack."""
    options = {} if retention is None else {"log_retention": retention}
    EdgeConfigurationProvider(stack, "Provider", **options)
    group = only(template_of(stack), "AWS::Logs::LogGroup")
    assert group.get("Properties", {}).get("RetentionInDays") == days
    assert group["DeletionPolicy"] == "Delete"


def test_a_permissions_boundary_bounds_all_roles(stack, template_of, resources):
    """No role escapes the boundary."""
    boundary = iam.ManagedPolicy.from_aws_managed_policy_name("PowerUserAccess")
    EdgeConfigurationProvider(stack, "Provider", permissions_boundary=boundary)
    roles = resources(template_of(stack), "AWS::IAM::Role").values()
    assert len(roles) == 3
    assert all("PowerUserAccess" in str(role["Properties"]["PermissionsBoundary"]) for role in roles)


def test_a_key_encrypts_environment_logs_and_executions(stack, template_of, resources, only):
    """Each part with data at rest uses the key, and each reader may decrypt."""
    key = kms.Key(stack, "Key")
    EdgeConfigurationProvider(stack, "Provider", encryption_key=key)

    template = template_of(stack)

    arn = stack.resolve(key.key_arn)
    functions = resources(template, "AWS::Lambda::Function").values()
    machine = only(template, "AWS::StepFunctions::StateMachine")["Properties"]
    assert [function["Properties"]["KmsKeyArn"] for function in functions] == [arn, arn]
    assert only(template, "AWS::Logs::LogGroup")["Properties"]["KmsKeyId"] == arn
    assert machine["EncryptionConfiguration"] == {"Type": "CUSTOMER_MANAGED_KMS_KEY", "KmsKeyId": arn}
    rights = {
        name: [
            statement["Action"]
            for statement in role["Properties"]["Policies"][0]["PolicyDocument"]["Statement"]
            if statement["Resource"] == arn
        ]
        for name, role in resources(template, "AWS::IAM::Role").items()
    }
    assert sorted(rights.values()) == [
        [["kms:Decrypt"]],
        [["kms:Decrypt"]],
        [["kms:Decrypt", "kms:GenerateDataKey"]],
    ]
    for_logs = only(template, "AWS::KMS::Key")["Properties"]["KeyPolicy"]["Statement"][-1]
    assert "logs." in str(for_logs["Principal"])
    assert "kms:EncryptionContext:aws:logs:arn" in for_logs["Condition"]["ArnLike"]


def test_in_a_vpc_the_functions_have_interfaces_and_no_more_rights_than_those_take(stack, template_of, resources):
    """One security group for both, and the network's rights in place of a managed policy's."""
    vpc = ec2.Vpc(stack, "Vpc", max_azs=2, nat_gateways=1)
    EdgeConfigurationProvider(
        stack,
        "Provider",
        vpc=vpc,
        vpc_subnets=ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_WITH_EGRESS),
    )

    template = template_of(stack)

    functions = resources(template, "AWS::Lambda::Function").values()
    assert len(resources(template, "AWS::EC2::SecurityGroup")) == 1
    assert all(len(one["Properties"]["VpcConfig"]["SubnetIds"]) == 2 for one in functions)
    assert all("DependsOn" in one for one in functions)
    roles = resources(template, "AWS::IAM::Role")
    wide = [
        statement
        for role in roles.values()
        for statement in role["Properties"].get("Policies", [{"PolicyDocument": {"Statement": []}}])[0][
            "PolicyDocument"
        ]["Statement"]
        if statement["Resource"] == "*"
    ]
    assert len(wide) == 2
    assert all(action.startswith("ec2:") for statement in wide for action in statement["Action"])


def test_subnets_without_a_vpc_are_refused(stack):
    """A network option alone means nothing, so it is no option to pass over."""
    with pytest.raises(ConfigurationError, match="vpc_subnets: it needs a VPC: set vpc as well"):
        EdgeConfigurationProvider(stack, "Provider", vpc_subnets=ec2.SubnetSelection())


def test_a_provider_with_the_default_id_is_the_stacks_default(stack, declare, template_of, only):
    """So one line changes the options of what a stack would make by itself."""
    EdgeConfigurationProvider(stack, "EdgeConfigurationProvider", log_retention=logs.RetentionDays.ONE_DAY)
    declare(stack)
    template = template_of(stack)
    assert only(template, "AWS::Logs::LogGroup")["Properties"]["RetentionInDays"] == 1
    assert set(template["Resources"]) >= {ENTRY, SHARED_POLICY}


def test_providers_of_ones_own_are_shared_and_keep_their_streams_apart(stack, declare, template_of, resources):
    """Each provider's role reaches the streams that were given to it."""
    first, second = (EdgeConfigurationProvider(stack, name) for name in ("First", "Second"))
    declare(stack, "A", provider=first)
    declare(stack, "B", provider=first)
    declare(stack, "C", provider=second)

    template = template_of(stack)

    assert len(resources(template, "AWS::Lambda::Function")) == 4
    policies = resources(template, "AWS::IAM::ManagedPolicy").values()
    streams = {
        str(policy["Properties"]["Roles"]): str(policy["Properties"]["PolicyDocument"]).count("stream/")
        for policy in policies
    }
    assert sorted(streams.values()) == [1, 2]


def test_a_provider_serves_other_stacks_without_a_circle(declare):
    """The streams' policies are in the stacks that use it, which depend on the provider's stack only."""
    app = App()
    central = Stack(app, "Central")
    provider = EdgeConfigurationProvider(central, "Provider")
    sites = [Stack(app, name) for name in ("SiteA", "SiteB")]
    for site in sites:
        declare(site, provider=provider)

    assembly = app.synth()

    for site in ("SiteA", "SiteB"):
        artifact = assembly.get_stack_by_name(site)
        resources = artifact.template["Resources"]
        types = sorted(one["Type"] for one in resources.values())
        assert types == ["AWS::IAM::ManagedPolicy", "Custom::KinesisVideoEdgeConfiguration"]
        assert "Fn::ImportValue" in str(resources)
    assert "stream/" not in str(assembly.get_stack_by_name("Central").template)


STAY = {5: "960", 6: "15"}
"""The seconds by the number of edge configurations: the last that may stay, and the first too many."""


def stay_seconds(template, only):
    machine = only(template, "AWS::StepFunctions::StateMachine")["Properties"]
    return machine["DefinitionSubstitutions"]["StaySeconds"]


@pytest.mark.parametrize("count", STAY)
def test_ticks_stay_in_a_small_stack_only(stack, declare, template_of, only, count):
    """A tick that sleeps holds one of the account's concurrent executions, of which a new account has ten."""
    for number in range(count):
        declare(stack, f"Edge{number}")
    assert stay_seconds(template_of(stack), only) == STAY[count]


@pytest.mark.parametrize("count", STAY)
def test_the_streams_of_all_stacks_that_share_a_provider_are_counted(declare, only, count):
    """Their ticks are executions of one function, in one account; stacks that are made later count as well."""
    app = App()
    provider = EdgeConfigurationProvider(Stack(app, "Central"), "Provider")
    for number in range(count):
        declare(Stack(app, f"Site{number}"), f"Edge{number}", provider=provider)
    assert stay_seconds(app.synth().get_stack_by_name("Central").template, only) == STAY[count]


def test_a_provider_of_ones_own_counts_its_own_streams(stack, declare, template_of, resources):
    """Another provider has its own functions."""
    provider = EdgeConfigurationProvider(stack, "Own")
    for number in range(8):
        declare(stack, f"Edge{number}", provider=provider if number < 2 else None)
    machines = resources(template_of(stack), "AWS::StepFunctions::StateMachine")
    stays = {name[:3]: one["Properties"]["DefinitionSubstitutions"]["StaySeconds"] for name, one in machines.items()}
    assert stays == {"Own": "960", "Edg": "15"}


@pytest.mark.parametrize(("count", "seconds"), [(1, "2"), (39, "3"), (60, "6"), (2000, "150")])
def test_the_retries_of_a_throttled_stack_are_spread_over_the_time_of_its_starts(
    stack, template_of, only, count, seconds
):
    """The service takes ten Starts per second; CloudFormation fills in a number, not a text."""
    provider = EdgeConfigurationProvider(stack, "Own")
    for _ in range(count):
        provider.register(provider, 1200)
    machine = only(template_of(stack), "AWS::StepFunctions::StateMachine")["Properties"]
    assert machine["DefinitionSubstitutions"]["BackoffSeconds"] == seconds
    assert '"IntervalSeconds":${BackoffSeconds}' in str(machine["DefinitionString"])
