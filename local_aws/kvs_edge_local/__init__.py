"""A local AWS with edge configurations, for tests and for trying things out.

`LocalAws` runs it in this process, the command `kvs-edge-local` in a process of its own, and the pytest plugin offers
it as a fixture. It needs the extra `local` (`pip install "cdk-kvs-edge[local]"`).
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kvs_edge_local.server import LocalAws

__all__ = ["LocalAws"]


def __getattr__(name: str) -> Any:
    """Import the server on first use: the import takes seconds, which the command line and pytest must not wait for."""
    if name != "LocalAws":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from kvs_edge_local.server import LocalAws

    return LocalAws
