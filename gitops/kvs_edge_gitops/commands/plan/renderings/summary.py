"""A plan in one sentence."""

from kvs_edge_gitops.comparison.model import Comparison, Kind, Sending
from kvs_edge_gitops.formatting import plural
from kvs_edge_gitops.reports.unnamed import unnamed_count

COUNTED = {
    Kind.CREATE: "to create",
    Kind.UPDATE: "to update",
    Kind.MOVE: "to move",
    Kind.IN_PROGRESS: "in progress",
    Kind.FAILED: "failed",
    Kind.MISSING: "missing",
    Kind.NO_OP: "unchanged",
    Kind.DELETE: "to delete",
    Kind.UNMANAGED: "unmanaged",
}


def sentence(comparison: Comparison) -> str:
    """Return a sentence such as "3 streams: 1 to create, 2 unchanged"."""
    counts = comparison.counts
    parts = [f"{counts[kind]:,} {words}" for kind, words in COUNTED.items() if counts[kind]]
    streams = plural(counts.total() - counts[Kind.UNMANAGED] - counts[Kind.DELETE], "stream")
    errors = len(comparison.errors)
    not_sent = sum(stream.sending is Sending.NOT_SENT for stream in comparison.streams)
    left = f"; a deployment does not send {not_sent:,} of them" if not_sent else ""
    end = f"; the deployment would fail: {plural(errors, 'error')}" if errors else ""
    unnamed = unnamed_count(comparison.unnamed)
    zones = f"; {plural(len(comparison.zones), 'hub')} in another time zone" if comparison.zones else ""
    return f"{streams}: {', '.join(parts) or 'nothing to do'}{left}{zones}{unnamed}{end}"
