"""Lambda functions that run: their own zip, under AWS's runtime client, one process per worker.

`install` replaces moto's Lambda; `Lambdas` is the interface for the rest of the local AWS and its tests.
"""

from kvs_edge_local.lambdas.call_faults import CallFault
from kvs_edge_local.lambdas.faults import Fault
from kvs_edge_local.lambdas.invocation import InvocationResult
from kvs_edge_local.lambdas.journal import LogLine, ReceivedEvent
from kvs_edge_local.lambdas.service import DEFAULT_ACCOUNT_CONCURRENCY, Lambdas, install

__all__ = [
    "DEFAULT_ACCOUNT_CONCURRENCY",
    "CallFault",
    "Fault",
    "InvocationResult",
    "Lambdas",
    "LogLine",
    "ReceivedEvent",
    "install",
]
