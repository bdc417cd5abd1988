"""A drift for a person: each stream that differs, field by field, and a summary."""

from collections.abc import Iterator
from itertools import groupby
from typing import TextIO

from kvs_edge.configuration import hub_name
from kvs_edge_gitops.comparison.drifted import Drift, Drifted, Way
from kvs_edge_gitops.comparison.plan_lines import place_of
from kvs_edge_gitops.comparison.words import HUB_FIELD, numbered, shown, values_of
from kvs_edge_gitops.terminal import Paint, printable


def write(drift: Drift, _: int, output: TextIO) -> None:
    """Write what differs file by file, and a summary."""
    paint = Paint(output)
    for place, drifted in groupby(drift.found, lambda one: place_of(one.compared)):
        output.write(paint("bold", printable(place)) + "\n")
        output.writelines(f"  {line}\n" for one in drifted for line in _lines(one, paint))
    output.write(paint("bold", sentence(drift)) + "\n")


def sentence(drift: Drift) -> str:
    """Such as "2 of 5 streams differ"."""
    differing = sum(Way.UNMANAGED not in one.ways for one in drift.found)
    told = f"{differing:,} of {numbered(drift.streams, 'stream')} differ{'s' if differing == 1 else ''}"
    if not drift.unmanaged:
        return told
    is_told = any(Way.UNMANAGED in one.ways for one in drift.found)
    more = "" if is_told else " (not counted without --unmanaged)"
    return f"{told}; on their hubs, {numbered(drift.unmanaged, 'stream')} that no file declares{more}"


def _lines(one: Drifted, paint: Paint) -> Iterator[str]:
    compared = one.compared
    where = f" (line {compared.declared.entry.place().line}, on {hub_name(compared.hub)})" if compared.declared else ""
    yield f"{paint('warning', printable(compared.stream))}{paint('faint', where)}"
    yield from (f"    {printable(text)}" for way, text in one.ways.items() if way is not Way.FIELDS)
    # Another hub has been told already, by its name.
    for field in (one for one in compared.fields if one.field != HUB_FIELD):
        present, declared = (shown(field.field, value) for value in values_of(field))
        yield printable(f"    {field.field}: declared {declared}, the service has {present}")
