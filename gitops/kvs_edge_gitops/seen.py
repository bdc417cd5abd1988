"""What the service told of a stream, as values."""

from dataclasses import dataclass
from datetime import datetime

from kvs_edge.observed import Observed


@dataclass(frozen=True)
class Job:
    """What the hub's recorder or uploader last said of a stream.

    Attributes:
        status: SUCCESS, USER_ERROR or SYSTEM_ERROR.
        details: Why, in the hub's words; may be empty.
        collected: When it last ran and stored media at the hub (recorder), or brought it to the cloud (uploader).
        updated: When the job's status last changed.
    """

    status: str
    details: str
    collected: datetime | None
    updated: datetime | None

    @property
    def is_well(self) -> bool:
        """Whether it succeeded."""
        return self.status == "SUCCESS"


@dataclass(frozen=True)
class Seen:
    """What DescribeEdgeConfiguration tells of a stream; None where a job has not said anything yet."""

    observed: Observed
    recorder: Job | None = None
    uploader: Job | None = None
