"""A function's output, in moto's CloudWatch Logs."""

import time
from collections.abc import Sequence

from moto.logs.models import logs_backends

from kvs_edge_local.lambdas.revision import Revision


def write_log_events(revision: Revision, log_stream: str, lines: Sequence[str]) -> None:
    """Append lines to the function's log group, if that exists.

    A group that doesn't is not made: a function without logs:CreateLogGroup loses its logs as well.
    """
    backend = logs_backends[revision.account][revision.region]
    if not lines or revision.log_group not in backend.groups:
        return
    if log_stream not in backend.groups[revision.log_group].streams:
        backend.create_log_stream(revision.log_group, log_stream)
    # Real time: CloudWatch Logs rejects events from more than two hours ahead.
    timestamp = int(time.time() * 1000)
    events = [{"timestamp": timestamp, "message": line} for line in lines]
    backend.put_log_events(revision.log_group, log_stream, events)
