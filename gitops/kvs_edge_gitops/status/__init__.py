"""`kvs-edge status`: how each stream of a fleet is, and whether all is well; once, or again and again."""

from kvs_edge_gitops.status.command import add_arguments, run

__all__ = ["add_arguments", "run"]
