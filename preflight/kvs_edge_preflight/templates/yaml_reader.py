"""YAML reader for templates: with the short forms of CloudFormation's functions, such as ``!Ref`` and ``!GetAtt``."""

from collections.abc import Callable
from typing import Any

import yaml
from yaml.constructor import SafeConstructor
from yaml.resolver import Resolver

from kvs_edge_preflight.files.builder import Builder
from kvs_edge_preflight.files.codes import FileCode
from kvs_edge_preflight.files.location import TOP, FileFault, Located, Place, UnreadableError

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TAGS = "tag:yaml.org,2002:"
_NAMES_AS_THEY_ARE = frozenset({"Ref", "Condition"})
"""Short forms without the prefix ``Fn::`` in their long forms."""


def read_template_yaml(text: str, builder: Builder) -> Located:
    """Return the first document of a text, with short forms as their long forms.

    Raises:
        UnreadableError: It is not YAML, nested too deep, or its anchors expand too far.
    """
    reader = _Reader(builder)
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            reader.take(event)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Place(mark.line + 1, mark.column + 1) if mark else TOP
        raise _unreadable(f"is not YAML: {error.problem or error.context}", place) from None
    except yaml.YAMLError as error:
        raise _unreadable(f"is not YAML: {' '.join(str(error).split())}", TOP) from None
    return builder.root or Located(None, TOP)


class _Reader:
    """Reader of events. A short form opens a mapping with one key around its value."""

    def __init__(self, builder: Builder) -> None:
        self._builder = builder
        self._resolver: Any = Resolver()
        self._constructor: Any = SafeConstructor()
        self._anchors: dict[str, tuple[Located, int] | None] = {}
        self._open: list[tuple[str | None, bool]] = []
        self._takes: dict[type, Callable[[Any], None]] = {
            yaml.ScalarEvent: self._scalar,
            yaml.AliasEvent: self._alias,
            yaml.MappingStartEvent: self._start,
            yaml.SequenceStartEvent: self._start,
            yaml.MappingEndEvent: self._end,
            yaml.SequenceEndEvent: self._end,
        }

    def take(self, event: yaml.Event) -> None:
        if take := self._takes.get(type(event)):
            take(event)

    def _scalar(self, event: Any) -> None:
        place = _place(event)
        if self._builder.awaits_key and event.value == "<<" and event.implicit[0]:
            self._builder.merge_key(place)
            return
        function = _function(event.tag)
        located = Located(event.value if function or self._builder.awaits_key else self._value(event), place)
        anchored = located, 1
        if function:
            self._open_function(function, place)
        self._builder.add(located)
        if function:
            anchored = self._builder.end()
        if event.anchor:
            self._anchors[event.anchor] = anchored

    def _value(self, event: Any) -> object:
        """Return the value of a scalar; its text if it is a date or invalid, as CloudFormation does."""
        tag = event.tag or self._resolver.resolve(yaml.ScalarNode, event.value, event.implicit)
        if tag.removeprefix(_TAGS) not in {"null", "bool", "int", "float"}:
            return event.value
        try:
            return self._constructor.construct_object(yaml.ScalarNode(tag, event.value))
        except (ValueError, OverflowError, KeyError, IndexError, yaml.YAMLError):
            return event.value

    def _start(self, event: Any) -> None:
        place, function = _place(event), _function(event.tag)
        if function:
            self._open_function(function, place)
        self._builder.start(place, is_mapping=isinstance(event, yaml.MappingStartEvent))
        self._open.append((event.anchor, bool(function)))
        if event.anchor:
            self._anchors[event.anchor] = None

    def _open_function(self, name: str, place: Place) -> None:
        self._builder.start(place, is_mapping=True)
        self._builder.add(Located(name, place))

    def _end(self, _: yaml.Event) -> None:
        anchor, is_function = self._open.pop()
        ended = self._builder.end()
        if is_function:
            ended = self._builder.end()
        if anchor:
            self._anchors[anchor] = ended

    def _alias(self, event: Any) -> None:
        anchored = self._anchors.get(event.anchor)
        if anchored is None:
            raise _unreadable(f"*{event.anchor:.60} has no anchor &{event.anchor:.60} before it", _place(event))
        self._builder.add(*anchored)


def _function(tag: str | None) -> str | None:
    """Return the long form's key for a tag; None for YAML's own tags."""
    if tag is None or not tag.startswith("!") or tag == "!":
        return None
    name = tag[1:]
    return name if name in _NAMES_AS_THEY_ARE else f"Fn::{name}"


def _place(event: Any) -> Place:
    return Place(event.start_mark.line + 1, event.start_mark.column + 1)


def _unreadable(message: str, place: Place) -> UnreadableError:
    return UnreadableError(FileFault(FileCode.SYNTAX_NOT_UNDERSTOOD, message, place))
