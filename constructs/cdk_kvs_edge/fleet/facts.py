"""Facts of a fleet's edge files for the Metadata of its templates.

`kvs-edge validate cdk.out` reads them, so that it finds, and accepts, what it finds in the files. They are beside the
resources: a change of a fact updates no resource. All values are plain, because CloudFormation evaluates no function in
the Metadata of a template [Metadata, AWS CloudFormation User Guide]: facts about what only a deployment names are left
out, except that such a stream's own resource has its acknowledged findings.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from cdk_kvs_edge.fleet.members import FleetMember, MemberPlan
from cdk_kvs_edge.tokens import is_token
from kvs_edge_preflight.footage import Hub


def stack_facts(members: Iterable[tuple[MemberPlan, FleetMember]], hubs: Mapping[str, Hub]) -> dict[str, Any]:
    """Return the facts on the streams of a stack and on their hubs; empty without any.

    Args:
        members: The streams.
        hubs: The hub of each stream by the stream's name, with what the files state.
    """
    of_hubs: dict[str, dict[str, Any]] = {}
    of_streams = []
    for plan, member in members:
        hub, arn = hubs[plan.declared.stream_name], _literal_hub(plan)
        if arn is not None and arn not in of_hubs:
            of_hubs[arn] = _of_hub(hub)
        if plan.facts and member.literal_subject:
            of_streams.append({**member.literal_subject, **plan.facts})
        elif accepted := plan.facts.get("acknowledge"):
            member.acknowledge(accepted)
    stated = [{"HubDeviceArn": arn, **facts} for arn, facts in of_hubs.items() if facts]
    return {**({"hubs": stated} if stated else {}), **({"streams": of_streams} if of_streams else {})}


def _literal_hub(plan: MemberPlan) -> str | None:
    """Return the hub's ARN, perhaps with CloudFormation's pseudo parameters as text; None for a resource."""
    arn = plan.config["HubDeviceArn"]
    if isinstance(arn, str) and not is_token(arn):
        return arn
    declared = plan.declared.hub
    return declared if declared.startswith("arn:") else None


def _of_hub(hub: Hub) -> dict[str, Any]:
    secrets = hub.cloud_secrets
    are_plain = secrets is not None and all(isinstance(secret, str) for secret in secrets)
    facts = {
        "time_zone": hub.time_zone,
        "uplink_bit_rate": hub.uplink_bit_rate,
        "stream_count": hub.stream_count,
        "cloud_secrets": list(secrets or ()) if are_plain else None,
        "acknowledge": [{"code": item.code, "reason": item.reason} for item in hub.acknowledgements] or None,
    }
    return {name: fact for name, fact in facts.items() if fact is not None}
