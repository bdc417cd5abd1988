"""The desired state: the streams that edge files and templates declare, with their references resolved."""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from kvs_edge.configuration import Stream, hub_of
from kvs_edge_gitops.aws.access import Aws
from kvs_edge_gitops.comparison.resolved import UNSTATED, ResolvedStream, StatedZone, UnnamedStream, place_of_entry
from kvs_edge_gitops.errors import UsageError
from kvs_edge_gitops.formatting import plural
from kvs_edge_gitops.paths import relative
from kvs_edge_gitops.reports.diagnostics import diagnostic_line
from kvs_edge_gitops.state.references import References, stream_named_by
from kvs_edge_gitops.state.sources import sources
from kvs_edge_gitops.state.unknown_values import split_references, with_references
from kvs_edge_gitops.state.zones import stated_zones
from kvs_edge_gitops.terminal import Paint, Progress
from kvs_edge_preflight.faults import find_faults
from kvs_edge_preflight.files import (
    DeclaredStream,
    PseudoParameters,
    Reading,
    Reference,
    from_fault,
    partition_of,
    substitute,
)
from kvs_edge_preflight.templates import read_sources


class Desired(NamedTuple):
    """The desired state.

    Attributes:
        streams: The streams that AWS can be asked about, in the order of the files.
        unnamed: The streams of templates whose names are known only at deployment.
    """

    streams: list[ResolvedStream]
    unnamed: tuple[UnnamedStream, ...] = ()


def read(paths: Sequence[Path], progress: Progress, given: Mapping[str, str] | None = None) -> Reading:
    """Read edge files, templates and cloud assemblies; print their faults to standard error.

    Args:
        paths: The paths of the command line.
        progress: The progress bar.
        given: The values of references, which templates need at once.

    Raises:
        UsageError: A path does not exist, or a file has a fault.
    """
    files = sources(paths)
    reading = read_sources(files, lambda count: progress.show("reading files", count, len(files)), given)
    progress.clear()
    faults = [from_fault(file, fault) for file, fault in reading.faults()]
    if faults:
        sys.stderr.writelines(f"{diagnostic_line(fault, Paint(sys.stderr))}\n" for fault in faults)
        raise UsageError(f"the files have {plural(len(faults), 'error')}: no AWS request was made")
    return reading


def resolve(reading: Reading, aws: Aws, references: Mapping[str, str]) -> Desired:
    """Return the streams of the files with references and defaults resolved.

    Args:
        reading: The files, from `read`.
        aws: The session, for the account and region of files that state none, and for imported exports.
        references: The value of each {Ref: NAME}.

    Raises:
        UsageError: A file or a hub belongs to another account or region than the session, or a reference of an edge
            file has no value.
        AwsError: A request fails.
    """
    aws.offer_regions(file.region for file in reading.files)
    resolver = _Resolver(References(aws, references), stated_zones(reading))
    found = [resolver.resolve(entry) for entry in reading.streams]
    streams = [stream for stream in found if isinstance(stream, ResolvedStream)]
    _check_unique(streams)
    return Desired(streams, tuple(stream for stream in found if isinstance(stream, UnnamedStream)))


class _Resolver:
    """Resolution of entries, with a check that each belongs to the session's account and region."""

    def __init__(self, references: References, zones: Mapping[DeclaredStream, StatedZone]) -> None:
        self._references = references
        self._zones = zones
        self._aws = references.aws

    def resolve(self, entry: DeclaredStream) -> ResolvedStream | UnnamedStream:
        region = entry.region or self._aws.region
        self._check_account(entry)
        pseudo = PseudoParameters(partition_of(region), region, self._aws.account)
        filled = substitute(entry.request, pseudo, lambda reference: self._value(entry, reference, region))
        if isinstance(filled[entry.stream_path[0]], Reference):
            return UnnamedStream(entry, region, pseudo.fill(entry.hub), _fix_of(entry))
        request = with_references(entry, _by_arn_if_it_is_one(filled))
        _check_values(entry, request)
        config, unknown = split_references(request["EdgeConfig"])
        if ("HubDeviceArn",) in unknown:
            config["HubDeviceArn"] = pseudo.fill(entry.hub)
        else:
            _check_hub(entry, hub_of(config), pseudo)
        zone = self._zones.get(entry, UNSTATED)
        return ResolvedStream(entry, Stream.named_in(request), config, region, unknown, zone)

    def _check_account(self, entry: DeclaredStream) -> None:
        if entry.account not in {None, self._aws.account}:
            raise UsageError(
                f"{relative(entry.file)} is for account {entry.account}, and the credentials are for"
                f" {self._aws.account}: use credentials of {entry.account} (--profile), or name the files of"
                f" {self._aws.account}"
            )

    def _value(self, entry: DeclaredStream, reference: Reference, region: str) -> str | Reference:
        """Return the value of a reference; the reference itself if only a deployment knows the value."""
        found = self._references.value(reference, region)
        if found is not None:
            return found
        if entry.origin is not None:
            return reference
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


def _fix_of(entry: DeclaredStream) -> str:
    """Return how to name a stream whose name is known only at deployment."""
    match entry.stream:
        case Reference(kind="Ref" | "Fn::GetAtt", name=name):
            return f"pass --reference {name}=STREAM"
        case Reference(kind="Fn::ImportValue"):
            return "deploy the stack that exports it first"
        case _:
            return "pass --reference NAME=VALUE for the names in it, or set the name of the stream in the app"


def _by_arn_if_it_is_one(request: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the request; the value of a reference at StreamName may be an ARN."""
    if "StreamName" not in request:
        return request
    return {**stream_named_by(request["StreamName"]), "EdgeConfig": request["EdgeConfig"]}


def _check_values(entry: DeclaredStream, request: Mapping[str, Any]) -> None:
    """Check the values of references; the values in the files were checked before."""
    if request == entry.request:
        return
    faults = find_faults(request, "StartEdgeConfigurationUpdate", lambda value: isinstance(value, Reference))
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
