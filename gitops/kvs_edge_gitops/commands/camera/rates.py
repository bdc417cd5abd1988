"""Bit rates in the text of an edge file: comments, order and line ends stay as they are."""

import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

from kvs_edge_preflight.files import DeclaredFile, Located, Place, parse_file

FIELD = "camera_bit_rate"
_LINE_END = re.compile(r"\r\n|\r|\n")
_PLAIN = re.compile(r"[^\s,\]}#]+")


def with_rate(file: Path, text: str, stream: str, rate: int) -> str | None:
    """Return the text with the rate of a stream, in bits per second; None if it must be written by hand.

    Each possible edit is read again, and must have changed this one value: so a rate in an anchor that other streams
    share, for example, is not touched.
    """
    declared = parse_file(file, text)
    expected = _expected(declared, stream, rate)
    if expected is None:
        return None
    for edited in _edits(text, declared, stream, rate):
        found = parse_file(file, edited)
        if found.root is not None and found.root.value == expected and not found.faults:
            return edited
    return None


def _expected(declared: DeclaredFile, stream: str, rate: int) -> Any:
    index = _index(declared, stream)
    if declared.root is None or index is None:
        return None
    value = deepcopy(declared.root.value)
    value["streams"][index][FIELD] = rate
    return value


def _index(declared: DeclaredFile, stream: str) -> int | None:
    return next((int(entry.path[1]) for entry in declared.streams if entry.stream_name == stream), None)


def _edits(text: str, declared: DeclaredFile, stream: str, rate: int) -> Iterator[str]:
    """Yield the possible edits, the best first."""
    entry = next(entry.located for entry in declared.streams if entry.stream_name == stream)
    members: Mapping[Any, Located] = entry.members or {}
    if FIELD in members:
        at = _offset(text, members[FIELD].place)
        if plain := _PLAIN.match(text, at):
            yield f"{text[:at]}{rate}{text[plain.end() :]}"
        return
    name = members.get("StreamName") or members.get("StreamARN")
    keys = sorted(member.key for member in members.values() if member.key is not None)
    if name is None or name.key is None:
        return
    if not text.startswith("{", _offset(text, entry.place)):
        yield _with_line_after(text, name.place.line, name.key.column, rate)
    later = [key for key in keys if key > name.key]
    for key in (*later[:1], name.key):
        yield _with_member_before(text, key, rate)


def _with_line_after(text: str, line: int, column: int, rate: int) -> str:
    """Return the text with the field on a line of its own after a line of a block mapping."""
    ends = list(_LINE_END.finditer(text))
    end = ends[0][0] if ends else "\n"
    added = f"{' ' * (column - 1)}{FIELD}: {rate}{end}"
    if line > len(ends):
        return f"{text}{end}{added}"
    at = ends[line - 1].end()
    return f"{text[:at]}{added}{text[at:]}"


def _with_member_before(text: str, key: Place, rate: int) -> str:
    """Return the text with the field before a key: on a line of its own if the key begins one."""
    at = _offset(text, key)
    start = _offset(text, Place(key.line, 1))
    is_quoted = text.startswith('"', at)
    field = f'"{FIELD}": {rate}' if is_quoted else f"{FIELD}: {rate}"
    before = text[start:at]
    is_flow = is_quoted or "{" in before
    end = found[0] if (found := _LINE_END.search(text)) else "\n"
    space = f"{end}{before}" if not before.strip() else " "
    return f"{text[:at]}{field}{',' if is_flow else ''}{space}{text[at:]}"


def _offset(text: str, place: Place) -> int:
    start = 0
    for _ in range(place.line - 1):
        found = _LINE_END.search(text, start)
        if found is None:
            break
        start = found.end()
    return start + place.column - 1
