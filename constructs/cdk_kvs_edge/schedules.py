"""Schedules that an edge configuration holds, judged as the hub's Quartz would, and more strictly."""

from collections.abc import Iterator
from datetime import UTC, datetime

from cdk_kvs_edge.tokens import is_token
from kvs_edge.errors import Fault
from kvs_edge_schedules import judge

_JOBS = ("RecorderConfig", "UploaderConfig")


def schedule_faults(edge_config: object) -> Iterator[Fault]:
    """The literal expressions that are refused; what is known only at deployment passes."""
    for job in _JOBS:
        path = (job, "ScheduleConfig", "ScheduleExpression")
        text = _at(edge_config, path)
        if not isinstance(text, str) or is_token(text):
            continue
        error = judge(text, this_year=datetime.now(UTC).year).error
        if error is not None:
            yield Fault(".".join(("EdgeConfig", *path)), text, str(error))


def _at(value: object, path: tuple[str, ...]) -> object:
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value
