"""Policy sizes: counted as IAM counts them, and never too low."""

import json

import pytest
from aws_cdk import Stack
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_kms as kms

from cdk_kvs_edge import EdgeConfigurationProvider
from cdk_kvs_edge.policy_size import ROLE_CHARACTERS, RolePolicyQuota, document_characters, longest_arn

PATTERN = "arn:${AWS::Partition}:kinesisvideo:${AWS::Region}:${AWS::AccountId}:stream/NAME/*"
LONGEST_LOG_GROUP_ARN = f"arn:aws-us-gov:logs:us-gov-east-1:123456789012:log-group:{'g' * 512}:*"
KEY_ARN = f"arn:aws-us-gov:kms:us-gov-east-1:123456789012:key/{'k' * 36}"


def test_white_space_does_not_count():
    """A policy is as long as its text without any white space."""
    assert document_characters([]) == len('{"Version":"2012-10-17","Statement":[]}')


@pytest.mark.parametrize("partition", ["aws", "aws-cn", "aws-us-gov", "aws-iso-f", "aws-eusc"])
@pytest.mark.parametrize("region", ["us-east-1", "ap-southeast-5", "us-isof-south-1", "eusc-de-east-1"])
def test_what_is_not_known_is_counted_at_its_longest(partition, region):
    """Wherever it is deployed, the ARN is not longer than was counted."""
    arn = f"arn:{partition}:kinesisvideo:{region}:123456789012:stream/camera/*"
    assert len(arn) <= len(longest_arn(PATTERN, "camera"))
    assert len(longest_arn(PATTERN, None)) == len(longest_arn(PATTERN, 256 * "n"))


def test_what_the_role_brings_along_fits_what_is_set_aside_for_it(template_of, resources):
    """With a VPC, a key and the longest name of a log group."""
    stack = Stack(None, "Test")
    provider = EdgeConfigurationProvider(
        stack, "Provider", vpc=ec2.Vpc(stack, "Vpc"), encryption_key=kms.Key(stack, "Key")
    )
    template = template_of(stack)
    role = template["Resources"][stack.resolve(provider.tick_role_name)["Ref"]]
    (policy,) = role["Properties"]["Policies"]
    text = json.dumps(policy["PolicyDocument"], separators=(",", ":"))
    for statement in policy["PolicyDocument"]["Statement"]:
        reference = json.dumps(statement["Resource"], separators=(",", ":"))
        arn = KEY_ARN if "Key" in reference else LONGEST_LOG_GROUP_ARN
        if reference != '"*"':
            text = text.replace(reference, f'"{arn}"')
    assert LONGEST_LOG_GROUP_ARN in text
    assert len(text) <= ROLE_CHARACTERS


def test_what_found_no_room_is_not_overtaken():
    """The error names the first that does not fit, and all after it are to move."""
    room = RolePolicyQuota(inline_left=100)
    for characters, name in ((60, "A"), (60, "B"), (10, "C")):
        if not room.reserve_inline(characters):
            room.inline_rejected.append(name)
    (fault,) = room.faults()
    assert "room for 1 of the 3" in fault
    assert "from B on" in fault
