"""The check of one hub: its needs, compared with its Greengrass deployments."""

from kvs_edge.configuration import hub_name
from kvs_edge_gitops.aws.access import Aws
from kvs_edge_gitops.checks.hubs.gaps import Gap, gaps
from kvs_edge_gitops.checks.hubs.needs import HubNeeds


def gaps_of(needs: HubNeeds, aws: Aws) -> list[Gap]:
    """Return what the hub's effective deployments lack.

    Raises:
        AwsError: A request fails.
    """
    region = needs.hub.split(":")[3]
    return gaps(needs, aws.greengrass(region).effective_deployments(hub_name(needs.hub)))
