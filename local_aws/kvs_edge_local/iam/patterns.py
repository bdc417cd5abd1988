"""Wildcards as IAM reads them: `*` is any run of characters, `?` is any one."""

import re
from functools import lru_cache

_ARN_PARTS = 6
_ANYWHERE = {"*": ".*", "?": "."}
_WITHIN_A_SEGMENT = {"*": "[^:]*", "?": "[^:]"}


class UnsupportedPolicyError(Exception):
    """A policy says something that this evaluator does not know, so nothing may be concluded from it."""


def matches(pattern: str, text: str) -> bool:
    """Tell whether the whole text matches."""
    return _text(pattern).fullmatch(text) is not None


def matches_action(pattern: str, action: str) -> bool:
    """Tell whether an action matches; IAM does not distinguish upper and lower case there."""
    return matches(pattern.lower(), action.lower())


def matches_resource(pattern: str, resource: str) -> bool:
    """Tell whether a resource matches what a Resource element says.

    Wildcards stay within a segment, the part between two colons; but a `*` that ends its segment reaches over
    colons too ("IAM JSON policy elements: Resource").
    """
    return _resource(pattern).fullmatch(resource) is not None


def matches_arn(pattern: str, arn: str) -> bool:
    """Tell whether an ARN matches in a condition, where each of the six parts is compared by itself."""
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
