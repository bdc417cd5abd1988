"""ARNs of secrets, which may lack the suffix that Secrets Manager appends to a secret's name."""

import re
from typing import Final

SUFFIX_WILDCARD: Final = "-??????"
"""The suffix of any secret of a name, in the Resource of an IAM policy."""
_SUFFIX: Final = re.compile(r"-[a-zA-Z0-9]{6}")
"""Suffix that Secrets Manager appends to a secret's name in its ARN [CreateSecret, Secrets Manager API reference]."""
_TOKEN: Final = "${"  # noqa: S105 - the start of a CDK token or a pseudo parameter


def is_partial(secret_arn: str) -> bool:
    """Return whether a secret's ARN lacks its suffix; an end that is known only at deployment has it."""
    name = secret_arn.rpartition(":secret:")[2]
    return name != secret_arn and _TOKEN not in name and _SUFFIX.fullmatch(name[-7:]) is None


def is_same(first: str, second: str) -> bool:
    """Return whether two ARNs name the same secret; each may be partial."""
    short, long = sorted((first, second), key=len)
    return short == long or (long.startswith(short) and _SUFFIX.fullmatch(long[len(short) :]) is not None)
