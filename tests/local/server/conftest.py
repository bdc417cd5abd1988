"""A whole local AWS, for what is tested through its outside."""

from collections.abc import Iterator

import pytest

from kvs_edge_local.server import LocalAws


@pytest.fixture(scope="module")
def local_aws() -> Iterator[LocalAws]:
    """A local AWS in this process; an hour of its time is under four seconds."""
    with LocalAws(time_scale=1000.0) as running:
        yield running
