"""Construct of a monitor of streams."""

from collections.abc import Mapping, Sequence
from typing import Any, Unpack

from aws_cdk import Duration, Stack, Tags, Validations
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_scheduler as scheduler
from constructs import Construct

from cdk_kvs_edge import acknowledgements
from cdk_kvs_edge.arguments import Arguments, check_scope
from cdk_kvs_edge.footage import warn
from cdk_kvs_edge.handler_asset import HandlerAsset
from cdk_kvs_edge.log_group import create_log_group
from cdk_kvs_edge.monitor.alarms import MonitorAlarms
from cdk_kvs_edge.monitor.dashboard import create_dashboard
from cdk_kvs_edge.monitor.options import MonitorOptions, MonitorSettings
from cdk_kvs_edge.monitor.pacing import MAX_CALLS_PER_SECOND, Pacing, calls_of
from cdk_kvs_edge.monitor.roles import MonitorRoles
from cdk_kvs_edge.monitor.watched import Watchable, WatchedHub, watched_hubs, zone_warnings
from cdk_kvs_edge.tokens import is_token
from kvs_edge_monitor.changes import DETAIL_TYPE, SOURCE

_MEMORY_MIB = 256
_MAX_INPUT_CHARACTERS = 250_000
"""EventBridge Scheduler and an asynchronous invocation of Lambda take 256 KB."""
_TAG = "kvs-edge:monitor"


