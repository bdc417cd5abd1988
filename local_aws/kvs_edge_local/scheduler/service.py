"""Schedules that run."""

import threading
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import ClientError
from moto.scheduler import models
from moto.scheduler.models import Schedule, scheduler_backends

from kvs_edge_local.clock import Clock
from kvs_edge_local.moto_patches import Patches
from kvs_edge_local.role_calls import RoleCalls
from kvs_edge_local.scheduler.expressions import UnsupportedExpressionError, read_expression

SCHEDULED_TIME = "<aws.scheduler.scheduled-time>"
"""Context attribute in a target's input [EventBridge Scheduler user guide, "Adding context attributes"]."""


@dataclass(frozen=True)
class Invocation:
    """Invocation of a schedule's target; `error` is None if the target accepted it."""

    schedule: str
    time: float
    error: str | None


class Scheduler:
    """EventBridge Scheduler; created by `install`. It invokes functions with the schedule's role, asynchronously."""

    def __init__(self, clock: Clock, endpoint_url: str) -> None:
        self._calls = RoleCalls(clock, endpoint_url)
        self._lock = threading.Lock()
        self._invocations: list[Invocation] = []
        self._patches = Patches()
        self._patches.attribute(models, "unix_time", clock.now)

    def stop(self) -> None:
        """Restore moto's own scheduler."""
        self._patches.undo()

    def invocations(self, schedule: str | None = None) -> tuple[Invocation, ...]:
        """Return the invocations in order; of one schedule by name if given."""
        with self._lock:
            return tuple(each for each in self._invocations if schedule in {None, each.schedule})

    def run(self, minute: int) -> None:
        """Invoke the target of each schedule that is due at a minute, in seconds since the epoch."""
        for regions in list(scheduler_backends.values()):
            for region, backend in list(regions.items()):
                for group in list(backend.schedule_groups.values()):
                    for schedule in list(group.schedules.values()):
                        if schedule.state == "ENABLED" and self._is_due(schedule, minute):
                            self._invoke(region, schedule, minute)

    def _is_due(self, schedule: Schedule, minute: int) -> bool:
        if minute < schedule.creation_date:
            return False
        try:
            return read_expression(schedule.schedule_expression)(minute, schedule.creation_date)
        except UnsupportedExpressionError as error:
            self._record(schedule, minute, str(error))
            return False

    def _invoke(self, region: str, schedule: Schedule, minute: int) -> None:
        target: dict[str, Any] = schedule.target
        moment = datetime.fromtimestamp(minute, UTC).isoformat().replace("+00:00", "Z")
        payload = str(target.get("Input") or "{}").replace(SCHEDULED_TIME, moment)
        error = None
        try:
            self._calls.client(target["RoleArn"], region, "lambda").invoke(
                FunctionName=target["Arn"], InvocationType="Event", Payload=payload.encode()
            )
        except ClientError as refusal:
            error = str(refusal)
        self._record(schedule, minute, error)

    def _record(self, schedule: Schedule, minute: int, error: str | None) -> None:
        with self._lock:
            self._invocations.append(Invocation(schedule.name, minute, error))


def install(clock: Clock, endpoint_url: str) -> Scheduler:
    """Put moto's scheduler on the clock, and return what runs its schedules."""
    return Scheduler(clock, endpoint_url)
