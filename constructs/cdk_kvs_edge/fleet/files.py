"""Files of a fleet, with their faults and warnings."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from cdk_kvs_edge.deployment import Deployment
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
    missing_time_zones,
    read_files,
    short_path,
)
from kvs_edge_preflight.footage import Analysis, Calendar, Hub, Severity, analyse_hub


@dataclass(frozen=True)
class FleetFiles:
    """Valid files, and the warnings on their streams and hubs.

    Attributes:
        files: The files.
        warnings: The warnings.
        hubs: Hub of each stream by the stream's name, with what the files state about it.
    """

    files: tuple[DeclaredFile, ...]
    warnings: tuple[Diagnostic, ...]
    hubs: Mapping[str, Hub]

    @property
    def time_zones(self) -> dict[str, str]:
        """Time zone of each stream's hub by the stream's name, where the files state it."""
        return {name: hub.time_zone for name, hub in self.hubs.items() if hub.time_zone}


def read_fleet(path: Path, data_retention_in_hours: float | None, deployment: Deployment) -> FleetFiles:
    """Read and analyse the files of a directory.

    Args:
        path: The directory.
        data_retention_in_hours: Data retention of new streams that set none; None if the fleet sets none. Rules on
            a value that is known only at deployment are skipped.
        deployment: Options of streams whose file sets none.

    Raises:
        ConfigurationError: The directory has no files, or the files have errors; the error lists all, each as
            FOLDER/FILE:LINE:COLUMN PATH.
    """
    reading = read_files(_files(path))
    found = [from_fault(file, fault) for file, fault in reading.faults()]
    if data_retention_in_hours is None:
        found.extend(from_fault(file, fault) for file, fault in missing_retention(reading.streams))
    # A number token is a huge negative float.
    known = None if is_token(data_retention_in_hours) else data_retention_in_hours
    plans = hub_plans(reading)
    if deployment.hub_time_zone is None:
        found.extend(from_fault(file, fault) for file, fault in missing_time_zones(plans, str(deployment.wait_for)))
    found.extend(_findings(plans, None if known is None else int(known)))
    errors = [_fault(diagnostic) for diagnostic in found if diagnostic.severity is Severity.ERROR]
    if errors:
        raise ConfigurationError("the files are invalid:", errors)
    hubs = {name: plan.hub for plan in plans for name in plan.declared}
    return FleetFiles(reading.files, tuple(item for item in found if item.severity is Severity.WARNING), hubs)


def place(diagnostic: Diagnostic) -> str:
    """Return FOLDER/FILE:LINE:COLUMN PATH; the folders above differ between machines."""
    return f"{short_path(diagnostic.file)}:{diagnostic.line}:{diagnostic.column} {diagnostic.path}".rstrip()


def _files(path: Path) -> list[Path]:
    try:
        return edge_files([path])
    except FileNotFoundError as error:
        rule = str(error).removeprefix(f"{path} ")
        raise ConfigurationError("no files:", [Fault(path.name, None, rule)]) from None


def _findings(plans: list[HubPlan], data_retention: int | None) -> Iterator[Diagnostic]:
    calendar = Calendar(datetime.now(UTC))
    for plan in plans:
        analysis = _analysis(plan, data_retention, calendar)
        for severity in (Severity.ERROR, Severity.WARNING):  # the place of others is not needed, and takes time
            yield from (from_finding(finding, plan) for finding in analysis.of(severity))


def _analysis(plan: HubPlan, data_retention: int | None, calendar: Calendar) -> Analysis:
    streams = [
        replace(stream, data_retention_in_hours=data_retention) if stream.data_retention_in_hours is None else stream
        for stream in plan.streams
    ]
    return analyse_hub(plan.hub, streams, calendar)


def _fault(diagnostic: Diagnostic) -> Fault:
    is_finding = diagnostic.page is not None
    message = with_code(diagnostic.code, diagnostic.message) if is_finding else diagnostic.message
    return Fault(place(diagnostic), None, message)
