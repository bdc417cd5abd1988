"""Scope of a template: what its intrinsic functions may refer to."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from kvs_edge_preflight.files.environment import Environment


@dataclass(frozen=True, eq=False, kw_only=True)
class Scope:
    """Content of a template, and the values that reach it from outside.

    Attributes:
        content: The template.
        environment: Region and account of its stack.
        stack: Name of its stack, if it is known.
        parameters: Values of parameters as the parent of a nested stack declares them; they take precedence over
            defaults.
        in_parent: Evaluates a value in the parent.
        given: Values from --reference by name: a parameter, a logical id, or ``RESOURCE.ATTRIBUTE``.
        imported: Returns the value of an export of the same assembly; None if there is none.
        output: Returns the value of an output of a nested stack, by its logical id; None if there is none.
    """

    content: Mapping[str, Any]
    environment: Environment
    stack: str | None
    parameters: Mapping[str, Any]
    in_parent: Callable[[Any], Any]
    given: Mapping[str, str]
    imported: Callable[[str], Any]
    output: Callable[[str, str], Any]

    def section(self, name: str) -> Mapping[str, Any]:
        """Return a section, such as Resources; empty if the template has none."""
        return mapping(self.content.get(name))

    def resource(self, logical_id: str) -> Mapping[str, Any]:
        """Return a resource; empty if the template has none of that logical id."""
        return mapping(self.section("Resources").get(logical_id))


def mapping(value: object) -> Mapping[str, Any]:
    """Return the value if it is a mapping, and an empty mapping otherwise."""
    return value if isinstance(value, Mapping) else {}
