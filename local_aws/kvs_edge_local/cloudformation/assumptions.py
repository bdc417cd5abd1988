"""Open questions about CloudFormation, one switch each.

The default is what is known or most likely. A custom resource handler must work with every alternative.
"""

from dataclasses import dataclass
from enum import Enum

from kvs_edge_local.response_urls import ResponseUrlDate


class LastUpdatedInRollback(Enum):
    """LastUpdatedTime of a stack whose update is rolled back.

    Undocumented. In the example of "View stack events by operation" (CloudFormation user guide) the time of a stack in
    UPDATE_ROLLBACK_COMPLETE fits either reading. STAYS: the start of the update. MOVES: the start of the rollback.
    """

    STAYS = "stays"
    MOVES = "moves"


class DeleteDuringUpdate(Enum):
    """DeleteStack on a stack in UPDATE_IN_PROGRESS.

    Undocumented. ACCEPTED: the update is cancelled, the harder case for a custom resource. REFUSED: a ValidationError,
    which users have reported since 2020 (GitHub: aws/aws-toolkit-azure-devops#317,
    guidance-for-clickstream-analytics-on-aws#573).
    """

    ACCEPTED = "accepted"
    REFUSED = "refused"


class FailedCreationDeleted(Enum):
    """Time at which the next update deletes what a failed creation left under its physical id.

    "Stack failure options" (CloudFormation user guide) says "upon the next stack operation". BEFORE_RETRY: before the
    resource is created again. IN_CLEANUP: after that, unless the new creation reports the same id.
    """

    BEFORE_RETRY = "before-retry"
    IN_CLEANUP = "in-cleanup"


@dataclass(frozen=True)
class Assumptions:
    """One answer to each open question."""

    last_updated_in_rollback: LastUpdatedInRollback = LastUpdatedInRollback.STAYS
    response_url_date: ResponseUrlDate = ResponseUrlDate.SIGV4
    delete_during_update: DeleteDuringUpdate = DeleteDuringUpdate.ACCEPTED
    failed_creation_deleted: FailedCreationDeleted = FailedCreationDeleted.BEFORE_RETRY
