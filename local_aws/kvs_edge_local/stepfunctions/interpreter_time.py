"""moto's interpreter on the scaled clock.

The interpreter reads time, sleeps and waits in a handful of modules, through the standard library's modules
that they imported: `time`, `threading`, `datetime`. Those names are replaced there, and nowhere else.
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

from kvs_edge_local.clock import Clock
from kvs_edge_local.moto_patches import Patches
from kvs_edge_local.real_timeout import real_timeout


def scale_interpreter(clock: Clock, replacements: Patches) -> None:
    """Let Wait, Retry, TimeoutSeconds, heartbeats and every timestamp of an execution follow the clock."""
    time = _namesake("time", time=clock.now, sleep=clock.sleep)
    for module in (retrier_decl, wait_function, state_task_service_callback):
        replacements.attribute(module, "time", time)

    exact, patient = _events(clock)
    # Wait states wait for the program's own event: that one is exact.
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


def _namesake(name: str, module: ModuleType | None = None, **parts: object) -> ModuleType:
    """Make a module of the same name as the standard library's, with some of its parts replaced."""
    namesake = ModuleType(name)
    vars(namesake).update({**(vars(module) if module else {}), **parts})
    return namesake


def _events(clock: Clock) -> tuple[type[real_threading.Event], type[real_threading.Event]]:
    class ExactEvent(real_threading.Event):
        """Waits that many scaled seconds."""

        def wait(self, timeout: float | None = None) -> bool:
            return super().wait() if timeout is None else clock.wait_with(super().wait, timeout)

    class PatientEvent(real_threading.Event):
        """Waits for something with that many scaled seconds to do it in."""

        def wait(self, timeout: float | None = None) -> bool:
            return super().wait(None if timeout is None else real_timeout(clock, timeout))

    return ExactEvent, PatientEvent


def _threads(clock: Clock) -> type[real_threading.Thread]:
    class PatientThread(real_threading.Thread):
        """A thread with that many scaled seconds to end in."""

        def join(self, timeout: float | None = None) -> None:
            super().join(None if timeout is None else real_timeout(clock, timeout))

    return PatientThread


def _datetimes(clock: Clock) -> type[real_datetime.datetime]:
    class ScaledDatetime(real_datetime.datetime):
        """Its now is the clock's; without a time zone it is UTC, as timestamps in a definition are."""

        @classmethod
        def now(cls, tz: real_datetime.tzinfo | None = None) -> Any:
            instant = real_datetime.datetime.fromtimestamp(clock.now(), tz or real_datetime.UTC)
            return instant if tz else instant.replace(tzinfo=None)

    return ScaledDatetime


def _entered_times(clock: Clock) -> type[real_datetime.datetime]:
    class EnteredTime(real_datetime.datetime):
        """The moment at which a state is entered, written as in [Accessing execution data from the Context object]."""

        @classmethod
        def now(cls, tz: real_datetime.tzinfo | None = None) -> "EnteredTime":
            return cls.fromtimestamp(clock.now(), tz or real_datetime.UTC)

        def isoformat(self, sep: str = "T", timespec: str = "milliseconds") -> str:
            return super().isoformat(sep, timespec).replace("+00:00", "Z")

    return EnteredTime
