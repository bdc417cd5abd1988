"""YAML reader on parser events: PyYAML's composer recurses in C, so deep nesting would crash the process."""

from collections.abc import Callable
from datetime import date
from typing import Any

import yaml
from yaml.constructor import SafeConstructor
from yaml.resolver import Resolver

from kvs_edge_preflight.files.builder import Builder
from kvs_edge_preflight.files.codes import FileCode
from kvs_edge_preflight.files.location import TOP, FileFault, Located, Place, UnreadableError

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TAGS = "tag:yaml.org,2002:"
_TEXT, _MERGE = _TAGS + "str", _TAGS + "merge"
_SCALARS = frozenset(_TAGS + name for name in ("null", "bool", "int", "float", "timestamp"))
_REFERENCES = {"!Ref": "Ref", "!ImportValue": "Fn::ImportValue"}
"""CloudFormation's short forms, which other YAML readers do not know."""
_CONTAINERS = {None, "!", _TAGS + "map", _TAGS + "seq"}


def read_yaml(text: str, builder: Builder) -> Located:
    """Return the single document of a text.

    Raises:
        UnreadableError: It is not YAML, nested too deep, or its anchors expand too far.
    """
    reader = _Reader(builder)
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            reader.take(event)
    except yaml.MarkedYAMLError as error:
        raise UnreadableError(_syntax(error, text)) from None
    except yaml.YAMLError as error:
        message = f"is not YAML: {' '.join(str(error).split())}"
        raise UnreadableError(FileFault(FileCode.SYNTAX_NOT_UNDERSTOOD, message)) from None
    return builder.root or Located(None, TOP)


class _Reader:
    def __init__(self, builder: Builder) -> None:
        self._builder = builder
        self._resolver: Any = Resolver()
        self._constructor: Any = SafeConstructor()
        self._anchors: dict[str, tuple[Located, int] | None] = {}
        self._open: list[str | None] = []
        self._documents = 0
        self._takes: dict[type, Callable[[Any], None]] = {
            yaml.ScalarEvent: self._scalar,
            yaml.AliasEvent: self._alias,
            yaml.MappingStartEvent: self._start,
            yaml.SequenceStartEvent: self._start,
            yaml.MappingEndEvent: self._end,
            yaml.SequenceEndEvent: self._end,
            yaml.DocumentStartEvent: self._document,
        }

    def take(self, event: yaml.Event) -> None:
        if take := self._takes.get(type(event)):
            take(event)

    def _document(self, event: yaml.Event) -> None:
        self._documents += 1
        if self._documents > 1:
            raise _unreadable("has a second document; use a separate file", event)

    def _scalar(self, event: Any) -> None:
        place = _place(event)
        tag = event.tag if event.tag and event.tag != "!" else self._resolved(event)
        if tag == _MERGE and self._builder.awaits_key:
            self._builder.merge_key(place)
            return
        located = Located(event.value if tag == _TEXT else self._constructed(tag, event), place)
        if event.anchor:
            self._anchors[event.anchor] = located, 1
        self._builder.add(located)

    def _resolved(self, event: Any) -> str:
        if event.tag == "!":
            return _TEXT
        return str(self._resolver.resolve(yaml.ScalarNode, event.value, event.implicit))

    def _constructed(self, tag: str, event: Any) -> object:
        """Return the value of a scalar that is not text; its text if the value is invalid or unsupported."""
        if tag not in _SCALARS:
            kind = _REFERENCES.get(tag)
            instead = f"write {{{kind}: {event.value:.255}}}" if kind else "remove it"
            self._fault(f"has the tag {tag!r:.80}, which is not supported; {instead}", event)
            return event.value
        kind = tag.removeprefix(_TAGS)
        node = yaml.ScalarNode(tag, event.value, event.start_mark, event.end_mark)
        try:
            value = self._constructor.construct_object(node)
        except (ValueError, OverflowError, KeyError, IndexError, AttributeError, yaml.YAMLError):
            # PyYAML's constructors raise these for an invalid date, number or tagged value.
            self._fault(f"{event.value!r:.60} is not a valid {kind}; put text in quotes", event)
            return event.value
        if isinstance(value, float | date):
            problem = f"YAML reads {event.value!r:.60} as a {kind}, which is not supported"
            self._fault(f"{problem}; write a whole number, or text in quotes", event)
            return event.value
        return value

    def _fault(self, message: str, event: Any) -> None:
        path = self._builder.path()
        self._builder.faults.append(FileFault(FileCode.VALUE_NOT_ACCEPTED, message, _place(event), path))

    def _start(self, event: Any) -> None:
        if event.tag not in _CONTAINERS:
            self._fault(f"has the tag {event.tag!r:.80}, which is not supported; remove it", event)
        self._builder.start(_place(event), is_mapping=isinstance(event, yaml.MappingStartEvent))
        self._open.append(event.anchor)
        if event.anchor:
            self._anchors[event.anchor] = None

    def _end(self, _: yaml.Event) -> None:
        anchored = self._builder.end()
        if anchor := self._open.pop():
            self._anchors[anchor] = anchored

    def _alias(self, event: Any) -> None:
        if event.anchor not in self._anchors:
            raise _unreadable(f"*{event.anchor:.60} has no anchor &{event.anchor:.60} before it", event)
        anchored = self._anchors[event.anchor]
        if anchored is None:
            raise _unreadable(f"*{event.anchor:.60} is inside its own anchor", event)
        self._builder.add(*anchored)


def _place(event: Any) -> Place:
    return Place(event.start_mark.line + 1, event.start_mark.column + 1)


def _unreadable(message: str, event: yaml.Event) -> UnreadableError:
    return UnreadableError(FileFault(FileCode.SYNTAX_NOT_UNDERSTOOD, message, _place(event)))


def _syntax(error: yaml.MarkedYAMLError, text: str) -> FileFault:
    mark = error.problem_mark or error.context_mark
    place = Place(mark.line + 1, mark.column + 1) if mark else TOP
    context = f"{error.context}, " if error.context else ""
    message = f"is not YAML: {context}{error.problem or 'it ends too early'}"
    line = text.split("\n", place.line)[place.line - 1] if text.count("\n") >= place.line - 1 else ""
    if "\t" in line[: len(line) - len(line.lstrip())]:
        message += "; the line is indented with a tab; use spaces"
    return FileFault(FileCode.SYNTAX_NOT_UNDERSTOOD, message, place)
