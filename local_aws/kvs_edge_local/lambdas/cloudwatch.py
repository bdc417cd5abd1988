"""Function output in moto's CloudWatch Logs, with times of the local AWS's clock."""

from collections.abc import Sequence
from datetime import UTC, datetime

from moto.logs import models
from moto.logs.models import logs_backends

from kvs_edge_local.clock import Clock
from kvs_edge_local.lambdas.revision import Revision
from kvs_edge_local.moto_patches import Patches


def scale_logs(clock: Clock, replacements: Patches) -> None:
    """Put moto's CloudWatch Logs on the clock: on a faster clock it would refuse events as too far in the future."""

    def utcnow() -> datetime:
        return datetime.fromtimestamp(clock.now(), UTC).replace(tzinfo=None)

    replacements.attribute(models, "utcnow", utcnow)


def write_log_events(clock: Clock, revision: Revision, log_stream: str, lines: Sequence[str]) -> None:
    """Append lines to the function's log group, if it exists.

    A missing group is not created: a function without logs:CreateLogGroup loses its logs as well.
    """
    backend = logs_backends[revision.account][revision.region]
    if not lines or revision.log_group not in backend.groups:
        return
    if log_stream not in backend.groups[revision.log_group].streams:
        backend.create_log_stream(revision.log_group, log_stream)
    timestamp = int(clock.now() * 1000)
    events = [{"timestamp": timestamp, "message": line} for line in lines]
    backend.put_log_events(revision.log_group, log_stream, events)
