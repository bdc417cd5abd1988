"""pytest fixtures for infrastructure repositories that deploy edge configurations.

With `cdk-kvs-edge[local]` installed there is nothing to set up::

    def test_our_app_deploys(kvs_edge_local):
        subprocess.run(["cdk", "bootstrap"], check=True)
        subprocess.run(["cdk", "deploy", "--require-approval", "never"], check=True)
        assert kvs_edge_local.edge.history("front-door").status is SyncStatus.IN_SYNC

`kvs_edge_local` is a `kvs_edge_local.LocalAws`; while the test runs, the process's environment leads every SDK
and CLI to it, and all hubs are online and their agents silent at its beginning. The server lives for the whole
session, with what earlier tests deployed: give stacks names of their own, or delete them. `--kvs-edge-local-time-scale`
(or `kvs_edge_local_time_scale` in the ini file) lets its time pass faster; the default is 1.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    # The import of the server takes seconds: only sessions that use the fixture pay for it.
    from kvs_edge_local.server import LocalAws

OPTION = "--kvs-edge-local-time-scale"
INI = "kvs_edge_local_time_scale"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option for the time scale."""
    help_text = "seconds of the local AWS per real second"
    parser.getgroup("kvs-edge-local").addoption(OPTION, type=float, default=None, help=help_text)
    parser.addini(INI, help_text, default="1")


@pytest.fixture(scope="session")
def kvs_edge_local_server(request: pytest.FixtureRequest) -> "Iterator[LocalAws]":
    """Start a local AWS for the whole session, on a free port."""
    from kvs_edge_local.server import LocalAws

    option = request.config.getoption(OPTION)
    scale = float(request.config.getini(INI) if option is None else option)
    with LocalAws(time_scale=scale) as local_aws:
        yield local_aws


@pytest.fixture
def kvs_edge_local(kvs_edge_local_server: "LocalAws", monkeypatch: pytest.MonkeyPatch) -> "LocalAws":
    """Provide the session's local AWS, with its environment set, every hub online and no fault left."""
    from kvs_edge_local.edge import Online, Silent

    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    for name, value in kvs_edge_local_server.environment().items():
        monkeypatch.setenv(name, value)
    for hub in kvs_edge_local_server.edge.hubs():
        kvs_edge_local_server.edge.set_hub(hub, Online())
    for hub, stream in kvs_edge_local_server.edge.agents():
        kvs_edge_local_server.edge.set_agent(hub, Silent(), stream)
    kvs_edge_local_server.lambdas.clear_faults()
    return kvs_edge_local_server
