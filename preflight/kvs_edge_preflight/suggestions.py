"""Suggestions for mistyped names."""

from collections.abc import Iterable
from difflib import get_close_matches

_MAX_CHARACTERS = 200
"""A longer word is no mistyped name, and the comparison takes quadratic time."""


def suggestion(word: str, known: Iterable[str]) -> str | None:
    """Return the known name that is nearest to a word, whatever its case; None if none is near."""
    if len(word) > _MAX_CHARACTERS:
        return None
    names = {name.lower(): name for name in known}
    found = get_close_matches(word.lower(), names, n=1)
    return names[found[0]] if found else None


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return the end of a message, such as "; did you mean hub_move?"; empty if no known name is near."""
    found = suggestion(word, known)
    return f"; did you mean {found}?" if found else ""
