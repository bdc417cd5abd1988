"""Templates of stacks and their nested stacks, linked with what their functions refer to."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from kvs_edge_preflight.files.environment import Environment
from kvs_edge_preflight.files.location import Located
from kvs_edge_preflight.files.references import Reference
from kvs_edge_preflight.templates.intrinsics import Intrinsics
from kvs_edge_preflight.templates.resources import NESTED_STACK_TYPE
from kvs_edge_preflight.templates.scope import Scope, mapping


@dataclass(frozen=True, eq=False, kw_only=True)
class Template:
    """Template of a stack.

    Attributes:
        file: Path as given.
        root: Content with its places.
        environment: Region and account of the stack.
        stack: Name of the stack; None for a nested stack and for a template by itself.
        parent: Template that declares this nested stack, and its logical id there.
        constructs: Path of the construct of each resource, by logical id.
        given: Values from --reference.
        imported: Returns the value of an export of the same assembly; None if there is none.
        nested: Templates of nested stacks, by logical id; filled while they are read.
    """

    file: Path
    root: Located
    environment: Environment = field(default_factory=Environment)
    stack: str | None = None
    parent: "tuple[Template, str] | None" = None
    constructs: Mapping[str, str] = field(default_factory=dict)
    given: Mapping[str, str] = field(default_factory=dict)
    imported: Callable[[Environment, str], Any] = lambda _environment, _name: None
    nested: "dict[str, Template]" = field(default_factory=dict)

    @property
    def content(self) -> Mapping[str, Any]:
        """The content without places."""
        return mapping(self.root.value)

    @cached_property
    def intrinsics(self) -> Intrinsics:
        """Evaluation of its functions."""
        return Intrinsics(
            Scope(
                content=self.content,
                environment=self.environment,
                stack=self.stack,
                parameters=self._parameters,
                in_parent=self._in_parent,
                given=self.given,
                imported=lambda name: self.imported(self.environment, name),
                output=self._output_of_nested,
            )
        )

    def resources(self, kind: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Yield the logical id and the declaration of each resource of a type, without those that do not exist."""
        for logical_id, resource in mapping(self.content.get("Resources")).items():
            if isinstance(resource, Mapping) and resource.get("Type") == kind:
                condition = resource.get("Condition")
                if condition is None or self.holds(str(condition)) is not False:
                    yield logical_id, resource

    def evaluate(self, value: Any) -> Any:
        """Return a value without intrinsic functions; a `Reference` in place of what is unknown."""
        try:
            return self.intrinsics.resolve(value)
        except RecursionError:
            return Reference("Fn::Sub", "a value that refers to itself")

    def holds(self, condition: str) -> bool | None:
        """Return whether a condition holds; None if that is known only at deployment."""
        try:
            return self.intrinsics.conditions.holds(condition)
        except RecursionError:
            return None

    def construct(self, logical_id: str) -> str | None:
        """Return the path of a resource's construct, as far as the app was synthesized with it."""
        resource = mapping(mapping(self.content.get("Resources")).get(logical_id))
        path = mapping(resource.get("Metadata")).get("aws:cdk:path")
        return path if isinstance(path, str) else self.constructs.get(logical_id)

    def output(self, name: str) -> Any:
        """Return the value of an output; None if there is no such output."""
        value = mapping(mapping(self.content.get("Outputs")).get(name)).get("Value")
        return None if value is None else self.intrinsics.resolve(value)

    def exports(self) -> Iterator[tuple[str, str]]:
        """Yield the name of each export, and the name of its output."""
        for name, output in mapping(self.content.get("Outputs")).items():
            export = mapping(mapping(output).get("Export")).get("Name")
            resolved = None if export is None else self.evaluate(export)
            if isinstance(resolved, str):
                yield resolved, name

    @property
    def _parameters(self) -> Mapping[str, Any]:
        """Parameters as the parent declares them, unevaluated: one may be an output of another nested stack."""
        if self.parent is None:
            return {}
        template, logical_id = self.parent
        resource = mapping(mapping(template.content.get("Resources")).get(logical_id))
        return mapping(mapping(resource.get("Properties")).get("Parameters"))

    def _in_parent(self, value: Any) -> Any:
        assert self.parent is not None
        return self.parent[0].intrinsics.resolve(value)

    def _output_of_nested(self, logical_id: str, output: str) -> Any:
        nested = self.nested.get(logical_id)
        return None if nested is None else nested.output(output)


def nested_stacks(template: Template) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield the nested stacks of a template."""
    return template.resources(NESTED_STACK_TYPE)
