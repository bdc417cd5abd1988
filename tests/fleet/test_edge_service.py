"""The client of the commands for Kinesis Video Streams, on the local AWS."""

import boto3
import pytest
from botocore.stub import Stubber

from kvs_edge.configuration import Stream
from kvs_edge.observed import Absent, Found, StreamAbsent
from kvs_edge_gitops.aws.access import Aws
from kvs_edge_gitops.aws.arguments import Settings
from kvs_edge_gitops.aws.calls import Calls
from kvs_edge_gitops.aws.edge_client import EdgeClient
from kvs_edge_gitops.errors import AwsError

REGION = "eu-west-1"


@pytest.fixture
def edge(aws):
    return Aws(Settings()).edge()


def test_a_stream_is_absent_has_no_configuration_or_has_one(edge, make_stream, start, edge_config):
    """Not found is an answer, and which of the two is told apart."""
    bare, configured = make_stream(), make_stream()
    start(configured, edge_config())
    seen = edge.describe_all([Stream("nobody"), Stream(bare), Stream(configured)])
    assert [one.observed for one in seen[:2]] == [StreamAbsent(), Absent()]
    assert isinstance(seen[2].observed, Found)
    assert seen[2].observed.stream_name == configured


def test_all_pages_of_a_hub_are_read(edge, make_stream, start, edge_config, hub, aws):
    """Sixteen streams are two pages of ten."""
    names = [make_stream() for _ in range(16)]
    for name in names:
        start(name, edge_config())
    assert sorted(one.stream_name for one in edge.on_hub(hub)) == sorted(names)
    pages = [call for call in aws.edge.calls() if call.operation == "ListEdgeAgentConfigurations"]
    assert len(pages) == 2


def test_a_region_without_the_api_is_refused_before_any_call(aws):
    """The sentence names the region, and those that have it."""
    with pytest.raises(AwsError, match=r"no edge configurations in af-south-1; use one of .*eu-west-1"):
        Aws(Settings(region="af-south-1")).edge()


def test_the_account_is_that_of_the_credentials(aws):
    """As STS tells it."""
    assert Aws(Settings()).account == "123456789012"


def test_a_sync_status_that_is_new_in_the_api_is_told(hub, edge_config):
    """Instead of a traceback: AWS may add one, and botocore passes it on."""
    client = boto3.client("kinesisvideo", REGION, aws_access_key_id="a", aws_secret_access_key="b")
    answer = {"EdgeConfigs": [{"StreamName": "dock", "SyncStatus": "PAUSED", "EdgeConfig": edge_config()}]}
    with Stubber(client) as stub:
        stub.add_response("list_edge_agent_configurations", answer)
        with pytest.raises(
            AwsError, match="stream dock has the sync status PAUSED, which this version of kvs-edge does not know"
        ):
            EdgeClient(client, REGION, Calls()).on_hub(hub)
