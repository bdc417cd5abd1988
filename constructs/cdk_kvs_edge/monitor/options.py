"""Options of a monitor, and their checks."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypedDict

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs

from cdk_kvs_edge.arguments import INVALID, Arguments, without_none
from cdk_kvs_edge.monitor.pacing import MINUTES
from cdk_kvs_edge.tokens import is_token
from kvs_edge_schedules import ScheduleError, time_zone

_NAME = re.compile(r"[A-Za-z0-9_.-]{1,64}")


class MonitorOptions(TypedDict, total=False):
    """Options of a monitor.

    Attributes:
        interval: Time between two reports of a stream: 1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30 or 60 minutes; 5 by
            default. 10,000 streams need 30 minutes.
        hub_time_zone: IANA name of the time zone of all hubs, or of each hub by the name of its thing. A fleet's files
            state it themselves. Without it, a stream with a schedule is UNKNOWN: AWS's API has no time zone.
        monitor_name: Name of the monitor, the dimension `Monitor` of its metrics; by default the stack's name and the
            construct's id.
        namespace: Namespace of the metrics; KvsEdge by default.
        stream_metrics: Report a metric for each stream, which costs money each month; False by default.
        hub_metrics: Report metrics for each hub, about two metrics for each; True by default. They are most of the cost
            of a large monitor. Without them, the log and the dashboard still have the counts of each hub.
        silent_after: Time without a report, while recording is due, after which a hub is silent; 2 hours by default.
        permissions_boundary: Permissions boundary of both roles.
        encryption_key: Key for the function's environment and the log group. The construct adds the statement that
            CloudWatch Logs needs to the policy of a key of this app.
        log_retention: Retention of the function's log; one month by default. The log is also the monitor's memory.
        log_removal_policy: Effect of removing the monitor on its log; DESTROY by default.
        architecture: Architecture of the function; Lambda's default is x86_64. The code is pure Python.
        runtime: Python runtime of the function, 3.11 or newer; 3.14 by default.
    """

    interval: Duration
    hub_time_zone: str | Mapping[str, str]
    monitor_name: str
    namespace: str
    stream_metrics: bool
    hub_metrics: bool
    silent_after: Duration
    permissions_boundary: iam.IManagedPolicy
    encryption_key: kms.IKey
    log_retention: logs.RetentionDays
    log_removal_policy: RemovalPolicy
    architecture: lambda_.Architecture
    runtime: lambda_.Runtime


@dataclass(frozen=True, kw_only=True)
class MonitorSettings:
    """Checked options of a monitor with their defaults."""

    interval: Duration | None = None
    hub_time_zone: str | Mapping[str, str] | None = None
    monitor_name: str | None = None
    namespace: str = "KvsEdge"
    stream_metrics: bool = False
    hub_metrics: bool = True
    silent_after: Duration | None = None
    permissions_boundary: iam.IManagedPolicy | None = None
    encryption_key: kms.IKey | None = None
    log_retention: logs.RetentionDays = logs.RetentionDays.ONE_MONTH
    log_removal_policy: RemovalPolicy = RemovalPolicy.DESTROY
    architecture: lambda_.Architecture | None = None
    runtime: lambda_.Runtime = lambda_.Runtime.PYTHON_3_14

    @classmethod
    def of(cls, options: Mapping[str, Any], arguments: Arguments) -> "MonitorSettings":
        """Return the options; `arguments` receives the faults."""
        arguments.check_names(options, ["watch", *MonitorOptions.__annotations__], "EdgeMonitor")
        given = without_none({name: options.get(name) for name in MonitorOptions.__annotations__})
        checked = {name: arguments.checked(name, value, *_CHECKS[name]) for name, value in given.items()}
        return cls(**{name: value for name, value in checked.items() if value is not INVALID})

    @property
    def interval_minutes(self) -> int:
        """Minutes between two reports of a stream."""
        return int(self.interval.to_minutes()) if self.interval else 5


def _is_interval(value: object) -> bool:
    seconds = value.to_seconds() if isinstance(value, Duration) and not value.is_unresolved() else 0
    return seconds % 60 == 0 and seconds // 60 in MINUTES


def _are_zones(value: object) -> bool:
    zones = list(value.values()) if isinstance(value, Mapping) else [value]
    try:
        return bool(zones) and all(isinstance(zone, str) and time_zone(zone) for zone in zones)
    except ScheduleError:
        return False


def _is_silence(value: object) -> bool:
    return isinstance(value, Duration) and not value.is_unresolved() and value.to_seconds() >= 60  # noqa: PLR2004


def _is_runtime(value: object) -> bool:
    found = re.fullmatch(r"python3\.(\d+)", value.name) if isinstance(value, lambda_.Runtime) else None
    return found is not None and int(found[1]) >= 11  # noqa: PLR2004


def _is_name(value: object) -> bool:
    return isinstance(value, str) and not is_token(value) and _NAME.fullmatch(value) is not None


_CHECKS: Mapping[str, tuple[Callable[[Any], bool], str]] = {
    "interval": (_is_interval, f"Duration.minutes(...) of {', '.join(map(str, MINUTES))}"),
    "hub_time_zone": (
        _are_zones,
        'an IANA time zone like "Europe/Berlin", or one for each hub like {"hub-1": "Europe/Berlin"}',
    ),
    "monitor_name": (_is_name, "a text of 1 to 64 letters, digits, '_', '.' or '-'"),
    "namespace": (
        lambda value: _is_name(value) and not value.startswith("AWS"),
        "a text of 1 to 64 letters, digits, '_', '.' or '-'",
    ),
    "stream_metrics": (lambda value: isinstance(value, bool), "True or False"),
    "hub_metrics": (lambda value: isinstance(value, bool), "True or False"),
    "silent_after": (_is_silence, "a Duration of a minute or more, like Duration.hours(2)"),
    "permissions_boundary": (
        lambda value: hasattr(value, "managed_policy_arn"),
        "an iam.IManagedPolicy, like iam.ManagedPolicy.from_managed_policy_name(self, ...)",
    ),
    "encryption_key": (lambda value: hasattr(value, "key_arn"), "a kms.IKey, like kms.Key(self, ...)"),
    "log_retention": (
        lambda value: isinstance(value, logs.RetentionDays),
        "a member of logs.RetentionDays, like logs.RetentionDays.ONE_YEAR",
    ),
    "log_removal_policy": (
        lambda value: isinstance(value, RemovalPolicy),
        "RemovalPolicy.DESTROY or RemovalPolicy.RETAIN",
    ),
    "architecture": (
        lambda value: isinstance(value, lambda_.Architecture),
        "lambda_.Architecture.X86_64 or lambda_.Architecture.ARM_64",
    ),
    "runtime": (_is_runtime, "a Python runtime of 3.11 or newer, like lambda_.Runtime.PYTHON_3_14"),
}
"""Check of each option, and what is valid."""
