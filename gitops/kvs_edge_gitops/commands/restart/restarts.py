"""Streams to restart, and the rules for which of them a configuration may be sent to.

Sending the same configuration again is AWS's way to restart a job after a fatal error [Monitor the Amazon Kinesis Video
Streams Edge Agent using CloudWatch]. Sent is what the service has, and only if that is what is declared: otherwise the
restart would confirm a change that the files do not have.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from kvs_edge.configuration import Stream, hub_name, hub_of
from kvs_edge.observed import Absent, Found, Observed, StreamAbsent, SyncStatus
from kvs_edge_gitops.aws.stream_status import StreamStatus
from kvs_edge_gitops.comparison.differences import differences
from kvs_edge_gitops.comparison.resolved import ResolvedStream
from kvs_edge_gitops.formatting import plural


class Result(StrEnum):
    """The state of a restart."""

    READY = "ready"
    """The configuration can be sent."""
    REFUSED = "refused"
    """The configuration must not be sent."""
    DECLINED = "declined"
    """The user did not confirm."""
    FAILED = "failed"
    """An AWS request failed."""
    SENT = "sent"
    """The service has accepted it."""
    IN_SYNC = "in_sync"
    """The hub has it."""
    SYNC_FAILED = "sync_failed"
    """The hub did not take it."""
    TIMED_OUT = "timed_out"
    """Neither is known after the wait."""


@dataclass(frozen=True, eq=False)
class Restart:
    """The restart of one stream.

    Attributes:
        declared: None if no file declares the stream.
        status: The stream's last known status.
        message: Why it is refused, or how it ended.
    """

    stream: Stream
    region: str
    declared: ResolvedStream | None
    status: StreamStatus
    result: Result = Result.READY
    message: str = ""

    def ended(self, result: Result, message: str = "") -> "Restart":
        """Return the restart with a result."""
        return replace(self, result=result, message=message)

    @property
    def found(self) -> Found | None:
        """The live configuration, if there is one."""
        return self.status.observed if isinstance(self.status.observed, Found) else None

    @property
    def hub(self) -> str | None:
        """The ARN of the hub that has the stream, or else of the declared one; None if neither is known."""
        if self.found is not None:
            return hub_of(self.found.config)
        return self.declared.hub if self.declared else None


def checked(restart: Restart, *, allow_undeclared: bool = False) -> Restart:
    """Return the restart, refused if its configuration must not be sent."""
    reason = _refusal(restart.declared, restart.status.observed, allow_undeclared=allow_undeclared)
    return restart if reason is None else restart.ended(Result.REFUSED, reason)


def _refusal(declared: ResolvedStream | None, observed: Observed, *, allow_undeclared: bool) -> str | None:
    match observed:
        case StreamAbsent():
            return "the stream does not exist"
        case Absent():
            return "the stream has no edge configuration: deploy it first"
        case Found() as found if found.status.syncing:
            return f"a sync is in progress ({found.status}): wait until it has ended"
        case Found() as found if found.status.deleting or found.status is SyncStatus.DELETE_FAILED:
            return f"its configuration is being deleted ({found.status}): a restart would undo that"
        case Found() as found if declared is not None:
            return _difference(declared, found)
        case _ if allow_undeclared:
            return None
        case _:
            return (
                "no file declares the stream, so its live configuration cannot be compared: name the files, or pass"
                " --undeclared"
            )


def _difference(declared: ResolvedStream, found: Found) -> str | None:
    if declared.is_hub_known and hub_of(found.config) != declared.hub:
        live = hub_name(hub_of(found.config))
        return f"it is on hub {live}, and declared for {hub_name(declared.hub)}: deploy or correct the file first"
    changed = differences(found.config, declared.with_live_values(found.config).config)
    if not changed:
        return None
    return (
        f"the service has another configuration than the file ({plural(len(changed), 'field')}:"
        f" {', '.join(difference.field for difference in changed)}): see kvs-edge drift, and deploy or correct the file"
    )


def has_changed(restart: Restart, now: StreamStatus) -> bool:
    """Return whether the service has something else than when the restart was checked."""
    before, after = restart.found, now.observed
    return (
        before is None
        or not isinstance(after, Found)
        or (before.version, before.config)
        != (
            after.version,
            after.config,
        )
    )


def is_sent_by_lost_request(restart: Restart, now: StreamStatus) -> bool:
    """Return whether a stream in use has the sync that a request with a lost response started."""
    before, after = restart.found, now.observed
    return (
        before is not None
        and isinstance(after, Found)
        and after.updated > before.updated
        and after.config == before.config
        and after.status is not SyncStatus.SYNC_FAILED
        and not after.status.deleting
    )


def question(restarts: Sequence[Restart]) -> str:
    """Return what a confirmation is for: the streams, their hubs, and the effect on footage."""
    ready = [restart for restart in restarts if restart.result is Result.READY]
    hubs = Counter(hub_name(str(restart.hub)) for restart in ready)
    named = ", ".join(f"{hub} ({count:,})" for hub, count in sorted(hubs.items()))
    return (
        f"Sends the same configuration again to {plural(len(ready), 'stream')} on {plural(len(hubs), 'hub')}: {named}."
        f"\nTheir recorder and uploader jobs restart. {EFFECT_ON_FOOTAGE}"
    )


EFFECT_ON_FOOTAGE = (
    "Footage on the hub and in the cloud stays: the configuration does not change, and nothing is deleted."
)
