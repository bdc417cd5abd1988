"""The files that a command's paths name."""

from collections.abc import Sequence
from pathlib import Path

from kvs_edge_gitops.errors import UsageError
from kvs_edge_preflight.templates import AssemblyError, Source, find_sources


def sources(paths: Sequence[Path]) -> list[Source]:
    """Return the edge files and templates that paths name.

    Raises:
        UsageError: A path does not exist, or a cloud assembly cannot be used.
    """
    try:
        return find_sources(paths)
    except (OSError, AssemblyError) as error:
        raise UsageError(str(error)) from None
