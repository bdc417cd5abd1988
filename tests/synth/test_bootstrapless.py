"""Stacks without the CDK's bootstrap resources, as docs/runbook.md describes them."""

import pytest
from aws_cdk import App, BootstraplessSynthesizer, Stack

from cdk_kvs_edge import EdgeConfigurationProvider, StreamEdgeConfiguration

HUB = "arn:aws:iot:eu-west-1:123456789012:thing/hub"
SECRET = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:camera-aBcDeF"


def _declare(stack: Stack, provider: EdgeConfigurationProvider | None) -> None:
    StreamEdgeConfiguration(
        stack, "Edge", stream="dock", hub_device_arn=HUB, media_uri_secret=SECRET, provider=provider
    )


@pytest.fixture
def app(tmp_path) -> App:
    return App(analytics_reporting=False, outdir=str(tmp_path))


def test_a_stack_that_is_bootstrapless_takes_the_provider_of_another(app):
    """The zip of the functions is the only asset, and it belongs to the provider's stack."""
    provider = EdgeConfigurationProvider(Stack(app, "Provider"), "Provider")
    _declare(Stack(app, "Site", synthesizer=BootstraplessSynthesizer()), provider)
    template = app.synth().get_stack_by_name("Site").template
    types = {resource["Type"] for resource in template["Resources"].values()}
    assert types == {"Custom::KinesisVideoEdgeConfiguration", "AWS::IAM::ManagedPolicy"}


def test_its_own_provider_is_what_the_cdk_refuses(app):
    """The runbook quotes the message."""
    with pytest.raises(RuntimeError, match="Cannot add assets to a Stack that uses the BootstraplessSynthesizer"):
        _declare(Stack(app, "Site", synthesizer=BootstraplessSynthesizer()), None)
