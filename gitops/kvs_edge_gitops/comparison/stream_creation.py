"""Conflicts between a stream that a stack creates and the stream that exists.

CloudFormation creates a stream once: it fails if the name exists, and does not notice that the stream was deleted.
"""

from collections.abc import Iterator

from kvs_edge.observed import StreamAbsent
from kvs_edge.reasons import FailureCode
from kvs_edge_gitops.comparison.codes import FOOTAGE_LOST_IN_MOVE, STREAM_EXISTS, STREAM_LOST
from kvs_edge_gitops.comparison.deployed import Deployment
from kvs_edge_gitops.comparison.model import ComparedStream, PlanError
from kvs_edge_gitops.comparison.resolved import ResolvedStream

RECREATE = (
    "create it with its earlier name and data retention (aws kinesisvideo create-stream), then set sync_token to"
    " another value"
)


def creation_errors(stream: ComparedStream, declared: ResolvedStream, deployment: Deployment) -> Iterator[PlanError]:
    """Return why a deployment would fail, or lose media, in creating or releasing the stream."""
    is_absent = stream.observed == StreamAbsent()
    creates = declared.entry.fact("create_stream")
    resource = deployment.resource
    if creates and not is_absent and not deployment.creates_stream:
        yield PlanError(STREAM_EXISTS, stream.stream, _exists(deployment))
    if creates is False and deployment.creates_stream and resource is not None and not resource.is_retained:
        yield PlanError(STREAM_LOST, stream.stream, _lost(resource.stack))
    if is_deleted(stream, declared, deployment):
        yield PlanError(FailureCode.STREAM_NOT_FOUND, stream.stream, _deleted(deployment))


def is_deleted(stream: ComparedStream, declared: ResolvedStream, deployment: Deployment) -> bool:
    """Return whether the stack created the stream, which was deleted outside of CloudFormation."""
    is_created = bool(declared.entry.fact("create_stream")) and deployment.creates_stream
    return is_created and stream.observed == StreamAbsent()


def move_errors(stream: ComparedStream, deployment: Deployment) -> Iterator[PlanError]:
    """Return the error of a stream that another stack of the plan would delete, after this one has taken it over."""
    other = deployment.other
    if other is not None and deployment.is_other_redeployed and not other.is_retained:
        message = (
            f"stack {other.stack} has DESTROY for it, so it deletes what this entry takes over. Deploy removal_policy:"
            " RETAIN there first, then move the entry"
        )
        yield PlanError(FOOTAGE_LOST_IN_MOVE, stream.stream, message)


def _exists(deployment: Deployment) -> str:
    creator = (
        f"stack {deployment.creator} created it" if deployment.creator else "the stack of this file did not create it"
    )
    return (
        f"the stream exists, and {creator}: CloudFormation cannot create it again. Set create_stream: false, or delete"
        " the stream if its media are not needed"
    )


def _lost(stack: str) -> str:
    return (
        f"stack {stack} created the stream, and has DESTROY for it: it deletes the stream with its media when"
        " create_stream is removed. Deploy removal_policy: RETAIN first, then create_stream: false"
    )


def _deleted(deployment: Deployment) -> str:
    recreate = RECREATE[0].upper() + RECREATE[1:]
    return (
        f"stack {deployment.creator} created the stream, which was deleted outside of CloudFormation: a deployment does"
        f" not create it again. {recreate}"
    )
