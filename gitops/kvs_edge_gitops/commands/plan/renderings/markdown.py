"""A plan as a comment on a pull request, in GitHub's Markdown, which GitLab renders as well.

Text from files or from AWS is escaped, so that it cannot break the table or mention a user.
"""

import io
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from itertools import filterfalse, groupby
from typing import TextIO

from kvs_edge.configuration import hub_name
from kvs_edge_gitops.commands.plan.renderings.lines import details_of, hint_of, is_listed, lines_of, zone_change
from kvs_edge_gitops.commands.plan.renderings.summary import COUNTED, sentence
from kvs_edge_gitops.comparison.model import (
    ComparedStream,
    Comparison,
    FileNotice,
    HubNotice,
    Kind,
    PlanError,
    SecretNotice,
    Sending,
)
from kvs_edge_gitops.comparison.zone_changes import ZoneChange
from kvs_edge_gitops.formatting import plural
from kvs_edge_gitops.reports.markdown import Comment, fence_for, prose
from kvs_edge_gitops.reports.streams import place_of
from kvs_edge_gitops.reports.unnamed import unnamed_line
from kvs_edge_gitops.terminal import Paint, printable

MARKER = "<!-- kvs-edge plan -->"
"""The first line, by which a workflow finds its own comment again."""
_ABOVE = frozenset({Kind.MOVE, Kind.MISSING, Kind.DELETE})
"""The kinds that are listed above the table."""


def write(comparison: Comparison, _: int, output: TextIO) -> None:
    """Write the comment: what is wrong or costs footage; then a table; then the rest, folded."""
    comment = Comment(f"{MARKER}\n**kvs-edge plan**: {prose(sentence(comparison))}\n", "kvs-edge plan")
    comment.add("\n**The deployment would fail**\n\n", map(_error, comparison.errors), "")
    not_sent = filter(_is_not_sent, comparison.streams)
    comment.add("\n**Differs from the service, and is not sent**\n\n", map(_costly, not_sent), "")
    comment.add("\n**Deleted, with its footage**\n\n", map(_costly, comparison.of(Kind.DELETE)), "")
    comment.add("\n**Moves to another hub**\n\n", map(_costly, filterfalse(_is_not_sent, comparison.of(Kind.MOVE))), "")
    comment.add("\n**Windows in another time zone**\n\n", map(_zone, comparison.zones or ()), "")
    comment.add("\n**Missing on a hub, so that a stream cannot record**\n\n", map(_hub, comparison.hubs or ()), "")
    comment.add(
        "\n**Mistakes in a secret, so that a stream may not record**\n\n", map(_secret, comparison.secrets or ()), ""
    )
    comment.add("\n**About the currently deployed files**\n\n", map(_file, comparison.files or ()), "")
    comment.add("\n**Not compared**\n\n", (f"- {prose(unnamed_line(stream))}\n" for stream in comparison.unnamed), "")
    columns = tuple(kind for kind in comparison.kinds if kind in comparison.counts and kind is not Kind.UNMANAGED)
    comment.add(_head(columns), _rows(comparison, columns), "")
    folded = (stream for stream in comparison.streams if is_listed(stream) and not _is_above(stream))
    for place, streams in groupby(folded, place_of):
        members = list(streams)
        blocks = [_block(stream) for stream in members]
        fence = fence_for("".join(blocks))
        comment.add(
            f"\n<details><summary><code>{escape(_folded(place, members))}</code></summary>\n\n{fence}diff\n",
            blocks,
            f"{fence}\n\n</details>\n",
        )
    comment.add("\n", (f"{prose(notice)}\n" for notice in comparison.notices or ()), "")
    if hint := hint_of(comparison):
        comment.add("\n", (f"{prose(hint)}\n",), "")
    output.write(comment.text)


def _is_not_sent(stream: ComparedStream) -> bool:
    return stream.sending is Sending.NOT_SENT


def _is_above(stream: ComparedStream) -> bool:
    return stream.kind in _ABOVE or _is_not_sent(stream)


def _error(error: PlanError) -> str:
    return f"- **{error.code}**, {prose(error.about)}: {prose(error.message)}\n"


def _zone(zone: ZoneChange) -> str:
    return f"- {prose(zone_change(zone))}\n" + "".join(f"  - {prose(text)}\n" for text in zone.messages)


def _hub(notice: HubNotice) -> str:
    return f"- **{notice.code}**, hub {prose(hub_name(notice.hub))}: {prose(notice.message)}\n"


def _secret(notice: SecretNotice) -> str:
    return f"- **{notice.code}**, secret {prose(notice.sentence)}\n"


def _costly(stream: ComparedStream) -> str:
    hub = hub_name(stream.hub)
    to = f"to {hub}" if stream.kind is Kind.MOVE else f"on {hub or 'no hub'}"
    known = stream.declared or stream.deployed
    line = f", line {known.entry.place().line}" if known else ""
    head = f"- {prose(stream.stream)} ({prose(place_of(stream))}{line}, {prose(to)})\n"
    return head + "".join(f"  - {prose(text)}\n" for text in details_of(stream))


def _file(notice: FileNotice) -> str:
    where = notice.file if notice.line is None else f"{notice.file}:{notice.line}"
    return f"- {prose(where)}\n" + "".join(f"  - {prose(text)}\n" for text in notice.messages)


def _head(columns: Sequence[Kind]) -> str:
    return f"\n| file | {' | '.join(COUNTED[kind] for kind in columns)} |\n|---|{'--:|' * len(columns)}\n"


def _rows(comparison: Comparison, columns: Sequence[Kind]) -> Iterator[str]:
    """Return one row per file, with one column per kind that occurs; unchanged files share a row."""
    counts: dict[str, dict[Kind, int]] = defaultdict(lambda: dict.fromkeys(columns, 0))
    for stream in comparison.of(*columns):
        counts[place_of(stream)][stream.kind] += 1
    unchanged = {file: row for file, row in counts.items() if row.get(Kind.NO_OP) == sum(row.values())}
    yield from (_row(prose(file), row.values()) for file, row in counts.items() if file not in unchanged)
    if unchanged:
        total = sum(row[Kind.NO_OP] for row in unchanged.values())
        name = prose(next(iter(unchanged))) if len(unchanged) == 1 else plural(len(unchanged), "unchanged file")
        yield _row(name, (total if kind is Kind.NO_OP else 0 for kind in columns))


def _row(name: str, counts: Iterable[int]) -> str:
    return f"| {name} | {' | '.join(str(count or '') for count in counts)} |\n"


def _folded(place: str, streams: list[ComparedStream]) -> str:
    kinds = [stream.kind for stream in streams]
    counted = [f"{kinds.count(kind):,} {words}" for kind, words in COUNTED.items() if kind in kinds]
    return printable(f"{place}: {', '.join(counted)}")


def _block(stream: ComparedStream) -> str:
    return "".join(f"{line}\n" for line in lines_of(stream, Paint(io.StringIO())))
