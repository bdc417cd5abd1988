"""A drift as an issue, in GitHub's Markdown, which GitLab renders as well; it stays within an issue's size limit."""

import io
from itertools import groupby
from typing import TextIO

from kvs_edge_gitops.commands.drift.drifted import Drift
from kvs_edge_gitops.commands.drift.renderings.text import lines_of, not_compared, sentence
from kvs_edge_gitops.reports.markdown import Comment, fence_for, prose
from kvs_edge_gitops.reports.streams import place_of
from kvs_edge_gitops.terminal import Paint


def write(drift: Drift, _: int, output: TextIO) -> None:
    """Write the summary, then the differences file by file, as many streams as fit."""
    paint = Paint(io.StringIO())
    issue = Comment(f"**kvs-edge drift**: {prose(sentence(drift))}\n", "kvs-edge drift")
    for place, streams in groupby(drift.found, lambda drifted: place_of(drifted.compared)):
        blocks = ["".join(f"{line}\n" for line in lines_of(drifted, paint)) for drifted in streams]
        fence = fence_for("".join(blocks))
        issue.add(f"\n{prose(place)}\n\n{fence}text\n", blocks, f"{fence}\n")
    issue.add("\n**Not compared**\n\n", (f"- {prose(line)}\n" for line in not_compared(drift)), "")
    output.write(issue.text)
