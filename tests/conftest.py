"""What all tests share: which of them count for coverage, and botocore's data files, read once per process."""

import functools
from pathlib import Path

import pytest
from botocore.loaders import JSONFileLoader

_HERE = Path(__file__).parent
_COUNTED = frozenset({"cli", "contract", "schedule", "unit"})
"""Tests that ask for a result directly. The others pass branches by chance, and take up to six times longer while
coverage watches."""

# Each boto3 session parses the endpoints and models again: half of the time of a command that a test runs in process.
_read_file = functools.cache(JSONFileLoader().load_file)
JSONFileLoader.load_file = lambda _, path: _read_file(path)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let coverage pause in all tests but those that count."""
    for item in items:
        if item.path.relative_to(_HERE).parts[0] not in _COUNTED:
            item.add_marker(pytest.mark.no_cover)
