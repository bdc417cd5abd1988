"""Local CloudFormation: order, events, custom resources, rollback and clean-up as AWS documents them.

`install` replaces moto's CloudFormation. The pure parts (template, parameters, conditions, intrinsics, graph,
custom_resource_response) use neither moto nor a network. `plan` computes a change set and `operations` carry one out:
`convergence` goes forward, `reversion` goes back, `removal` cleans up. `resources` creates the declared resources. Open
questions are in `assumptions`; `faults` and `deliveries` can be injected.
"""

from kvs_edge_local.cloudformation.assumptions import Assumptions
from kvs_edge_local.cloudformation.deliveries import Delivery
from kvs_edge_local.cloudformation.exchanges import Exchange, Exchanges, ReceivedResponse
from kvs_edge_local.cloudformation.faults import Fault, FaultKind
from kvs_edge_local.cloudformation.service import CloudFormation, install

__all__ = [
    "Assumptions",
    "CloudFormation",
    "Delivery",
    "Exchange",
    "Exchanges",
    "Fault",
    "FaultKind",
    "ReceivedResponse",
    "install",
]
