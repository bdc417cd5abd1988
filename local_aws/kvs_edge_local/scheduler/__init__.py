"""EventBridge Scheduler: moto keeps the schedules, and here they run on the local AWS's clock."""

from kvs_edge_local.scheduler.service import Invocation, Scheduler, install

__all__ = ["Invocation", "Scheduler", "install"]
