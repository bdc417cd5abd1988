"""Counts and progress as all commands write them."""

from collections.abc import Callable, Sequence

_MAX_NAMES = 5

ShowProgress = Callable[[str, int, int], None]
"""Called with the name of the step, the number done and the total."""


def plural(count: int, noun: str) -> str:
    """Return the count with its noun, such as "2 streams"."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def listed(names: Sequence[str]) -> str:
    """Return the first five names, and the number of the others: "dock, gate and 3 more"."""
    more = f" and {len(names) - _MAX_NAMES:,} more" if len(names) > _MAX_NAMES else ""
    return ", ".join(names[:_MAX_NAMES]) + more
