"""The result for a hub in one sentence."""

from collections.abc import Sequence

from kvs_edge.configuration import hub_name
from kvs_edge_gitops.formatting import plural
from kvs_edge_gitops.hubs.gaps import Gap
from kvs_edge_gitops.hubs.needs import HubNeeds


def sentence(needs: HubNeeds, found: Sequence[Gap]) -> str:
    """Return a summary such as "hub warehouse-hub: 1 of 3 secrets is not on the hub"."""
    hub, total = hub_name(needs.hub), plural(len(needs.secrets), "secret")
    missing = sum(gap.secret is not None and not gap.code.is_note for gap in found)
    if any(gap.secret is None for gap in found) and not missing:
        return f"hub {hub}: the {total} could not be checked"
    if missing:
        return f"hub {hub}: {missing:,} of {total} {'is' if missing == 1 else 'are'} not on the hub"
    return f"hub {hub}: its deployment has {'all of ' if len(needs.secrets) > 1 else ''}the {total}"
