"""Counts and progress as all commands write them."""

from collections.abc import Callable

ShowProgress = Callable[[str, int, int], None]
"""Called with the name of the step, the number done and the total."""


def plural(count: int, noun: str) -> str:
    """Return the count with its noun, such as "2 streams"."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
