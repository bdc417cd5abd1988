"""Syntax errors of YAML in the words of an editor: the start of the broken part, and the fix.

libyaml reports where it gave up. A quote that is not closed in line 3 is an error at the next quote, or at the end.
"""

import re
from collections.abc import Callable
from typing import NamedTuple

import yaml

from kvs_edge_preflight.files.codes import FileCode
from kvs_edge_preflight.files.location import TOP, FileFault, Place
from kvs_edge_preflight.files.placeholders import placeholder_in

_BREAK = re.compile(r"\r\n|\r|\n")
_SEPARATOR = re.compile("[\x85\u2028\u2029]")
_FLOW_NODE = "a flow node"
_KEY = re.compile(r"\s*(- +)*[^\s#'\"].*?:(\s|$)|\s*(- +)*(\"[^\"]*\"|'[^']*')\s*:(\s|$)")


class Quote(NamedTuple):
    """Quoted text of more than one line: the place of its opening quote, and the line of its closing quote."""

    start: Place
    last_line: int


class _Error(NamedTuple):
    """Error of the parser.

    Attributes:
        said: Its context and problem, in the parser's words.
        at: Place where the parser gave up.
        since: Start of the part that it was reading; the same place if it is not known.
        lines: Lines of the file.
    """

    said: str
    at: Place
    since: Place
    lines: list[str]

    @property
    def line(self) -> str:
        """Line where the parser gave up."""
        return self.lines[self.at.line - 1] if self.at.line <= len(self.lines) else ""

    @property
    def before(self) -> str:
        """Text of that line before the place."""
        return self.line[: self.at.column - 1]

    @property
    def character(self) -> str:
        """Character at that place; empty at the end of the line."""
        return self.line[self.at.column - 1 : self.at.column]

    def previous_line(self) -> int | None:
        """Return the number of the last line with content before the place."""
        numbers = range(self.at.line - 1, 0, -1)
        return next((number for number in numbers if self.lines[number - 1].split("#")[0].strip()), None)


class _Explanation(NamedTuple):
    place: Place
    text: str


def explain(error: yaml.MarkedYAMLError, text: str, quote: Quote | None, opening: Place | None) -> FileFault:
    """Return the fault of a text that is not YAML.

    Args:
        error: The parser's error.
        text: The whole text.
        quote: The last quoted text of more than one line before the error.
        opening: The innermost [ or { before the error that is not closed.
    """
    at, since = _place(error.problem_mark), _place(error.context_mark)
    said = ", ".join(filter(None, (error.context, error.problem)))
    if opening is not None and _FLOW_NODE in said:
        since = opening  # the parser was about to read an item, and names that
    found = _Error(said, at or since or TOP, since or at or TOP, _BREAK.split(text))
    place, message = _explanation(found, quote)
    return FileFault(FileCode.SYNTAX_NOT_UNDERSTOOD, f"is not YAML: {message}", place)


def line_separator(text: str) -> FileFault | None:
    """Return the fault of a character that ends a line in YAML 1.1 only; None if there is none."""
    found = _SEPARATOR.search(text)
    if found is None:
        return None
    lines = _BREAK.split(text[: found.start()])
    message = (
        f"has the character U+{ord(found[0]):04X}, which ends a line in YAML 1.1 and is text in YAML 1.2;"
        " remove it, or write it as an escape in double quotes"
    )
    return FileFault(FileCode.SYNTAX_NOT_UNDERSTOOD, message, Place(len(lines), len(lines[-1]) + 1))


