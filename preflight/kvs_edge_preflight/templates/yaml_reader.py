"""YAML reader for templates: with the short forms of CloudFormation's functions, such as ``!Ref`` and ``!GetAtt``."""

from typing import Any

import yaml

from kvs_edge_preflight.files.builder import Builder
from kvs_edge_preflight.files.location import TOP, Located, Place
from kvs_edge_preflight.files.yaml_events import TAGS, Anchored, EventReader, not_yaml, place_of, unreadable

_NAMES_AS_THEY_ARE = frozenset({"Ref", "Condition"})
"""Short forms without the prefix ``Fn::`` in their long forms."""


def read_template_yaml(text: str, builder: Builder) -> Located:
    """Return the single document of a text, with short forms as their long forms.

    Raises:
        UnreadableError: It is not YAML, nested too deep, or its anchors expand too far.
    """
    reader = _Reader(builder)
    try:
        reader.read(text)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Place(mark.line + 1, mark.column + 1) if mark else TOP
        raise unreadable(f"is not YAML: {error.problem or error.context}", place) from None
    except yaml.YAMLError as error:
        raise not_yaml(error, TOP) from None
    return builder.root or Located(None, TOP)


class _Reader(EventReader):
    """Reader of a template. A short form opens a mapping with one key around its value."""

    def open(self, event: Any) -> int:
        function = _function(event.tag)
        if function:
            self._open_function(function, place_of(event))
        return super().open(event) + bool(function)

    def add_scalar(self, event: Any) -> Anchored | None:
        place = place_of(event)
        if self.builder.awaits_key and event.value == "<<" and event.implicit[0]:
            self.builder.merge_key(place)
            return None
        function = _function(event.tag)
        located = Located(event.value if function or self.builder.awaits_key else self._value(event), place)
        if function:
            self._open_function(function, place)
        self.builder.add(located)
        return self.builder.end() if function else (located, 1)

    def _value(self, event: Any) -> object:
        """Return the value of a scalar; its text if it is a date or invalid, as CloudFormation does."""
        tag = event.tag or self.resolved(event)
        if tag.removeprefix(TAGS) not in {"null", "bool", "int", "float"}:
            return event.value
        try:
            return self.constructed(tag, event)
        except (ValueError, OverflowError, KeyError, IndexError, yaml.YAMLError):
            return event.value

    def _open_function(self, name: str, place: Place) -> None:
        self.builder.start(place, is_mapping=True)
        self.builder.add(Located(name, place))


def _function(tag: str | None) -> str | None:
    """Return the long form's key for a tag; None for YAML's own tags."""
    if tag is None or not tag.startswith("!") or tag == "!":
        return None
    name = tag[1:]
    return name if name in _NAMES_AS_THEY_ARE else f"Fn::{name}"
