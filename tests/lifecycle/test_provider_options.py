"""A provider with all its options is deployed, and works."""

import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sqs as sqs
from botocore.exceptions import ClientError

from cdk_kvs_edge import EdgeConfigurationProvider, StreamEdgeConfiguration
from support.declarations import media_secret


@pytest.fixture
def declare(stack):
    """Return a function that declares an edge configuration with a provider in a VPC."""

    def declare(scope, vpc, **options):
        key = kms.Key(scope, "Key", enable_key_rotation=True)
        provider = EdgeConfigurationProvider(
            scope,
            "EdgeConfigurationProvider",
            vpc=vpc,
            encryption_key=key,
            dead_letter_queue=sqs.Queue(scope, "Queue", encryption_master_key=key),
            reserved_concurrent_executions=5,
            tracing=True,
            **options,
        )
        secret = media_secret(region=stack.site.region)
        StreamEdgeConfiguration(
            scope, "Edge", stream=stack.stream, hub_device_arn=stack.hub, media_uri_secret=secret, provider=provider
        )

    return declare


def test_a_provider_with_a_key_a_queue_and_an_imported_vpc_is_deployed(stack, declare):
    """The services have the key, the queue and the VPC's ids."""

    def declare_all(scope):
        vpc = ec2.Vpc.from_vpc_attributes(
            scope, "Vpc", vpc_id="vpc-1", availability_zones=["eu-central-1a"], private_subnet_ids=["subnet-1"]
        )
        groups = [ec2.SecurityGroup.from_security_group_id(scope, "Group", "sg-1")]
        declare(scope, vpc, security_groups=groups)

    assert stack.create(stack.own_template(declare_all)) == "CREATE_COMPLETE", stack.reason()
    configuration = stack.site.client("lambda").get_function_configuration(FunctionName=stack.function("Tick"))
    assert ":key/" in configuration["KMSKeyArn"]
    assert ":sqs:" in configuration["DeadLetterConfig"]["TargetArn"]
    assert configuration["VpcConfig"]["SubnetIds"] == ["subnet-1"]
    assert stack.delete() == "DELETE_COMPLETE"


def test_a_new_vpc_is_refused_with_what_to_do_instead(stack, declare):
    """Before anything is created; all unsupported types are named."""
    template = stack.own_template(lambda scope: declare(scope, ec2.Vpc(scope, "Vpc", max_azs=1)))
    with pytest.raises(ClientError) as refused:
        stack.begin_create(template)
    message = str(refused.value)
    assert "AWS::EC2::InternetGateway, " in message
    assert "ec2.Vpc.from_vpc_attributes and ec2.SecurityGroup.from_security_group_id with any ids" in message
