"""Monitor of streams: health as metrics, alarms, events and a dashboard."""

from cdk_kvs_edge.monitor.edge_monitor import EdgeMonitor
from cdk_kvs_edge.monitor.options import MonitorOptions

__all__ = ["EdgeMonitor", "MonitorOptions"]
