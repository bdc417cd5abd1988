"""What the files declare, as requests that can be held against what AWS has."""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from kvs_edge.configuration import Stream, hub_of
from kvs_edge_gitops.aws.access import Aws
from kvs_edge_gitops.cli import UsageError
from kvs_edge_gitops.declared import Declared, place_of_entry
from kvs_edge_gitops.references import References, stream_named_by
from kvs_edge_gitops.reports.paths import relative
from kvs_edge_gitops.reports.text import line
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
    """What the files declare.

    Raises:
        UsageError: A path is not there, or a file breaks a rule; each fault is told on standard error before.
    """
    try:
        files = edge_files(paths)
    except OSError as error:
        raise UsageError(str(error)) from None
    reading = read_files(files, lambda count: progress.show("reading files", count, len(files)))
    progress.clear()
    faults = [from_fault(file, fault) for file, fault in reading.faults()]
    if faults:
        sys.stderr.writelines(f"{line(one, Paint(sys.stderr))}\n" for one in faults)
        raise UsageError(
            f"the files hold {len(faults)} error{'' if len(faults) == 1 else 's'}: nothing was asked of AWS"
        )
    return reading


def declared(reading: Reading, aws: Aws, references: Mapping[str, str]) -> list[Declared]:
    """The streams of the files, in their order, with what was left open filled in.

    Args:
        reading: From `read`.
        aws: Whose account and region hold where a file states none, and whose exports are imported.
        references: What each {Ref: NAME} stands for.

    Raises:
        UsageError: A file or a hub is of another account or region than the one that is asked, or a reference is
            not known.
        AwsError: AWS can't be asked.
    """
    filling = _Filling(References(aws, references))
    found = [filling.declared(entry) for entry in reading.streams]
    _check_each_once(found)
    return found


class _Filling:
    """Fills in what files leave open, and refuses what is not where it is asked."""

    def __init__(self, references: References) -> None:
        self._references = references
        self._aws = references.aws

    def declared(self, entry: DeclaredStream) -> Declared:
        region = entry.region or self._aws.region
        self._check_account(entry)
        pseudo = PseudoParameters(partition_of(region), region, self._aws.account)
        filled = substitute(entry.request, pseudo, lambda reference: self._value(entry, reference, region))
        request = _by_arn_if_it_is_one(filled)
        _check_values(entry, request)
        _check_hub(entry, hub_of(request["EdgeConfig"]), pseudo)
        return Declared(entry, Stream.named_in(request), request["EdgeConfig"], region)

    def _check_account(self, entry: DeclaredStream) -> None:
        if entry.account not in {None, self._aws.account}:
            raise UsageError(
                f"{relative(entry.file)} is of account {entry.account}, and the credentials are of {self._aws.account}:"
                " use that account's (--profile), or name the files of this one"
            )

    def _value(self, entry: DeclaredStream, reference: Reference, region: str) -> str:
        found = self._references.value(reference, region)
        if found is not None:
            return found
        is_given = reference.kind == "Ref"
        fix = f"pass --reference {reference.name}=VALUE" if is_given else f"no stack in {region} exports that name"
        raise UsageError(f"{place_of_entry(entry)}: {reference} has no value: {fix}")


def _check_each_once(found: Sequence[Declared]) -> None:
    """What stands there by name was looked at with the files; two references may still be the same stream."""
    first: dict[tuple[str, str], Declared] = {}
    for one in found:
        before = first.setdefault((one.region, one.stream.name), one)
        if before is not one:
            raise UsageError(
                f"{one.place}: it is the stream {one.stream.name} that {before.place} declares already, and a stream"
                " takes one edge configuration: take one of the two out"
            )


def _by_arn_if_it_is_one(request: Mapping[str, Any]) -> Mapping[str, Any]:
    """The request; a reference at StreamName may have been to an ARN."""
    if "StreamName" not in request:
        return request
    return {**stream_named_by(request["StreamName"]), "EdgeConfig": request["EdgeConfig"]}


def _check_values(entry: DeclaredStream, request: Mapping[str, Any]) -> None:
    """What the files hold was looked at with them; what references stand for was not."""
    if request == entry.request:
        return
    faults = find_faults(request, "StartEdgeConfigurationUpdate")
    if faults:
        raise UsageError(f"{place_of_entry(entry)}: with what its references stand for, {faults[0]}")


def _check_hub(entry: DeclaredStream, hub: str, asked: PseudoParameters) -> None:
    _, _, _, region, account, _ = hub.split(":", 5)
    place = place_of_entry(entry)
    if region != asked.region:
        raise UsageError(
            f"{place}: the hub {hub} is in {region}, and {asked.region} is asked:"
            f" write region: {region} into the file, or pass --region {region}"
        )
    if account != asked.account:
        raise UsageError(
            f"{place}: the hub {hub} is in account {account}, and the credentials are of {asked.account}:"
            " use that account's (--profile)"
        )
