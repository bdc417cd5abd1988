"""JSON reader (RFC 8259) with places, which the standard library's decoder lacks."""

import re
from functools import cache
from json import JSONDecodeError, decoder
from typing import Any

from kvs_edge_preflight.files.builder import Builder
from kvs_edge_preflight.files.codes import FileCode
from kvs_edge_preflight.files.deferred import DeferredLocated
from kvs_edge_preflight.files.location import FileFault, Located, UnreadableError
from kvs_edge_preflight.files.plain_json import MAX_DIGITS, NOT_PLAIN, plain_value
from kvs_edge_preflight.files.shapes import EMPTY
from kvs_edge_preflight.files.text import Lines

# Missing from the type stubs: decodes a string from the offset after its first quote; returns value and end offset.
_scanstring: Any = vars(decoder)["scanstring"]
_SPACE = re.compile(r"[ \t\r\n]*")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?")
_LITERALS = {"true": True, "false": False, "null": None}
_HINTS = {
    "'": "use double quotes",
    "/#": "JSON has no comments: remove them, or name the file .yaml",
    "}]": "remove the comma before it",
    "TFN": "write true, false or null",
    ".+": "a number starts with a digit or a minus sign",
}
"""Hints by the character in place of what is missing."""
_STRING_ERRORS = {
    "Unterminated string starting at": "the text that starts here has no closing quote",
    "Invalid control character at": "text has a line break or a control character; close its quote, or write an escape",
    "Invalid \\escape": "text has an unknown escape; write \\\\ for a backslash",
    "Invalid \\escape: ": "text has an unknown escape; write \\\\ for a backslash",
    "Invalid \\uXXXX escape": "text has an incomplete escape; write four hexadecimal digits after \\u",
}
"""Words for the errors of the standard library's reader of strings."""


def read_json(text: str, builder: Builder) -> Located:
    """Return the value of a text; add the faults that do not stop the reader to the builder.

    The places of a text without faults are read when one of them is needed.

    Raises:
        UnreadableError: It is not JSON, or nested too deep.
    """
    if not text.strip():
        raise UnreadableError(FileFault(FileCode.SYNTAX_NOT_UNDERSTOOD, EMPTY))
    value = plain_value(text)
    if value is not NOT_PLAIN:
        return DeferredLocated(value, cache(lambda: _read_with_places(text, Builder())))
    return _read_with_places(text, builder)


def _read_with_places(text: str, builder: Builder) -> Located:
    reader = _Reader(text, builder)
    reader.read()
    assert builder.root is not None
    return builder.root


class _Reader:
    """Single-pass reader; open containers are a list of their closing characters."""

    def __init__(self, text: str, builder: Builder) -> None:
        self._text, self._builder, self._lines = text, builder, Lines(text)
        self._at = 0
        self._open: list[str] = []

    def read(self) -> None:
        while True:
            if not self._value():
                continue
            while self._open and not self._continues():
                pass
            if not self._open:
                break
        if self._next():
            raise self._not_json("there is text after its end; a file has one value")

    def _value(self) -> bool:
        """Read a value or the start of a container; return whether the value is complete."""
        character = self._next()
        if character in ("{", "["):
            self._builder.start(self._lines.place(self._at), is_mapping=character == "{")
            self._at += 1
            closing = "}" if character == "{" else "]"
            self._open.append(closing)
            if self._next() == closing:
                self._close()
                return True
            if closing == "}":
                self._key()
            return False
        self._scalar(character)
        return True

    def _continues(self) -> bool:
        """Return whether another value follows; if not, close the container."""
        character, closing = self._next(), self._open[-1]
        if character == closing:
            self._close()
            return False
        if character != ",":
            raise self._not_json(f"a comma or {closing} is missing{self._hint(character)}")
        self._at += 1
        if closing == "}":
            self._key()
        return True

    def _close(self) -> None:
        self._at += 1
        self._open.pop()
        self._builder.end()

    def _key(self) -> None:
        if (character := self._next()) != '"':
            raise self._not_json(f"a key in double quotes is missing{self._hint(character)}")
        self._scalar('"')
        if self._next() != ":":
            raise self._not_json("a colon is missing after a key")
        self._at += 1

    def _scalar(self, character: str) -> None:
        start = self._at
        value = self._string() if character == '"' else self._literal_or_number()
        self._builder.add(Located(value, self._lines.place(start)))

    def _string(self) -> str:
        try:
            value, self._at = _scanstring(self._text, self._at + 1, True)
        except JSONDecodeError as error:
            self._at = min(error.pos, len(self._text))
            raise self._not_json(_STRING_ERRORS.get(error.msg, error.msg)) from None
        return str(value)

    def _literal_or_number(self) -> object:
        for word, value in _LITERALS.items():
            if self._text.startswith(word, self._at):
                self._at += len(word)
                return value
        number = _NUMBER.match(self._text, self._at)
        if number is None:
            raise self._not_json(f"a value is missing{self._hint(self._next())}")
        text, place = number[0], self._lines.place(self._at)
        if number[1] or number[2] or len(text) > MAX_DIGITS:
            message = f"the number {text:.60} is not supported; write a whole number"
            fault = FileFault(FileCode.VALUE_NOT_ACCEPTED, message, place, self._builder.path())
            self._builder.faults.append(fault)
        self._at = number.end()
        return int(text) if text.lstrip("-").isdigit() and len(text) <= MAX_DIGITS else text

    def _next(self) -> str:
        """Skip white space and return the next character; empty at the end."""
        space = _SPACE.match(self._text, self._at)
        self._at = space.end() if space else self._at
        return self._text[self._at : self._at + 1]

    def _hint(self, character: str) -> str:
        """Return what is probably wrong at the current place."""
        if self._at == 0:
            return "; if it is YAML, name the file .yaml"
        if character.isdecimal() and self._text[self._at - 1] == "0":
            return "; a number has no leading zeros"
        return next((f"; {hint}" for characters, hint in _HINTS.items() if character and character in characters), "")

    def _not_json(self, what: str) -> UnreadableError:
        message = f"is not JSON: {what}"
        return UnreadableError(FileFault(FileCode.SYNTAX_NOT_UNDERSTOOD, message, self._lines.place(self._at)))
