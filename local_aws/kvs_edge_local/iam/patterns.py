"""IAM's wildcards: `*` matches any characters, `?` matches one."""

import re
from functools import lru_cache

_ARN_PARTS = 6
_ANYWHERE = {"*": ".*", "?": "."}
_WITHIN_A_SEGMENT = {"*": "[^:]*", "?": "[^:]"}


class UnsupportedPolicyError(Exception):
    """A policy has an element that this evaluator does not support, so the result is unknown."""


def matches(pattern: str, text: str) -> bool:
    """Return True if the whole text matches."""
    return _text(pattern).fullmatch(text) is not None


def matches_action(pattern: str, action: str) -> bool:
    """Return True if an action matches, regardless of case, as in IAM."""
    return matches(pattern.lower(), action.lower())


def matches_resource(pattern: str, resource: str) -> bool:
    """Return True if a resource matches a Resource element.

    Wildcards match within a segment, the part between two colons. A `*` at the end of its segment also matches colons
    ("IAM JSON policy elements: Resource").
    """
    return _resource(pattern).fullmatch(resource) is not None


def matches_arn(pattern: str, arn: str) -> bool:
    """Return True if an ARN matches in a condition, which compares each of the six parts by itself."""
    wanted, given = (text.split(":", _ARN_PARTS - 1) for text in (pattern, arn))
    return len(wanted) == len(given) and all(map(matches, wanted, given))


@lru_cache(maxsize=4096)
def _text(pattern: str) -> re.Pattern[str]:
    _check(pattern)
    return re.compile("".join(_ANYWHERE.get(character, re.escape(character)) for character in pattern), re.S)


@lru_cache(maxsize=4096)
def _resource(pattern: str) -> re.Pattern[str]:
    _check(pattern)
    following = (*pattern[1:], ":")
    parts = (
        _ANYWHERE["*"] if character == "*" and after == ":" else _WITHIN_A_SEGMENT.get(character, re.escape(character))
        for character, after in zip(pattern, following, strict=False)
    )
    return re.compile("".join(parts), re.S)


def _check(pattern: str) -> None:
    if "${" in pattern:
        raise UnsupportedPolicyError(f"policy variables are not supported: write the value itself in {pattern!r}")
