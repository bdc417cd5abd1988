"""A drift as text: each stream that differs, field by field, and a summary."""

from collections.abc import Iterator
from itertools import groupby
from typing import TextIO

from kvs_edge.configuration import hub_name
from kvs_edge_gitops.commands.drift.drifted import Drift, DriftedStream, Way
from kvs_edge_gitops.formatting import plural
from kvs_edge_gitops.reports.fields import HUB_FIELD, in_words, shown, values_of
from kvs_edge_gitops.reports.streams import place_of
from kvs_edge_gitops.reports.unnamed import unnamed_count, unnamed_line
from kvs_edge_gitops.terminal import Paint, printable


def write(drift: Drift, _: int, output: TextIO) -> None:
    """Write the differences file by file, and a summary."""
    paint = Paint(output)
    for place, streams in groupby(drift.found, lambda drifted: place_of(drifted.compared)):
        output.write(paint("bold", printable(place)) + "\n")
        output.writelines(f"  {line}\n" for drifted in streams for line in lines_of(drifted, paint))
    output.writelines(f"{line}\n" for line in not_compared(drift))
    output.write(paint("bold", sentence(drift)) + "\n")


def not_compared(drift: Drift) -> Iterator[str]:
    """Yield a line for each field and stream that is known only at deployment."""
    yield from (printable(f"{stream.stream}: {text}") for stream, text in drift.not_compared)
    yield from map(unnamed_line, drift.unnamed)


def sentence(drift: Drift) -> str:
    """Return a sentence such as "2 of 5 streams differ"."""
    differing = sum(Way.UNMANAGED not in drifted.ways for drifted in drift.found)
    summary = (
        f"{differing:,} of {plural(drift.streams, 'stream')} differ{'s' if 1 in (differing, drift.streams) else ''}"
    )
    summary += unnamed_count(drift.unnamed)
    if not drift.unmanaged:
        return summary
    is_counted = any(Way.UNMANAGED in drifted.ways for drifted in drift.found)
    more = "" if is_counted else " (counted as drift with --unmanaged)"
    return f"{summary}; {plural(drift.unmanaged, 'unmanaged stream')} on their hubs{more}"


def lines_of(drifted: DriftedStream, paint: Paint) -> Iterator[str]:
    """Yield the lines on one stream."""
    compared = drifted.compared
    where = f" (line {compared.declared.entry.place().line}, on {hub_name(compared.hub)})" if compared.declared else ""
    yield f"{paint('warning', printable(compared.stream))}{paint('faint', where)}"
    yield from (f"    {printable(text)}" for way, text in drifted.ways.items() if way is not Way.FIELDS)
    # A line above names the other hub already.
    for difference in (field for field in compared.fields if field.field != HUB_FIELD):
        live, declared = (shown(difference.field, value) for value in values_of(difference))
        yield printable(f"    {difference.field}: declared {declared}, live {live}")
        if words := in_words(difference):
            yield f"      in words: declared {words[1]}, live {words[0]}"
