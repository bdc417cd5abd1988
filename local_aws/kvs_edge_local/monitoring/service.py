"""Metrics and alarms of the local AWS."""

import json
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from moto.cloudwatch import models
from moto.cloudwatch.models import Alarm, CloudWatchBackend, MetricDatum, MetricDatumBase, cloudwatch_backends
from moto.logs.models import LogsBackend
from moto.sns.models import sns_backends

from kvs_edge_local.clock import Clock
from kvs_edge_local.monitoring.emf import Datum, metrics_of
from kvs_edge_local.monitoring.evaluation import COMPARISONS, MORE_PERIODS, evaluate
from kvs_edge_local.monitoring.statistics import by_period
from kvs_edge_local.moto_patches import Patches


@dataclass(frozen=True)
class AlarmTransition:
    """Change of an alarm's state; `time` is in scaled seconds since the epoch."""

    alarm: str
    before: str
    state: str
    reason: str
    time: float


class Monitoring:
    """Metrics and alarms; created by `install`."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.RLock()
        self._transitions: list[AlarmTransition] = []
        self._patches = Patches()
        _put_on_clock(clock, self._patches)
        self._patches.attribute(LogsBackend, "put_log_events", self._extracting(LogsBackend.put_log_events))

    def stop(self) -> None:
        """Restore moto's own CloudWatch."""
        self._patches.undo()

    def _extracting(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def put_log_events(
            backend: LogsBackend, log_group_name: str, log_stream_name: str, log_events: list[dict[str, Any]]
        ) -> Any:
            result = original(backend, log_group_name, log_stream_name, log_events)
            self.extract(backend.account_id, backend.region_name, [event["message"] for event in log_events])
            return result

        return put_log_events

    def extract(self, account: str, region: str, lines: Sequence[str]) -> None:
        """Store the metrics of log lines in the embedded metric format."""
        data = [datum for line in lines for datum in metrics_of(line)]
        backend = cloudwatch_backends[account][region]
        with self._lock:
            for datum in data:
                backend.put_metric_data(datum.namespace, [_api(datum)])

    def data(self, account: str, region: str, namespace: str, name: str, dimensions: Mapping[str, str]) -> list[Datum]:
        """Return all values of the metric with exactly these dimensions, in the order of their storage."""
        with self._lock:
            stored = list(cloudwatch_backends[account][region].metric_data)
        return [
            Datum(namespace, name, dimensions, each.value, each.unit, _seconds(each.timestamp))
            for each in stored
            if isinstance(each, MetricDatum)
            and (each.namespace, each.name) == (namespace, name)
            and _dimensions(each.dimensions) == dict(dimensions)
        ]

    def transitions(self, alarm: str | None = None) -> tuple[AlarmTransition, ...]:
        """Return the changes of alarms' states in order; of one alarm by name if given."""
        with self._lock:
            return tuple(each for each in self._transitions if alarm in {None, each.alarm})

    def evaluate(self, minute: int) -> None:
        """Evaluate all alarms at the end of a minute, in seconds since the epoch."""
        for account, regions in list(cloudwatch_backends.items()):
            for region, backend in list(regions.items()):
                for alarm in list(backend.alarms.values()):
                    self._evaluate(account, region, alarm, minute)

    def _evaluate(self, account: str, region: str, alarm: Alarm, minute: int) -> None:
        if not alarm.metric_name:
            return
        data = self.data(account, region, alarm.namespace, alarm.metric_name, _dimensions(alarm.dimensions))
        periods = int(alarm.evaluation_periods)
        values = by_period(data, alarm.statistic, int(alarm.period), minute, periods + MORE_PERIODS)
        breaches = COMPARISONS[alarm.comparison_operator]
        breaching = [None if value is None else breaches(value, float(alarm.threshold)) for value in values]
        treatment, before = alarm.treat_missing_data or "missing", alarm.state_value
        state = evaluate(breaching, periods, int(alarm.datapoints_to_alarm or periods), treatment, before)
        if state != before:
            reason = f"{alarm.metric_name} {alarm.statistic} by period: {values}; missing data: {treatment}"
            self._change(alarm, AlarmTransition(alarm.name, before, state, reason, minute))

    def _change(self, alarm: Alarm, transition: AlarmTransition) -> None:
        alarm.update_state(transition.reason, "{}", transition.state)
        with self._lock:
            self._transitions.append(transition)
        actions = {"ALARM": alarm.alarm_actions, "OK": alarm.ok_actions}
        if alarm.actions_enabled:
            for action in actions.get(transition.state, alarm.insufficient_data_actions) or ():
                _notify(action, alarm, transition)


def install(clock: Clock) -> Monitoring:
    """Put moto's CloudWatch on the clock, and return what evaluates its alarms."""
    return Monitoring(clock)


def _put_on_clock(clock: Clock, patches: Patches) -> None:
    def utcnow() -> datetime:
        return datetime.fromtimestamp(clock.now(), UTC).replace(tzinfo=None)

    matches = MetricDatumBase.filter

    def exact(
        self: MetricDatumBase,
        namespace: str | None,
        name: str | None,
        dimensions: list[dict[str, str]],
        already_present_metrics: list[MetricDatumBase] | None = None,
    ) -> bool:
        # ListMetrics, which passes the metrics found so far, is the only operation that matches a part of the
        # dimensions. A statistic is of one metric.
        if already_present_metrics is None and dimensions and len(dimensions) != len(self.dimensions):
            return False
        return bool(matches(self, namespace, name, dimensions, already_present_metrics))

    put = CloudWatchBackend.put_metric_alarm

    def keeping_state(self: CloudWatchBackend, name: str, *args: Any, **kwargs: Any) -> Alarm:
        # A new alarm is INSUFFICIENT_DATA, and a changed one keeps its state [PutMetricAlarm]; moto's are OK.
        before = self.alarms.get(name)
        alarm = put(self, name, *args, **kwargs)
        alarm.state_value = before.state_value if before else "INSUFFICIENT_DATA"
        return alarm

    patches.attribute(models, "utcnow", utcnow)
    patches.attribute(CloudWatchBackend, "put_metric_alarm", keeping_state)
    patches.attribute(MetricDatumBase, "filter", exact)


def _notify(action: str, alarm: Alarm, transition: AlarmTransition) -> None:
    """Publish to an SNS topic; any other action has no effect here."""
    _, _, service, region, account, *_ = action.split(":")
    if service != "sns":
        return
    message = {
        "AlarmName": alarm.name,
        "AlarmDescription": alarm.description,
        "AlarmArn": alarm.alarm_arn,
        "AWSAccountId": account,
        "Region": region,
        "NewStateValue": transition.state,
        "NewStateReason": transition.reason,
        "OldStateValue": transition.before,
        "StateChangeTime": datetime.fromtimestamp(transition.time, UTC).isoformat(),
    }
    subject = f'{transition.state}: "{alarm.name}" in {region}'
    sns_backends[account][region].publish(arn=action, message=json.dumps(message), subject=subject[:100])


def _api(datum: Datum) -> dict[str, Any]:
    return {
        "MetricName": datum.name,
        "Dimensions": [{"Name": name, "Value": value} for name, value in datum.dimensions.items()],
        "Value": datum.value,
        "Unit": datum.unit,
        "Timestamp": datetime.fromtimestamp(datum.time, UTC).replace(tzinfo=None),
    }


def _dimensions(dimensions: Sequence[Any]) -> dict[str, str]:
    return {dimension.name: dimension.value for dimension in dimensions}


def _seconds(moment: datetime) -> float:
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
