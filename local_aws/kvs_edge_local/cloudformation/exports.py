"""Exports of stacks and their imports."""

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from kvs_edge_local.cloudformation.errors import ResolutionError, TemplateError
from kvs_edge_local.cloudformation.stack import Output, Stack

Stacks = Callable[[], Iterable[Stack]]


class Export(NamedTuple):
    """Value that a stack exports."""

    stack: Stack
    name: str
    value: str


class Imports:
    """Lookup of exports for one deployment; it records the used ones."""

    def __init__(self, exports: "Exports") -> None:
        self._exports = exports
        self.used: set[str] = set()

    def __call__(self, name: str) -> str:
        """Return the value of an export."""
        value = self._exports.value(name)
        self.used.add(name)
        return value


class Exports:
    """Exports of one region: names are unique, and an imported export cannot be changed."""

    def __init__(self, stacks: Stacks) -> None:
        self._stacks = stacks

    def all(self) -> Iterator[Export]:
        """Return every export."""
        for stack in self._stacks():
            for output in stack.outputs:
                if output.export is not None:
                    yield Export(stack, output.export, output.value)

    def value(self, name: str) -> str:
        """Return the value exported under this name; raise ResolutionError."""
        for export in self.all():
            if export.name == name:
                return export.value
        raise ResolutionError(f"No export named {name} found.")

    def importers(self, name: str) -> list[Stack]:
        """Return the stacks that use this export."""
        return [stack for stack in self._stacks() if _uses(stack, name)]

    def check(self, stack: Stack, outputs: list[Output]) -> None:
        """Refuse outputs that reuse an export's name, or change or drop an imported one."""
        new = {output.export: output.value for output in outputs if output.export is not None}
        for export in self.all():
            if export.stack is not stack and export.name in new:
                raise TemplateError(
                    f"Export with name {export.name} is already exported by stack {export.stack.identity.name}."
                )
            if export.stack is stack and new.get(export.name) != export.value:
                self._refuse_if_used(export)

    def check_deletion(self, stack: Stack) -> None:
        """Refuse to delete a stack whose exports are imported."""
        self.check(stack, [])

    def _refuse_if_used(self, export: Export) -> None:
        if importers := [stack.identity.name for stack in self.importers(export.name)]:
            raise TemplateError(
                f"Export {export.name} cannot be updated or deleted as it is in use by {', '.join(importers)}"
            )


def _uses(stack: Stack, name: str) -> bool:
    imports = stack.deployed.scope.imports if stack.deployed else None
    return isinstance(imports, Imports) and name in imports.used
