"""The one answer that CloudFormation gets, and what physical id it carries."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from kvs_edge.decisions import Done, Fail
from kvs_edge.progress import Progress
from kvs_edge.reasons import Reason
from kvs_edge.request import MARKER, UNCONFIRMED, Request, RequestType


@dataclass(frozen=True)
class Response:
    """Success or failure of a request. A success may carry a warning as its reason."""

    status: Literal["SUCCESS", "FAILED"]
    physical_id: str
    reason: str = ""
    data: Mapping[str, str] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Plain values for the state machine."""
        return asdict(self)


def response_for(request: Request, progress: Progress, outcome: Done | Fail) -> Response:
    """Return what to answer, now that the outcome is known."""
    if isinstance(outcome, Fail):
        return Response("FAILED", _failed_id(request, progress), str(outcome.reason))
    name = request.stream.name
    # An empty id is no answer, and a Delete whose stream nothing names has none of its own.
    kept = request.physical_id or MARKER + name if request.type is RequestType.DELETE else name
    return Response("SUCCESS", kept, outcome.warning, outcome.attributes)


def rejected_response(stream: str, physical_id: str, reason: Reason) -> Response:
    """Return the failure of a request that has written nothing."""
    return Response("FAILED", physical_id or MARKER + stream, str(reason))


def internal_error_response(stream: str, physical_id: str, reason: Reason) -> Response:
    """Return the failure of a request of which a fault has left open whether it has written.

    The Delete that follows a Create's failure then touches what was declared, if it is younger than the operation.
    """
    return Response("FAILED", physical_id or UNCONFIRMED + stream, str(reason))


def _failed_id(request: Request, progress: Progress) -> str:
    """Return the id of a failure, chosen for what CloudFormation does with it next.

    A failed Create is followed by a Delete for the id it reported, and a failed Update that reported another
    id by a Delete for that one. So the stream's name is reported only if this request wrote a configuration
    where there was none: footage that somebody else's configuration recorded is not ours to delete.
    """
    name = request.stream.name
    if request.type is RequestType.DELETE:
        return request.physical_id or MARKER + name
    if progress.submitted and not progress.foreign_config:
        return name
    return request.physical_id or (UNCONFIRMED if progress.unconfirmed_write else MARKER) + name
