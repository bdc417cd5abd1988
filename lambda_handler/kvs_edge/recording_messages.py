"""Messages of the recording gate: failure reasons, and warnings of successes that checked nothing."""

from datetime import UTC, datetime

from kvs_edge.configuration import hub_name, hub_of
from kvs_edge.observed import Found
from kvs_edge.reasons import FailureCode, Reason, detail
from kvs_edge.request import Request, RequestType


def failed(request: Request, observed: Found) -> Reason:
    """Return the reason for a recorder that reports an error after it got the configuration."""
    return Reason(
        FailureCode.RECORDING_FAILED,
        f"{_place(request, observed)}, but does not record:"
        f" {_report(observed)} Check that the secret has the camera's right URI and password, that the hub reaches the"
        f" camera, and that its disk has room.{_not_recorded(request)}",
    )


def not_reported(request: Request, observed: Found, submitted: float) -> Reason:
    """Return the reason for a recorder that reports nothing until the deadline."""
    before = f" Its last report: {_report(observed)}" if observed.recorder else ""
    sent = datetime.fromtimestamp(submitted, UTC)
    return Reason(
        FailureCode.RECORDING_FAILED,
        f"{_place(request, observed)}, and recording is due, but no report of"
        f" the recorder arrived since the submission at {sent:%Y-%m-%dT%H:%M:%SZ}.{before} Check that the hub is"
        f" online, its Edge Agent runs and its clock is right.{_not_recorded(request)}",
    )


def status_unknown(request: Request, observed: Found) -> Reason:
    """Return the reason for a recorder whose status this version does not know, until the deadline."""
    return Reason(
        FailureCode.RECORDING_FAILED,
        f"{_place(request, observed)}, but its recorder reports a status"
        f" that this version does not know: {_report(observed)} Upgrade the provider, if a newer version knows the"
        f" status.{_not_recorded(request)}",
    )


def not_due(request: Request, opens: str, *, was_due: bool) -> str:
    """Return the warning of a success outside of a recording window."""
    closed = ": the window closed before the recorder reported" if was_due else ""
    following = f"the next window opens at {opens}" if opens else "no window follows"
    return f"{_stream(request)} is in sync, and whether it records was not checked{closed}; {following}"


def unknown_schedule(request: Request, why: str) -> str:
    """Return the warning of a success for a schedule that the handler cannot evaluate."""
    return f"{_stream(request)} is in sync, and whether it records was not checked: {why}"


def _place(request: Request, observed: Found) -> str:
    hub = hub_name(hub_of(observed.config))
    return f"hub {hub} has the edge configuration of {_stream(request)}"


def _stream(request: Request) -> str:
    return f"stream {request.stream.name}"


def _report(observed: Found) -> str:
    report = observed.recorder or {}
    updated = report.get("LastUpdatedTime")
    at = f" at {updated.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" if updated else ""
    text = report.get("JobStatusDetails") or "the agent gives no details"
    return f"{report.get('RecorderStatus', 'no status')}{at}: {detail(text)}"


def _not_recorded(request: Request) -> str:
    rollback = " A rollback restores the previous configuration." if request.type is RequestType.UPDATE else ""
    return f"{rollback} To deploy without waiting for the recorder, set wait_for=WaitFor.SYNC (property WaitFor: SYNC)."
