"""A snapshot of a fleet: the streams it should have, and the health of each."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from kvs_edge.configuration import EdgeConfig, Stream, hub_name
from kvs_edge.observed import Found, Observed
from kvs_edge_gitops.aws.access import Aws
from kvs_edge_gitops.aws.stream_status import Job, StreamStatus
from kvs_edge_gitops.checks.fleet.health import health_of
from kvs_edge_gitops.comparison.resolved import ResolvedStream, UnnamedStream
from kvs_edge_gitops.errors import RejectedError, UsageError
from kvs_edge_gitops.exit_codes import FINDINGS, OK
from kvs_edge_gitops.formatting import ShowProgress
from kvs_edge_health import Health, Limits
from kvs_edge_preflight.suggestions import did_you_mean

_HUB = re.compile(r"arn:[a-z\d-]+:iot:([a-z0-9-]+):([0-9]+):thing/[a-zA-Z0-9_.-]+")
_NAME = re.compile(r"[a-zA-Z0-9_.-]{1,128}")


@dataclass(frozen=True)
class Target:
    """A stream to describe.

    Attributes:
        hub: The ARN of the hub that it belongs to.
        place: The declaration as FILE:LINE; None for a stream that was found on a hub.
        declared: The declaration; None for a stream that was found on a hub.
        zone: The IANA name of the hub's time zone; None if it is not stated.
    """

    stream: Stream
    hub: str
    region: str
    place: str | None = None
    declared: ResolvedStream | None = None
    zone: str | None = None

    @property
    def config(self) -> EdgeConfig | None:
        """The declared EdgeConfig."""
        return self.declared.config if self.declared else None

    def on(self, observed: Observed) -> "Target":
        """Return the target with live values in place of those that are known only at deployment."""
        if self.declared is None or not isinstance(observed, Found):
            return self
        declared = self.declared.with_live_values(observed.config)
        return replace(self, hub=declared.hub, declared=declared)


@dataclass(frozen=True)
class Row:
    """A stream, its status and its health; the status is None if AWS rejects the request for it."""

    target: Target
    status: StreamStatus | None
    health: Health

    @property
    def recorder(self) -> Job | None:
        """The recorder's last report, if it is known."""
        return None if self.status is None else self.status.recorder

    @property
    def uploader(self) -> Job | None:
        """The uploader's last report, if it is known."""
        return None if self.status is None else self.status.uploader


@dataclass(frozen=True)
class Snapshot:
    """A fleet at a moment.

    Attributes:
        taken_at: The time before the first request.
        rows: The streams, the worst first, and equal ones in the order of hubs and names.
        bare_hubs: The ARNs of hubs that were named, and that have no stream.
        unnamed: The declared streams whose status is unknown, because their names are known only at deployment.
    """

    taken_at: datetime
    rows: tuple[Row, ...]
    bare_hubs: tuple[str, ...] = ()
    unnamed: tuple[UnnamedStream, ...] = ()

    @property
    def is_healthy(self) -> bool:
        """True if no stream needs attention and no named hub is bare, which mostly means a wrong name."""
        return not self.bare_hubs and not any(row.health.kind.needs_attention for row in self.rows)

    @property
    def exit_code(self) -> int:
        """The exit code, for an alarm."""
        return OK if self.is_healthy else FINDINGS


def region_of(hub: str) -> str | None:
    """Return the region of a hub on the command line; None for a name.

    Raises:
        UsageError: The hub is neither the ARN nor the name of a thing.
    """
    return None if _NAME.fullmatch(hub) else _parts(hub)[0]


def arns_of(hubs: Sequence[str], aws: Aws) -> list[str]:
    """Return the ARNs of hubs without duplicates; a hub given by name is in the session's region and account.

    Raises:
        UsageError: A hub is neither the ARN nor the name of a thing.
        AwsError: A request fails.
    """
    for hub in hubs:
        region_of(hub)
    return aws.hub_arns(hubs)


