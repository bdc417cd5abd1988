"""CDK tokens: values that are known only at deployment."""

import json

from aws_cdk import Stack, Token

_STRING_MARKER = "${Token["


def is_token(value: object) -> bool:
    """Return True if the value, or a part of a text, is known only at deployment; ignore members of containers."""
    if isinstance(value, str):
        # A call to jsii for each string of a large fleet would take longer than all other checks.
        return _STRING_MARKER in value
    if isinstance(value, float):
        return bool(Token.is_unresolved(value))
    return callable(getattr(value, "resolve", None))


def identity(stack: Stack, value: str) -> str:
    """Return a text that is equal for equal values of a stack: the value, or its rendered token."""
    return json.dumps(stack.resolve(value), sort_keys=True) if is_token(value) else value
