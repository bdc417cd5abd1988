"""Text about the status of a live configuration."""

from kvs_edge.observed import Found
from kvs_edge_gitops.instants import utc_of_text


def dated_status(found: Found) -> str:
    """Return the status with the time of its last change, such as "DELETING, last updated 2026-01-05T00:00:00Z"."""
    return f"{found.status}, last updated {utc_of_text(found.updated)}"


def failed_status(found: Found) -> str:
    """Return the status of a failed sync or deletion, with its time and the service's details on one line."""
    return f"{dated_status(found)}: {' '.join(found.details.split()) or 'no details'}"
