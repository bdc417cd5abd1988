"""ARNs in Python: of the stack's region and account, and whole."""

import pytest
from aws_cdk import Aws, Environment, Stack
from aws_cdk import aws_secretsmanager as secretsmanager

from cdk_kvs_edge import Acknowledgement, ConfigurationError, EdgeFleet
from support.declarations import hub_arn, media_secret, stream_arn

HERE = Environment(account="123456789012", region="us-west-2")
ELSEWHERE = "eu-west-1, but this stack is for region us-west-2; use an ARN of that region, or a separate stack"


@pytest.fixture
def here(app):
    """Return a stack whose account and region are known."""
    return Stack(app, "Here", env=HERE)


@pytest.mark.parametrize(
    ("argument", "value", "said"),
    [
        ("stream", stream_arn(region="eu-west-1"), f"the stream is in region {ELSEWHERE}"),
        ("stream", stream_arn(region="us-west-2", account="111122223333"), "in account 111122223333, but"),
        ("hub_device_arn", hub_arn(region="eu-west-1"), f"the hub is in region {ELSEWHERE}"),
        # The numbers of tokens differ between the workers of pytest-xdist, and ids must not.
        pytest.param(
            "hub_device_arn", f"arn:{Aws.PARTITION}:iot:eu-west-1:{Aws.ACCOUNT_ID}:thing/hub", ELSEWHERE, id="token"
        ),
        (
            "media_uri_secret",
            media_secret(region="eu-west-1"),
            f"the secret is in region {ELSEWHERE}",
        ),
    ],
)
def test_an_arn_of_another_region_or_account_is_a_fault(here, declare, argument, value, said):
    """The same rule as in files: a deployment would end in AccessDenied."""
    with pytest.raises(ConfigurationError) as raised:
        declare(here, **{argument: value})
    (fault,) = raised.value.faults
    assert fault.path == argument
    assert said in fault.rule


def test_without_a_known_environment_only_a_wrong_region_is_a_fault(stack, declare):
    """The stack may be deployed to the ARN's region; there is no region eu-wset-1."""
    declare(stack, hub_device_arn=hub_arn(region="eu-west-1"))
    with pytest.raises(ConfigurationError, match=r"eu-wset-1 is not a region of AWS; did you mean eu-west-1\?"):
        declare(stack, "Again", hub_device_arn=hub_arn(region="eu-wset-1"))


def test_each_stream_of_a_fleet_is_compared_with_the_stacks_environment(here, write, request_for):
    """A file that states no region leaves it to the stack; the values of its second stream are not checked again."""
    directory = write("site.json", {"streams": [request_for("a"), request_for("b", hub_arn(region="eu-west-1"))]})
    with pytest.raises(
        ConfigurationError, match="the hub is in region eu-west-1, but this stack is for region us-west-2"
    ):
        EdgeFleet.from_directory(here, "Fleet", directory)


def test_a_partial_secret_arn_is_a_warning(here, declare, warnings):
    """AWS does not document that a hub finds a secret by it. A user who knows can acknowledge the warning."""
    by_name = secretsmanager.Secret.from_secret_name_v2(here, "ByName", "camera")
    declare(here, "Partial", media_uri_secret=by_name)
    ((path, text),) = warnings(here)
    assert path == "/Here/Partial"
    assert text.startswith("media_uri_secret: the secret's ARN does not end in a hyphen and six characters")
    assert text.endswith("write the full ARN [ack: SecretArnPartial]")


def test_a_full_or_acknowledged_secret_arn_is_not(here, declare, warnings):
    """A resource's ARN is known at deployment, and whole."""
    by_name = secretsmanager.Secret.from_secret_name_v2(here, "ByName", "camera")
    seen = Acknowledgement(code="SecretArnPartial", reason="It records.")
    declare(here, "Accepted", media_uri_secret=by_name, acknowledge=[seen])
    declare(here, "Resource", media_uri_secret=secretsmanager.Secret(here, "Secret"))
    declare(here, "Full", media_uri_secret=media_secret(region="us-west-2"))
    assert warnings(here) == []