def _explanation(error: _Error, quote: Quote | None) -> _Explanation:
    indent = error.line[: len(error.line) - len(error.line.lstrip())]
    if "\t" in indent:
        place = Place(error.at.line, indent.index("\t") + 1)
        return _Explanation(place, "the line is indented with a tab; use spaces")
    if mark := placeholder_in(error.line):
        text = f"the line has {mark} of a template; fill the template in first, or put the text in quotes"
        return _Explanation(Place(error.at.line, error.line.index(mark) + 1), text)
    if quote is not None and quote.last_line == error.at.line:
        text = f"the quote that opens here is closed only in line {quote.last_line}; close it in its own line"
        return _Explanation(quote.start, text)
    for words, explained in _EXPLANATIONS.items():
        if words in error.said:
            return explained(error)
    return _Explanation(error.at, error.said)


def _quote(error: _Error) -> _Explanation:
    if "escape" in error.said:
        text = "a backslash in double quotes starts an escape; use single quotes, or write \\\\"
        return _Explanation(error.at, text)
    return _Explanation(error.since, "the quote that opens here is not closed; close it")


def _flow(error: _Error) -> _Explanation:
    if _FLOW_NODE in error.said and error.character:
        return _nothing(error)
    rest = error.lines[error.since.line - 1][error.since.column - 1 :]
    opening = next((character for character in rest if character in "[{"), "[")  # after an anchor or a tag
    closing = "]" if opening == "[" else "}"
    text = f"the {opening} that opens here is not closed, or a comma is missing, before line {error.at.line}, column"
    return _Explanation(error.since, f"{text} {error.at.column}; close it with {closing}, or add the comma")


def _key_without_colon(error: _Error) -> _Explanation:
    return _Explanation(error.since, "the line has no colon; write KEY: VALUE")


def _value_in_value(error: _Error) -> _Explanation:
    if _KEY.match(error.before):
        text = "the line has a second colon before a space; put the value in quotes, or start a new line"
        return _Explanation(error.at, text)
    number = error.previous_line()
    if number is not None and not _KEY.match(above := error.lines[number - 1]):
        place = Place(number, len(above) - len(above.lstrip()) + 1)
        return _Explanation(place, "the line has no colon with a space after it; write KEY: VALUE")
    return _Explanation(error.at, "the line is indented below a value; align it with the key of that value")


def _mapping(error: _Error) -> _Explanation:
    if error.before.strip(" -"):
        text = "there is text after the end of a value; put the whole value in quotes, and double a quote inside"
        return _Explanation(error.at, text)
    text = "the indentation of the line fits no line above; align it with the keys beside it"
    return _Explanation(error.at, text)


def _list(error: _Error) -> _Explanation:
    text = "the line is not an item of the list above; start it with a hyphen and a space, or indent it otherwise"
    return _Explanation(error.at, text)


def _character(error: _Error) -> _Explanation:
    return _Explanation(error.at, f"text cannot start with {error.character}; put it in quotes")


def _name(error: _Error) -> _Explanation:
    text = "& starts an anchor, and * an alias; put text that starts with it in quotes"
    return _Explanation(error.since, text)


def _block(error: _Error) -> _Explanation:
    text = "| and > start text on the next lines; put text that starts with it in quotes"
    return _Explanation(error.since, text)


def _nothing(error: _Error) -> _Explanation:
    return _Explanation(error.at, f"a value is missing before {error.character or 'the end of the line'}")


def _tag(error: _Error) -> _Explanation:
    return _Explanation(error.since, "! starts a tag; put text that starts with it in quotes")


_EXPLANATIONS: dict[str, Callable[[_Error], _Explanation]] = {
    "quoted scalar": _quote,
    "a flow ": _flow,
    "simple key": _key_without_colon,
    "mapping values are not allowed": _value_in_value,
    "a block mapping": _mapping,
    "a block collection": _list,
    "cannot start any token": _character,
    "an anchor": _name,
    "an alias": _name,
    "a block scalar": _block,
    "node content": _nothing,
    "tag": _tag,
}
"""Explanation by words that libyaml and PyYAML share in their errors."""


def _place(mark: yaml.Mark | None) -> Place | None:
    return None if mark is None else Place(mark.line + 1, mark.column + 1)
