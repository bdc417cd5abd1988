"""A stream of a plan in lines, as the text has them and the comment's folded parts."""

from collections.abc import Iterator

from kvs_edge.configuration import hub_name
from kvs_edge_gitops.comparison.values import Compared, Kind
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
    Kind.UNMANAGED: ("-", "warning"),
}
TOLD = tuple(kind for kind in Kind if kind is not Kind.LEAVE)
"""What is listed; what is left alone is counted."""


def place_of(one: Compared) -> str:
    """The file that declares a stream, or the hub that has it undeclared."""
    if one.declared is None:
        return f"on {hub_name(one.hub)} in {one.region}, in no file"
    return relative(one.declared.entry.file)


def lines_of(one: Compared, paint: Paint) -> Iterator[str]:
    """What is told of a stream, its refusals last."""
    sign, style = _SIGNS[one.kind]
    where = f" (line {one.declared.entry.place().line}, on {hub_name(one.hub)})" if one.declared else ""
    yield f"{paint(style, f'{sign} {one.kind}')} {paint('bold', printable(one.stream))}{paint('faint', where)}"
    yield from (f"    {printable(text)}" for text in told(one))
    for refusal in one.refusals:
        yield f"    {paint('error', 'refused')} {paint('bold', refusal.code)}: {printable(refusal.message)}"


def told(one: Compared) -> list[str]:
    """The fields that differ, what a deployment does, what that costs, and what else there is to know."""
    does = [f"a deployment {one.does}"] if one.does else []
    return [*map(change, one.fields), *does, *(f"footage: {text}" for text in one.footage), *one.notes]
