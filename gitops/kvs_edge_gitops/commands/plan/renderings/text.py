"""A plan as text: unchanged streams are counted, the others are listed file by file."""

from itertools import groupby
from typing import TextIO

from kvs_edge.configuration import hub_name
from kvs_edge_gitops.commands.plan.renderings.lines import hint_of, is_listed, lines_of, lines_of_file
from kvs_edge_gitops.commands.plan.renderings.summary import sentence
from kvs_edge_gitops.comparison.model import Comparison
from kvs_edge_gitops.reports.streams import place_of
from kvs_edge_gitops.reports.unnamed import unnamed_line
from kvs_edge_gitops.terminal import Paint, printable


def write(comparison: Comparison, _: int, output: TextIO) -> None:
    """Write the streams that are not unchanged, the notices about files and hubs, and a summary."""
    paint = Paint(output)
    for place, streams in groupby(filter(is_listed, comparison.streams), place_of):
        output.write(paint("bold", printable(place)) + "\n")
        output.writelines(f"  {line}\n" for stream in streams for line in lines_of(stream, paint))
    output.writelines(f"{line}\n" for notice in comparison.files or () for line in lines_of_file(notice, paint))
    for full in comparison.full_hubs:
        error = f"{paint('error', 'error')} {paint('bold', full.code)}"
        output.write(f"{error}: hub {printable(f'{full.about}: {full.message}')}\n")
    for missing in comparison.hubs or ():
        warning = f"{paint('warning', 'warning')} {paint('bold', missing.code)}"
        output.write(f"{warning}: hub {printable(f'{hub_name(missing.hub)}: {missing.message}')}\n")
    for secret in comparison.secrets or ():
        warning = f"{paint('warning', 'warning')} {paint('bold', secret.code)}"
        output.write(f"{warning}: secret {printable(secret.sentence)}\n")
    output.writelines(f"{paint('warning', printable(notice))}\n" for notice in comparison.notices or ())
    output.writelines(f"{unnamed_line(stream)}\n" for stream in comparison.unnamed)
    if hint := hint_of(comparison):
        output.write(f"{paint('faint', hint)}\n")
    output.write(paint("bold", sentence(comparison)) + "\n")
