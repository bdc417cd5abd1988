"""The status of a stream, as the service reports it."""

from dataclasses import dataclass
from datetime import datetime

from kvs_edge.observed import Observed


@dataclass(frozen=True)
class Job:
    """The last report of the hub's recorder or uploader for a stream.

    Attributes:
        status: SUCCESS, USER_ERROR or SYSTEM_ERROR.
        details: The reason, as the hub reports it; may be empty.
        collected: The last time that it stored media at the hub (recorder) or in the cloud (uploader).
        updated: The last time that the job's status was updated, not the start of a failure.
    """

    status: str
    details: str
    collected: datetime | None
    updated: datetime | None

    @property
    def is_success(self) -> bool:
        """True if the job succeeded."""
        return self.status == "SUCCESS"


@dataclass(frozen=True)
class StreamStatus:
    """The response of DescribeEdgeConfiguration; None for a job that has not reported yet."""

    observed: Observed
    recorder: Job | None = None
    uploader: Job | None = None
