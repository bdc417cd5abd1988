"""The check of the streams' health."""

from collections.abc import Iterator, Sequence

from kvs_edge.configuration import hub_name
from kvs_edge_gitops.checks.fleet.formatting import LABELS, summary
from kvs_edge_gitops.checks.fleet.snapshot import Row, declared_targets, take_snapshot
from kvs_edge_gitops.commands.doctor.check import Result, mixed
from kvs_edge_gitops.commands.doctor.site import Site
from kvs_edge_gitops.commands.doctor.words import Words, explain
from kvs_edge_gitops.exit_codes import AWS_FAILED, USAGE
from kvs_edge_gitops.reports.unnamed import unnamed_line
from kvs_edge_health import Kind

_RESTARTED = (Kind.RECORDING_FAILED, Kind.UPLOAD_FAILED)
"""Kinds of health in which a job may stand still until its configuration is sent again."""


def check(site: Site) -> Result:
    """Return which streams need attention, and keep the snapshot."""
    declared = site.streams
    targets = declared_targets(declared.streams, (), lambda stream: stream.zone.name)
    site.snapshot = take_snapshot(targets, site.aws, site.now, unnamed=declared.unnamed, show=site.progress.show)
    rows = [row for row in site.snapshot.rows if row.health.kind.needs_attention]
    unread = [row for row in rows if row.status is None]
    return mixed(
        summary(site.snapshot),
        [_text(row) for row in rows if row.status is not None],
        [*map(_text, unread), *map(unnamed_line, declared.unnamed)],
        list(_next(rows, site.words)),
        AWS_FAILED if unread else USAGE,
    )


def _text(row: Row) -> str:
    target, kind = row.target, row.health.kind
    return f"{target.stream.name} on {hub_name(target.hub)}: {LABELS[kind]}: {row.health.reason}"


def _next(rows: Sequence[Row], words: Words) -> Iterator[str]:
    yield words.on_aws("status")
    if rows:
        yield explain(*(row.health.kind.value for row in rows))
    for row in rows:
        if row.health.kind in _RESTARTED:
            # Only an example: the cause must be removed first.
            yield words.on_aws("restart", row.target.stream.name)
            return
