"""Alarms of a monitor, each with a text for the person who is woken."""

from aws_cdk import aws_cloudwatch as cloudwatch
from constructs import Construct

from cdk_kvs_edge.monitor.metrics import MonitorMetrics
from kvs_edge.documentation import page_url

_MAX_DESCRIPTION = 1024
_RUNBOOK = page_url("monitor", "what-to-do-when-an-alarm-rings")


class MonitorAlarms(MonitorMetrics):
    """Methods that create alarms in the monitor's scope.

    An alarm on streams keeps its state while the monitor reports nothing: a camera that failed does not recover
    when the monitor stops. `alarm_on_silence` is the alarm for that case.
    """

    def alarm_on_unhealthy(
        self,
        construct_id: str,
        *actions: cloudwatch.IAlarmAction,
        hub: str | None = None,
        stream: str | None = None,
        periods: int = 2,
    ) -> cloudwatch.Alarm:
        """Create an alarm on one unhealthy stream or more.

        Args:
            construct_id: Id of the alarm.
            actions: Actions for ALARM and OK, such as `cloudwatch_actions.SnsAction(topic)`.
            hub: Name of a hub's thing; all streams by default.
            stream: Name of a stream, for a monitor with `stream_metrics`.
            periods: Number of the monitor's intervals in a row with an unhealthy stream.
        """
        where = f"stream {stream}" if stream else f"hub {hub}" if hub else f"monitor {self.monitor_name}"
        command = f"kvs-edge status --hub {hub}" if hub else "kvs-edge status --hub HUB, with the hub in the events"
        text = (
            f"Streams of {where} are not recorded or not uploaded. Which, why and since when: {command}, or the member "
            f"Problems in the log of the monitor. What to do: {_RUNBOOK}"
        )
        metric = self.metric_unhealthy(hub=hub, stream=stream)
        return _alarm(
            self, construct_id, metric, text, actions, periods=periods, missing=cloudwatch.TreatMissingData.IGNORE
        )

    def alarm_on_unknown(
        self, construct_id: str, *actions: cloudwatch.IAlarmAction, periods: int = 3
    ) -> cloudwatch.Alarm:
        """Create an alarm on one stream or more whose health is not known; it is not one for the camera.

        Args:
            construct_id: Id of the alarm.
            actions: Actions for ALARM and OK.
            periods: Number of the monitor's intervals in a row.
        """
        text = (
            f"The monitor {self.monitor_name} does not know the health of a stream: no right to read it, no time zone "
            f"of its hub, or a status that is new in the API. The member Problems in its log has the reason. {_RUNBOOK}"
        )
        metric = self.metric_unknown()
        return _alarm(
            self, construct_id, metric, text, actions, periods=periods, missing=cloudwatch.TreatMissingData.IGNORE
        )

    def alarm_on_silence(
        self, construct_id: str, *actions: cloudwatch.IAlarmAction, periods: int = 3
    ) -> cloudwatch.Alarm:
        """Create an alarm on the monitor itself: it has not reported for a number of intervals.

        Args:
            construct_id: Id of the alarm.
            actions: Actions for ALARM and OK.
            periods: Number of the monitor's intervals in a row without a report.
        """
        text = (
            f"The monitor {self.monitor_name} has not reported for {periods} intervals, so no other alarm of it is "
            f"right now. Look at the errors of its function. {_RUNBOOK}"
        )
        return _alarm(
            self,
            construct_id,
            self.metric_streams(),
            text,
            actions,
            periods=periods,
            missing=cloudwatch.TreatMissingData.BREACHING,
            operator=cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
        )


def _alarm(
    scope: object,
    construct_id: str,
    metric: cloudwatch.Metric,
    text: str,
    actions: tuple[cloudwatch.IAlarmAction, ...],
    *,
    periods: int,
    missing: cloudwatch.TreatMissingData,
    operator: cloudwatch.ComparisonOperator = cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
) -> cloudwatch.Alarm:
    assert isinstance(scope, Construct)
    alarm = cloudwatch.Alarm(
        scope,
        construct_id,
        metric=metric,
        threshold=1,
        evaluation_periods=periods,
        comparison_operator=operator,
        treat_missing_data=missing,
        alarm_description=text[:_MAX_DESCRIPTION],
    )
    if actions:
        alarm.add_alarm_action(*actions)
        alarm.add_ok_action(*actions)
    return alarm
