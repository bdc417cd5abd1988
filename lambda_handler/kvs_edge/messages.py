"""The words of each outcome that is not plain success."""

from kvs_edge.configuration import hub_name, hub_of
from kvs_edge.observed import CallFailure, Found, Observed
from kvs_edge.operation import Relation
from kvs_edge.progress import Progress
from kvs_edge.reasons import FailureCode, Reason, detail
from kvs_edge.request import Request, RequestType

_ORDINARY_DELIVERY = 60.0
"""Seconds within which Lambda usually delivers an event."""


def access_denied(request: Request, failure: CallFailure) -> Reason:
    """IAM says no, and not because the policy is new."""
    return Reason(
        FailureCode.ACCESS_DENIED,
        f"{failure.action} on {_stream(request)} is denied. Allow it to the role of the tick function,"
        f" and check permissions boundaries and organization policies. The service said: {detail(failure.message)}",
    )


def configuration_deleted(request: Request) -> Reason:
    """It was sent, and then it was gone."""
    return Reason(
        FailureCode.CONFIGURATION_DELETED,
        f"the edge configuration of {_stream(request)} was sent, and then deleted by somebody else."
        " Find out who manages the stream besides this stack, then deploy again.",
    )


def delete_failed(request: Request, observed: Found) -> Reason:
    """The hub did not delete, however often it was told."""
    return Reason(
        FailureCode.DELETE_FAILED,
        f"the edge configuration of {_stream(request)} could not be deleted from {_hub(observed)}:"
        f" {detail(observed.details or 'the service gives no details')}"
        " Check that the hub is online and its Edge Agent runs, then try again.",
    )


def hub_move_forbidden(request: Request, observed: Found) -> Reason:
    """Another hub would cost the footage on the present one."""
    return Reason(
        FailureCode.HUB_MOVE_FORBIDDEN,
        f"{_stream(request)} is on {_hub(observed)}, and moving it to hub {hub_name(hub_of(request.desired))}"
        " deletes its footage that is still on the old hub. Let that footage be uploaded, then allow the move"
        " with hub_move=HubMove.ALLOWED (property HubMove: ALLOWED).",
    )


def internal_error(stream: str, text: str) -> Reason:
    """Something went wrong that is nobody's declared outcome."""
    return Reason(
        FailureCode.INTERNAL_ERROR,
        f"the handler could not finish for {stream}: {detail(text)}"
        " Deploy again; if it comes back, the tick function's log has the traceback.",
    )


def invalid_configuration(request: Request, failure: CallFailure) -> Reason:
    """The service does not take the configuration."""
    return Reason(
        FailureCode.INVALID_CONFIGURATION,
        f"the service does not take the edge configuration of {_stream(request)}: {detail(failure.message)}",
    )


def invalid_properties(text: str) -> Reason:
    """The schema says no; nothing was sent."""
    return Reason(FailureCode.INVALID_PROPERTIES, f"nothing was changed. {text}")


def no_data_retention(request: Request) -> Reason:
    """The stream keeps nothing in the cloud."""
    return Reason(
        FailureCode.NO_DATA_RETENTION,
        f"{_stream(request)} keeps nothing: its data retention is 0 hours. Set it to an hour or more"
        " (DataRetentionInHours of AWS::KinesisVideo::Stream).",
    )


def service_error(request: Request, failure: CallFailure) -> Reason:
    """The service refused in a way that waiting does not mend."""
    return Reason(
        FailureCode.SERVICE_ERROR,
        f"{failure.action} on {_stream(request)} was refused with {failure.code}: {detail(failure.message)}",
    )


def region_not_supported(request: Request, region: str) -> Reason:
    """The edge API is not offered there."""
    return Reason(
        FailureCode.REGION_NOT_SUPPORTED,
        f"Kinesis Video Streams has no edge configurations in {region}, so {_stream(request)} can have none."
        " Deploy to a region that offers them.",
    )


def stream_not_found(request: Request) -> Reason:
    """There is no such stream."""
    return Reason(
        FailureCode.STREAM_NOT_FOUND,
        f"{_stream(request)} does not exist in this account and region. Check its name, or create it first.",
    )


def superseded(request: Request) -> Reason:
    """Somebody newer has taken over."""
    return Reason(
        FailureCode.SUPERSEDED,
        f"a newer request has taken over the edge configuration of {_stream(request)}, so this one has stopped"
        " and changes nothing more. The newer one's outcome counts.",
    )


def superseded_by_stack(request: Request, progress: Progress) -> Reason:
    """CloudFormation has given the request up."""
    return Reason(
        FailureCode.SUPERSEDED,
        f"the stack has moved on ({progress.stack_status}) since it asked for the edge configuration of"
        f" {_stream(request)}, so this request has stopped and changes nothing more. The newer request's outcome"
        " counts.",
    )


