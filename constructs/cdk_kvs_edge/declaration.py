"""An edge configuration as the checks see it."""

from collections.abc import Sequence
from dataclasses import dataclass

from constructs import Construct

from cdk_kvs_edge.edge_resource import EdgeResource
from cdk_kvs_edge.streams import StreamReference

_NAMED = 5
"""Constructs that a message names before it counts the others: each path is a round trip to Node.js."""


@dataclass(frozen=True, eq=False)
class Declaration:
    """An edge configuration: by which construct the app declares it, for which stream and hub, if that is known.

    Attributes:
        construct: The construct.
        stream: The stream.
        hub: The hub; None where it is not readable.
        resource: The custom resource.
    """

    construct: Construct
    stream: StreamReference
    hub: str | None
    resource: EdgeResource

    @property
    def path(self) -> str:
        """The construct's path; for messages only, since it is a round trip to Node.js."""
        return str(self.construct.node.path)

    def __str__(self) -> str:
        return self.path


def named(items: Sequence[object]) -> str:
    """Return the texts of the first few items, and how many more there are."""
    more = f" and {len(items) - _NAMED:,} more" if len(items) > _NAMED else ""
    return ", ".join(map(str, items[:_NAMED])) + more