def declared_targets(
    streams: Sequence[ResolvedStream], hubs: Sequence[str], zone_of: Callable[[ResolvedStream], str | None]
) -> list[Target]:
    """Return the streams that files declare; only those on `hubs`, by ARN or by name, if any are given.

    Raises:
        UsageError: A hub is neither the ARN nor the name of a thing, or the files declare no stream on it.
    """
    selected = {arn for hub in hubs for arn in _declared_hubs(hub, streams)}
    return [
        Target(stream.stream, stream.hub, stream.region, stream.place, stream, zone_of(stream))
        for stream in streams
        if not hubs or stream.hub in selected
    ]


def _declared_hubs(hub: str, streams: Sequence[ResolvedStream]) -> set[str]:
    region_of(hub)
    found = {stream.hub for stream in streams if hub in {stream.hub, hub_name(stream.hub)}}
    if not found:
        hint = did_you_mean(hub_name(hub), {hub_name(stream.hub) for stream in streams})
        raise UsageError(f"--hub {hub}: the files declare no stream on it; to see what is on it, give no files{hint}")
    return found


def targets_on(hubs: Sequence[str], zone: str | None, aws: Aws, show: ShowProgress) -> list[Target]:
    """Return the streams that have a configuration on hubs, declared or not.

    Raises:
        UsageError: A hub belongs to another account than the credentials: the list would be empty in any case.
        AwsError: A request fails.
    """
    for hub in hubs:
        if (account := _parts(hub)[1]) != aws.account:
            raise UsageError(f"--hub {hub} is in account {account}, and the credentials are for {aws.account}")
    targets: list[Target] = []
    for done, hub in enumerate(hubs, 1):
        region = _parts(hub)[0]
        names = aws.edge(region).names_on_hub(hub)
        targets.extend(Target(Stream(name), hub, region, zone=zone) for name in names)
        show("listing hubs", done, len(hubs))
    return targets


def take_snapshot(
    targets: Sequence[Target],
    aws: Aws,
    now: datetime,
    *,
    hubs: Sequence[str] = (),
    limits: Limits | None = None,
    unnamed: Sequence[UnnamedStream] = (),
    show: ShowProgress = lambda step, done, total: None,
) -> Snapshot:
    """Describe each stream, and assess its health.

    Args:
        targets: The streams.
        aws: The session.
        now: The time before the first request, to which ages are counted: a slow snapshot does not age its streams.
        hubs: The ARNs of named hubs.
        limits: Limits of time.
        unnamed: The declared streams whose names are known only at deployment.
        show: The progress bar.
    """
    rows: list[Row] = []
    for region in dict.fromkeys(target.region for target in targets):
        there = [target for target in targets if target.region == region]
        done = partial(_show, show, len(rows), len(targets))
        statuses = aws.edge(region).observe_all([target.stream for target in there], done)
        rows.extend(_row(target, status, now, limits) for target, status in zip(there, statuses, strict=True))
    used = {target.hub for target in targets}
    bare = tuple(hub for hub in hubs if hub not in used)
    return Snapshot(now, tuple(worst_first(rows)), bare, tuple(unnamed))


def worst_first(rows: Iterable[Row]) -> list[Row]:
    """Return the rows in the order of severity, and equal ones in the order of hubs and names."""
    return sorted(rows, key=lambda row: (-row.health.kind.severity, row.target.hub, row.target.stream.name))


def _row(target: Target, status: StreamStatus | RejectedError, now: datetime, limits: Limits | None) -> Row:
    if isinstance(status, RejectedError):
        return Row(target, None, Health.unknown(str(status)))
    target = target.on(status.observed)
    health = health_of(status, target.hub, now, zone=target.zone, limits=limits, declared=target.config)
    return Row(target, status, health)


def _show(show: ShowProgress, before: int, total: int, done: int) -> None:
    show("describing streams", before + done, total)


def _parts(hub: str) -> tuple[str, str]:
    parts = _HUB.fullmatch(hub)
    if parts is None:
        example = "arn:aws:iot:eu-west-1:123456789012:thing/NAME"
        raise UsageError(f"--hub {hub!r:.80} is not the ARN or name of a thing; give NAME, or {example}")
    return parts[1], parts[2]
