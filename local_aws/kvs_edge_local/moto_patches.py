"""Patches of moto while the local AWS runs, undone when it stops."""

import inspect
from collections.abc import Callable, MutableMapping
from contextlib import ExitStack
from typing import Any


class Patches:
    """Patches of moto's attributes and items, with their original values.

    A missing part raises AttributeError or KeyError with its name: moto was upgraded, and the code that relies on the
    part needs a review.
    """

    def __init__(self) -> None:
        self._undo = ExitStack()

    def attribute(self, owner: Any, name: str, value: object) -> None:
        """Patch an attribute of a module, class or object of moto."""
        if name not in vars(owner):
            raise AttributeError(f"moto has no {name} in {owner!r} any more: find its replacement in this version")
        # With plain getattr a static method would be restored as a plain function.
        self._undo.callback(setattr, owner, name, inspect.getattr_static(owner, name))
        setattr(owner, name, value)

    def item(self, mapping: MutableMapping[str, Any], key: str, value: object) -> None:
        """Patch an item of one of moto's tables."""
        self._undo.callback(mapping.__setitem__, key, mapping[key])
        mapping[key] = value

    def on_undo(self, callback: Callable[[], object]) -> None:
        """Call the function when the patches are undone."""
        self._undo.callback(callback)

    def undo(self) -> None:
        """Undo all patches, last one first."""
        self._undo.close()
