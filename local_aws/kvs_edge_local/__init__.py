"""An AWS on this machine, with what edge configurations need of it: for tests, and for a look around.

`LocalAws` runs it in this process, the command `kvs-edge-local` in one of its own, and the pytest plugin
offers it as a fixture. It needs the extra `local` (`pip install "cdk-kvs-edge[local]"`).
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kvs_edge_local.server import LocalAws

__all__ = ["LocalAws"]


def __getattr__(name: str) -> Any:
    """Import the server when it is asked for: it takes seconds, which the command line and pytest don't have."""
    if name != "LocalAws":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from kvs_edge_local.server import LocalAws

    return LocalAws
