"""The lines about a stream, in the text and in the folded parts of the comment."""

from collections.abc import Iterator

from kvs_edge.configuration import hub_name
from kvs_edge_gitops.comparison.model import ComparedStream, Comparison, FileNotice, Kind, PlanError
from kvs_edge_gitops.comparison.zone_changes import ZoneChange
from kvs_edge_gitops.reports.fields import change, in_words
from kvs_edge_gitops.terminal import Paint, printable

_SIGNS = {
    Kind.CREATE: ("+", "info"),
    Kind.UPDATE: ("~", "warning"),
    Kind.MOVE: (">", "error"),
    Kind.IN_PROGRESS: (".", "info"),
    Kind.FAILED: ("!", "error"),
    Kind.MISSING: ("?", "error"),
    Kind.NO_OP: ("=", "faint"),
    Kind.DELETE: ("x", "error"),
    # Not "-", which a diff in Markdown shows as a removed line.
    Kind.UNMANAGED: ("#", "warning"),
}
BASELINE_HINT = (
    "--before PATH, with the currently deployed files, shows which stack the unmanaged streams belong to, and what a"
    " deployment would delete"
)


def is_listed(stream: ComparedStream) -> bool:
    """Return whether a stream is listed; an unchanged stream is only counted, unless it has notes or errors."""
    return stream.kind is not Kind.NO_OP or bool(stream.notes or stream.errors)


def hint_of(comparison: Comparison) -> str | None:
    """Return a hint on --before if it would tell more."""
    return (
        BASELINE_HINT
        if comparison.files is None and comparison.is_deployed_unknown and comparison.counts[Kind.UNMANAGED]
        else None
    )


def lines_of(stream: ComparedStream, paint: Paint) -> Iterator[str]:
    """Return the lines about a stream, its errors last."""
    sign, style = _SIGNS[stream.kind]
    kind = stream.kind.value.replace("_", "-")
    place = "" if stream.kind is Kind.UNMANAGED else _where(stream)
    where = f" ({place})" if place else ""
    yield f"{paint(style, f'{sign} {kind}')} {paint('bold', printable(stream.stream))}{paint('faint', where)}"
    yield from (f"    {printable(text)}" for text in details_of(stream))
    yield from (f"    {error_line(error, paint)}" for error in stream.errors)


def error_line(error: PlanError, paint: Paint) -> str:
    """Return the line about an error."""
    return f"{paint('error', 'error')} {paint('bold', error.code)}: {printable(error.message)}"


def lines_of_file(notice: FileNotice, paint: Paint) -> Iterator[str]:
    """Return the lines about a file of the baseline, or about a line in it."""
    where = notice.file if notice.line is None else f"{notice.file}:{notice.line}"
    yield paint("bold", printable(f"{where}, as deployed now"))
    yield from (f"    {printable(text)}" for text in notice.messages)
    yield from (f"    {error_line(error, paint)}" for error in notice.errors)


def lines_of_zone(zone: ZoneChange, paint: Paint) -> Iterator[str]:
    """Return the lines about a hub whose time zone changes."""
    yield f"{paint('warning', '~ time zone')} of {paint('bold', printable(zone_change(zone)))}"
    yield from (f"    {printable(text)}" for text in zone.messages)


def zone_change(zone: ZoneChange) -> str:
    """Return the hub with its change and its place: "hub dock-hub (edge/site.yaml:3): Europe/London -> UTC"."""
    place = f" ({zone.place})" if zone.place else ""
    return f"hub {hub_name(zone.hub)}{place}: {zone.change}"


def _where(stream: ComparedStream) -> str:
    """Return the line and the hub; for a stream to delete, the line in the baseline."""
    known = stream.declared or stream.deployed
    line = [f"line {known.entry.place().line}"] if known else []
    return ", ".join([*line, *([f"on {hub_name(stream.hub)}"] if stream.hub else [])])


def details_of(stream: ComparedStream) -> list[str]:
    """Return the fields that differ, the action, its cost in footage, and the notes."""
    action = [f"a deployment {stream.action}"] if stream.action else []
    return [*_fields(stream), *action, *(f"footage: {text}" for text in stream.footage), *stream.notes]


def _fields(stream: ComparedStream) -> Iterator[str]:
    """Yield the fields that differ; a schedule also in words."""
    for field in stream.fields:
        yield change(field)
        if words := in_words(field):
            yield f"in words: {' -> '.join(words)}"
