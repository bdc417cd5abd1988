"""Decision table for a Delete."""

from kvs_edge import messages
from kvs_edge.configuration import holds
from kvs_edge.decide_forward import delete
from kvs_edge.decisions import STALE_GRACE_SECONDS, Decision, Done, Wait
from kvs_edge.observed import Absent, CallFailure, CallFailureKind, Found, Observed, StreamAbsent
from kvs_edge.operation import MISSING_GRACE_SECONDS, Relation, has_generated_id
from kvs_edge.progress import Progress
from kvs_edge.request import Request

RESOURCES_ACTION = "cloudformation:ListStackResources"
"""The call that shows whether another resource of the stack declares the stream."""

RESOURCES_GRACE_SECONDS = 300.0
"""Time for which a rollback waits for that call while it is throttled or lost.

Much less than the deadline: CloudFormation must also show the rollback in the same poll.
"""


def decide(request: Request, observed: Observed, progress: Progress, now: float) -> Decision:
    """Return what to do after a poll."""
    rolling_back = progress.relation is Relation.ROLLBACK
    # Until then a poll may be older than a write of the request that this one rolls back.
    settled = progress.deletes > 0 or now - request.received_at >= STALE_GRACE_SECONDS
    match observed:
        case StreamAbsent() | Absent():
            # Right after a Delete the poll may be older than the configuration itself.
            is_sure = not rolling_back or now - progress.written_at >= STALE_GRACE_SECONDS
            warning = "" if is_sure else messages.deleting_unconfirmed(request)
            if progress.declared_elsewhere and rolling_back:
                # The rolled-back operation deleted it: CloudFormation sends the other resource no request.
                warning = messages.declared_but_absent(request)
            return Done({}, warning) if settled else Wait()
        case Found(status=status) if status.deleting:
            # The service accepted the Delete. In a rollback, an offline hub must not wedge the stack.
            return Done({}, messages.deleting_unconfirmed(request)) if rolling_back else Wait()
        case Found() if progress.is_stale(observed, now):
            return Wait()
        case Found() if progress.declared_elsewhere:
            return Done({}, messages.declared_elsewhere(request))
        case Found() if has_generated_id(request) and not (request.desired and holds(observed.config, request.desired)):
            return Done({}, messages.left_to_others(request)) if settled else Wait()
        case Found() if rolling_back and not observed.is_created_since(progress.began):
            return Done({}, messages.left_with_footage(request, observed)) if settled else Wait()
        case _:
            return delete(request, observed, progress)


def decide_without_resources(
    request: Request, observed: Observed | None, failure: CallFailure, progress: Progress, now: float
) -> Wait | Done:
    """Return what a rollback does while CloudFormation does not show the stack's resources.

    Footage of a stream that another resource may declare is not deleted. A failure would wedge the stack.
    """
    is_temporary = failure.kind in {CallFailureKind.THROTTLED, CallFailureKind.LOST}
    is_worth_waiting = is_temporary and isinstance(observed, Found)
    seconds = RESOURCES_GRACE_SECONDS if is_worth_waiting else MISSING_GRACE_SECONDS
    since = progress.denied_since if failure.kind is CallFailureKind.DENIED else request.received_at
    is_over = now - since >= seconds
    return Done({}, messages.left_undetermined(request, failure)) if is_over else Wait()
