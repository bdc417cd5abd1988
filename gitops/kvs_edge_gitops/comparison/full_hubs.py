"""The number of streams on each hub after the deployment."""

from collections import defaultdict
from collections.abc import Sequence

from kvs_edge.configuration import hub_name, hub_of
from kvs_edge_gitops.comparison.live_state import Key
from kvs_edge_gitops.comparison.model import ComparedStream, Kind, PlanError
from kvs_edge_gitops.formatting import plural
from kvs_edge_preflight.footage.codes import FindingCode
from kvs_edge_preflight.footage.hub_rules import MAX_STREAMS_PER_HUB


def full_hubs(streams: Sequence[ComparedStream]) -> tuple[PlanError, ...]:
    """Return an error for each hub that would have more streams than it accepts."""
    declared: dict[Key, set[str]] = defaultdict(set)
    staying: dict[Key, set[str]] = defaultdict(set)
    for stream in streams:
        if stream.declared is not None:
            declared[stream.region, stream.hub].add(stream.stream)
        if (hub := _stays_on(stream)) is not None:
            staying[stream.region, hub].add(stream.stream)
    return tuple(
        _error(hub_name(key[1]), len(names), len(staying[key] - names))
        for key, names in declared.items()
        if len(names | staying[key]) > MAX_STREAMS_PER_HUB
    )


def _stays_on(stream: ComparedStream) -> str | None:
    """Return the hub that keeps a configuration undeclared there, at least until the new ones have started."""
    if stream.found is None or stream.found.status.deleting:
        return None
    is_forbidden_move = stream.kind is Kind.MOVE and bool(stream.errors)
    return hub_of(stream.found.config) if stream.declared is None or is_forbidden_move else None


def _error(hub: str, declared: int, others: int) -> PlanError:
    more = f", and {others} undeclared ones stay there" if others else ""
    streams = f"{plural(declared, 'stream')} {'is' if declared == 1 else 'are'}"
    message = f"{streams} declared for it{more}; a hub accepts {MAX_STREAMS_PER_HUB}"
    return PlanError(FindingCode.TOO_MANY_STREAMS, hub, message)
