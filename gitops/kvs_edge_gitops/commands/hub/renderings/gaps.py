"""Gaps of a hub, as text and as JSON."""

from collections.abc import Sequence
from typing import TextIO

from kvs_edge.configuration import hub_name
from kvs_edge_gitops.checks.hubs.summary import sentence
from kvs_edge_gitops.commands.hub.renderings.needs import members
from kvs_edge_gitops.hubs.gaps import Gap
from kvs_edge_gitops.hubs.needs import HubNeeds
from kvs_edge_gitops.reports.json_report import write_json
from kvs_edge_gitops.terminal import Paint, printable


def write_text(needs: HubNeeds, found: Sequence[Gap], _: int, output: TextIO) -> None:
    """Write one line per gap, and a summary."""
    paint = Paint(output)
    for gap in found:
        about = "" if gap.secret else f"{hub_name(needs.hub)}: "
        code = paint("info" if gap.code.is_note else "error", gap.code.value)
        output.write(f"{code}: {printable(about + gap.sentence)}\n")
    output.write(paint("bold", sentence(needs, found)) + "\n")


def write_json_report(needs: HubNeeds, found: Sequence[Gap], exit_code: int, output: TextIO) -> None:
    """Write version, exit_code, summary, the hub and its streams, and the gaps."""
    listed = [
        {"code": gap.code.value, "secret": gap.secret, "streams": list(gap.streams), "message": gap.message}
        for gap in found
    ]
    write_json({"summary": {"sentence": sentence(needs, found)}, **members(needs), "gaps": listed}, exit_code, output)
