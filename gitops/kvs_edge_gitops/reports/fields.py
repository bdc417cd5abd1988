"""Fields of an EdgeConfig, and how they differ."""

from datetime import UTC, datetime

from kvs_edge.configuration import DOCUMENTED_DEFAULTS, hub_name
from kvs_edge_gitops.comparison.differences import Difference
from kvs_edge_gitops.comparison.unmanaged import SECRET_FIELD
from kvs_edge_schedules import explain, judge

HUB_FIELD = "HubDeviceArn"


def values_of(difference: Difference) -> tuple[object, object]:
    """Return the live and the declared value; None for a field that is absent.

    The service treats a secret's ARN as sensitive, and reports end up in logs and comments: the ARN is cut to the
    secret's own name, unless the two names are equal.
    """
    if difference.field != SECRET_FIELD:
        return difference.observed, difference.desired
    cut = _secret_name(difference.observed), _secret_name(difference.desired)
    return cut if cut[0] != cut[1] else (difference.observed, difference.desired)


def change(difference: Difference) -> str:
    """Return a text such as ``DeletionConfig.EdgeRetentionInHours: 24 -> 48``."""
    live, declared = values_of(difference)
    if difference.field == HUB_FIELD and hub_name(str(live)) != hub_name(str(declared)):
        live, declared = hub_name(str(live)), hub_name(str(declared))
    return f"{difference.field}: {shown(difference.field, live)} -> {shown(difference.field, declared)}"


def in_words(difference: Difference) -> tuple[str, str] | None:
    """Return the live and the declared schedule in words, such as "at 22:00, every day"; None for other fields."""
    if not difference.field.endswith(".ScheduleExpression"):
        return None
    year = datetime.now(UTC).year
    return _words(difference.observed, year), _words(difference.desired, year)


def _words(expression: object, this_year: int) -> str:
    """Return a schedule in words; none without one, and the expression itself if it is not valid."""
    if expression is None:
        return "none"
    valid = judge(str(expression), this_year=this_year).expression
    return str(expression) if valid is None else explain(valid)


def _secret_name(arn: object) -> object:
    return arn.rpartition(":")[2] if isinstance(arn, str) else arn


def shown(field: str, value: object) -> str:
    """Return a value as text; for an absent one, "none" and the documented default."""
    if value is not None:
        return str(value).lower() if isinstance(value, bool) else str(value)
    default = DOCUMENTED_DEFAULTS.get(field)
    return "none" if default is None else f"none, so {shown(field, default)}"
