"""Parameters of a template, and the values that a request gives them."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from kvs_edge_local.cloudformation.errors import TemplateError

SSM_PREFIX = "AWS::SSM::Parameter::Value<"
HIDDEN = "****"

ReadSsmParameter = Callable[[str], str]


@dataclass(frozen=True)
class Parameters:
    """Parameter values: as given, and as a Ref returns them."""

    given: Mapping[str, str]
    resolved: Mapping[str, Any]
    hidden: frozenset[str] = frozenset()

    def described(self) -> list[dict[str, str]]:
        """Return the parameters as DescribeStacks shows them, with NoEcho values masked."""
        return [
            {"ParameterKey": key, "ParameterValue": HIDDEN if key in self.hidden else value}
            | self._resolved_value(key, value)
            for key, value in self.given.items()
        ]

    def _resolved_value(self, key: str, value: str) -> dict[str, str]:
        resolved = self.resolved[key]
        text = ",".join(resolved) if isinstance(resolved, list) else str(resolved)
        # AWS shows ResolvedValue for SSM parameters only: their value is a name.
        return {"ResolvedValue": text} if key not in self.hidden and text != value else {}


def requested_values(
    requested: list[Mapping[str, Any]], previous: Mapping[str, str], declared: Mapping[str, Any]
) -> dict[str, str]:
    """Return a request's values: its own, or the *unresolved* previous ones for UsePreviousValue."""
    values: dict[str, str] = {}
    for parameter in requested:
        key = parameter["ParameterKey"]
        if key not in declared:
            raise TemplateError(f"Parameters: [{key}] do not exist in the template")
        if parameter.get("UsePreviousValue"):
            if key in previous:
                values[key] = previous[key]
        elif "ParameterValue" in parameter:
            values[key] = parameter["ParameterValue"]
    return values


def resolve_parameters(declared: Mapping[str, Any], given: Mapping[str, str], read_ssm: ReadSsmParameter) -> Parameters:
    """Apply defaults, check the template's constraints, and read values from Parameter Store."""
    values = {key: given[key] if key in given else _default(slot) for key, slot in declared.items()}
    if missing := sorted(key for key, value in values.items() if value is None):
        raise TemplateError(f"Parameters: [{', '.join(missing)}] must have values")
    texts = {key: str(value) for key, value in values.items()}
    for key, slot in declared.items():
        _check(key, texts[key], slot)
    return Parameters(
        texts,
        {key: _typed(key, texts[key], slot.get("Type", "String"), read_ssm) for key, slot in declared.items()},
        frozenset(key for key, slot in declared.items() if str(slot.get("NoEcho", False)).lower() == "true"),
    )


def _default(slot: Mapping[str, Any]) -> str | None:
    default = slot.get("Default")
    if isinstance(default, bool):
        return str(default).lower()
    return None if default is None else str(default)


def _check(key: str, value: str, slot: Mapping[str, Any]) -> None:
    """Raise a TemplateError in CloudFormation's words for a value that violates a constraint."""
    kind = str(slot.get("Type", "String"))
    values = [item.strip() for item in value.split(",")] if _is_list(kind) else [value]
    numeric = kind in {"Number", "List<Number>"}
    for item in values:
        broken = _broken_constraint(item, slot) or (_broken_bound(_number(key, item), slot) if numeric else None)
        if broken is not None:
            description = slot.get("ConstraintDescription")
            raise TemplateError(
                f"Parameter {key} failed to satisfy constraint: {description}"
                if description
                else f"Parameter '{key}' {broken}"
            )


def _broken_constraint(value: str, slot: Mapping[str, Any]) -> str | None:
    allowed, pattern = slot.get("AllowedValues"), slot.get("AllowedPattern")
    if allowed is not None and value not in [str(item) for item in allowed]:
        return "must be one of AllowedValues"
    if pattern is not None and not re.fullmatch(pattern, value):
        return f"must match pattern {pattern}"
    if "MinLength" in slot and len(value) < int(slot["MinLength"]):
        return f"must contain at least {slot['MinLength']} characters"
    if "MaxLength" in slot and len(value) > int(slot["MaxLength"]):
        return f"must contain at most {slot['MaxLength']} characters"
    return None


def _broken_bound(value: float, slot: Mapping[str, Any]) -> str | None:
    if "MinValue" in slot and value < float(slot["MinValue"]):
        return f"must be a number not less than {slot['MinValue']}"
    if "MaxValue" in slot and value > float(slot["MaxValue"]):
        return f"must be a number not greater than {slot['MaxValue']}"
    return None


def _is_list(kind: str) -> bool:
    return kind == "CommaDelimitedList" or kind.startswith("List<")


def _typed(key: str, value: str, kind: str, read_ssm: ReadSsmParameter) -> Any:
    if kind.startswith(SSM_PREFIX):
        return _typed(key, read_ssm(value), kind.removeprefix(SSM_PREFIX).removesuffix(">"), read_ssm)
    if _is_list(kind):
        return [item.strip() for item in value.split(",")]
    if kind == "Number":
        return _number(key, value)
    return value


def _number(key: str, value: str) -> int | float:
    try:
        return int(value)
    except ValueError:
        pass
    try:
        return float(value)
    except ValueError:
        raise TemplateError(f"Parameter '{key}' must be a number, not {value!r}") from None
