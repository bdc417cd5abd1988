"""Patches that put moto's interpreter on the scaled clock.

The interpreter reads time, sleeps and waits in a few modules, through the standard library's `time`, `threading` and
`datetime`. The patches replace those names in these modules only.
"""

import datetime as real_datetime
import threading as real_threading
from types import ModuleType
from typing import Any

from moto.stepfunctions.parser.asl.component.common.retry import retrier_decl
from moto.stepfunctions.parser.asl.component.program import program
from moto.stepfunctions.parser.asl.component.state import state
from moto.stepfunctions.parser.asl.component.state.exec import execute_state
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service import state_task_service_callback
from moto.stepfunctions.parser.asl.component.state.wait.wait_function import timestamp, wait_function
from moto.stepfunctions.parser.asl.eval import environment
from moto.stepfunctions.parser.asl.eval.callback import callback
from moto.stepfunctions.parser.asl.eval.event.event_manager import EventManager
from moto.stepfunctions.parser.backend import execution
from moto.stepfunctions.parser.backend.execution_worker import ExecutionWorker

from kvs_edge_local.clock import Clock
from kvs_edge_local.moto_patches import Patches
from kvs_edge_local.patient_wait import wait_patiently


def scale_interpreter(clock: Clock, replacements: Patches) -> None:
    """Put Wait, Retry, TimeoutSeconds, heartbeats and every timestamp of an execution on the clock."""
    time = _namesake("time", time=clock.now, sleep=clock.sleep)
    for module in (retrier_decl, wait_function, state_task_service_callback):
        replacements.attribute(module, "time", time)

    exact, patient = _events(clock)
    # Wait states wait for the program's own event, so it is exact.
    replacements.attribute(environment, "threading", _namesake("threading", real_threading, Event=exact))
    replacements.attribute(callback, "Event", patient)
    replacements.attribute(execute_state, "threading", _namesake("threading", real_threading, Event=patient))
    replacements.attribute(program, "threading", _namesake("threading", real_threading, Thread=_threads(clock)))

    datetime = _namesake("datetime", real_datetime, datetime=_datetimes(clock))
    for module in (timestamp, execution):
        replacements.attribute(module, "datetime", datetime)
    entered = _namesake("datetime", real_datetime, datetime=_entered_times(clock))
    replacements.attribute(state, "datetime", entered)
    now = staticmethod(lambda: real_datetime.datetime.fromtimestamp(clock.now(), real_datetime.UTC))
    replacements.attribute(EventManager, "_get_current_timestamp", now)

    parse = ExecutionWorker._get_evaluation_entrypoint

    def parse_in_real_time(worker: ExecutionWorker) -> Any:
        # The first executions of a process parse their definition for a second and more.
        with clock.computing():
            return parse(worker)

    replacements.attribute(ExecutionWorker, "_get_evaluation_entrypoint", parse_in_real_time)


def _namesake(name: str, module: ModuleType | None = None, **parts: object) -> ModuleType:
    """Return a copy of a standard library module with some of its members replaced."""
    namesake = ModuleType(name)
    vars(namesake).update({**(vars(module) if module else {}), **parts})
    return namesake


def _events(clock: Clock) -> tuple[type[real_threading.Event], type[real_threading.Event]]:
    class ExactEvent(real_threading.Event):
        """Event with an exact timeout in scaled seconds."""

        def wait(self, timeout: float | None = None) -> bool:
            return super().wait() if timeout is None else clock.wait_with(super().wait, timeout)

    class PatientEvent(real_threading.Event):
        """Event with a timeout in scaled seconds, plus slack in real time."""

        def wait(self, timeout: float | None = None) -> bool:
            return super().wait() if timeout is None else wait_patiently(clock, super().wait, timeout)

    return ExactEvent, PatientEvent


def _threads(clock: Clock) -> type[real_threading.Thread]:
    class PatientThread(real_threading.Thread):
        """Thread whose join has a timeout in scaled seconds, plus slack in real time."""

        def join(self, timeout: float | None = None) -> None:
            if timeout is None:
                super().join()
            else:
                wait_patiently(clock, self._has_ended, timeout)

        def _has_ended(self, seconds: float) -> bool:
            super().join(seconds)
            return not self.is_alive()

    return PatientThread


def _datetimes(clock: Clock) -> type[real_datetime.datetime]:
    class ScaledDatetime(real_datetime.datetime):
        """datetime whose now is the clock's; UTC without a time zone, like timestamps in a definition."""

        @classmethod
        def now(cls, tz: real_datetime.tzinfo | None = None) -> Any:
            instant = real_datetime.datetime.fromtimestamp(clock.now(), tz or real_datetime.UTC)
            return instant if tz else instant.replace(tzinfo=None)

    return ScaledDatetime


def _entered_times(clock: Clock) -> type[real_datetime.datetime]:
    class EnteredTime(real_datetime.datetime):
        """Entry time of a state, in the form of [Accessing execution data from the Context object]."""

        @classmethod
        def now(cls, tz: real_datetime.tzinfo | None = None) -> "EnteredTime":
            return cls.fromtimestamp(clock.now(), tz or real_datetime.UTC)

        def isoformat(self, sep: str = "T", timespec: str = "milliseconds") -> str:
            return super().isoformat(sep, timespec).replace("+00:00", "Z")

    return EnteredTime
