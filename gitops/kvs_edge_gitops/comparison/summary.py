"""A comparison in a sentence."""

from kvs_edge_gitops.comparison.values import Comparison, Kind
from kvs_edge_gitops.comparison.words import numbered

COUNTED = {
    Kind.CREATE: "to create",
    Kind.CHANGE: "to change",
    Kind.MOVE: "to move",
    Kind.WAITING: "to wait for",
    Kind.FAILED: "failed",
    Kind.MISSING: "missing",
    Kind.LEAVE: "to leave",
    Kind.DELETE: "to delete",
    Kind.UNMANAGED: "unmanaged",
}


def sentence(comparison: Comparison) -> str:
    """The plan: "3 streams: 1 to create, 2 to leave"."""
    counts = comparison.counts
    parts = [f"{counts[kind]:,} {words}" for kind, words in COUNTED.items() if counts[kind]]
    streams = numbered(counts.total() - counts[Kind.UNMANAGED] - counts[Kind.DELETE], "stream")
    refusals = len(comparison.refusals)
    end = f"; a deployment would be refused for {numbered(refusals, 'reason')}" if refusals else ""
    return f"{streams}: {', '.join(parts) or 'nothing to do'}{end}"
