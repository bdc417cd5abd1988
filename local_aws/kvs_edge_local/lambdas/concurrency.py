"""Concurrency limits: the account's, and a function's reserved concurrency."""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from kvs_edge_local.lambdas.errors import TooManyRequestsException


class Concurrency:
    """Counter of the events in progress."""

    def __init__(self, account_limit: int) -> None:
        self.account_limit = account_limit
        self._lock = threading.Lock()
        self._running: Counter[str] = Counter()

    @property
    def account_limit(self) -> int:
        """Number of events that the account may handle at once; a change applies to later events."""
        return self._account_limit

    @account_limit.setter
    def account_limit(self, limit: int) -> None:
        if limit < 1:
            raise ValueError(f"account concurrency {limit}: give 1 or more")
        self._account_limit = limit

    @contextmanager
    def slot(self, function_arn: str, reserved: int | None) -> Iterator[None]:
        """Reserve a place for one event; raise TooManyRequestsException if there is none."""
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
