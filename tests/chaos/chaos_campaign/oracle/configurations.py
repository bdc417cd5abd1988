"""Comparison of edge configurations by what they mean."""

from collections.abc import Mapping
from typing import Any


def same(left: Mapping[str, Any], right: Mapping[str, Any]) -> bool:
    """Tell if two configurations mean the same, with AWS's defaults (DeletionConfig, API reference)."""
    return _filled(left) == _filled(right)


def holds(found: Mapping[str, Any], declared: Mapping[str, Any]) -> bool:
    """Return whether each declared field has its value; ignore other fields."""
    for name, value in declared.items():
        if isinstance(value, Mapping):
            if not holds(found.get(name, {}), value):
                return False
        elif found.get(name) != value:
            return False
    return True


def _filled(config: Mapping[str, Any]) -> dict[str, Any]:
    deletion = {"EdgeRetentionInHours": 720, "DeleteAfterUpload": True, **config.get("DeletionConfig", {})}
    return {**config, "DeletionConfig": deletion}