class EdgeMonitor(MonitorAlarms, Construct):
    """Monitor of streams: a function on a schedule that reads their health, and reports it as metrics and events.

    IN_SYNC says that the hub has the configuration, not that the camera records. The monitor reads what the hub's agent
    last reported, compares it with what the schedule demands now, and counts the streams by kind of health. It watches
    streams of any stack in its account and region. It has no database: its log is its memory.

    Example:
        ```python
        monitor = EdgeMonitor(stack, "Monitor", watch=[fleet])
        monitor.alarm_on_unhealthy("Unhealthy", SnsAction(topic))
        monitor.alarm_on_silence("Silent", SnsAction(topic))
        monitor.on_health_change("Changes", target=SnsTopic(topic))
        monitor.add_dashboard()
        ```

    Attributes:
        monitor_name: Name of the monitor, the dimension `Monitor` of its metrics.
        namespace: Namespace of its metrics.
        function_name: Name of its function, for alarms on Errors.
        log_group_name: Log group of its function.
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, watch: Sequence[Watchable], **options: Unpack[MonitorOptions]
    ) -> None:
        """Create the monitor.

        Args:
            scope: A stack, or a construct in a stack.
            construct_id: Id of the construct.
            watch: Edge configurations, fleets, stacks (with the edge configurations that they have by now), and hubs:
                things or their ARNs, with all of their streams.
            options: See `MonitorOptions`.

        Raises:
            ConfigurationError: The arguments have faults; the error lists all, each with argument, value and rule.
        """
        check_scope("monitor", scope, construct_id)
        arguments = Arguments()
        settings = MonitorSettings.of(options, arguments)
        stack = Stack.of(scope)
        hubs = _hubs(stack, watch, settings, arguments)
        pacing = Pacing(settings.interval_minutes, calls_of([_count(hub) for hub in hubs]))
        _check(pacing, hubs, arguments)
        arguments.raise_faults("the monitor is invalid:")
        super().__init__(scope, construct_id)
        warn(self, zone_warnings(hubs))
        self.monitor_name: str = settings.monitor_name or _default_name(stack, construct_id)
        self.namespace: str = settings.namespace
        self._interval_minutes = settings.interval_minutes
        self._parts = pacing.parts
        self._hub_names = tuple(hub.name for hub in hubs)
        self._has_stream_metrics = settings.stream_metrics
        self._has_hub_metrics = settings.hub_metrics
        self._settings = settings
        log_group = create_log_group(self, settings.encryption_key, settings.log_retention, settings.log_removal_policy)
        roles = MonitorRoles(self, settings, self.monitor_name)
        function = self._create_function(roles.function_role(hubs, log_group), log_group, hubs, pacing)
        schedule_role = roles.schedule_role(function.attr_arn)
        for number, expression in enumerate(pacing.expressions()):
            order = self._order(hubs[number :: pacing.parts], pacing)
            self._create_schedule(number, expression, stack.to_json_string(order), function, schedule_role)
        self.function_name: str = function.ref
        self.log_group_name: str = log_group.log_group_name
        Tags.of(self).add(_TAG, self.monitor_name)

    def add_dashboard(self, construct_id: str = "Dashboard") -> cloudwatch.Dashboard:
        """Create a dashboard: streams by kind of health, hubs and problems with the worst first, the agents' metrics.

        Args:
            construct_id: Id of the dashboard.
        """
        return create_dashboard(
            self,
            construct_id,
            self,
            self.log_group_name,
            Duration.minutes(self._interval_minutes),
            has_hub_metrics=self._has_hub_metrics,
        )

    def on_health_change(
        self, construct_id: str, *, target: events.IRuleTarget | None = None, unhealthy_only: bool = True
    ) -> events.Rule:
        """Create a rule for the events of this monitor: one for each change of a stream's health.

        The event's detail has stream, hub, health, previous, since, reason, command, and text: all of it in a sentence.

        Args:
            construct_id: Id of the rule.
            target: Target of the events, such as `targets.SnsTopic(topic)`.
            unhealthy_only: Only changes to or from an unhealthy kind; False also for every start of a window.
        """
        detail: dict[str, Any] = {"monitor": [self.monitor_name]}
        if unhealthy_only:
            detail["alert"] = [True]
        pattern = events.EventPattern(source=[SOURCE], detail_type=[DETAIL_TYPE], detail=detail)
        description = f"Changes of health that the monitor {self.monitor_name} sees"
        return events.Rule(
            self,
            construct_id,
            description=description,
            event_pattern=pattern,
            targets=None if target is None else [target],
        )

    def _create_function(
        self, role: iam.CfnRole, log_group: logs.LogGroup, hubs: Sequence[WatchedHub], pacing: Pacing
    ) -> lambda_.CfnFunction:
        settings = self._settings
        key, architecture = settings.encryption_key, settings.architecture
        zones = frozenset(hub.zone for hub in hubs if hub.zone)
        function = lambda_.CfnFunction(
            self,
            "Function",
            description=f"Reads the health of the streams of the monitor {self.monitor_name}",
            code=HandlerAsset(self, "Code", monitor_zones=zones).property,
            handler="kvs_edge_monitor.entry.handler",
            runtime=settings.runtime.name,
            architectures=[architecture.name] if architecture else None,
            role=role.attr_arn,
            memory_size=_MEMORY_MIB,
            timeout=pacing.timeout_seconds,
            logging_config={"logGroup": log_group.log_group_name},
            kms_key_arn=key.key_arn if key else None,
        )
        # The next invocation does what a failed one did not: a retry would be late, and cost calls.
        invocations = lambda_.CfnEventInvokeConfig(
            self,
            "Invocations",
            function_name=function.ref,
            qualifier="$LATEST",
            maximum_retry_attempts=0,
            maximum_event_age_in_seconds=max(60, settings.interval_minutes * 60),
        )
        for resource in (function, invocations):
            Validations.of(resource).acknowledge(*acknowledgements.MONITOR_FUNCTION)
        return function

    def _create_schedule(
        self, number: int, expression: str, order: str, function: lambda_.CfnFunction, role: iam.CfnRole
    ) -> None:
        part = f", part {number + 1} of {self._parts}" if self._parts > 1 else ""
        scheduler.CfnSchedule(
            self,
            "Schedule" if number == 0 else f"Schedule{number + 1}",
            description=f"Invokes the monitor {self.monitor_name}{part}",
            schedule_expression=expression,
            flexible_time_window={"mode": "OFF"},
            target={
                "arn": function.attr_arn,
                "roleArn": role.attr_arn,
                "input": order,
                "retryPolicy": {"maximumRetryAttempts": 0, "maximumEventAgeInSeconds": 60},
            },
        )

    def _order(self, hubs: Sequence[WatchedHub], pacing: Pacing) -> Mapping[str, object]:
        silence = self._settings.silent_after
        return {
            "monitor": self.monitor_name,
            "namespace": self.namespace,
            "intervalSeconds": self._interval_minutes * 60,
            "callsPerSecond": pacing.calls_per_second,
            "streamMetrics": self._settings.stream_metrics,
            **({} if self._settings.hub_metrics else {"hubMetrics": False}),
            **({"silenceSeconds": silence.to_seconds()} if silence else {}),
            "hubs": [_entry(hub) for hub in hubs],
        }


def _hubs(stack: Stack, watch: object, settings: MonitorSettings, arguments: Arguments) -> tuple[WatchedHub, ...]:
    if not isinstance(watch, Sequence) or isinstance(watch, str) or not watch:
        arguments.refuse("watch", watch, "a list of edge configurations, fleets, stacks or hubs")
        return ()
    return watched_hubs(stack, watch, settings.hub_time_zone, arguments)


def _check(pacing: Pacing, hubs: Sequence[WatchedHub], arguments: Arguments) -> None:
    if pacing.is_too_fast:
        shortest = pacing.shortest_minutes
        fix = f"Duration.minutes({shortest})" if shortest else "several monitors, in several accounts"
        arguments.refuse(
            "interval",
            Duration.minutes(pacing.interval_minutes),
            f"{fix}: {pacing.calls:,} calls in it would be more than {MAX_CALLS_PER_SECOND:g} a second, a fifth of the "
            "account's rate",
        )
    characters = sum(len(hub.arn) + 30 + sum(len(each.subject) + 3 for each in hub.streams or ()) for hub in hubs)
    if characters > _MAX_INPUT_CHARACTERS * pacing.parts:
        arguments.refuse("watch", None, "the hubs' ARNs in place of so many streams: the order would be too long")


def _count(hub: WatchedHub) -> int | None:
    return None if hub.streams is None else len(hub.streams)


def _entry(hub: WatchedHub) -> dict[str, object]:
    streams = None if hub.streams is None else [each.subject for each in hub.streams]
    entry = {"hub": hub.arn, "zone": hub.zone, "streams": streams}
    return {name: value for name, value in entry.items() if value is not None}


def _default_name(stack: Stack, construct_id: str) -> str:
    name = stack.stack_name
    return construct_id if is_token(name) else f"{name}-{construct_id}"
