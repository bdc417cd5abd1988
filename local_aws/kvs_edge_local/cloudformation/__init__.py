"""CloudFormation, on this machine: order, events, custom resources, roll back and clean-up as AWS documents them.

`install` puts it in the place of moto's. The pure parts (template, parameters, conditions, intrinsics, graph,
answers) know neither moto nor a network; `plan` works out a change set, `operations` carry one out, with
`convergence` going forward, `reversion` going back and `removal` cleaning up; `resources` make what is declared.
Open questions are in `assumptions`; `faults` and `deliveries` can be ordered.
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
