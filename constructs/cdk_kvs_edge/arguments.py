"""Checks of the arguments of constructs, before the CDK or the schema sees them.

A fault names the argument as written in Python, the value and the fix. A check returns the value, or INVALID after a
fault, so that all faults of a declaration are reported at once.
"""

from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from typing import Any

from aws_cdk import Duration, RemovalPolicy, Size
from constructs import Construct

from cdk_kvs_edge.quantities import shown_quantity
from cdk_kvs_edge.tokens import is_token
from kvs_edge.errors import ConfigurationError, Fault
from kvs_edge_preflight.suggestions import similar

INVALID = object()
"""Placeholder of an argument with a fault; its fault is reported."""

_SHOWN_CHARACTERS = 120
_CUTOFF = 0.6
"""Similarity of a suggested argument: `hub_arn` is like `hub`, and arguments are few enough for no wrong suggestion."""


class Arguments:
    """Checks of arguments; it collects faults."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def text(self, argument: str, value: object, wanted: str) -> object:
        """Return the text, perhaps a token; `wanted` says what is valid."""
        return value if isinstance(value, str) else self.refuse(argument, value, wanted)

    def flag(self, argument: str, value: object) -> object:
        """Return the boolean, or a token."""
        return value if isinstance(value, bool) or is_token(value) else self.refuse(argument, value, "True or False")

    def choice(self, argument: str, value: object, kind: type[StrEnum]) -> object:
        """Return the member of the enum, its text, or a token."""
        if isinstance(value, str) and (value in list(kind) or is_token(value)):
            return value
        return self.refuse(argument, value, either(f"{kind.__name__}.{member.name}" for member in kind))

    def checked(self, argument: str, value: Any, is_valid: Callable[[Any], bool], wanted: str) -> Any:
        """Return the value if it is None or valid; `wanted` says what is valid."""
        return value if value is None or is_valid(value) else self.refuse(argument, value, wanted)

    def refuse(self, argument: str, value: object, wanted: str) -> object:
        """Add the fault of a value, and return INVALID."""
        self.faults.append(Fault(argument, value, f"{shown(value)} is not accepted: give {wanted}"))
        return INVALID

    def check_names(self, given: Iterable[str], known: Iterable[str], subject: str) -> None:
        """Add a fault for each argument that the subject does not have."""
        names = list(known)
        for name in given:
            if name not in names:
                meant = similar(name, names, cutoff=_CUTOFF)
                fix = f"did you mean {meant}?" if meant else f"it takes {', '.join(names)}"
                self.faults.append(Fault(name, None, f"{subject} has no such argument: {fix}"))

    def raise_faults(self, subject: str) -> None:
        """Raise ConfigurationError if there are faults."""
        if self.faults:
            raise ConfigurationError(subject, self.faults)


def check_scope(
    kind: str, scope: object, construct_id: object, wanted: str = "a stack, or a construct in a stack"
) -> None:
    """Raise ConfigurationError if a construct cannot have this scope or id.

    Args:
        kind: Kind of the construct, for the message.
        scope: The scope.
        construct_id: The id.
        wanted: Valid scopes.
    """
    arguments = Arguments()
    if not isinstance(scope, Construct):
        arguments.refuse("scope", scope, wanted)
    if not isinstance(construct_id, str) or not construct_id:
        arguments.refuse("construct_id", construct_id, 'a text that is unique in its scope, like "Entrance"')
    arguments.raise_faults(f"the {kind} is invalid:")


def without_none(options: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options that are set: None means the default, as in the CDK."""
    return {name: value for name, value in options.items() if value is not None}


def either(names: Iterable[str]) -> str:
    """Return the names as a choice: "A, B or C"."""
    *first, last = names
    return f"{', '.join(first)} or {last}" if first else last


def shown(value: object) -> str:
    """Return the value as a message shows it: plain values as written in Python, others by their type."""
    if isinstance(value, Duration | Size):
        return shown_quantity(value)
    if isinstance(value, RemovalPolicy):
        return f"RemovalPolicy.{value.name}"
    if is_token(value):
        return "a token"
    if not isinstance(value, str | int | float | list | tuple | dict | None):
        kind = type(value)
        # Other services of AWS have a CfnStream, too.
        return f"a value of type {kind.__module__.rpartition('.')[2]}.{kind.__qualname__}"
    text = repr(value)
    return text if len(text) <= _SHOWN_CHARACTERS else text[:_SHOWN_CHARACTERS] + "..."
