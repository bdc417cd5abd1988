"""The values that mappings share, and the rest of each mapping."""

from collections.abc import Mapping, Sequence
from typing import Any

WHOLE = frozenset({"ScheduleConfig"})
"""Mappings that are never split: half of a schedule says nothing."""
OWN = frozenset({"MediaUriSecretArn"})
"""Values that are never shared: a camera that is added later must not inherit them."""


def shared_values(values: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the values that all mappings have, nested mappings included, in the order of the first."""
    first, *others = values
    found: dict[str, Any] = {}
    for name, value in first.items():
        if name in OWN or not all(name in other for other in others):
            continue
        if isinstance(value, Mapping) and name not in WHOLE and all(isinstance(each[name], Mapping) for each in values):
            if shared := shared_values([each[name] for each in values]):
                found[name] = shared
        elif all(_equal(value, other[name]) for other in others):
            found[name] = value
    return found


def without(values: Mapping[str, Any], shared: Mapping[str, Any]) -> dict[str, Any]:
    """Return the rest of a mapping; merged with the shared values, it is the mapping again."""
    left: dict[str, Any] = {}
    for name, value in values.items():
        if name not in shared:
            left[name] = value
        elif not _equal(value, shared[name]) and (rest := without(value, shared[name])):
            left[name] = rest
    return left


def _equal(first: object, second: object) -> bool:
    """Return whether two values are equal; true is not 1."""
    if isinstance(first, Mapping) and isinstance(second, Mapping):
        return first.keys() == second.keys() and all(_equal(first[name], second[name]) for name in first)
    return type(first) is type(second) and first == second
