"""Asynchronous invocation: a queue before the function, and Lambda's retries.

See Lambda's documentation, "How Lambda handles errors and retries with asynchronous invocation".
"""

import threading
from collections.abc import Callable

from moto.awslambda.exceptions import UnknownFunctionException

from kvs_edge_local.clock import Clock
from kvs_edge_local.lambdas.errors import InvokeError, ServiceException, TooManyRequestsException
from kvs_edge_local.lambdas.invocation import InvocationResult, Request

# Scaled seconds before the second and the third attempt after an error of the function.
ERROR_RETRY_SECONDS = (60, 120)
# A throttled event returns to the queue, at most for this long.
MAXIMUM_EVENT_AGE_SECONDS = 21600
MAXIMUM_THROTTLE_WAIT_SECONDS = 300


class EventQueue:
    """Queue of events, each in a thread of its own."""

    def __init__(
        self, clock: Clock, attempt: Callable[[Request], InvocationResult], discard: Callable[[Request], None]
    ) -> None:
        """Create the queue; `discard` receives each event that no attempt handled."""
        self._clock = clock
        self._attempt = attempt
        self._discard = discard
        self._stopping = threading.Event()

    def submit(self, request: Request, maximum_retries: int) -> None:
        """Accept an event; its result is not reported to the caller."""
        delivery = (request, ERROR_RETRY_SECONDS[:maximum_retries])
        name = f"lambda-event-{request.request_id}"
        threading.Thread(target=self._deliver, args=delivery, name=name, daemon=True).start()

    def stop(self) -> None:
        """Drop the waiting events."""
        self._stopping.set()

    def _deliver(self, request: Request, retry_seconds: tuple[int, ...]) -> None:
        try:
            failed = self._past_throttling(request)
            for seconds in retry_seconds:
                if not failed or self._clock.wait(self._stopping, seconds):
                    return
                failed = self._past_throttling(request)
            if failed:
                self._discard(request)
        except UnknownFunctionException:
            # The function was deleted while the event waited.
            return

    def _past_throttling(self, request: Request) -> bool:
        """Retry until the function receives the event; return True if it failed there."""
        deadline = self._clock.now() + MAXIMUM_EVENT_AGE_SECONDS
        wait = 1
        while not self._stopping.is_set():
            try:
                return self._attempt(request).function_error is not None
            except (TooManyRequestsException, ServiceException, InvokeError):
                if self._clock.now() + wait > deadline:
                    self._discard(request)
                    return False
                self._clock.wait(self._stopping, wait)
                wait = min(wait * 2, MAXIMUM_THROTTLE_WAIT_SECONDS)
        return False
