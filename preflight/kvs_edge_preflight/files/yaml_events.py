"""Parser events of a YAML document as values with their places: nesting, anchors and aliases.

PyYAML's composer recurses in C, so deep nesting would crash the process.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any

import yaml
from yaml.constructor import SafeConstructor
from yaml.resolver import Resolver

from kvs_edge_preflight.files.builder import Builder
from kvs_edge_preflight.files.codes import FileCode
from kvs_edge_preflight.files.location import FileFault, Located, Place, UnreadableError

TAGS = "tag:yaml.org,2002:"
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

Anchored = tuple[Located, int]
"""A value with the number of values in it."""


class EventReader(ABC):
    """Reader of events. A subclass reads the scalars, and may open more than a container for one."""

    def __init__(self, builder: Builder) -> None:
        self.builder = builder
        self._resolver: Any = Resolver()
        self._constructor: Any = SafeConstructor()
        self._anchors: dict[str, Anchored | None] = {}
        self._open: list[tuple[str | None, int]] = []
        self._has_document = False
        self._takes: dict[type, Callable[[Any], None]] = {
            yaml.ScalarEvent: self._scalar,
            yaml.AliasEvent: self._alias,
            yaml.MappingStartEvent: self._start,
            yaml.SequenceStartEvent: self._start,
            yaml.MappingEndEvent: self._end,
            yaml.SequenceEndEvent: self._end,
            yaml.DocumentStartEvent: self._document,
        }

    def read(self, text: str) -> None:
        """Read the events of a text.

        Raises:
            YAMLError: It is not YAML.
            UnreadableError: There is a second document, an alias has no complete anchor before it, or the builder
                refuses a value.
        """
        for event in yaml.parse(text, Loader=_LOADER):
            if take := self._takes.get(type(event)):
                take(event)

    @abstractmethod
    def add_scalar(self, event: Any) -> Anchored | None:
        """Add a scalar; return it, or None if no alias can refer to it."""

    def open(self, event: Any) -> int:
        """Open a container; return how many containers of the builder its end closes."""
        self.builder.start(place_of(event), is_mapping=isinstance(event, yaml.MappingStartEvent))
        return 1

    def close(self, count: int) -> Anchored:
        """Close the containers that `open` opened; return the outermost."""
        for _ in range(count - 1):
            self.builder.end()
        return self.builder.end()

    def resolved(self, event: Any) -> str:
        """Return the tag that YAML 1.1 gives a scalar without one."""
        return str(self._resolver.resolve(yaml.ScalarNode, event.value, event.implicit))

    def constructed(self, tag: str, event: Any) -> Any:
        """Return the value of a scalar with a tag.

        Raises:
            ValueError, OverflowError, KeyError, IndexError, AttributeError, YAMLError: PyYAML's constructors raise
                these for an invalid date, number or tagged value.
        """
        return self._constructor.construct_object(yaml.ScalarNode(tag, event.value, event.start_mark, event.end_mark))

    def _document(self, event: Any) -> None:
        if self._has_document:
            raise unreadable("has a second document; use a separate file", place_of(event))
        self._has_document = True

    def _scalar(self, event: Any) -> None:
        anchored = self.add_scalar(event)
        if event.anchor and anchored:
            self._anchors[event.anchor] = anchored

    def _start(self, event: Any) -> None:
        self._open.append((event.anchor, self.open(event)))
        if event.anchor:
            self._anchors[event.anchor] = None

    def _end(self, _: Any) -> None:
        anchor, count = self._open.pop()
        anchored = self.close(count)
        if anchor:
            self._anchors[anchor] = anchored

    def _alias(self, event: Any) -> None:
        if event.anchor not in self._anchors:
            raise unreadable(f"*{event.anchor:.60} has no anchor &{event.anchor:.60} before it", place_of(event))
        anchored = self._anchors[event.anchor]
        if anchored is None:
            raise unreadable(f"*{event.anchor:.60} is inside its own anchor", place_of(event))
        self.builder.add(*anchored)


def place_of(event: Any) -> Place:
    """Return the place where an event starts."""
    return Place(event.start_mark.line + 1, event.start_mark.column + 1)


def unreadable(message: str, place: Place) -> UnreadableError:
    """Return the error of a text that is not understood."""
    return UnreadableError(FileFault(FileCode.SYNTAX_NOT_UNDERSTOOD, message, place))


def not_yaml(error: yaml.YAMLError, place: Place) -> UnreadableError:
    """Return the error of a text that is not YAML, without a place of its own."""
    return unreadable(f"is not YAML: {' '.join(str(error).split())}", place)
