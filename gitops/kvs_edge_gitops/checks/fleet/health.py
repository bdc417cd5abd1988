"""The health of a stream: `kvs_edge_health` on what the service reports, and on what a file declares."""

from collections.abc import Iterator
from datetime import datetime

from kvs_edge.configuration import EdgeConfig, hub_name, hub_of
from kvs_edge.observed import Absent, Found, Observed
from kvs_edge_gitops.aws.stream_status import Job, StreamStatus
from kvs_edge_gitops.comparison.differences import Difference, differences
from kvs_edge_gitops.formatting import plural
from kvs_edge_gitops.reports.fields import HUB_FIELD, shown, values_of
from kvs_edge_health import (
    NO_CONFIGURATION,
    NO_STREAM,
    Cause,
    Health,
    JobReport,
    Kind,
    Limits,
    Observation,
    Recording,
    assess,
)

_MAX_FIELDS = 3
"""The number of fields that a message shows; it counts the others."""


def health_of(
    status: StreamStatus,
    hub: str,
    now: datetime,
    *,
    zone: str | None = None,
    limits: Limits | None = None,
    declared: EdgeConfig | None = None,
) -> Health:
    """Return the health of a stream.

    Args:
        status: The status that the service reports.
        hub: The ARN of the hub that the stream belongs to.
        now: The time of the status.
        zone: The IANA name of the hub's time zone; None if it is not stated.
        limits: Limits of time.
        declared: The EdgeConfig that a file declares; None if no file does.
    """
    config = status.observed.config if isinstance(status.observed, Found) else {}
    further = _of_declaration(status.observed, hub, declared)
    return assess(_observation(status), Recording.of(config, zone, now), now, limits, further)


def sync_status(observed: Observed) -> str:
    """Return the API's sync status, or which resource does not exist."""
    if isinstance(observed, Found):
        return observed.status_text
    return NO_CONFIGURATION if isinstance(observed, Absent) else NO_STREAM


def last_updated(observed: Observed) -> datetime | None:
    """Return the time of the configuration's last update, if there is one and the service reports it."""
    return _time(observed.updated) if isinstance(observed, Found) else None


def _observation(status: StreamStatus) -> Observation:
    observed = status.observed
    return Observation(
        sync_status=sync_status(observed),
        failure=observed.details if isinstance(observed, Found) else "",
        recorder=_report(status.recorder),
        uploader=_report(status.uploader),
        created=_time(observed.created) if isinstance(observed, Found) else None,
        updated=last_updated(observed),
    )


def _report(job: Job | None) -> JobReport | None:
    return None if job is None else JobReport(job.status, job.details, job.collected, job.updated)


def _time(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _of_declaration(observed: Observed, hub: str, declared: EdgeConfig | None) -> Iterator[Cause]:
    """Yield a cause if the service has another configuration than the file, or has it on another hub."""
    if not isinstance(observed, Found):
        return
    # A deletion from another hub is the first half of a move to the declared one.
    if hub_of(observed.config) != hub and not observed.status.deleting:
        yield _cause(observed, f"it is on hub {_distinct(hub_of(observed.config), hub)}")
    if declared is None or observed.status.deleting:
        return
    fields = [field for field in differences(observed.config, declared) if field.field != HUB_FIELD]
    if fields:
        texts = [_difference(field) for field in fields[:_MAX_FIELDS]]
        more = f", and {plural(len(fields) - _MAX_FIELDS, 'more field')}" if len(fields) > _MAX_FIELDS else ""
        yield _cause(observed, f"the service does not have the declared configuration: {'; '.join(texts)}{more}")


def _cause(observed: Observed, reason: str) -> Cause:
    return Cause(Kind.NOT_IN_SYNC, last_updated(observed), reason)


def _difference(difference: Difference) -> str:
    live, declared = (shown(difference.field, value) for value in values_of(difference))
    return f"{difference.field}: declared {declared}, live {live}"


def _distinct(live: str, declared: str) -> str:
    """Return two hubs by name, or by ARN if they have the same name."""
    if hub_name(live) == hub_name(declared):
        return f"{live} instead of {declared}"
    return f"{hub_name(live)} instead of {hub_name(declared)}"
