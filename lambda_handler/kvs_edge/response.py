"""Response to CloudFormation, with its physical id."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from kvs_edge.decisions import Done, Fail
from kvs_edge.progress import Progress
from kvs_edge.reasons import Reason
from kvs_edge.request import MARKER, UNCONFIRMED, Request, RequestType


@dataclass(frozen=True)
class Response:
    """Success or failure of a request. The reason of a success is a warning."""

    status: Literal["SUCCESS", "FAILED"]
    physical_id: str
    reason: str = ""
    data: Mapping[str, str] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Return plain values for the state machine."""
        return asdict(self)


def response_for(request: Request, progress: Progress, outcome: Done | Fail) -> Response:
    """Return the response for an outcome."""
    if isinstance(outcome, Fail):
        return Response("FAILED", _failed_id(request, progress), str(outcome.reason))
    name = request.stream.name
    # CloudFormation rejects an empty id, and a Delete without a stream name has none of its own.
    kept = request.physical_id or MARKER + name if request.type is RequestType.DELETE else name
    return Response("SUCCESS", kept, outcome.warning, outcome.attributes)


def rejected_response(stream: str, physical_id: str, reason: Reason) -> Response:
    """Return the failure of a request that wrote nothing."""
    return Response("FAILED", physical_id or MARKER + stream, str(reason))


def internal_error_response(stream: str, physical_id: str, reason: Reason) -> Response:
    """Return the failure of a request that may have written before an internal error.

    The Delete after a failed Create then removes what was declared, if it is younger than the operation.
    """
    return Response("FAILED", physical_id or UNCONFIRMED + stream, str(reason))


def _failed_id(request: Request, progress: Progress) -> str:
    """Return the physical id of a failure.

    CloudFormation sends a Delete for the id of a failed Create, and for a new id of a failed Update. Only a
    request that wrote where there was no configuration reports the stream's name: the Delete must not remove
    footage that another configuration recorded.
    """
    name = request.stream.name
    if request.type is RequestType.DELETE:
        return request.physical_id or MARKER + name
    if progress.submitted and not progress.foreign_config:
        return name
    may_have_written = progress.unconfirmed_write or progress.crashed
    return request.physical_id or (UNCONFIRMED if may_have_written else MARKER) + name
