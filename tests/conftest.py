"""Which tests count when the coverage of `kvs_edge` is measured."""

from pathlib import Path

import pytest

_HERE = Path(__file__).parent
_COUNTED = frozenset({"cli", "contract", "schedule", "unit"})
"""Tests that ask for a result directly. The others pass branches by chance, and take up to six times longer while
coverage watches."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let coverage pause in all tests but those that count."""
    for item in items:
        if item.path.relative_to(_HERE).parts[0] not in _COUNTED:
            item.add_marker(pytest.mark.no_cover)
