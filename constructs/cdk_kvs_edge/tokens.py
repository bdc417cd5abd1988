"""CDK tokens: values that are known only at deployment."""

import json
import re

from aws_cdk import Stack, Token

_STRING_MARKER = "${Token["
_NAMED_ARN = re.compile(r"(?:ARN|Arn|(?:^|[^A-Za-z])arn)$")


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


def visible_text(stack: Stack, value: str) -> str:
    """Return the text that shows whether a value is an ARN: for a token, the start of its rendered form.

    Return an empty text if the start is known only at deployment.
    """
    if not is_token(value):
        return value
    match stack.resolve(value):
        case {"Fn::GetAtt": [str(), str(attribute)]}:
            return "arn:" if attribute.lower().endswith("arn") else ""
        case {"Fn::Join": [str(delimiter), [str(start), *_]]}:
            return start + delimiter
        case {"Fn::Sub": str(start) | [str(start), *_]}:
            return start
        case _:
            return ""


def source_of_arn(stack: Stack, value: str) -> str | None:
    """Return the parameter or export of a token whose name says that it holds an ARN; None for other values."""
    match stack.resolve(value) if is_token(value) else value:
        case {"Ref": str(name)}:
            return f"the parameter {name}" if names_arn(name) else None
        case {"Fn::ImportValue": str(name)}:
            return f"the export {name}" if names_arn(name) else None
        case _:
            return None


def names_arn(name: str) -> bool:
    """Return True if the name of a value says that it is an ARN: DockArn, DOCK_ARN, dock-arn; not barn."""
    return _NAMED_ARN.search(name) is not None
