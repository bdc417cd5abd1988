"""Metrics in a log line of CloudWatch's embedded metric format.

[CloudWatch embedded metric format specification]
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Datum:
    """Value of a metric; `time` is in seconds since the epoch."""

    namespace: str
    name: str
    dimensions: Mapping[str, str]
    value: float
    unit: str | None
    time: float


def metrics_of(line: str) -> tuple[Datum, ...]:
    """Return the metrics of a log line; none of a line in another format.

    CloudWatch ignores a directive that breaks the specification, so this function does the same.
    """
    try:
        root = json.loads(line)
        return tuple(_metrics(root))
    except (AttributeError, KeyError, TypeError, ValueError):
        return ()


def _metrics(root: Mapping[str, Any]) -> Iterator[Datum]:
    metadata = root["_aws"]
    time = metadata["Timestamp"] / 1000
    for directive in metadata["CloudWatchMetrics"]:
        for names in directive["Dimensions"]:
            dimensions = {name: root[name] for name in names}
            if not all(isinstance(value, str) for value in dimensions.values()):
                raise TypeError("the target of a dimension is a text")
            for definition in directive["Metrics"]:
                yield from _values(root, directive["Namespace"], dimensions, definition, time)


def _values(
    root: Mapping[str, Any], namespace: str, dimensions: Mapping[str, str], definition: Mapping[str, str], time: float
) -> Iterator[Datum]:
    target = root[definition["Name"]]
    for value in target if isinstance(target, list) else [target]:
        if isinstance(value, bool):
            raise TypeError("the target of a metric is a number")
        yield Datum(namespace, definition["Name"], dimensions, float(value), definition.get("Unit"), time)
