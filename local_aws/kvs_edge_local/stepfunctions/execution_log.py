"""Execution log in moto's CloudWatch Logs, at the level of the state machine's LoggingConfiguration."""

import json
from collections.abc import Mapping
from typing import Any

from moto.logs.models import LogsBackend, logs_backends
from moto.stepfunctions.models import StateMachine
from moto.stepfunctions.parser.asl.eval.event.logging import (
    CloudWatchLoggingConfiguration,
    CloudWatchLoggingSession,
)

from kvs_edge_local.clock import Clock


class ExecutionLog(CloudWatchLoggingSession):
    """moto's logging session, whose own writing does not work in 5.2.5."""

    clock: Clock

    def publish_history_log(self, history_log: Mapping[str, Any]) -> None:
        """Write an event, if the log group exists."""
        configuration = self.configuration
        backend: LogsBackend = logs_backends[configuration.log_account_id][configuration.log_region]
        group = backend.groups.get(configuration.log_group_name)
        if group is None:
            return
        stream = f"states/{self.execution_arn.split(':', 6)[-1]}"
        if stream not in group.streams:
            backend.create_log_stream(group.name, stream)
        event = {"timestamp": int(self.clock.now() * 1000), "message": json.dumps(history_log, default=str)}
        backend.put_log_events(group.name, stream, [event])


def execution_log(state_machine: StateMachine, execution_arn: str, clock: Clock) -> ExecutionLog | None:
    """Return the log of a state machine's configuration, if any."""
    asked: Any = {"includeExecutionData": False, **state_machine.loggingConfiguration}
    configuration = CloudWatchLoggingConfiguration.from_logging_configuration(state_machine.arn, asked)
    if configuration is None:
        return None
    log = ExecutionLog(execution_arn, configuration)
    log.clock = clock
    return log
