"""Deprecated deployment options, and their successors."""

from collections.abc import Mapping
from typing import Any

from constructs import Construct

from cdk_kvs_edge.arguments import Arguments
from cdk_kvs_edge.footage import warn
from kvs_edge.errors import Fault
from kvs_edge.wait_for import WaitFor


def with_successors(options: Mapping[str, Any], arguments: Arguments) -> dict[str, Any]:
    """Return checked options with `wait_for` in place of `wait_for_sync`; add a fault if both are set."""
    current = {name: value for name, value in options.items() if name != "wait_for_sync"}
    waits = options.get("wait_for_sync")
    if waits is None:
        return current
    if "wait_for" in options:
        rule = "it is deprecated, and wait_for is set: remove wait_for_sync"
        arguments.faults.append(Fault("wait_for_sync", waits, rule))
        return current
    return {**current, "wait_for": _successor(waits)}


def warn_deprecated(construct: Construct, options: Mapping[str, Any]) -> None:
    """Add a warning to the construct for each deprecated option."""
    waits = options.get("wait_for_sync")
    if waits is not None:
        use = f"wait_for=WaitFor.{_successor(waits)}"
        warn(construct, [("WaitForSyncDeprecated", f"wait_for_sync is deprecated: use {use}")])


def _successor(waits: object) -> WaitFor:
    return WaitFor.SYNC if waits else WaitFor.NOTHING
