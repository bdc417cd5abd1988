"""YAML reader for edge files."""

from datetime import date
from typing import Any

import yaml

from kvs_edge_preflight.files.builder import Builder
from kvs_edge_preflight.files.codes import FileCode
from kvs_edge_preflight.files.location import TOP, FileFault, Located, Place, UnreadableError
from kvs_edge_preflight.files.yaml_core import ambiguity
from kvs_edge_preflight.files.yaml_events import TAGS, Anchored, EventReader, not_yaml, place_of
from kvs_edge_preflight.files.yaml_syntax import Quote, explain, line_separator

_TEXT, _MERGE = TAGS + "str", TAGS + "merge"
_SCALARS = frozenset(TAGS + name for name in ("str", "null", "bool", "int", "float", "timestamp"))
_READ_BY_VERSION = frozenset({TAGS + "bool", TAGS + "int"})
"""Tags whose values depend on the version even where the tag is explicit, as in ``!!int 024``."""
_QUOTES = frozenset({"'", '"'})
_REFERENCES = {"!Ref": "Ref", "!ImportValue": "Fn::ImportValue"}
"""CloudFormation's short forms, which other YAML readers do not know."""
_CONTAINERS = {None, "!", TAGS + "map", TAGS + "seq"}


def read_yaml(text: str, builder: Builder) -> Located:
    """Return the single document of a text.

    Raises:
        UnreadableError: It is not YAML, nested too deep, or its anchors expand too far.
    """
    if separator := line_separator(text):
        raise UnreadableError(separator)
    reader = _Reader(builder)
    try:
        reader.read(text)
    except yaml.MarkedYAMLError as error:
        raise UnreadableError(explain(error, text, reader.long_quote, reader.open_flow)) from None
    except yaml.YAMLError as error:
        raise not_yaml(error, TOP) from None
    return builder.root or Located(None, TOP)


class _Reader(EventReader):
    """Reader of an edge file: the values that YAML 1.1 and YAML 1.2 read alike, and a fault for each other one."""

    def __init__(self, builder: Builder) -> None:
        super().__init__(builder)
        self.long_quote: Quote | None = None
        self._flows: list[Place | None] = []

    @property
    def open_flow(self) -> Place | None:
        """Place of the innermost [ or { that is not closed yet."""
        return self._flows[-1] if self._flows else None

    def open(self, event: Any) -> int:
        if event.tag not in _CONTAINERS:
            self._fault(f"has the tag {event.tag!r:.80}, which is not supported; remove it", event)
        self._flows.append(place_of(event) if event.flow_style else None)
        return super().open(event)

    def close(self, count: int) -> Anchored:
        self._flows.pop()
        return super().close(count)

    def add_scalar(self, event: Any) -> Anchored | None:
        place = place_of(event)
        tag = event.tag if event.tag and event.tag != "!" else self._tag_without(event)
        if event.style in _QUOTES and event.start_mark.line != event.end_mark.line:
            self.long_quote = Quote(place, event.end_mark.line + 1)
        if tag == _MERGE and self.builder.awaits_key:
            self.builder.merge_key(place)
            return None
        located = Located(self._value(tag, event), place)
        self.builder.add(located)
        return located, 1

    def _tag_without(self, event: Any) -> str:
        return _TEXT if event.tag == "!" else self.resolved(event)

    def _value(self, tag: str, event: Any) -> object:
        """Return the value of a scalar; its text if the value is invalid, ambiguous or unsupported."""
        if tag not in _SCALARS:
            return self._unsupported(tag, event)
        kind = tag.removeprefix(TAGS)
        try:
            value = event.value if tag == _TEXT else self.constructed(tag, event)
        except (ValueError, OverflowError, KeyError, IndexError, AttributeError, yaml.YAMLError):
            self._fault(f"{event.value!r:.60} is not a valid {kind}; put text in quotes", event)
            return event.value
        is_read = event.implicit[0] or tag in _READ_BY_VERSION
        if is_read and (problem := ambiguity(event.value, value, is_key=self.builder.awaits_key)):
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

    def _unsupported(self, tag: str, event: Any) -> object:
        if event.implicit[0]:  # = and <<
            self._fault(f'{event.value} is not text in YAML 1.1; write "{event.value}" in quotes', event)
            return event.value
        kind = _REFERENCES.get(tag)
        instead = f"write {{{kind}: {event.value:.255}}}" if kind else "remove it"
        self._fault(f"has the tag {tag!r:.80}, which is not supported; {instead}", event)
        return event.value

    def _fault(self, message: str, event: Any) -> None:
        path = self.builder.path()
        self.builder.faults.append(FileFault(FileCode.VALUE_NOT_ACCEPTED, message, place_of(event), path))
