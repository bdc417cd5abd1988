"""Fields, values and numbers as the reports write them."""

from kvs_edge.configuration import DOCUMENTED_DEFAULTS, Difference, hub_name
from kvs_edge_gitops.comparison.unmanaged import SECRET_FIELD

HUB_FIELD = "HubDeviceArn"


def numbered(count: int, noun: str) -> str:
    """Such as "2 streams"."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def values_of(one: Difference) -> tuple[object, object]:
    """What the service has and what is declared; None where there is nothing.

    The service takes a secret's ARN for sensitive, and a report ends up in logs and comments: it is cut to the secret's
    own name wherever that tells the two apart.
    """
    if one.field != SECRET_FIELD:
        return one.observed, one.desired
    cut = _secret(one.observed), _secret(one.desired)
    return cut if cut[0] != cut[1] else (one.observed, one.desired)


def change(one: Difference) -> str:
    """Such as ``DeletionConfig.EdgeRetentionInHours: 24 -> 48``."""
    now, declared = values_of(one)
    if one.field == HUB_FIELD and hub_name(str(now)) != hub_name(str(declared)):
        now, declared = hub_name(str(now)), hub_name(str(declared))
    return f"{one.field}: {shown(one.field, now)} -> {shown(one.field, declared)}"


def _secret(arn: object) -> object:
    return arn.rpartition(":")[2] if isinstance(arn, str) else arn


def shown(field: str, value: object) -> str:
    """A value, or that there is none, with the default that the service documents."""
    if value is not None:
        return str(value).lower() if isinstance(value, bool) else str(value)
    default = DOCUMENTED_DEFAULTS.get(field)
    return "none" if default is None else f"none, so {shown(field, default)}"
