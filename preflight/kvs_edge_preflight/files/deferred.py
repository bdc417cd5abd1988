"""Values of a file whose places are read when they are needed.

Reading the places of a large file takes many times as long as reading its values, and only a message needs a place.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from kvs_edge_preflight.files.location import Located, Place, Step


class DeferredLocated(Located):
    """Value that is known, with a function that returns it with its places.

    Args:
        value: The value.
        read: Returns the same value with places; it is called whenever a place is needed.
    """

    __slots__ = ("_read",)

    _read: Callable[[], Located]

    def __init__(self, value: Any, read: Callable[[], Located]) -> None:
        # The base class is frozen, and its places stay unset.
        object.__setattr__(self, "value", value)
        object.__setattr__(self, "_read", read)

    @property
    def place(self) -> Place:
        """Start of the value."""
        return self._read().place

    @property
    def key(self) -> Place | None:
        """Start of its key, in a mapping."""
        return self._read().key

    @property
    def members(self) -> Mapping[Step, Located] | None:
        """Inner values with their places."""
        return self._read().members

    def member(self, step: Step) -> Located | None:
        """Return the inner value at a key or an index; None if there is none."""
        value = self.value
        is_inside = step in value if isinstance(value, dict) else isinstance(value, list) and step in range(len(value))
        return self._inner(step, value[step]) if is_inside else None

    def items(self) -> Iterator[tuple[Step, Located]]:
        """Yield the inner values with their keys or indexes."""
        if isinstance(self.value, dict | list):
            pairs = self.value.items() if isinstance(self.value, dict) else enumerate(self.value)
            yield from ((step, self._inner(step, inner)) for step, inner in pairs)

    def _inner(self, step: Step, value: Any) -> Located:
        return DeferredLocated(value, lambda: (self._read().members or {})[step])
