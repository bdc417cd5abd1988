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
from kvs_edge_preflight.files.yaml_core import ambiguity
from kvs_edge_preflight.files.yaml_syntax import Quote, explain, line_separator

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TAGS = "tag:yaml.org,2002:"
_TEXT, _MERGE = _TAGS + "str", _TAGS + "merge"
_SCALARS = frozenset(_TAGS + name for name in ("str", "null", "bool", "int", "float", "timestamp"))
_READ_BY_VERSION = frozenset({_TAGS + "bool", _TAGS + "int"})
"""Tags whose values depend on the version even where the tag is explicit, as in ``!!int 024``."""
_QUOTES = frozenset({"'", '"'})
_REFERENCES = {"!Ref": "Ref", "!ImportValue": "Fn::ImportValue"}
"""CloudFormation's short forms, which other YAML readers do not know."""
_CONTAINERS = {None, "!", _TAGS + "map", _TAGS + "seq"}


def read_yaml(text: str, builder: Builder) -> Located:
    """Return the single document of a text.

    Raises:
        UnreadableError: It is not YAML, nested too deep, or its anchors expand too far.
    """
    if separator := line_separator(text):
        raise UnreadableError(separator)
    reader = _Reader(builder)
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            reader.take(event)
    except yaml.MarkedYAMLError as error:
        raise UnreadableError(explain(error, text, reader.long_quote, reader.open_flow)) from None
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
        self.long_quote: Quote | None = None
        self._flows: list[Place | None] = []
        self._takes: dict[type, Callable[[Any], None]] = {
            yaml.ScalarEvent: self._scalar,
            yaml.AliasEvent: self._alias,
            yaml.MappingStartEvent: self._start,
            yaml.SequenceStartEvent: self._start,
            yaml.MappingEndEvent: self._end,
            yaml.SequenceEndEvent: self._end,
            yaml.DocumentStartEvent: self._document,
        }

    @property
    def open_flow(self) -> Place | None:
        """Place of the innermost [ or { that is not closed yet."""
        return self._flows[-1] if self._flows else None

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
        if event.style in _QUOTES and event.start_mark.line != event.end_mark.line:
            self.long_quote = Quote(place, event.end_mark.line + 1)
        if tag == _MERGE and self._builder.awaits_key:
            self._builder.merge_key(place)
            return
        located = Located(self._value(tag, event), place)
        if event.anchor:
            self._anchors[event.anchor] = located, 1
        self._builder.add(located)

    def _resolved(self, event: Any) -> str:
        if event.tag == "!":
            return _TEXT
        return str(self._resolver.resolve(yaml.ScalarNode, event.value, event.implicit))

    def _value(self, tag: str, event: Any) -> object:
        """Return the value of a scalar; its text if the value is invalid, ambiguous or unsupported."""
        if tag not in _SCALARS:
            return self._unsupported(tag, event)
        kind = tag.removeprefix(_TAGS)
        try:
            value = event.value if tag == _TEXT else self._constructed(tag, event)
        except (ValueError, OverflowError, KeyError, IndexError, AttributeError, yaml.YAMLError):
            # PyYAML's constructors raise these for an invalid date, number or tagged value.
            self._fault(f"{event.value!r:.60} is not a valid {kind}; put text in quotes", event)
            return event.value
        is_read = event.implicit[0] or tag in _READ_BY_VERSION
        if is_read and (problem := ambiguity(event.value, value, is_key=self._builder.awaits_key)):
            self._fault(problem, event)
            return event.value
        if isinstance(value, float):
            whole = f"{value:.0f}" if value.is_integer() else "a whole number"
            self._fault(f"{event.value:.60} is not a whole number; write {whole}, or text in quotes", event)
            return event.value
        if isinstance(value, date):
            self._fault(f"{event.value:.60} has the tag of a date, which no field takes; remove the tag", event)
            return event.value
        return value

    def _constructed(self, tag: str, event: Any) -> Any:
        node = yaml.ScalarNode(tag, event.value, event.start_mark, event.end_mark)
        return self._constructor.construct_object(node)

    def _unsupported(self, tag: str, event: Any) -> object:
        if event.implicit[0]:  # = and <<
            self._fault(f'{event.value} is not text in YAML 1.1; write "{event.value}" in quotes', event)
            return event.value
        kind = _REFERENCES.get(tag)
        instead = f"write {{{kind}: {event.value:.255}}}" if kind else "remove it"
        self._fault(f"has the tag {tag!r:.80}, which is not supported; {instead}", event)
        return event.value

    def _fault(self, message: str, event: Any) -> None:
        path = self._builder.path()
        self._builder.faults.append(FileFault(FileCode.VALUE_NOT_ACCEPTED, message, _place(event), path))

    def _start(self, event: Any) -> None:
        if event.tag not in _CONTAINERS:
            self._fault(f"has the tag {event.tag!r:.80}, which is not supported; remove it", event)
        self._builder.start(_place(event), is_mapping=isinstance(event, yaml.MappingStartEvent))
        self._open.append(event.anchor)
        self._flows.append(_place(event) if event.flow_style else None)
        if event.anchor:
            self._anchors[event.anchor] = None

    def _end(self, _: yaml.Event) -> None:
        anchored = self._builder.end()
        self._flows.pop()
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
