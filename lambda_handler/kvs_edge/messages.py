"""Messages for outcomes other than a plain success: failure reasons and warnings."""

from kvs_edge.configuration import hub_name, hub_of
from kvs_edge.observed import CallFailure, Found, Observed
from kvs_edge.operation import Relation
from kvs_edge.progress import Progress
from kvs_edge.reasons import FailureCode, Reason, detail
from kvs_edge.request import Request, RequestType

_USUAL_DELIVERY_SECONDS = 60.0


def access_denied(request: Request, failure: CallFailure) -> Reason:
    """Return the reason for a call that IAM denies."""
    return Reason(
        FailureCode.ACCESS_DENIED,
        f"{failure.action} on {_stream(request)} is denied. Allow it in the role of the tick function,"
        f" and check permissions boundaries and organization policies. The service said: {detail(failure.message)}",
    )


def configuration_deleted(request: Request) -> Reason:
    """Return the reason for a configuration that disappeared after it was sent."""
    return Reason(
        FailureCode.CONFIGURATION_DELETED,
        f"the edge configuration of {_stream(request)} was deleted outside of this stack after the stack sent it."
        " Find out what else manages the stream, then deploy again.",
    )


def delete_failed(request: Request, observed: Found) -> Reason:
    """Return the reason for a hub that fails each Delete."""
    return Reason(
        FailureCode.DELETE_FAILED,
        f"the edge configuration of {_stream(request)} could not be deleted from {_hub(observed)}:"
        f" {detail(observed.details or 'the service gives no details')}"
        " Check that the hub is online and its Edge Agent runs, then try again.",
    )


def hub_move_forbidden(request: Request, observed: Found) -> Reason:
    """Return the reason for a move to another hub, which would delete footage."""
    return Reason(
        FailureCode.HUB_MOVE_FORBIDDEN,
        f"{_stream(request)} is on {_hub(observed)}. Moving it to hub {hub_name(hub_of(request.desired))}"
        " deletes its footage that is still on the old hub. Wait until that footage is uploaded, then allow the move"
        " with hub_move=HubMove.ALLOWED (property HubMove: ALLOWED).",
    )


def internal_error(stream: str, text: str) -> Reason:
    """Return the reason for an error of the handler itself."""
    return Reason(
        FailureCode.INTERNAL_ERROR,
        f"the handler could not finish for {stream}: {detail(text)}"
        " Deploy again. If it fails again, see the traceback in the tick function's log.",
    )


def invalid_configuration(request: Request, failure: CallFailure) -> Reason:
    """Return the reason for a configuration that the service rejects."""
    return Reason(
        FailureCode.INVALID_CONFIGURATION,
        f"the service rejected the edge configuration of {_stream(request)}: {detail(failure.message)}",
    )


def invalid_properties(text: str) -> Reason:
    """Return the reason for properties that violate the schema."""
    return Reason(FailureCode.INVALID_PROPERTIES, f"nothing was changed. {text}")


def no_data_retention(request: Request) -> Reason:
    """Return the reason for a stream without data retention."""
    return Reason(
        FailureCode.NO_DATA_RETENTION,
        f"{_stream(request)} stores nothing: its data retention is 0 hours. Set it to 1 hour or more"
        " (DataRetentionInHours of AWS::KinesisVideo::Stream).",
    )


def service_error(request: Request, failure: CallFailure) -> Reason:
    """Return the reason for an error that a retry does not fix."""
    return Reason(
        FailureCode.SERVICE_ERROR,
        f"{failure.action} on {_stream(request)} failed with {failure.code}: {detail(failure.message)}",
    )


def region_not_supported(request: Request, region: str) -> Reason:
    """Return the reason for a region without the edge API."""
    return Reason(
        FailureCode.REGION_NOT_SUPPORTED,
        f"Kinesis Video Streams has no edge configurations in {region}, so {_stream(request)} cannot have one."
        " Deploy to a region that offers them.",
    )


def stream_not_found(request: Request) -> Reason:
    """Return the reason for a stream that does not exist."""
    return Reason(
        FailureCode.STREAM_NOT_FOUND,
        f"{_stream(request)} does not exist in this account and region. Check its name, or create it first.",
    )


def superseded(request: Request) -> Reason:
    """Return the reason for a request that a newer write replaced."""
    return Reason(
        FailureCode.SUPERSEDED,
        f"a newer request controls the edge configuration of {_stream(request)}. This request stopped"
        " and changes nothing more. Only the newer request's outcome counts.",
    )


def superseded_by_stack(request: Request, progress: Progress) -> Reason:
    """Return the reason for a request that CloudFormation no longer waits for."""
    return Reason(
        FailureCode.SUPERSEDED,
        f"the stack has moved on ({progress.stack_status}) since it requested the edge configuration of"
        f" {_stream(request)}. This request stopped and changes nothing more. Only the newer request's outcome counts.",
    )


def stack_unknown(request: Request, progress: Progress) -> Reason:
    """Return the reason for a stack that the role cannot describe."""
    return Reason(
        FailureCode.ACCESS_DENIED,
        "cloudformation:DescribeStacks and cloudformation:DescribeStackEvents on this stack are denied. Without them"
        f" the handler cannot know whether it may still change the edge configuration of {_stream(request)}, so it"
        " changed nothing."
        " Allow them in the role of the tick function, and check permissions boundaries and organization policies."
        f" CloudFormation said: {detail(progress.stack_error)}",
    )


