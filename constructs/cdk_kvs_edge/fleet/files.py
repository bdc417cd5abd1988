"""What the files of a fleet declare, and what is to be with_code of it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from cdk_kvs_edge.footage import with_code
from cdk_kvs_edge.tokens import is_token
from kvs_edge.errors import ConfigurationError, Fault
from kvs_edge_preflight.files import (
    DeclaredFile,
    Diagnostic,
    HubPlan,
    edge_files,
    from_fault,
    from_finding,
    hub_plans,
    missing_retention,
    read_files,
)
from kvs_edge_preflight.footage import Analysis, Calendar, Severity, analyse_hub


@dataclass(frozen=True)
class FleetFiles:
    """Files without faults, and the warnings on their streams and hubs."""

    files: tuple[DeclaredFile, ...]
    warnings: tuple[Diagnostic, ...]


def read_fleet(path: Path, data_retention_in_hours: float | None) -> FleetFiles:
    """Return what the files of a directory declare.

    Args:
        path: The directory.
        data_retention_in_hours: The data retention of streams that are made and state none; None if they are not made.
            What depends on it is not looked at where it is known only at deployment.

    Raises:
        ConfigurationError: The directory holds no file, or the files hold errors; it names all of them, each
            as FILE:LINE:COLUMN PATH.
    """
    reading = read_files(_files(path))
    found = [from_fault(file, fault) for file, fault in reading.faults()]
    if data_retention_in_hours is None:
        found.extend(from_fault(file, fault) for file, fault in missing_retention(reading.streams))
    # A number token is a huge negative float.
    known = None if is_token(data_retention_in_hours) else data_retention_in_hours
    found.extend(_findings(hub_plans(reading), None if known is None else int(known)))
    errors = [_fault(one) for one in found if one.severity is Severity.ERROR]
    if errors:
        raise ConfigurationError("what the files declare is wrong:", errors)
    return FleetFiles(reading.files, tuple(one for one in found if one.severity is Severity.WARNING))


def place(one: Diagnostic) -> str:
    """FILE:LINE:COLUMN PATH, without the file's directory, which differs from machine to machine."""
    return f"{one.file.name}:{one.line}:{one.column} {one.path}".rstrip()


def _files(path: Path) -> list[Path]:
    try:
        return edge_files([path])
    except FileNotFoundError as error:
        rule = str(error).removeprefix(f"{path} ")
        raise ConfigurationError("nothing is declared:", [Fault(path.name, None, rule)]) from None


def _findings(plans: list[HubPlan], data_retention: int | None) -> Iterator[Diagnostic]:
    calendar = Calendar(datetime.now(UTC))
    for plan in plans:
        for finding in _analysis(plan, data_retention, calendar).findings:
            yield from_finding(finding, plan)


def _analysis(plan: HubPlan, data_retention: int | None, calendar: Calendar) -> Analysis:
    streams = [
        replace(stream, data_retention_in_hours=data_retention) if stream.data_retention_in_hours is None else stream
        for stream in plan.streams
    ]
    return analyse_hub(plan.hub, streams, calendar)


def _fault(one: Diagnostic) -> Fault:
    is_finding = one.page is not None
    return Fault(place(one), None, with_code(one.code, one.message) if is_finding else one.message)