def stack_unknown(request: Request, progress: Progress) -> Reason:
    """CloudFormation may not be asked what the stack does, so nothing may be written."""
    return Reason(
        FailureCode.ACCESS_DENIED,
        "cloudformation:DescribeStacks and cloudformation:DescribeStackEvents on the own stack are denied, so it is"
        f" not known whether the edge configuration of {_stream(request)} may still be changed, and nothing was."
        " Allow them to the role of the tick function, and check permissions boundaries and organization policies."
        f" CloudFormation said: {detail(progress.stack_error)}",
    )


def sync_failed(request: Request, observed: Found) -> Reason:
    """The hub did not take the configuration."""
    return Reason(
        FailureCode.SYNC_FAILED,
        f"{_hub(observed)} did not take the edge configuration of {_stream(request)}:"
        f" {detail(observed.details or 'the service gives no details')}"
        " Check that the hub is online, its Edge Agent runs and it may read the media's secret, then deploy again.",
    )


def timed_out(request: Request, observed: Observed | None, progress: Progress, now: float) -> Reason:
    """The time is used up."""
    hub = f" on {_hub(observed)}" if isinstance(observed, Found) else ""
    failure = f" The service's last refusal: {detail(progress.last_error)}" if progress.last_error else ""
    late = request.received_at - request.since
    delay = f" The request was delivered {late:.0f} seconds late." if late > _ORDINARY_DELIVERY else ""
    return Reason(
        FailureCode.TIMED_OUT,
        f"the edge configuration of {_stream(request)}{hub} was {progress.status} for the last"
        f" {now - progress.status_since:.0f} of {now - request.since:.0f} seconds, in {progress.polls} looks."
        f"{_unknown_stack(progress)}{failure}{delay}"
        f" Check that the hub is online, then {_again(request)}.",
    )


def _unknown_stack(progress: Progress) -> str:
    if progress.relation is not Relation.UNKNOWN:
        return ""
    said = f" CloudFormation said: {detail(progress.stack_error)}" if progress.stack_error else ""
    status = progress.stack_status or "unknown"
    return f" Nothing was written, because the stack's status ({status}) does not fit the request.{said}"


def left_on_other_hub(request: Request, observed: Found) -> str:
    """A roll back that found a move which the stack had not made."""
    return (
        f"rolled back: {_stream(request)} was moved to {_hub(observed)} by somebody else than this stack, and is left"
        " there, because moving it back would delete its footage on that hub"
    )


def left_as_it_was(request: Request, observed: Found) -> str:
    """A roll back that found a configuration which the failed operation had not written."""
    return (
        f"rolled back: the edge configuration of {_stream(request)} on {_hub(observed)} is not the earlier one of this"
        f" stack. It was last updated {observed.updated}, before the operation that is rolled back began, and is left"
        " as it is"
    )


def left_with_footage(request: Request, observed: Found) -> str:
    """A roll back's Delete that found footage which is older than the operation."""
    return (
        f"rolled back: the edge configuration of {_stream(request)} on {_hub(observed)} was made {observed.created},"
        " before the operation that is rolled back began, and is left there with its footage"
    )


def not_sent(request: Request) -> str:
    """A roll back that found nothing, on a stream that the failed operation has never left."""
    return f"rolled back: {_stream(request)} has no edge configuration, and none was sent"


def not_cleaned_up(request: Request, reason: Reason) -> str:
    """A roll back that could not remove what the failed update had sent to another stream."""
    return f"rolled back: the edge configuration of {_stream(request)}, which the failed update made, stays: {reason}"


def left_to_others(request: Request) -> str:
    """The Delete of a Create that never answered, and did not write what is there."""
    return f"the edge configuration of {_stream(request)} is not this resource's, and is left as it is"


def declared_elsewhere(request: Request) -> str:
    """A Delete of what another resource of the stack declares now."""
    return f"another resource of this stack declares {_stream(request)}, so its edge configuration is left as it is"


def rolled_back_unsynced(request: Request, observed: Found) -> str:
    """A roll back that did not wait."""
    return (
        f"rolled back: the service has the earlier edge configuration of {_stream(request)},"
        f" {_hub(observed)} may not yet ({observed.status})"
    )


def deleting_unconfirmed(request: Request) -> str:
    """A roll back's Delete that did not wait."""
    return f"rolled back: the service deletes the edge configuration of {_stream(request)}, the hub may be offline"


def _stream(request: Request) -> str:
    return f"stream {request.stream.name}"


def _hub(observed: Found) -> str:
    return f"hub {hub_name(hub_of(observed.config))}"


def _again(request: Request) -> str:
    return "delete again" if request.type is RequestType.DELETE else "deploy again or give a longer sync_timeout"
