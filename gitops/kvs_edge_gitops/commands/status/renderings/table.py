"""Snapshots as a table for a terminal, the worst first."""

import textwrap
from collections.abc import Iterator, Sequence

from kvs_edge.configuration import hub_name
from kvs_edge_gitops.checks.fleet.formatting import LABELS, SIGNS, age, remaining, risk_text, summary
from kvs_edge_gitops.checks.fleet.snapshot import Row, Snapshot
from kvs_edge_gitops.reports.unnamed import unnamed_line
from kvs_edge_gitops.terminal import Paint, printable
from kvs_edge_health import Kind

_HEADS = ("STREAM", "HUB", "HEALTH", "SINCE", "AT RISK")
_STYLES = {"!": "error", "~": "warning"}
_MIN_WIDTH = 20
_MIN_NAME = 8
_GAP = "  "
_INDENT = "    "

_Cells = tuple[str, ...]


def render(snapshot: Snapshot, width: int, paint: Paint) -> Iterator[str]:
    """Return the lines; none is wider than `width` characters, or than 20 if `width` is less."""
    width = max(width, _MIN_WIDTH)
    yield from (paint("bold", line) for line in wrapped(summary(snapshot), width, indent=""))
    yield from (line for stream in snapshot.unnamed for line in wrapped(unnamed_line(stream), width, indent=""))
    if not snapshot.rows:
        return
    lines = _fitted([_cells(row, snapshot) for row in snapshot.rows], width)
    widths = _widths(lines)
    yield ""
    yield paint("faint", _joined("  ", _HEADS, widths, width))
    for row, cells in zip(snapshot.rows, lines, strict=True):
        sign = SIGNS[row.health.kind]
        text = _joined(f"{sign} ", cells, widths, width)
        yield paint(_STYLES[sign], text) if sign in _STYLES else text
        yield from _details(row, snapshot, width, paint)


def _details(row: Row, snapshot: Snapshot, width: int, paint: Paint) -> Iterator[str]:
    """Return the reasons below a stream, and what is at risk."""
    for cause in row.health.causes:
        if cause.kind.needs_attention:
            yield from wrapped(cause.reason, width)
        elif cause.kind is not Kind.HEALTHY:
            yield from (paint("faint", part) for part in wrapped(cause.reason, width))
    yield from wrapped(risk_text(row, snapshot.taken_at), width)
    for name, job in (("recorder", row.recorder), ("uploader", row.uploader)):
        if job is not None and job.is_success and job.details:
            yield from (paint("faint", part) for part in wrapped(f"the {name} reports: {job.details}", width))


def wrapped(text: str, width: int, indent: str = _INDENT) -> list[str]:
    """Return a text wrapped to a width; no lines for an empty text."""
    return textwrap.wrap(printable(text), max(width, _MIN_WIDTH), initial_indent=indent, subsequent_indent=indent)


def _cells(row: Row, snapshot: Snapshot) -> _Cells:
    health, now = row.health, snapshot.taken_at
    names = row.target.stream.name, hub_name(row.target.hub)
    return (
        *map(printable, names),
        LABELS[health.kind],
        age(health.since, now),
        remaining(health.at_risk_until, now),
    )


def _fitted(lines: Sequence[_Cells], width: int) -> list[_Cells]:
    """Return the cells, with the names of streams and then of hubs shortened if they are too wide."""
    fitted = list(lines)
    for column in (0, 1):
        too_wide = len("  ") + sum(_widths(fitted)) + len(_GAP) * (len(_HEADS) - 1) - width
        if too_wide > 0:
            room = max(_MIN_NAME, max(len(cells[column]) for cells in fitted) - too_wide)
            fitted = [(*cells[:column], _cut(cells[column], room), *cells[column + 1 :]) for cells in fitted]
    return fitted


def _widths(lines: Sequence[_Cells]) -> list[int]:
    return [max(map(len, column)) for column in zip(_HEADS, *lines, strict=True)]


def _joined(sign: str, cells: Sequence[str], widths: Sequence[int], width: int) -> str:
    text = sign + _GAP.join(cell.ljust(wide) for cell, wide in zip(cells, widths, strict=True))
    return text.rstrip()[:width]


def _cut(name: str, width: int) -> str:
    """Return a name without its middle: both ends tell cameras apart."""
    if len(name) <= width:
        return name
    head = (width - 2) // 2
    return f"{name[:head]}..{name[-(width - 2 - head) :]}"
