"""Facts about hubs that no stream is declared on, because a name is probably misspelt."""

import re
from collections.abc import Iterator
from pathlib import Path

from kvs_edge.configuration import hub_name
from kvs_edge_preflight.files.codes import FileCode
from kvs_edge_preflight.files.location import FileFault
from kvs_edge_preflight.files.reading import Reading
from kvs_edge_preflight.suggestions import similar


def unused_facts(reading: Reading) -> Iterator[tuple[Path, FileFault]]:
    """Yield a note for each hub with facts and without streams that a hub of a stream, without facts, resembles.

    Facts of another hub may be for streams that the reading does not have.
    """
    refused = {hub_name(hub) for declared in reading.files for hub in declared.refused}
    with_streams = {hub_name(stream.hub) for stream in reading.streams} | refused
    with_facts = {hub_name(hub.hub): hub for hub in reading.hubs}
    for name, hub in with_facts.items():
        meant = None if name in with_streams else similar(name, sorted(with_streams - with_facts.keys()))
        if meant is not None and not _are_numbered(name, meant):
            message = f"no stream is declared on hub {name}, so these facts apply to none; did you mean {meant}?"
            yield (
                hub.file,
                FileFault(FileCode.FACTS_UNUSED, message, hub.place(*hub.hub_path), hub.dotted(*hub.hub_path)),
            )


def _are_numbered(name: str, other: str) -> bool:
    """Return True if two names differ only in numbers: these are two hubs."""
    return re.sub(r"\d+", "", name) == re.sub(r"\d+", "", other)
