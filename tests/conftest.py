"""Settings for all tests: coverage, botocore's data about endpoints, and SIGINT."""

import functools
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from botocore.loaders import JSONFileLoader

_HERE = Path(__file__).parent
_COUNTED = frozenset({"cli", "contract", "schedule", "unit"})
"""Tests that ask for a result directly. The others pass branches by chance, and take up to six times longer while
coverage watches."""

_ENDPOINTS = ("endpoints", "partitions", "endpoint-rule-set-1")


def _read_once(read: Callable[[JSONFileLoader, str], Any]) -> Callable[[JSONFileLoader, str], Any]:
    """Return `read` with a cache for the files about endpoints.

    Each boto3 session parses them again, which takes a third of the time of a command that a test runs in process.
    The models of services are not among them: botocore changes the parsed ones.
    """
    cached = functools.cache(functools.partial(read, JSONFileLoader()))
    return lambda loader, path: cached(path) if Path(path).name in _ENDPOINTS else read(loader, path)


JSONFileLoader.load_file = _read_once(JSONFileLoader.load_file)

# Synthesis ends with a check of each template, which takes seconds in each process that synthesizes.
# tests/synth/test_example_app.py runs it on the templates of the example.
os.environ.setdefault("CDK_VALIDATION", "false")

# A shell without job control ignores SIGINT in its background jobs, and their processes inherit that.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let coverage pause in all tests but those that count."""
    for item in items:
        if item.path.relative_to(_HERE).parts[0] not in _COUNTED:
            item.add_marker(pytest.mark.no_cover)
