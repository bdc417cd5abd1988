"""A plan as a pull request's comment, in GitHub's Markdown (GitLab reads it as well).

What comes from files or from AWS is escaped, so that it can neither break the table nor mention anybody.
"""

import io
from collections import defaultdict
from collections.abc import Iterable, Iterator
from html import escape
from itertools import groupby
from typing import TextIO

from kvs_edge.configuration import hub_name
from kvs_edge_gitops.comparison.markdown import Comment, fence_for, prose
from kvs_edge_gitops.comparison.plan_lines import TOLD, lines_of, place_of, told
from kvs_edge_gitops.comparison.summary import COUNTED, sentence
from kvs_edge_gitops.comparison.values import Compared, Comparison, Kind, Refusal
from kvs_edge_gitops.comparison.words import numbered
from kvs_edge_gitops.terminal import Paint, printable

MARKER = "<!-- kvs-edge plan -->"
"""The first line, by which a workflow finds its own comment again."""
_COLUMNS = tuple(kind for kind in Kind if kind is not Kind.UNMANAGED)
_FOLDED = tuple(kind for kind in TOLD if kind not in {Kind.MOVE, Kind.MISSING})
"""What has not been told above the table."""


def write(comparison: Comparison, _: int, output: TextIO) -> None:
    """Write the comment: what is refused and what moves, then a line a file, then the rest, folded."""
    comment = Comment(f"{MARKER}\n**kvs-edge plan**: {prose(sentence(comparison))}\n")
    comment.add("\n**A deployment would be refused**\n\n", map(_refusal, comparison.refusals), "")
    comment.add("\n**Moves to another hub**\n\n", map(_move, comparison.of(Kind.MOVE)), "")
    comment.add(_head(), _rows(comparison), "")
    for place, streams in groupby(comparison.of(*_FOLDED), place_of):
        members = list(streams)
        blocks = [_block(one) for one in members]
        fence = fence_for("".join(blocks))
        comment.add(
            f"\n<details><summary><code>{escape(_folded(place, members))}</code></summary>\n\n{fence}diff\n",
            blocks,
            f"{fence}\n\n</details>\n",
        )
    output.write(comment.text)


def _refusal(one: Refusal) -> str:
    return f"- **{one.code}**, {prose(one.about)}: {prose(one.message)}\n"


def _move(one: Compared) -> str:
    line = one.declared.entry.place().line if one.declared else 0
    head = f"- {prose(one.stream)} ({prose(place_of(one))}, line {line}, to {prose(hub_name(one.hub))})\n"
    return head + "".join(f"  - {prose(text)}\n" for text in told(one))


def _head() -> str:
    return f"\n| file | {' | '.join(COUNTED[kind] for kind in _COLUMNS)} |\n|---|{'--:|' * len(_COLUMNS)}\n"


def _rows(comparison: Comparison) -> Iterator[str]:
    """A row a file; those that are left alone share one."""
    counts: dict[str, dict[Kind, int]] = defaultdict(lambda: dict.fromkeys(_COLUMNS, 0))
    for one in comparison.of(*_COLUMNS):
        counts[place_of(one)][one.kind] += 1
    quiet = {file: row for file, row in counts.items() if row[Kind.LEAVE] == sum(row.values())}
    yield from (_row(prose(file), row.values()) for file, row in counts.items() if file not in quiet)
    if quiet:
        left = sum(row[Kind.LEAVE] for row in quiet.values())
        name = prose(next(iter(quiet))) if len(quiet) == 1 else f"{numbered(len(quiet), 'file')} without a change"
        yield _row(name, (left if kind is Kind.LEAVE else 0 for kind in _COLUMNS))


def _row(name: str, counts: Iterable[int]) -> str:
    return f"| {name} | {' | '.join(str(count or '') for count in counts)} |\n"


def _folded(place: str, streams: list[Compared]) -> str:
    kinds = [one.kind for one in streams]
    counted = [f"{kinds.count(kind):,} {words}" for kind, words in COUNTED.items() if kind in kinds]
    return printable(f"{place}: {', '.join(counted)}")


def _block(one: Compared) -> str:
    return "".join(f"{line}\n" for line in lines_of(one, Paint(io.StringIO())))
