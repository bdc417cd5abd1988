"""Rules of a file that no schema can say: what fits the file's region and account, and what goes together."""

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
"""Hours; with 0, the service refuses an edge configuration [NoDataRetentionException, API reference]."""


class _ArnField(NamedTuple):
    """Where an ARN may stand, what it is of, and whether that has to be in the file's account."""

    path: tuple[Step, ...]
    subject: str
    is_of_account: bool = True


_ARN_FIELDS = (
    _ArnField(("StreamARN",), "the stream"),
    _ArnField(("hub",), "the hub"),
    _ArnField(("HubDeviceArn",), "the hub"),
    _ArnField(("EdgeConfig", "HubDeviceArn"), "the hub"),
    # A secret may be another account's, which shares it.
    _ArnField(
        ("EdgeConfig", "RecorderConfig", "MediaSourceConfig", "MediaUriSecretArn"), "the secret", is_of_account=False
    ),
)


def file_violations(environment: Environment) -> Iterator[Violation]:
    """What is wrong with the region of a file."""
    if environment.region in REGIONS_WITHOUT_EDGE:
        yield Violation(
            ("region",), f"{environment.region} has Kinesis Video Streams, but not its edge API; take another"
        )


def entry_violations(values: Mapping[str, Any], environment: Environment) -> Iterator[Violation]:
    """What is wrong with the hub and the ARNs of a stream, a hub or defaults."""
    if len(named_hubs(values)) > 1:
        yield Violation(("hub",), "give exactly one of hub, EdgeConfig.HubDeviceArn, not both")
    if environment != Environment():
        for arn in _ARN_FIELDS:
            yield from _environment_mismatch(arn, _at(values, arn.path), environment)


def stream_violations(values: Mapping[str, Any]) -> Iterator[Violation]:
    """What is wrong with a stream besides: one that is made has a name to be made with."""
    if values.get("create_stream") is not True:
        return
    if "StreamARN" in values:
        rule = "create_stream makes a stream by its StreamName; one that has an ARN is there: set create_stream: false"
        yield Violation(("StreamARN",), rule)
    elif reference_in(values.get("StreamName")) is not None:
        rule = "create_stream takes the StreamName as text; what a reference names is there: set create_stream: false"
        yield Violation(("StreamName",), rule)


def missing_retention(streams: Iterable[DeclaredStream]) -> Iterator[tuple[Path, FileFault]]:
    """Streams that are to be made without keeping media in the cloud: they could have no edge configuration.

    It is apart from the other rules because the construct can give a retention to all streams.
    """
    told: set[tuple[Path, str]] = set()
    for stream in streams:
        hours = stream.fact("DataRetentionInHours")
        if stream.fact("create_stream") is True and (hours is None or hours < _MIN_RETENTION_HOURS):
            message = (
                f"create_stream makes {stream.stream_name}, which has to keep media in the cloud for an hour or more"
            )
            field = "DataRetentionInHours"
            fault = FileFault(
                FileCode.VALUE_NOT_ACCEPTED,
                f"{message}: give {field} of {_MIN_RETENTION_HOURS} or more",
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
        where = f"{arn.subject} is in region {found.region}, and this file is of region {environment.region}"
        yield Violation(arn.path, f"{where}: name one of that region, or put this into a file of its own")
    if arn.is_of_account and environment.account not in {None, found.account}:
        where = f"{arn.subject} is in account {found.account}, and this file is of account {environment.account}"
        yield Violation(arn.path, f"{where}: name one of that account, or put this into a file of its own")


def _at(values: Mapping[str, Any], path: Iterable[Step]) -> Any:
    here: Any = values
    for step in path:
        here = here.get(step) if isinstance(here, dict) else None
    return here
