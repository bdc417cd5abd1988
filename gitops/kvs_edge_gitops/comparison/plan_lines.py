"""A stream of a plan in lines, as the text has them and the comment's folded parts."""

from collections.abc import Iterator

from kvs_edge.configuration import hub_name
from kvs_edge_gitops.comparison.values import Compared, Comparison, Kind, OfFile, Refusal
from kvs_edge_gitops.comparison.words import change
from kvs_edge_gitops.reports.paths import relative
from kvs_edge_gitops.terminal import Paint, printable

_SIGNS = {
    Kind.CREATE: ("+", "info"),
    Kind.CHANGE: ("~", "warning"),
    Kind.MOVE: (">", "error"),
    Kind.WAITING: (".", "info"),
    Kind.FAILED: ("!", "error"),
    Kind.MISSING: ("?", "error"),
    Kind.LEAVE: ("=", "faint"),
    Kind.DELETE: ("x", "error"),
    Kind.UNMANAGED: ("-", "warning"),
}
BEFORE_TELLS_MORE = (
    "--before PATH, with the files as they are deployed now, tells whose the unmanaged streams are, and what a"
    " deployment would delete"
)


def is_told(one: Compared) -> bool:
    """Whether it is listed; what is left alone is counted, unless there is something to know."""
    return one.kind is not Kind.LEAVE or bool(one.notes or one.refusals)


def hint_of(comparison: Comparison) -> str | None:
    """What else could be asked."""
    return BEFORE_TELLS_MORE if comparison.files is None and comparison.counts[Kind.UNMANAGED] else None


def place_of(one: Compared) -> str:
    """The file that declares a stream, or did; or the hub that has it undeclared."""
    if one.kind is Kind.DELETE and one.former:
        return f"{relative(one.former.entry.file)}, as it is deployed now"
    if one.declared is None:
        return f"on {hub_name(one.hub)} in {one.region}, in no file"
    return relative(one.declared.entry.file)


def lines_of(one: Compared, paint: Paint) -> Iterator[str]:
    """What is told of a stream, its refusals last."""
    sign, style = _SIGNS[one.kind]
    where = f" ({where_of(one)})" if one.kind is not Kind.UNMANAGED else ""
    yield f"{paint(style, f'{sign} {one.kind}')} {paint('bold', printable(one.stream))}{paint('faint', where)}"
    yield from (f"    {printable(text)}" for text in told(one))
    yield from (refused(refusal, paint) for refusal in one.refusals)


def refused(one: Refusal, paint: Paint) -> str:
    """A refusal under what it is about."""
    return f"    {paint('error', 'refused')} {paint('bold', one.code)}: {printable(one.message)}"


def lines_of_file(one: OfFile, paint: Paint) -> Iterator[str]:
    """What is told of a file that is deployed now, or of a line in it."""
    where = one.file if one.line is None else f"{one.file}:{one.line}"
    yield paint("bold", printable(f"{where}, as it is deployed now"))
    yield from (f"    {printable(text)}" for text in one.messages)
    yield from (refused(refusal, paint) for refusal in one.refusals)


def where_of(one: Compared) -> str:
    """Its line, and its hub; of one to delete, the line that is deployed now."""
    known = one.declared or one.former
    line = f"line {known.entry.place().line}" if known else ""
    return f"{line}, on {hub_name(one.hub)}" if one.hub else line


def told(one: Compared) -> list[str]:
    """The fields that differ, what a deployment does, what that costs, and what else there is to know."""
    does = [f"a deployment {one.does}"] if one.does else []
    return [*map(change, one.fields), *does, *(f"footage: {text}" for text in one.footage), *one.notes]
