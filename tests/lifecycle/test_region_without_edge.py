"""A region with Kinesis Video Streams, but without its edge operations."""

import pytest
from aws_cdk import RemovalPolicy


@pytest.fixture(scope="module")
def region() -> str:
    return "af-south-1"


@pytest.fixture(scope="module")
def hub_region() -> str:
    """Return another region: synthesis would refuse a hub of this one."""
    return "eu-central-1"


def test_a_region_without_edge_configurations_is_named(stack):
    """Fail RegionNotSupported on a Create, before any call; its Delete is Done."""
    assert stack.create(removal_policy=RemovalPolicy.DESTROY) == "ROLLBACK_COMPLETE"
    assert "RegionNotSupported: Kinesis Video Streams has no edge configurations in af-south-1" in stack.reason()
    assert [exchange.response.succeeded for exchange in stack.exchanges("Delete")] == [True]
    assert stack.aws.edge.calls(stream=stack.stream) == ()
