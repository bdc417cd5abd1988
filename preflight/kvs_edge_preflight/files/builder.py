"""Builder of a document from parser events, with limits and without recursion."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field

from kvs_edge_preflight.files.codes import FileCode
from kvs_edge_preflight.files.location import FileFault, Located, Place, Step, UnreadableError, dotted

MAX_DEPTH = 50
"""An edge file needs 8. A recursive parser would crash the process, which no caller can catch."""
MAX_VALUES = 1_000_000
"""Each alias counts with all its values, because readers of the file visit all of them."""
_MERGE = object()
_PLACEHOLDER = "{{ ... }}"
"""YAML reads a placeholder of Jinja or Helm as a mapping whose key is a mapping."""


@dataclass(slots=True)
class _Container:
    place: Place
    is_mapping: bool
    values: int = 1
    members: dict[Step, Located] = field(default_factory=dict)
    key: Located | None = None
    is_placeholder: bool = False
    merge_defaults: list[Located] = field(default_factory=list)


class Builder:
    """Builder of the document; `faults` has the faults that do not stop the parser."""

    def __init__(self) -> None:
        self.faults: list[FileFault] = []
        self.root: Located | None = None
        self.values = 0
        self._open: list[_Container] = []

    def start(self, place: Place, *, is_mapping: bool) -> None:
        """Start a mapping or list."""
        if len(self._open) >= MAX_DEPTH:
            message = f"is nested more than {MAX_DEPTH} levels deep"
            raise UnreadableError(FileFault(FileCode.SYNTAX_NOT_UNDERSTOOD, message, place))
        self._open.append(_Container(place, is_mapping))

    def end(self) -> tuple[Located, int]:
        """End the mapping or list; return it and its number of values."""
        done = self._open.pop()
        for source in done.merge_defaults:
            for name, member in (source.members or {}).items():
                done.members.setdefault(name, member)
        plain = {name: member.value for name, member in done.members.items()}
        value = plain if done.is_mapping else list(plain.values())
        located = Located(value, done.place, members=done.members)
        if done.is_placeholder:
            located = Located(_PLACEHOLDER, done.place)
        self.add(located, done.values)
        return located, done.values

    def add(self, value: Located, values: int = 1) -> None:
        """Add a value, or a key of a mapping, that counts as `values` values."""
        if not self._open:
            self.root, self.values = value, values
            return
        container = self._open[-1]
        container.values += values
        if container.values > MAX_VALUES:
            message = f"has more than {MAX_VALUES} values with its anchors expanded; use one file per hub or site"
            raise UnreadableError(FileFault(FileCode.ANCHORS_EXPAND_TOO_FAR, message, value.place))
        if not container.is_mapping:
            container.members[len(container.members)] = value
        elif container.key is None:
            container.key = value
        else:
            self._pair(container, container.key, value)
            container.key = None

    def merge_key(self, place: Place) -> None:
        """Add YAML's merge key ``<<``."""
        self.add(Located(_MERGE, place))

    @property
    def awaits_key(self) -> bool:
        """True if the next value is a key of a mapping."""
        return bool(self._open) and self._open[-1].is_mapping and self._open[-1].key is None

    def path(self) -> str:
        """Return the path of the current value."""
        return dotted(self._steps())

    def _steps(self) -> Iterator[Step]:
        for container in self._open:
            if not container.is_mapping:
                yield len(container.members)
            elif container.key is not None and isinstance(container.key.value, str):
                yield container.key.value

    def _pair(self, container: _Container, key: Located, value: Located) -> None:
        name = key.value
        if name is _MERGE:
            self._merge(container, key, value)
        elif isinstance(name, dict):
            container.is_placeholder = True
            message = f"{_PLACEHOLDER} is a mapping with a mapping as its key, or a template's placeholder; fill it in"
            self._fault(FileCode.VALUE_NOT_ACCEPTED, message, container.place)
        elif not isinstance(name, str):
            self._fault(FileCode.VALUE_NOT_ACCEPTED, _not_a_key(name), key.place)
        elif name in container.members:
            first = container.members[name].key
            where = f" in line {first.line}" if first else ""
            self._fault(
                FileCode.KEY_TWICE, f"the key {name!r:.60} is already set{where}; remove one of them", key.place
            )
        else:
            container.members[name] = value.under(key.place)

    def _merge(self, container: _Container, key: Located, value: Located) -> None:
        sources = list((value.members or {}).values()) if isinstance(value.value, list) else [value]
        if all(isinstance(source.value, dict) for source in sources):
            container.merge_defaults.extend(sources)
        else:
            self._fault(FileCode.VALUE_NOT_ACCEPTED, "<< needs a mapping or a list of mappings", key.place)

    def _fault(self, code: FileCode, message: str, place: Place) -> None:
        self.faults.append(FileFault(code, message, place, self.path()))


def _not_a_key(value: object) -> str:
    if isinstance(value, list):
        return "a key must be text, not a list; put it in quotes"
    text = json.dumps(value)
    return f'the key {text:.60} is not text; write "{text:.60}" in quotes'
