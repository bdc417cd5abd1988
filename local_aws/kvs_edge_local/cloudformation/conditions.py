"""Conditions and rules: the parts of a template that apply, given its parameters. Pure."""

from collections.abc import Callable, Mapping
from typing import Any

from kvs_edge_local.cloudformation.errors import ResolutionError, TemplateError
from kvs_edge_local.cloudformation.intrinsics import NO_VALUE, Scope, resolve

Evaluate = Callable[[Any], bool]


def evaluate_conditions(declared: Mapping[str, Any], scope: Scope) -> dict[str, bool]:
    """Return the value of every condition. Conditions may refer to each other, but not in a cycle."""
    known: dict[str, bool] = {}

    def named(name: str, asking: tuple[str, ...]) -> bool:
        if name not in declared:
            raise TemplateError(f"Template format error: Unresolved condition {name}")
        if name in asking:
            raise TemplateError(f"Template format error: circular condition {' -> '.join((*asking, name))}")
        if name not in known:
            known[name] = evaluate(declared[name], (*asking, name))
        return known[name]

    def evaluate(expression: Any, asking: tuple[str, ...]) -> bool:
        if isinstance(expression, dict) and set(expression) == {"Condition"}:
            return named(expression["Condition"], asking)
        return _operate(expression, scope, lambda part: evaluate(part, asking))

    return {name: named(name, ()) for name in declared}


def check_rules(declared: Mapping[str, Any], scope: Scope) -> None:
    """Raise a TemplateError for parameters that violate an assertion of the template's Rules."""

    def evaluate(expression: Any) -> bool:
        return _operate(expression, scope, evaluate)

    for name, rule in declared.items():
        if "RuleCondition" in rule and not evaluate(rule["RuleCondition"]):
            continue
        for assertion in rule.get("Assertions", []):
            if not evaluate(assertion["Assert"]):
                raise TemplateError(f"Template error: rule {name}: {assertion.get('AssertDescription', 'not met')}")


def settle(value: Any, conditions: Mapping[str, bool]) -> Any:
    """Replace every Fn::If by the branch that its condition selects."""
    if isinstance(value, dict):
        if set(value) == {"Fn::If"}:
            return settle(_branch(value["Fn::If"], conditions), conditions)
        return {key: settle(item, conditions) for key, item in value.items()}
    if isinstance(value, list):
        return [settle(item, conditions) for item in value]
    return value


def _branch(argument: Any, conditions: Mapping[str, bool]) -> Any:
    if not isinstance(argument, list) or len(argument) != 3:  # noqa: PLR2004
        raise ResolutionError(f"Template error: Fn::If takes a condition and two values, not {argument!r}")
    name, if_true, if_false = argument
    if name not in conditions:
        raise TemplateError(f"Template format error: Unresolved condition {name}")
    return if_true if conditions[name] else if_false


def _operate(expression: Any, scope: Scope, evaluate: Evaluate) -> bool:
    if not isinstance(expression, dict) or len(expression) != 1:
        raise ResolutionError(f"Template error: {expression!r} is not a condition")
    [(operator, operands)] = expression.items()
    if operator not in OPERATORS:
        raise ResolutionError(f"Template error: the local AWS does not support the condition function {operator}")
    return OPERATORS[operator](operands, scope, evaluate)


def _equals(operands: list[Any], scope: Scope, _evaluate: Evaluate) -> bool:
    first, second = (_comparable(resolve(operand, scope)) for operand in operands)
    return bool(first == second)


def _comparable(value: Any) -> Any:
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, int | float) else value


def _not(operands: list[Any], _scope: Scope, evaluate: Evaluate) -> bool:
    return not evaluate(operands[0])


def _and(operands: list[Any], _scope: Scope, evaluate: Evaluate) -> bool:
    return all(evaluate(operand) for operand in operands)


def _or(operands: list[Any], _scope: Scope, evaluate: Evaluate) -> bool:
    return any(evaluate(operand) for operand in operands)


def _contains(operands: list[Any], scope: Scope, _evaluate: Evaluate) -> bool:
    values, wanted = (resolve(operand, scope) for operand in operands)
    return wanted is not NO_VALUE and wanted in values


OPERATORS: Mapping[str, Callable[[Any, Scope, Evaluate], bool]] = {
    "Fn::And": _and,
    "Fn::Contains": _contains,
    "Fn::Equals": _equals,
    "Fn::Not": _not,
    "Fn::Or": _or,
}
