"""Conditions of a template, evaluated as far as its parameters and its environment determine them."""

from collections.abc import Callable, Mapping
from typing import Any

from kvs_edge_preflight.files.references import Reference
from kvs_edge_preflight.templates.scope import Scope


class Conditions:
    """Evaluation of the section Conditions."""

    def __init__(self, scope: Scope, resolve: Callable[[Any], Any]) -> None:
        self._scope, self._resolve = scope, resolve
        self._known: dict[str, bool | None] = {}

    def holds(self, name: str) -> bool | None:
        """Return whether a condition holds; None if that is known only at deployment.

        Raises:
            RecursionError: The condition refers to itself.
        """
        if name not in self._known:
            self._known[name] = self._evaluate(self._scope.section("Conditions").get(name))
        return self._known[name]

    def _evaluate(self, rule: Any) -> bool | None:
        match next(iter(rule.items())) if isinstance(rule, Mapping) and len(rule) == 1 else None:
            case "Condition", str(name):
                return self.holds(name)
            case "Fn::Equals", [left, right]:
                return self._equal(left, right)
            case "Fn::Not", [rule]:
                found = self._evaluate(rule)
                return None if found is None else not found
            case "Fn::And", list(rules):
                return _all([self._evaluate(rule) for rule in rules])
            case "Fn::Or", list(rules):
                found = _all([None if held is None else not held for held in map(self._evaluate, rules)])
                return None if found is None else not found
            case _:
                return None

    def _equal(self, left: Any, right: Any) -> bool | None:
        values = [self._resolve(left), self._resolve(right)]
        if any(isinstance(value, Reference) or "${AWS::" in str(value) for value in values):
            return None
        return str(values[0]) == str(values[1])


def _all(held: list[bool | None]) -> bool | None:
    """Return False if one is false, else None if one is unknown, else True."""
    if False in held:
        return False
    return None if None in held else True
