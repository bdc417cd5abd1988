"""Edge configurations of a whole fleet, read from files."""

from cdk_kvs_edge.fleet.edge_fleet import EdgeFleet, FleetOptions
from cdk_kvs_edge.fleet.references import Referable
from cdk_kvs_edge.fleet.stacks import StackOptions

__all__ = ["EdgeFleet", "FleetOptions", "Referable", "StackOptions"]
