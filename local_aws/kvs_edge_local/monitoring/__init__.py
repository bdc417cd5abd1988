"""CloudWatch metrics and alarms, as far as a monitor needs them.

Metrics of function logs in the embedded metric format, exact dimensions, and alarms that are evaluated each minute with
missing data. moto keeps metrics and alarms, and answers the API.
"""

from kvs_edge_local.monitoring.service import AlarmTransition, Monitoring, install

__all__ = ["AlarmTransition", "Monitoring", "install"]
