"""What mappings have in common, and what is left of each without it."""

from collections.abc import Mapping, Sequence
from typing import Any

WHOLE = frozenset({"ScheduleConfig"})
"""Mappings that are one thing to people: half of a schedule says nothing."""
OWN = frozenset({"MediaUriSecretArn"})
"""What is a stream's own even if others have the same: a camera that is added later must not inherit it."""


def common(values: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The fields that all of them have alike, in nested mappings too; in the order of the first."""
    first, *others = values
    found: dict[str, Any] = {}
    for name, value in first.items():
        if name in OWN or not all(name in other for other in others):
            continue
        if isinstance(value, Mapping) and name not in WHOLE and all(isinstance(one[name], Mapping) for one in values):
            if shared := common([one[name] for one in values]):
                found[name] = shared
        elif all(_same(value, other[name]) for other in others):
            found[name] = value
    return found


def without(values: Mapping[str, Any], shared: Mapping[str, Any]) -> dict[str, Any]:
    """What is left of the values: merged with what is shared, it gives them again."""
    left: dict[str, Any] = {}
    for name, value in values.items():
        if name not in shared:
            left[name] = value
        elif not _same(value, shared[name]) and (rest := without(value, shared[name])):
            left[name] = rest
    return left


def _same(one: object, other: object) -> bool:
    """Whether two values are equal; true is not 1."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(_same(one[name], other[name]) for name in one)
    return type(one) is type(other) and one == other
