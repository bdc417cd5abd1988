"""A plan for a person: what is left alone is counted, the rest is listed file by file."""

from itertools import groupby
from typing import TextIO

from kvs_edge_gitops.comparison.plan_lines import hint_of, is_told, lines_of, lines_of_file, place_of
from kvs_edge_gitops.comparison.summary import sentence
from kvs_edge_gitops.comparison.values import Comparison
from kvs_edge_gitops.terminal import Paint, printable


def write(comparison: Comparison, _: int, output: TextIO) -> None:
    """Write the streams that a deployment would do something about, what is unmanaged, and a summary."""
    paint = Paint(output)
    for place, streams in groupby(filter(is_told, comparison.streams), place_of):
        output.write(paint("bold", printable(place)) + "\n")
        output.writelines(f"  {line}\n" for one in streams for line in lines_of(one, paint))
    output.writelines(f"{line}\n" for one in comparison.files or () for line in lines_of_file(one, paint))
    for full in comparison.full_hubs:
        refused = f"{paint('error', 'refused')} {paint('bold', full.code)}"
        output.write(f"{refused}: hub {printable(f'{full.about}: {full.message}')}\n")
    if hint := hint_of(comparison):
        output.write(f"{paint('faint', hint)}\n")
    output.write(paint("bold", sentence(comparison)) + "\n")
