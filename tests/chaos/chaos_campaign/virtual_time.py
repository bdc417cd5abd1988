"""Patches that put the handlers into a simulated world: its clock, its clients, its ResponseURLs."""

import os
import random
import ssl
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from types import SimpleNamespace
from typing import Any, TextIO
from unittest.mock import patch

import boto3
import urllib3

from chaos_campaign.scheduler import Scheduler
from kvs_edge import clients, transport

STATE_MACHINE_ARN = "arn:aws:states:us-west-2:123456789012:stateMachine:machine"
_ENVIRONMENT = {
    "STATE_MACHINE_ARN": STATE_MACHINE_ARN,
    "AWS_REGION": "us-west-2",
    "AWS_DEFAULT_REGION": "us-west-2",
    "AWS_LAMBDA_FUNCTION_NAME": "tick",
}


class _Log:
    """The place of standard output: log lines become notes."""

    def __init__(self, note: Callable[[str], None]) -> None:
        self._note = note

    def write(self, text: str) -> int:
        """Take a line."""
        if text.strip():
            self._note("  log: " + text.strip())
        return len(text)

    def flush(self) -> None:
        """Keep nothing back."""


@cache
def _tls() -> ssl.SSLContext:
    """Return one context for all: to make one loads every certificate of the machine, and takes 20 ms."""
    return ssl.create_default_context()


def _clock(scheduler: Scheduler) -> float:
    """Return the time by the clock of the running invocation, which may differ from CloudFormation's."""
    process = scheduler.current
    return scheduler.now + (process.locals.get("skew", 0.0) if process else 0.0)


@contextmanager
def patched(
    scheduler: Scheduler,
    client: Callable[..., Any],
    pool: Callable[..., Any],
    seed: int,
    note: Callable[[str], None],
) -> Iterator[None]:
    """Let the handlers live in a simulated world."""
    context, state = _tls(), random.getstate()
    out: TextIO = _Log(note)  # type: ignore[assignment]
    with ExitStack() as stack:
        for target, name, replacement in (
            (time, "time", lambda: _clock(scheduler)),
            (time, "monotonic", lambda: scheduler.now),
            (time, "sleep", scheduler.sleep),
            (boto3, "client", client),
            (clients, "session", lambda: SimpleNamespace(create_client=client)),
            (transport, "pool", pool),
            (urllib3, "PoolManager", pool),
            (ssl, "create_default_context", lambda *args, **kwargs: context),
            (sys, "stdout", out),
        ):
            stack.enter_context(patch.object(target, name, replacement))
        stack.enter_context(patch.dict(os.environ, _ENVIRONMENT))
        random.seed(seed)
        clients.client.cache_clear()
        try:
            yield
        finally:
            clients.client.cache_clear()
            random.setstate(state)
