"""The desired state: the streams that edge files declare, with their references resolved."""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from kvs_edge.configuration import Stream, hub_of
from kvs_edge_gitops.aws.access import Aws
from kvs_edge_gitops.comparison.resolved import ResolvedStream, place_of_entry
from kvs_edge_gitops.errors import UsageError
from kvs_edge_gitops.formatting import plural
from kvs_edge_gitops.paths import relative
from kvs_edge_gitops.reports.diagnostics import diagnostic_line
from kvs_edge_gitops.state.references import References, stream_named_by
from kvs_edge_gitops.terminal import Paint, Progress
from kvs_edge_preflight.faults import find_faults
from kvs_edge_preflight.files import (
    DeclaredStream,
    PseudoParameters,
    Reading,
    Reference,
    edge_files,
    from_fault,
    partition_of,
    read_files,
    substitute,
)


def read(paths: Sequence[Path], progress: Progress) -> Reading:
    """Read edge files; print their faults to standard error.

    Raises:
        UsageError: A path does not exist, or a file has a fault.
    """
    try:
        files = edge_files(paths)
    except OSError as error:
        raise UsageError(str(error)) from None
    reading = read_files(files, lambda count: progress.show("reading files", count, len(files)))
    progress.clear()
    faults = [from_fault(file, fault) for file, fault in reading.faults()]
    if faults:
        sys.stderr.writelines(f"{diagnostic_line(fault, Paint(sys.stderr))}\n" for fault in faults)
        raise UsageError(f"the files have {plural(len(faults), 'error')}: no AWS request was made")
    return reading


def resolve(reading: Reading, aws: Aws, references: Mapping[str, str]) -> list[ResolvedStream]:
    """Return the streams of the files, in their order, with references and defaults resolved.

    Args:
        reading: The files, from `read`.
        aws: The session, for the account and region of files that state none, and for imported exports.
        references: The value of each {Ref: NAME}.

    Raises:
        UsageError: A file or a hub belongs to another account or region than the session, or a reference has no value.
        AwsError: A request fails.
    """
    aws.offer_regions(file.region for file in reading.files)
    resolver = _Resolver(References(aws, references))
    streams = [resolver.resolve(entry) for entry in reading.streams]
    _check_unique(streams)
    return streams


class _Resolver:
    """Resolution of entries, with a check that each belongs to the session's account and region."""

    def __init__(self, references: References) -> None:
        self._references = references
        self._aws = references.aws

    def resolve(self, entry: DeclaredStream) -> ResolvedStream:
        region = entry.region or self._aws.region
        self._check_account(entry)
        pseudo = PseudoParameters(partition_of(region), region, self._aws.account)
        filled = substitute(entry.request, pseudo, lambda reference: self._value(entry, reference, region))
        request = _by_arn_if_it_is_one(filled)
        _check_values(entry, request)
        _check_hub(entry, hub_of(request["EdgeConfig"]), pseudo)
        return ResolvedStream(entry, Stream.named_in(request), request["EdgeConfig"], region)

    def _check_account(self, entry: DeclaredStream) -> None:
        if entry.account not in {None, self._aws.account}:
            raise UsageError(
                f"{relative(entry.file)} is for account {entry.account}, and the credentials are for"
                f" {self._aws.account}: use credentials of {entry.account} (--profile), or name the files of"
                f" {self._aws.account}"
            )

    def _value(self, entry: DeclaredStream, reference: Reference, region: str) -> str:
        found = self._references.value(reference, region)
        if found is not None:
            return found
        is_given = reference.kind == "Ref"
        fix = f"pass --reference {reference.name}=VALUE" if is_given else f"no stack in {region} exports that name"
        raise UsageError(f"{place_of_entry(entry)}: {reference} has no value: {fix}")


def _check_unique(streams: Sequence[ResolvedStream]) -> None:
    """Raise UsageError for a stream declared twice; two references can be one stream, which the files do not show."""
    first: dict[tuple[str, str], ResolvedStream] = {}
    for stream in streams:
        before = first.setdefault((stream.region, stream.stream.name), stream)
        if before is not stream:
            raise UsageError(
                f"{stream.place}: stream {stream.stream.name} is already declared at {before.place}, and a stream has"
                " one edge configuration: remove one of the two"
            )


def _by_arn_if_it_is_one(request: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the request; the value of a reference at StreamName may be an ARN."""
    if "StreamName" not in request:
        return request
    return {**stream_named_by(request["StreamName"]), "EdgeConfig": request["EdgeConfig"]}


def _check_values(entry: DeclaredStream, request: Mapping[str, Any]) -> None:
    """Check the values of references; the values in the files were checked before."""
    if request == entry.request:
        return
    faults = find_faults(request, "StartEdgeConfigurationUpdate")
    if faults:
        raise UsageError(f"{place_of_entry(entry)}: with the values of its references, {faults[0]}")


def _check_hub(entry: DeclaredStream, hub: str, session: PseudoParameters) -> None:
    _, _, _, region, account, _ = hub.split(":", 5)
    place = place_of_entry(entry)
    if region != session.region:
        raise UsageError(
            f"{place}: the hub {hub} is in {region}, and the requests go to {session.region}:"
            f" set region: {region} in the file, or pass --region {region}"
        )
    if account != session.account:
        raise UsageError(
            f"{place}: the hub {hub} is in account {account}, and the credentials are for {session.account}:"
            f" use credentials of {account} (--profile)"
        )
