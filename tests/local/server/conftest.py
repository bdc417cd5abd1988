"""A whole local AWS, for tests through its public interface."""

from collections.abc import Iterator

import pytest

from kvs_edge_local.server import LocalAws


@pytest.fixture(scope="module")
def local_aws() -> Iterator[LocalAws]:
    """Start a local AWS in this process; an hour of its time takes under four seconds."""
    with LocalAws(time_scale=1000.0) as running:
        yield running
