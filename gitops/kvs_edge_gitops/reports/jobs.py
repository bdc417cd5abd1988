"""The jobs of a stream in JSON reports."""

from typing import Any

from kvs_edge_gitops.aws.stream_status import Job
from kvs_edge_gitops.instants import utc


def job_members(job: Job | None) -> dict[str, Any] | None:
    """Return the last report of a recorder or uploader; None if it has not reported yet."""
    if job is None:
        return None
    return {
        "status": job.status,
        "details": job.details or None,
        "collected": utc(job.collected) if job.collected else None,
        "updated": utc(job.updated) if job.updated else None,
    }
