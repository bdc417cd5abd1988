"""A plan for a person: what is left alone is counted, the rest is listed file by file."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TextIO

from kvs_edge.configuration import hub_name
from kvs_edge_gitops.comparison.values import Compared, Comparison, Kind, Refusal
from kvs_edge_gitops.comparison.words import change, numbered
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
_TOLD = tuple(kind for kind in Kind if kind is not Kind.LEAVE)


def write(comparison: Comparison, output: TextIO) -> None:
    """Write the streams that a deployment would do something about, what is unmanaged, and a summary."""
    paint = Paint(output)
    for place, streams in groupby(comparison.of(*_TOLD), place_of):
        output.write(paint("bold", printable(place)) + "\n")
        output.writelines(f"{line}\n" for one in streams for line in _lines(one, paint))
    output.writelines(_refused(one, paint) + "\n" for one in comparison.full_hubs)
    output.write(paint("bold", sentence(comparison)) + "\n")


def place_of(one: Compared) -> str:
    """The file that declares a stream, or the hub that has it undeclared."""
    if one.declared is None:
        return f"on {hub_name(one.hub)} in {one.region}, in no file"
    return relative(one.declared.entry.file)


def sentence(comparison: Comparison) -> str:
    """The plan in a line."""
    counts = comparison.counts
    parts = [f"{counts[kind]} {words}" for kind, words in _COUNTED.items() if counts[kind]]
    streams = numbered(sum(counts.values()) - counts[Kind.UNMANAGED], "stream")
    refusals = len(comparison.refusals)
    end = f"; a deployment would be refused for {numbered(refusals, 'reason')}" if refusals else ""
    return f"{streams}: {', '.join(parts) or 'nothing to do'}{end}"


_COUNTED = {
    Kind.CREATE: "to create",
    Kind.CHANGE: "to change",
    Kind.MOVE: "to move",
    Kind.WAITING: "to wait for",
    Kind.FAILED: "failed",
    Kind.MISSING: "missing",
    Kind.LEAVE: "to leave",
    Kind.UNMANAGED: "unmanaged",
}


def _lines(one: Compared, paint: Paint) -> Iterator[str]:
    sign, style = _SIGNS[one.kind]
    where = f" (line {one.declared.entry.place().line}, on {hub_name(one.hub)})" if one.declared else ""
    yield f"  {paint(style, f'{sign} {one.kind}')} {paint('bold', printable(one.stream))}{paint('faint', where)}"
    yield from (f"      {printable(text)}" for text in _told(one))
    yield from (f"    {_refused(refusal, paint, about=False)}" for refusal in one.refusals)


def _told(one: Compared) -> Sequence[str]:
    does = [f"a deployment {one.does}"] if one.does else []
    return [*map(change, one.fields), *does, *(f"footage: {text}" for text in one.footage), *one.notes]


def _refused(one: Refusal, paint: Paint, *, about: bool = True) -> str:
    subject = f"{one.about}: " if about else ""
    return f"  {paint('error', 'refused')} {paint('bold', one.code)}: {printable(subject + one.message)}"
