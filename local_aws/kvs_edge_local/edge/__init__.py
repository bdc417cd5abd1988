"""Local edge configurations of Amazon Kinesis Video Streams.

`install(clock)` makes moto serve them and returns the `LocalEdgeService`, which sets hubs, injects faults and returns
histories. `EdgeApi` answers them before moto, for a fraction of the CPU. `LocalEdgeService` itself is independent of
moto and HTTP.
"""

from kvs_edge_local.edge.agent import AgentBehaviour, DiskFull, Healthy, RecorderFails, Silent, UploaderFails
from kvs_edge_local.edge.assumptions import Assumptions
from kvs_edge_local.edge.configuration import JobStatus
from kvs_edge_local.edge.faults import Fault
from kvs_edge_local.edge.history import Call, History
from kvs_edge_local.edge.hub import Behaviour, Failing, Offline, Online, Slow
from kvs_edge_local.edge.lifecycle import SyncStatus
from kvs_edge_local.edge.on_moto.edge_api import EdgeApi
from kvs_edge_local.edge.on_moto.installation import install, uninstall
from kvs_edge_local.edge.service import LocalEdgeService, Settings

__all__ = [
    "AgentBehaviour",
    "Assumptions",
    "Behaviour",
    "Call",
    "DiskFull",
    "EdgeApi",
    "Failing",
    "Fault",
    "Healthy",
    "History",
    "JobStatus",
    "LocalEdgeService",
    "Offline",
    "Online",
    "RecorderFails",
    "Settings",
    "Silent",
    "Slow",
    "SyncStatus",
    "UploaderFails",
    "install",
    "uninstall",
]
