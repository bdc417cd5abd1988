"""Check of the schedules of an edge configuration, stricter than the hub's Quartz."""

from collections.abc import Iterator
from datetime import UTC, datetime

from cdk_kvs_edge.tokens import is_token
from kvs_edge.errors import Fault
from kvs_edge_schedules import judge

_JOBS = ("RecorderConfig", "UploaderConfig")


def schedule_faults(edge_config: object, reported: frozenset[str]) -> Iterator[Fault]:
    """Yield the faults of literal expressions; an expression that is known only at deployment passes.

    Of the `reported` paths, only those with a suggestion: "@daily" is too short, but what was meant says more.
    """
    for job in _JOBS:
        path = (job, "ScheduleConfig", "ScheduleExpression")
        text = _at(edge_config, path)
        if not isinstance(text, str) or is_token(text):
            continue
        error = judge(text, this_year=datetime.now(UTC).year).error
        name = ".".join(("EdgeConfig", *path))
        if error is not None and (error.meant is not None or name not in reported):
            yield Fault(name, text, str(error))


def _at(value: object, path: tuple[str, ...]) -> object:
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value