def sync_failed(request: Request, observed: Found) -> Reason:
    """Return the reason for SYNC_FAILED."""
    return Reason(
        FailureCode.SYNC_FAILED,
        f"{_hub(observed)} did not take the edge configuration of {_stream(request)}:"
        f" {detail(observed.details or 'the service gives no details')}"
        " Check that the hub is online, its Edge Agent runs and can read the camera's secret, then deploy again."
        + _not_synced(request),
    )


def timed_out(request: Request, observed: Observed | None, progress: Progress, now: float) -> Reason:
    """Return the reason for a request that reached its deadline."""
    hub = f" on {_hub(observed)}" if isinstance(observed, Found) else ""
    error = f" Last error: {detail(progress.last_error)}" if progress.last_error else ""
    late = request.received_at - request.since
    delay = f" The request was delivered {late:.0f} seconds late." if late > _USUAL_DELIVERY_SECONDS else ""
    return Reason(
        FailureCode.TIMED_OUT,
        f"the edge configuration of {_stream(request)}{hub} was {progress.status} for the last"
        f" {now - progress.status_since:.0f} of {now - request.since:.0f} seconds. Polled {progress.polls} times."
        f"{_unknown_stack(progress)}{error}{delay}"
        f" Check that the hub is online, then {_again(request)}."
        + (_not_synced(request) if progress.submitted and progress.relation is not Relation.ROLLBACK else ""),
    )


def _not_synced(request: Request) -> str:
    """Return what a rollback does, and how to deploy while hubs are offline."""
    rollback = " A rollback restores the previous configuration." if request.type is RequestType.UPDATE else ""
    return f"{rollback} To deploy without waiting for hubs, set wait_for=WaitFor.NOTHING (property WaitFor: NOTHING)."


def _unknown_stack(progress: Progress) -> str:
    if progress.relation is not Relation.UNKNOWN:
        return ""
    said = f" CloudFormation said: {detail(progress.stack_error)}" if progress.stack_error else ""
    status = progress.stack_status or "unknown"
    return f" Nothing was written, because the stack's status ({status}) does not fit the request.{said}"


def left_on_other_hub(request: Request, observed: Found) -> str:
    """Return the warning of a rollback that found a move by something other than the stack."""
    return (
        f"rolled back: {_stream(request)} was moved to {_hub(observed)} outside of this stack and is left"
        " there, because moving it back would delete its footage on that hub"
    )


def left_as_it_was(request: Request, observed: Found) -> str:
    """Return the warning of a rollback that found a configuration older than the failed operation."""
    return (
        f"rolled back: the edge configuration of {_stream(request)} on {_hub(observed)} is not this stack's previous"
        f" one. It was last updated {observed.updated}, before the rolled-back operation began, and is left unchanged"
    )


def left_with_footage(request: Request, observed: Found) -> str:
    """Return the warning of a rollback's Delete that found footage older than the failed operation."""
    return (
        f"rolled back: the edge configuration of {_stream(request)} on {_hub(observed)} was created {observed.created},"
        " before the rolled-back operation began, and is left there with its footage"
    )


def not_sent(request: Request) -> str:
    """Return the warning of a late Update away from a stream without a configuration."""
    return f"rolled back: {_stream(request)} has no edge configuration, and none was sent"


def not_cleaned_up(request: Request, reason: Reason) -> str:
    """Return the warning of a rollback that could not remove what the failed Update sent to another stream."""
    return (
        f"rolled back: the edge configuration of {_stream(request)}, which the failed update created, stays: {reason}"
    )


def left_to_others(request: Request) -> str:
    """Return the warning of a Delete for a Create that never responded and did not write what exists."""
    return f"the edge configuration of {_stream(request)} does not belong to this resource and is left unchanged"


def declared_elsewhere(request: Request) -> str:
    """Return the warning of a Delete for a stream that another resource of the stack declares."""
    return f"another resource of this stack declares {_stream(request)}, so its edge configuration is left unchanged"


def declared_but_absent(request: Request) -> str:
    """Return the warning of a rollback that leaves a declared stream without a configuration."""
    return (
        f"rolled back: {_stream(request)} has no edge configuration, although another resource of this stack declares"
        " it. To send it again, deploy with another sync token"
    )


def left_undetermined(request: Request, failure: CallFailure) -> str:
    """Return the warning of a rollback's Delete for a stream that another resource of the stack may declare."""
    return (
        f"rolled back: {failure.action} failed with {failure.code}, so it is not known whether another resource of this"
        f" stack declares {_stream(request)}. Its edge configuration is left unchanged"
    )


def rolled_back_unsynced(request: Request, observed: Found) -> str:
    """Return the warning of a rollback that does not wait for the hub."""
    return (
        f"rolled back: the service has the previous edge configuration of {_stream(request)};"
        f" {_hub(observed)} may not have it yet ({observed.status})"
    )


def deleting_unconfirmed(request: Request) -> str:
    """Return the warning of a rollback's Delete that does not wait for the hub."""
    return f"rolled back: the service is deleting the edge configuration of {_stream(request)}; the hub may be offline"


def _stream(request: Request) -> str:
    return f"stream {request.stream.name}"


def _hub(observed: Found) -> str:
    return f"hub {hub_name(hub_of(observed.config))}"


def _again(request: Request) -> str:
    return "delete again" if request.type is RequestType.DELETE else "deploy again or set a longer sync_timeout"
