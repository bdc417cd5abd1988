"""A plan as a pull request's comment, in GitHub's Markdown (GitLab reads it as well).

What comes from files or from AWS is escaped, so that it can neither break the table nor mention anybody.
"""

import io
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from itertools import groupby
from typing import TextIO

from kvs_edge.configuration import hub_name
from kvs_edge_gitops.comparison.markdown import Comment, fence_for, prose
from kvs_edge_gitops.comparison.plan_lines import hint_of, is_told, lines_of, place_of, told
from kvs_edge_gitops.comparison.summary import COUNTED, sentence
from kvs_edge_gitops.comparison.values import Compared, Comparison, Kind, OfFile, Refusal
from kvs_edge_gitops.comparison.words import numbered
from kvs_edge_gitops.terminal import Paint, printable

MARKER = "<!-- kvs-edge plan -->"
"""The first line, by which a workflow finds its own comment again."""
_ABOVE = frozenset({Kind.MOVE, Kind.MISSING, Kind.DELETE})
"""What has been told above the table."""


def write(comparison: Comparison, _: int, output: TextIO) -> None:
    """Write the comment: what is refused, deleted or moves, then a line a file, then the rest, folded."""
    comment = Comment(f"{MARKER}\n**kvs-edge plan**: {prose(sentence(comparison))}\n")
    comment.add("\n**A deployment would be refused**\n\n", map(_refusal, comparison.refusals), "")
    comment.add("\n**Deleted, with its footage**\n\n", map(_costly, comparison.of(Kind.DELETE)), "")
    comment.add("\n**Moves to another hub**\n\n", map(_costly, comparison.of(Kind.MOVE)), "")
    comment.add("\n**Of the files as they are deployed now**\n\n", map(_file, comparison.files or ()), "")
    columns = tuple(kind for kind in comparison.kinds if kind in comparison.counts and kind is not Kind.UNMANAGED)
    comment.add(_head(columns), _rows(comparison, columns), "")
    folded = (one for one in comparison.streams if is_told(one) and one.kind not in _ABOVE)
    for place, streams in groupby(folded, place_of):
        members = list(streams)
        blocks = [_block(one) for one in members]
        fence = fence_for("".join(blocks))
        comment.add(
            f"\n<details><summary><code>{escape(_folded(place, members))}</code></summary>\n\n{fence}diff\n",
            blocks,
            f"{fence}\n\n</details>\n",
        )
    if hint := hint_of(comparison):
        comment.add("\n", (f"{prose(hint)}\n",), "")
    output.write(comment.text)


def _refusal(one: Refusal) -> str:
    return f"- **{one.code}**, {prose(one.about)}: {prose(one.message)}\n"


def _costly(one: Compared) -> str:
    to = f"to {hub_name(one.hub)}" if one.kind is Kind.MOVE else f"on {hub_name(one.hub) or 'no hub'}"
    known = one.declared or one.former
    line = known.entry.place().line if known else 0
    head = f"- {prose(one.stream)} ({prose(place_of(one))}, line {line}, {prose(to)})\n"
    return head + "".join(f"  - {prose(text)}\n" for text in told(one))


def _file(one: OfFile) -> str:
    where = one.file if one.line is None else f"{one.file}:{one.line}"
    return f"- {prose(where)}\n" + "".join(f"  - {prose(text)}\n" for text in one.messages)


def _head(columns: Sequence[Kind]) -> str:
    return f"\n| file | {' | '.join(COUNTED[kind] for kind in columns)} |\n|---|{'--:|' * len(columns)}\n"


def _rows(comparison: Comparison, columns: Sequence[Kind]) -> Iterator[str]:
    """A row a file, with a column of each kind that there is; files that are left alone share a row."""
    counts: dict[str, dict[Kind, int]] = defaultdict(lambda: dict.fromkeys(columns, 0))
    for one in comparison.of(*columns):
        counts[place_of(one)][one.kind] += 1
    quiet = {file: row for file, row in counts.items() if row.get(Kind.LEAVE) == sum(row.values())}
    yield from (_row(prose(file), row.values()) for file, row in counts.items() if file not in quiet)
    if quiet:
        left = sum(row[Kind.LEAVE] for row in quiet.values())
        name = prose(next(iter(quiet))) if len(quiet) == 1 else f"{numbered(len(quiet), 'file')} without a change"
        yield _row(name, (left if kind is Kind.LEAVE else 0 for kind in columns))


def _row(name: str, counts: Iterable[int]) -> str:
    return f"| {name} | {' | '.join(str(count or '') for count in counts)} |\n"


def _folded(place: str, streams: list[Compared]) -> str:
    kinds = [one.kind for one in streams]
    counted = [f"{kinds.count(kind):,} {words}" for kind, words in COUNTED.items() if kind in kinds]
    return printable(f"{place}: {', '.join(counted)}")


def _block(one: Compared) -> str:
    return "".join(f"{line}\n" for line in lines_of(one, Paint(io.StringIO())))
