"""One look at a fleet: which streams there should be, and what the service tells of them."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from kvs_edge.configuration import Stream
from kvs_edge_gitops.aws.access import Aws
from kvs_edge_gitops.cli import UsageError
from kvs_edge_gitops.declared import Declared
from kvs_edge_gitops.seen import Seen
from kvs_edge_gitops.status.health import Health, Judgement, judge

Show = Callable[[str, int, int], None]
"""Is told what is being done, how much of it is, and of how much."""

_HUB = re.compile(r"arn:[a-z\d-]+:iot:([a-z0-9-]+):([0-9]+):thing/[a-zA-Z0-9_.-]+")
_NAME = re.compile(r"[a-zA-Z0-9_.-]{1,128}")


@dataclass(frozen=True)
class Target:
    """A stream to look at.

    Attributes:
        hub: The ARN of the hub that it is to be on.
        place: Where it is declared, FILE:LINE; None for one that was found on a hub.
    """

    stream: Stream
    hub: str
    region: str
    place: str | None = None


@dataclass(frozen=True)
class Row:
    """A stream, what was seen of it, and how it is."""

    target: Target
    seen: Seen
    judgement: Judgement

    @property
    def health(self) -> Health:
        """How it is."""
        return self.judgement.health


@dataclass(frozen=True)
class Snapshot:
    """A fleet at a moment.

    Attributes:
        taken_at: When the look began.
        bare_hubs: ARNs of hubs that were asked about, and that no stream is on.
    """

    taken_at: datetime
    rows: tuple[Row, ...]
    bare_hubs: tuple[str, ...] = ()

    @property
    def is_well(self) -> bool:
        """Whether nothing is in trouble; a hub that was named and has nothing is a wrong name more often than not."""
        return not self.bare_hubs and all(row.health is not Health.TROUBLE for row in self.rows)


def region_of(hub: str) -> str | None:
    """The region of a hub that the command line names; None if it is a name alone.

    Raises:
        UsageError: It is no thing's ARN or name.
    """
    return None if _NAME.fullmatch(hub) else _parts(hub)[0]


def arns_of(hubs: Sequence[str], aws: Aws) -> list[str]:
    """The hubs' ARNs, each once; a name is one of the region and account that are asked.

    Raises:
        UsageError: One is no thing's ARN or name.
        AwsError: AWS can't be asked.
    """
    for hub in hubs:
        region_of(hub)
    return aws.hub_arns(hubs)


def declared_targets(streams: Sequence[Declared], hubs: Sequence[str]) -> list[Target]:
    """The streams that files declare; of these hubs alone, if any are given.

    Raises:
        UsageError: A hub is given that none of them is on.
    """
    used = {one.hub for one in streams}
    for hub in hubs:
        if hub not in used:
            raise UsageError(f"--hub {hub}: the files declare no stream on it; name no files, to see what it has")
    chosen = set(hubs) or used
    return [Target(one.stream, one.hub, one.region, one.place) for one in streams if one.hub in chosen]


def targets_on(hubs: Sequence[str], aws: Aws, show: Show) -> list[Target]:
    """The streams that hubs have a configuration of, whoever made it.

    Raises:
        UsageError: A hub is of another account than the credentials: nobody could tell whether it has any.
        AwsError: AWS can't be asked.
    """
    for hub in hubs:
        if (account := _parts(hub)[1]) != aws.account:
            raise UsageError(f"--hub {hub} is in the account {account}, and the credentials are of {aws.account}")
    targets: list[Target] = []
    for done, hub in enumerate(hubs, 1):
        region = _parts(hub)[0]
        targets.extend(Target(Stream(one.stream_name), hub, region) for one in aws.edge(region).on_hub(hub))
        show("listing hubs", done, len(hubs))
    return targets


def look(
    targets: Sequence[Target],
    aws: Aws,
    now: datetime,
    *,
    hubs: Sequence[str] = (),
    stale: timedelta | None = None,
    show: Show = lambda what, done, of: None,
) -> Snapshot:
    """What the service tells of each of them.

    Ages are counted to `now`, the beginning: what a long look sees late does not grow old by that. `hubs` are ARNs
    that were asked for by name; `stale` is for how long a recorder may be silent.
    """
    rows: list[Row] = []
    for region in dict.fromkeys(target.region for target in targets):
        there = [target for target in targets if target.region == region]
        told = partial(_told, show, len(rows), len(targets))
        seen = aws.edge(region).look_at([target.stream for target in there], told)
        rows.extend(
            Row(target, one, judge(one, target.hub, now, stale)) for target, one in zip(there, seen, strict=True)
        )
    used = {target.hub for target in targets}
    return Snapshot(now, tuple(rows), tuple(hub for hub in hubs if hub not in used))


def _told(show: Show, before: int, of: int, done: int) -> None:
    show("looking at streams", before + done, of)


def _parts(hub: str) -> tuple[str, str]:
    parts = _HUB.fullmatch(hub)
    if parts is None:
        example = "arn:aws:iot:eu-west-1:123456789012:thing/NAME"
        raise UsageError(f"--hub {hub!r:.80} is no thing's ARN or name; write NAME, or {example}")
    return parts[1], parts[2]
