"""Paths of constructs, from the metadata of an assembly.

The CDK CLI also writes them into templates (aws:cdk:path), unless that is turned off or the app runs without the CLI.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from kvs_edge_preflight.templates.scope import mapping


def construct_paths(metadata: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """Return the paths of constructs, by the name of the template's file and by logical id.

    The metadata of a stack includes that of its nested stacks, whose logical ids may be the same: a construct belongs
    to the nearest stack around it.
    """
    files = {path: data for path, kind, data in _entries(metadata) if kind == "aws:cdk:templateFile"}
    found: dict[str, dict[str, str]] = {}
    for path, kind, data in _entries(metadata):
        if kind == "aws:cdk:logicalId":
            file = next((files[above] for above in _around(path) if above in files), "")
            found.setdefault(file, {})[data] = path.strip("/")
    return found


def _entries(metadata: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    for path, entries in metadata.items():
        for entry in entries if isinstance(entries, list) else ():
            data = mapping(entry).get("data")
            if isinstance(data, str):
                yield path, str(mapping(entry).get("type")), data


def _around(path: str) -> Iterator[str]:
    """Yield the path and those of the constructs around it, the nearest first."""
    parts = path.split("/")
    yield from ("/".join(parts[:count]) for count in range(len(parts), 0, -1))
