"""A simulated Lambda: the entry and the tick function, their timeouts, their places, and asynchronous delivery."""

import json
from collections.abc import Callable, Mapping
from random import Random
from typing import Any

from chaos_campaign.faults import Faults
from chaos_campaign.requests import Request
from chaos_campaign.scheduler import Killed, Process, Scheduler

ENTRY_TIMEOUT, TICK_TIMEOUT = 180.0, 360.0
RETRIES = (60.0, 120.0)
"""Seconds until an event is delivered again that a function failed on (asynchronous invocation, Lambda guide)."""

Handler = Callable[[Mapping[str, Any], Any], Any]


class InvocationError(Exception):
    """An invocation that ended without a result, by the name that Step Functions gives it."""

    def __init__(self, name: str, cause: str = "") -> None:
        super().__init__(f"{name}: {cause}")
        self.name = name
        self.cause = cause


class Context:
    """Lambda context of an invocation."""

    function_name = "tick"
    memory_limit_in_mb = 256
    aws_request_id = "chaos"
    log_group_name = log_stream_name = "chaos"
    invoked_function_arn = "arn:aws:lambda:us-west-2:123456789012:function:tick"

    def __init__(self, scheduler: Scheduler, timeout: float) -> None:
        self._scheduler = scheduler
        self._end = scheduler.now + timeout

    def get_remaining_time_in_millis(self) -> int:
        """Return what is left of the timeout."""
        return max(0, int((self._end - self._scheduler.now) * 1000))


class Lambdas:
    """Both functions."""

    def __init__(
        self,
        scheduler: Scheduler,
        faults: Faults,
        random: Random,
        entry: Handler,
        tick: Handler,
        note: Callable[..., None],
    ) -> None:
        self.busy = 0
        self.starved = 0
        self._scheduler = scheduler
        self._faults = faults
        self._random = random
        self._entry = entry
        self._tick = tick
        self._note = note

    def deliver(self, request: Request) -> None:
        """Deliver a request's event to the entry function, at least once."""
        random, faults = self._random, self._faults
        delay = random.uniform(0.03, 0.4)
        if random.random() < faults.late_delivery:
            delay = random.choice([random.uniform(2, 20), random.uniform(20, 200), random.uniform(200, 1500)])
            request.handicaps.add("late delivery")
            self._note(f"{request} is delivered {delay:.1f} s late")
        self._scheduler.spawn(lambda: self._asynchronous(request), f"entry {request}", delay)
        if random.random() < faults.duplicate:
            again = delay + random.choice([random.uniform(0, 0.1), random.uniform(0.1, 5), random.uniform(60, 900)])
            request.handicaps.add("duplicate")
            self._scheduler.spawn(lambda: self._asynchronous(request), f"entry again {request}", again)

    def _asynchronous(self, request: Request) -> None:
        pauses = iter(RETRIES)
        while True:
            while self._refusal():
                # Throttled events are kept for hours and tried again.
                self._scheduler.sleep(self._random.uniform(1.0, 30.0))
            request.delivered_at = min(request.delivered_at, self._scheduler.now)
            process = self._start(self._entry, json.loads(json.dumps(request.event)), ENTRY_TIMEOUT, request)
            process.done.wait()
            if process.error is None:
                return
            pause = next(pauses, None)
            self._note(f"the entry function failed on {request}: {process.error!r}")
            if pause is None:
                request.handicaps.add("entry never ran")
                return
            self._scheduler.sleep(pause)

    def invoke(self, payload: Any, task_timeout: float) -> Any:
        """Invoke the tick function as Step Functions does; raise InvocationError."""
        self._scheduler.sleep(self._random.uniform(0.01, 0.05))
        refusal = self._refusal()
        if refusal:
            raise InvocationError(refusal)
        request: Request | None = self._scheduler.running.locals.get("request")
        process = self._start(self._tick, json.loads(json.dumps(payload)), TICK_TIMEOUT, request)
        if self._faults.result_lost and self._random.random() < self._faults.result_lost:
            self._lose_result(process)
        if not process.done.wait(task_timeout):
            raise InvocationError("States.Timeout")
        if isinstance(process.error, Killed):
            name = "Sandbox.Timedout" if "timed out" in process.locals else "Lambda.Unknown"
            raise InvocationError(self._random.choice([name, "Runtime.ExitError"]) if name[0] == "L" else name)
        if process.error is not None:
            error, name = process.error, type(process.error).__name__
            raise InvocationError(name, json.dumps({"errorMessage": str(error), "errorType": name}))
        return json.loads(json.dumps(process.result))

    def _lose_result(self, process: Process) -> None:
        """Fail as Step Functions does if its connection to Lambda breaks; the invocation continues."""
        process.done.wait(self._random.choice([0.0, self._random.uniform(0.0, 10.0), self._random.uniform(0.0, 300.0)]))
        self._note(f"the result of a tick is lost{', and the tick continues' if process.alive else ''}")
        raise InvocationError("Lambda.SdkClientException")

    def _refusal(self) -> str:
        begin, end = self._faults.user_pending
        if begin <= self._scheduler.now < end:
            return "Lambda.CodeArtifactUserPendingException"
        if self.busy >= self._faults.places:
            self.starved += 1
            return "Lambda.TooManyRequestsException"
        return ""

    def _start(self, handler: Handler, payload: Any, timeout: float, request: Request | None) -> Process:
        context = Context(self._scheduler, timeout)
        self.busy += 1

        def run() -> Any:
            try:
                return handler(payload, context)
            finally:
                self.busy -= 1

        process = self._scheduler.spawn(run, getattr(handler, "__module__", "handler"), supervised=True)
        process.locals["request"] = request
        process.locals["killable"] = True
        if self._faults.clock_skew:
            process.locals["skew"] = self._random.uniform(-self._faults.clock_skew, self._faults.clock_skew)
        self._scheduler.after(timeout, lambda: self._time_out(process))
        return process

    def _time_out(self, process: Process) -> None:
        if process.alive:
            process.locals["timed out"] = True
            self._note("an invocation has timed out")
            process.kill()
