"""Rules that no schema can express: matching regions and accounts, and fields that exclude each other."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from kvs_edge.configuration import REGIONS_WITHOUT_EDGE
from kvs_edge_preflight.files.codes import FileCode
from kvs_edge_preflight.files.defaults import named_hubs
from kvs_edge_preflight.files.entries import DeclaredStream
from kvs_edge_preflight.files.environment import Environment, pseudo_parameters_of
from kvs_edge_preflight.files.location import FileFault, Step
from kvs_edge_preflight.files.references import reference_in
from kvs_edge_preflight.files.schema_check import Violation

_MIN_RETENTION_HOURS = 1
"""With 0, the service rejects an edge configuration [NoDataRetentionException, API reference]."""


class _ArnField(NamedTuple):
    """Field with an ARN, its subject, and whether the subject must be in the file's account."""

    path: tuple[Step, ...]
    subject: str
    is_of_account: bool = True


_ARN_FIELDS = (
    _ArnField(("StreamARN",), "the stream"),
    _ArnField(("hub",), "the hub"),
    _ArnField(("HubDeviceArn",), "the hub"),
    _ArnField(("EdgeConfig", "HubDeviceArn"), "the hub"),
    # Another account may share its secret.
    _ArnField(
        ("EdgeConfig", "RecorderConfig", "MediaSourceConfig", "MediaUriSecretArn"), "the secret", is_of_account=False
    ),
)


def file_violations(environment: Environment) -> Iterator[Violation]:
    """Yield the violation by the region of a file."""
    if environment.region in REGIONS_WITHOUT_EDGE:
        yield Violation(
            ("region",), f"{environment.region} has Kinesis Video Streams, but not its edge API; use another region"
        )


def entry_violations(values: Mapping[str, Any], environment: Environment) -> Iterator[Violation]:
    """Yield the violations by the hub and the ARNs of a stream, a hub or defaults."""
    if len(named_hubs(values)) > 1:
        yield Violation(("hub",), "give exactly one of hub, EdgeConfig.HubDeviceArn, not both")
    if environment != Environment():
        for arn in _ARN_FIELDS:
            yield from _environment_mismatch(arn, _at(values, arn.path), environment)


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


def _environment_mismatch(arn: _ArnField, value: object, environment: Environment) -> Iterator[Violation]:
    found = pseudo_parameters_of(value) if isinstance(value, str) else None
    if found is None:
        return
    if environment.region not in {None, found.region}:
        where = f"{arn.subject} is in region {found.region}, but this file is for region {environment.region}"
        yield Violation(arn.path, f"{where}; use an ARN of that region, or a separate file")
    if arn.is_of_account and environment.account not in {None, found.account}:
        where = f"{arn.subject} is in account {found.account}, but this file is for account {environment.account}"
        yield Violation(arn.path, f"{where}; use an ARN of that account, or a separate file")


def _at(values: Mapping[str, Any], path: Iterable[Step]) -> Any:
    here: Any = values
    for step in path:
        here = here.get(step) if isinstance(here, dict) else None
    return here
