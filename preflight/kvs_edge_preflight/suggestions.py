"""Suggestions for mistyped names."""

from collections.abc import Iterable
from functools import lru_cache

_CUTOFF = 0.7
"""Similarity from 0 to 1. At 0.7, two swapped letters in a name of five are a suggestion, another word is not."""
_MAX_LENGTH = 100
"""A longer word is no mistyped name, and the comparison takes quadratic time."""


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return the end of a message, such as "; did you mean hub_move?"; empty if no known name is near."""
    found = similar(name, known)
    return f"; did you mean {found}?" if found else ""


def similar(name: str, known: Iterable[str], *, cutoff: float = _CUTOFF) -> str | None:
    """Return the known name that was probably meant; None if there is none.

    Case, hyphens, underscores and spaces do not count: ``edge_config`` is ``EdgeConfig``.
    """
    if len(name) > _MAX_LENGTH:
        return None
    return _similar(name, tuple(known), cutoff)


@lru_cache(maxsize=1024)
def _similar(name: str, known: tuple[str, ...], cutoff: float) -> str | None:
    """Return the answer of `similar`; a generated file may have the same typing error in each of its streams."""
    from difflib import get_close_matches  # correct names need none

    by_letters = {_letters(each): each for each in known}
    found = get_close_matches(_letters(name), by_letters, n=1, cutoff=cutoff)
    return by_letters[found[0]] if found else None


def _letters(name: str) -> str:
    return "".join(character for character in name.lower() if character.isalnum())
