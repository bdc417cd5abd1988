"""A plan as text: unchanged streams are counted, the others are listed file by file."""

from collections.abc import Iterator
from itertools import groupby
from typing import TextIO

from kvs_edge.configuration import hub_name
from kvs_edge_gitops.commands.plan.renderings.lines import hint_of, is_listed, lines_of, lines_of_file, lines_of_zone
from kvs_edge_gitops.commands.plan.renderings.summary import sentence
from kvs_edge_gitops.comparison.model import Comparison
from kvs_edge_gitops.reports.streams import place_of
from kvs_edge_gitops.reports.unnamed import unnamed_line
from kvs_edge_gitops.terminal import Paint, printable


def write(comparison: Comparison, _: int, output: TextIO) -> None:
    """Write the streams that are not unchanged, the notices about files, time zones and hubs, and a summary."""
    paint = Paint(output)
    for place, streams in groupby(filter(is_listed, comparison.streams), place_of):
        output.write(paint("bold", printable(place)) + "\n")
        output.writelines(f"  {line}\n" for stream in streams for line in lines_of(stream, paint))
    output.writelines(f"{line}\n" for notice in comparison.files or () for line in lines_of_file(notice, paint))
    output.writelines(f"{line}\n" for zone in comparison.zones or () for line in lines_of_zone(zone, paint))
    output.writelines(
        f"{paint(label, label)} {paint('bold', code)}: {printable(text)}\n" for label, code, text in _coded(comparison)
    )
    output.writelines(f"{paint('warning', printable(notice))}\n" for notice in comparison.notices or ())
    output.writelines(f"{unnamed_line(stream)}\n" for stream in comparison.unnamed)
    if hint := hint_of(comparison):
        output.write(f"{paint('faint', hint)}\n")
    output.write(paint("bold", sentence(comparison)) + "\n")


def _coded(comparison: Comparison) -> Iterator[tuple[str, str, str]]:
    """Yield the label, the code and the text of what is about a hub or a secret."""
    for full in comparison.full_hubs:
        yield "error", full.code, f"hub {full.about}: {full.message}"
    for missing in comparison.hubs or ():
        yield "warning", missing.code, f"hub {hub_name(missing.hub)}: {missing.message}"
    for secret in comparison.secrets or ():
        yield "warning", secret.code, f"secret {secret.sentence}"
