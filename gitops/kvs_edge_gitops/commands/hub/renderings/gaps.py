"""Gaps of a hub, as text and as JSON."""

from collections.abc import Sequence
from typing import TextIO

from kvs_edge.configuration import hub_name
from kvs_edge_gitops.commands.hub.renderings.needs import members
from kvs_edge_gitops.formatting import plural
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


def sentence(needs: HubNeeds, found: Sequence[Gap]) -> str:
    """Return a summary such as "hub warehouse-hub: 1 of 3 secrets is not on the hub"."""
    hub, total = hub_name(needs.hub), plural(len(needs.secrets), "secret")
    missing = sum(gap.secret is not None and not gap.code.is_note for gap in found)
    if any(gap.secret is None for gap in found) and not missing:
        return f"hub {hub}: the {total} could not be checked"
    if missing:
        return f"hub {hub}: {missing:,} of {total} {'is' if missing == 1 else 'are'} not on the hub"
    return f"hub {hub}: its deployment has {'all of ' if len(needs.secrets) > 1 else ''}the {total}"
