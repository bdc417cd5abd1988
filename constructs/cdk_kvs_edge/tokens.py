"""The CDK's tokens: values that are known only at deployment."""

import json

from aws_cdk import Stack, Token

_STRING_MARKER = "${Token["


def is_token(value: object) -> bool:
    """Whether the value, or a part of it, is known only at deployment; containers are not looked into."""
    if isinstance(value, str):
        # A call into jsii for each string of a large fleet would take longer than the rest of the check.
        return _STRING_MARKER in value
    if isinstance(value, float):
        return bool(Token.is_unresolved(value))
    return callable(getattr(value, "resolve", None))


def identity(stack: Stack, value: str) -> str:
    """A text that is equal for equal values of one stack: the value itself, or what the token renders to."""
    return json.dumps(stack.resolve(value), sort_keys=True) if is_token(value) else value
