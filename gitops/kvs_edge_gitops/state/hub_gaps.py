"""Gaps of hubs: what their Greengrass deployments lack."""

from collections.abc import Iterator, Mapping, Sequence

from kvs_edge.configuration import hub_name
from kvs_edge_gitops.aws.access import Aws
from kvs_edge_gitops.comparison.model import Comparison, HubNotice
from kvs_edge_gitops.comparison.resolved import ResolvedStream
from kvs_edge_gitops.errors import RejectedError
from kvs_edge_gitops.hubs.gaps import Gap, gaps
from kvs_edge_gitops.hubs.needs import SECRET_PATH, HubNeeds
from kvs_edge_gitops.terminal import Progress


def gaps_of(needs: HubNeeds, aws: Aws) -> list[Gap]:
    """Return what the hub's effective deployments lack.

    Raises:
        AwsError: A request fails.
    """
    region = needs.hub.split(":")[3]
    return gaps(needs, aws.greengrass(region).effective_deployments(hub_name(needs.hub)))


def read(comparison: Comparison, aws: Aws, progress: Progress) -> tuple[HubNotice, ...]:
    """Return what the hubs of changed streams lack, and which hubs the credentials may not read.

    Args:
        comparison: The comparison of the streams.
        aws: The session.
        progress: The progress bar.

    Raises:
        AwsError: A request fails, and not because AWS rejects it, such as for a missing right.
    """
    on_hub = _hubs(comparison)
    found: list[HubNotice] = []
    for done, (hub, streams) in enumerate(on_hub.items(), 1):
        found.extend(_notices(HubNeeds(hub, None, streams), aws))
        progress.show("reading hubs", done, len(on_hub))
    return tuple(found)


def _hubs(comparison: Comparison) -> Mapping[str, Sequence[ResolvedStream]]:
    """Return the declared streams of each hub that has a changed one; streams with unknown values are left out."""
    on_hub: dict[str, list[ResolvedStream]] = {}
    changed = {stream.hub for stream in comparison.changed}
    for stream in (compared.declared for compared in comparison.streams):
        if stream is not None and stream.is_hub_known and SECRET_PATH not in stream.unknown and stream.hub in changed:
            on_hub.setdefault(stream.hub, []).append(stream)
    return on_hub


def _notices(needs: HubNeeds, aws: Aws) -> Iterator[HubNotice]:
    try:
        found = gaps_of(needs, aws)
    except RejectedError as error:
        yield HubNotice(needs.hub, "NotChecked", f"not checked: {error}")
        return
    for gap in found:
        if not gap.code.is_note:
            yield HubNotice(needs.hub, gap.code.value, gap.sentence, gap.secret, gap.streams)
