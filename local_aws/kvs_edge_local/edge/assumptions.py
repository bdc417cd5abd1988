"""Open questions about edge configurations, one switch each.

The default is the reading that comes first in the list of open questions (docs: service assumptions). A client of the
service must work with every alternative.
"""

from dataclasses import dataclass
from enum import Enum


class DeleteWhileSyncing(Enum):
    """DeleteEdgeConfiguration on SYNCING or ACKNOWLEDGED."""

    ACCEPTED = "accepted"
    RESOURCE_IN_USE = "resource-in-use"
    INVALID_ARGUMENT = "invalid-argument"


class StartWhileDeleting(Enum):
    """StartEdgeConfigurationUpdate on DELETING or DELETING_ACKNOWLEDGED."""

    RESOURCE_IN_USE = "resource-in-use"
    ACCEPTED = "accepted"


class StartOnDeleteFailed(Enum):
    """StartEdgeConfigurationUpdate on DELETE_FAILED."""

    ACCEPTED = "accepted"
    RESOURCE_IN_USE = "resource-in-use"


class StartOnAnotherHub(Enum):
    """StartEdgeConfigurationUpdate with another HubDeviceArn and no Delete before."""

    INVALID_ARGUMENT = "invalid-argument"
    MOVED = "moved"


class OfflineDelete(Enum):
    """End of a Delete that does not reach the hub: after 15 minutes, or never."""

    DELETE_FAILED = "delete-failed"
    DELETING_FOREVER = "deleting-forever"


class LastUpdated(Enum):
    """Events that change LastUpdatedTime."""

    ON_START = "on-start"
    ON_STATUS_CHANGE = "on-status-change"


class DescribedDefaults(Enum):
    """EdgeRetentionInHours 720 and DeleteAfterUpload true in the output of Describe and List, or not."""

    FILLED_IN = "filled-in"
    ONLY_AS_SENT = "only-as-sent"


class FullHub(Enum):
    """The 17th stream on a hub."""

    INVALID_ARGUMENT = "invalid-argument"
    CLIENT_LIMIT_EXCEEDED = "client-limit-exceeded"


class DeletedStream(Enum):
    """DeleteStream while a configuration exists.

    BOTH_GO: the configuration is deleted with its stream. ORPHANED: it stays on the hub, listed and counted there, but
    every call for it answers ResourceNotFoundException.
    """

    BOTH_GO = "both-go"
    ORPHANED = "orphaned"


class BadSchedule(Enum):
    """ScheduleExpression that Quartz cannot parse: refused at once, or by the hub."""

    INVALID_ARGUMENT = "invalid-argument"
    SYNC_FAILED = "sync-failed"


@dataclass(frozen=True)
class Assumptions:
    """One answer to each open question."""

    delete_while_syncing: DeleteWhileSyncing = DeleteWhileSyncing.ACCEPTED
    start_while_deleting: StartWhileDeleting = StartWhileDeleting.RESOURCE_IN_USE
    start_on_delete_failed: StartOnDeleteFailed = StartOnDeleteFailed.ACCEPTED
    start_on_another_hub: StartOnAnotherHub = StartOnAnotherHub.INVALID_ARGUMENT
    offline_delete: OfflineDelete = OfflineDelete.DELETE_FAILED
    last_updated: LastUpdated = LastUpdated.ON_START
    described_defaults: DescribedDefaults = DescribedDefaults.FILLED_IN
    full_hub: FullHub = FullHub.INVALID_ARGUMENT
    deleted_stream: DeletedStream = DeletedStream.BOTH_GO
    bad_schedule: BadSchedule = BadSchedule.INVALID_ARGUMENT
