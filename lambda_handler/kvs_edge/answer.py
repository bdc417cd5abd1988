"""The one answer that CloudFormation gets, and what physical id it carries."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from kvs_edge.decide import Done, Fail
from kvs_edge.memory import Memory
from kvs_edge.reasons import Reason
from kvs_edge.request import MARKER, Request, RequestType


@dataclass(frozen=True)
class Answer:
    """Success or failure of a request. A success may carry a warning as its reason."""

    status: Literal["SUCCESS", "FAILED"]
    physical_id: str
    reason: str = ""
    data: Mapping[str, str] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Plain values for the state machine."""
        return asdict(self)


def answer_for(request: Request, memory: Memory, outcome: Done | Fail) -> Answer:
    """What to answer, now that the outcome is known."""
    if isinstance(outcome, Fail):
        return failure(request.type, request.stream.name, request.physical_id, memory, outcome.reason)
    kept = request.physical_id if request.type is RequestType.DELETE else request.stream.name
    return Answer("SUCCESS", kept, outcome.warning, outcome.attributes)


def failure(request_type: str, stream: str, physical_id: str, memory: Memory, reason: Reason) -> Answer:
    """A failure, with an id chosen for what CloudFormation does with it next.

    A failed Create is followed by a Delete for the id it reported, and a failed Update that reported another
    id by a Delete for that one. So the stream's name is reported only if this request wrote a configuration
    (or may have) where there was none: footage that somebody else's configuration recorded is not ours to delete.
    """
    ours = (memory.submitted or memory.in_doubt) and not memory.others_in_place
    if ours and request_type != RequestType.DELETE:
        return Answer("FAILED", stream, str(reason))
    return Answer("FAILED", physical_id or MARKER + stream, str(reason))
