"""`kvs-edge schedule`: a week as people look at it, a pure model drawn for a terminal or as a page."""

from kvs_edge_gitops.schedule.command import add_arguments, run

__all__ = ["add_arguments", "run"]
