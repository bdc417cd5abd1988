"""Parts of moto replaced while the local AWS is up, and put back when it stops."""

import inspect
from collections.abc import Callable, MutableMapping
from contextlib import ExitStack
from typing import Any


class Patches:
    """Replaces attributes and items of moto's, and remembers what stood there.

    A part that isn't there is an AttributeError or a KeyError, which names it: moto was upgraded, and what
    stands on that part has to be looked at.
    """

    def __init__(self) -> None:
        self._undo = ExitStack()

    def attribute(self, owner: Any, name: str, value: object) -> None:
        """Set an attribute of a module, class or object of moto's."""
        if name not in vars(owner):
            raise AttributeError(f"moto has no {name} in {owner!r} any more: see what replaces it there")
        # A static method read in the ordinary way would be put back as a plain function.
        self._undo.callback(setattr, owner, name, inspect.getattr_static(owner, name))
        setattr(owner, name, value)

    def item(self, mapping: MutableMapping[str, Any], key: str, value: object) -> None:
        """Set an item of one of moto's tables."""
        self._undo.callback(mapping.__setitem__, key, mapping[key])
        mapping[key] = value

    def on_undo(self, callback: Callable[[], object]) -> None:
        """Call this when everything is put back."""
        self._undo.callback(callback)

    def undo(self) -> None:
        """Put everything back, last one first."""
        self._undo.close()
