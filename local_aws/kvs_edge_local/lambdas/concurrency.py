"""How many events may be handled at once: the account's limit, and a function's reserved concurrency."""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from kvs_edge_local.lambdas.errors import TooManyRequestsException


class Concurrency:
    """Counts the events that are being handled."""

    def __init__(self, account_limit: int) -> None:
        self.account_limit = account_limit
        self._lock = threading.Lock()
        self._running: Counter[str] = Counter()

    @property
    def account_limit(self) -> int:
        """How many events the account may have handled at once; a change concerns the events to come."""
        return self._account_limit

    @account_limit.setter
    def account_limit(self, limit: int) -> None:
        if limit < 1:
            raise ValueError(f"account concurrency {limit}: give a number from 1 on")
        self._account_limit = limit

    @contextmanager
    def slot(self, function_arn: str, reserved: int | None) -> Iterator[None]:
        """Hold a place for one more event; raise TooManyRequestsException if there is none."""
        with self._lock:
            if self._running.total() >= self._account_limit:
                raise TooManyRequestsException("ConcurrentInvocationLimitExceeded")
            if reserved is not None and self._running[function_arn] >= reserved:
                raise TooManyRequestsException("ReservedFunctionConcurrentInvocationLimitExceeded")
            self._running[function_arn] += 1
        try:
            yield
        finally:
            with self._lock:
                self._running[function_arn] -= 1
