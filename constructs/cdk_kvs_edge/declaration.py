"""Declaration of one edge configuration, as the checks across constructs need it."""

from collections.abc import Sequence
from dataclasses import dataclass

from constructs import Construct

from cdk_kvs_edge.edge_resource import EdgeResource
from cdk_kvs_edge.streams import StreamReference

_MAX_LISTED = 5
"""Constructs that a message lists before it counts the rest: each path is a round trip to Node.js."""


@dataclass(frozen=True, eq=False)
class Declaration:
    """Edge configuration of an app.

    Attributes:
        construct: The construct.
        stream: The stream.
        hub: The hub; None if the configuration has no readable hub.
        resource: The custom resource.
    """

    construct: Construct
    stream: StreamReference
    hub: str | None
    resource: EdgeResource

    @property
    def path(self) -> str:
        """Path of the construct; for messages only, because it is a round trip to Node.js."""
        return str(self.construct.node.path)

    def __str__(self) -> str:
        return self.path


def summarize(items: Sequence[object]) -> str:
    """Return the texts of the first items and the number of the rest."""
    more = f" and {len(items) - _MAX_LISTED:,} more" if len(items) > _MAX_LISTED else ""
    return ", ".join(map(str, items[:_MAX_LISTED])) + more
