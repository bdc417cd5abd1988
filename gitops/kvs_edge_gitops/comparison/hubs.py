"""How many streams each hub has once everything is deployed. Pure."""

from collections import defaultdict
from collections.abc import Sequence

from kvs_edge.configuration import hub_name, hub_of
from kvs_edge_gitops.comparison.present import Key
from kvs_edge_gitops.comparison.values import Compared, Kind, Refusal
from kvs_edge_gitops.comparison.words import numbered
from kvs_edge_preflight.footage.codes import FindingCode
from kvs_edge_preflight.footage.hub_rules import MAX_STREAMS_PER_HUB


def full_hubs(streams: Sequence[Compared]) -> tuple[Refusal, ...]:
    """A refusal for each hub that would have more streams than it takes."""
    declared: dict[Key, set[str]] = defaultdict(set)
    staying: dict[Key, set[str]] = defaultdict(set)
    for one in streams:
        if one.declared is not None:
            declared[one.region, one.hub].add(one.stream)
        if (hub := _stays_on(one)) is not None:
            staying[one.region, hub].add(one.stream)
    return tuple(
        _refusal(hub, len(names), len(staying[key] - names))
        for key, names in declared.items()
        for hub in [hub_name(key[1])]
        if len(names | staying[key]) > MAX_STREAMS_PER_HUB
    )


def _stays_on(one: Compared) -> str | None:
    """The hub that has a configuration which no file declares there until the new ones have started, or longer."""
    if one.found is None or one.found.status.deleting:
        return None
    is_refused_move = one.kind is Kind.MOVE and bool(one.refusals)
    return hub_of(one.found.config) if one.declared is None or is_refused_move else None


def _refusal(hub: str, declared: int, others: int) -> Refusal:
    more = f", and {others} more stay there that no file declares for it" if others else ""
    streams = f"{numbered(declared, 'stream')} {'is' if declared == 1 else 'are'}"
    return Refusal(
        FindingCode.TOO_MANY_STREAMS,
        hub,
        f"{streams} declared for it{more}; a hub takes {MAX_STREAMS_PER_HUB}",
    )
