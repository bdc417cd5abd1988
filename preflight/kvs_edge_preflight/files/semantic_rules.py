"""Rules that no schema can express: regions, and fields that exclude each other."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from kvs_edge_preflight.files.codes import FileCode
from kvs_edge_preflight.files.defaults import named_hubs
from kvs_edge_preflight.files.entries import DeclaredStream
from kvs_edge_preflight.files.environment import Environment
from kvs_edge_preflight.files.environment_rules import environment_violations
from kvs_edge_preflight.files.location import FileFault
from kvs_edge_preflight.files.references import reference_in
from kvs_edge_preflight.files.schema_check import Violation
from kvs_edge_preflight.regions import region_fault

_MIN_RETENTION_HOURS = 1
"""With 0, the service rejects an edge configuration [NoDataRetentionException, API reference]."""


def region_violations(region: object) -> Iterator[Violation]:
    """Yield the violation by the region of a file, if it is text."""
    if isinstance(region, str) and (fault := region_fault(region)):
        yield Violation(("region",), fault)


def entry_violations(values: Mapping[str, Any], environment: Environment) -> Iterator[Violation]:
    """Yield the violations by the hub and the ARNs of a stream, a hub or defaults."""
    if len(named_hubs(values)) > 1:
        yield Violation(("hub",), "give exactly one of hub, EdgeConfig.HubDeviceArn, not both")
    yield from environment_violations(values, environment)


def stream_violations(values: Mapping[str, Any]) -> Iterator[Violation]:
    """Yield the violations by create_stream: a new stream needs a literal name."""
    if values.get("create_stream") is not True:
        return
    if "StreamARN" in values:
        rule = "create_stream needs a StreamName, and a stream with an ARN already exists; set create_stream: false"
        yield Violation(("StreamARN",), rule)
    elif reference_in(values.get("StreamName")) is not None:
        rule = "create_stream needs a literal StreamName, and a reference names another; set create_stream: false"
        yield Violation(("StreamName",), rule)


def missing_retention(streams: Iterable[DeclaredStream]) -> Iterator[tuple[Path, FileFault]]:
    """Yield a fault for each stream to create without media retention, which an edge configuration needs.

    This rule is separate because the construct can set a retention for all streams.
    """
    told: set[tuple[Path, str]] = set()
    for stream in streams:
        hours = stream.fact("DataRetentionInHours")
        if stream.fact("create_stream") is True and (hours is None or hours < _MIN_RETENTION_HOURS):
            field = "DataRetentionInHours"
            if (field,) in stream.unknown:
                continue
            creator = "create_stream" if stream.origin is None else "the template"
            message = (
                f"{creator} creates {stream.stream_name} without media retention, which an edge configuration needs"
            )
            fault = FileFault(
                FileCode.VALUE_NOT_ACCEPTED,
                f"{message}; set {field} to {_MIN_RETENTION_HOURS} or more",
                stream.place(field),
                stream.dotted(field),
            )
            if (stream.file, fault.path) not in told:
                told.add((stream.file, fault.path))
                yield stream.file, fault
