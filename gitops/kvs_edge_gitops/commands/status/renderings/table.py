"""Snapshots as a table for a terminal, hub by hub, the unhealthy first."""

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kvs_edge.configuration import hub_name
from kvs_edge_gitops.aws.stream_status import Job
from kvs_edge_gitops.commands.status.formatting import age, by_hub, last, summary, sync_status
from kvs_edge_gitops.commands.status.health import Health, since
from kvs_edge_gitops.commands.status.snapshot import Row, Snapshot
from kvs_edge_gitops.reports.unnamed import unnamed_line
from kvs_edge_gitops.terminal import Paint, printable

_HEADS = ("STREAM", "SYNC", "UPDATED", "RECORDER", "UPLOADER")
_SIGNS = {Health.UNHEALTHY: "!", Health.IN_PROGRESS: "~", Health.HEALTHY: " "}
"""A sign beside the colour: colour never carries meaning alone."""
_STYLES = {Health.UNHEALTHY: "error", Health.IN_PROGRESS: "warning"}
_MIN_WIDTH = 20
_MIN_NAME = 8
_GAP = "  "
_INDENT = "    "


@dataclass(frozen=True)
class _Line:
    """The cells of a row."""

    row: Row
    cells: tuple[str, ...]


def render(snapshot: Snapshot, width: int, paint: Paint) -> Iterator[str]:
    """Return the lines; none is wider than `width` characters, or than 20 if `width` is less."""
    width = max(width, _MIN_WIDTH)
    yield from (paint("bold", line) for line in wrapped(summary(snapshot), width, indent=""))
    yield from (line for stream in snapshot.unnamed for line in wrapped(unnamed_line(stream), width, indent=""))
    hubs = by_hub(snapshot)
    lines = _laid_out([row for rows in hubs.values() for row in rows], snapshot, width)
    if not lines:
        return
    widths = [max(map(len, column)) for column in zip(_HEADS, *(line.cells for line in lines), strict=True)]
    yield ""
    yield paint("faint", _joined("  ", _HEADS, widths, width))
    shown = None
    for line in lines:
        if line.row.target.hub != shown:
            shown = line.row.target.hub
            yield paint("bold", printable(hub_name(shown))[:width])
        yield from _lines_of(line, widths, width, paint)


def _lines_of(line: _Line, widths: Sequence[int], width: int, paint: Paint) -> Iterator[str]:
    style = _STYLES.get(line.row.health)
    text = _joined(f"{_SIGNS[line.row.health]} ", line.cells, widths, width)
    yield paint(style, text) if style else text
    for problem in line.row.report.problems:
        yield from wrapped(problem.message, width)
    for name, job in (("recorder", line.row.status.recorder), ("uploader", line.row.status.uploader)):
        if job is not None and job.is_success and job.details:
            yield from (paint("faint", part) for part in wrapped(f"the {name} reports: {job.details}", width))


def wrapped(text: str, width: int, indent: str = _INDENT) -> list[str]:
    """Return a text wrapped to a width."""
    return textwrap.wrap(printable(text), max(width, _MIN_WIDTH), initial_indent=indent, subsequent_indent=indent)


def _laid_out(rows: Sequence[Row], snapshot: Snapshot, width: int) -> list[_Line]:
    """Return the rows without the jobs' times, and then with shortened names, if they are too wide."""
    lines = [_Line(row, _cells(row, snapshot, with_times=True)) for row in rows]
    if _width(lines) > width:
        lines = [_Line(row, _cells(row, snapshot, with_times=False)) for row in rows]
    too_wide = _width(lines) - width
    if too_wide <= 0:
        return lines
    name = max(_MIN_NAME, max(len(line.cells[0]) for line in lines) - too_wide)
    return [_Line(line.row, (_cut(line.cells[0], name), *line.cells[1:])) for line in lines]


def _cells(row: Row, snapshot: Snapshot, *, with_times: bool) -> tuple[str, ...]:
    observed = row.status.observed

    def job(of: Job | None) -> str:
        if of is None:
            return "-"
        return f"{of.status} {age(last(of), snapshot.taken_at)}" if with_times and last(of) else of.status

    cells = (
        row.target.stream.name,
        sync_status(observed),
        age(since(observed), snapshot.taken_at),
        job(row.status.recorder),
        job(row.status.uploader),
    )
    return tuple(map(printable, cells))


def _width(lines: Sequence[_Line]) -> int:
    columns = zip(_HEADS, *(line.cells for line in lines), strict=True)
    return sum(max(map(len, column)) + len(_GAP) for column in columns)


def _joined(sign: str, cells: Sequence[str], widths: Sequence[int], width: int) -> str:
    text = sign + _GAP.join(cell.ljust(wide) for cell, wide in zip(cells, widths, strict=True))
    return text.rstrip()[:width]


def _cut(name: str, width: int) -> str:
    """Return a name without its middle: both ends tell cameras apart."""
    if len(name) <= width:
        return name
    head = (width - 2) // 2
    return f"{name[:head]}..{name[-(width - 2 - head) :]}"
