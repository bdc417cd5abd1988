"""Registry of findings: code, severity and summary.

Codes are public: acknowledgements, reports and the pages in docs/findings use them.
"""

from enum import StrEnum
from typing import Self


class Severity(StrEnum):
    """Severity of a finding: an error stops a synthesis, a warning needs a review, an info is for information."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


_ERROR, _WARNING, _INFO = Severity.ERROR, Severity.WARNING, Severity.INFO


class FindingCode(StrEnum):
    """Code of a finding, with its severity and summary.

    `is_warning_if_assumed`: the finding is a warning if it depends on the assumption of how streams share an uplink.
    """

    severity: Severity
    summary: str
    is_warning_if_assumed: bool

    def __new__(cls, code: str, severity: Severity, summary: str, is_warning_if_assumed: bool = False) -> Self:
        """Create the member whose value is its code."""
        member = str.__new__(cls, code)
        member._value_ = code
        member.severity, member.summary, member.is_warning_if_assumed = severity, summary, is_warning_if_assumed
        return member

    # Lost footage
    FOOTAGE_EXPIRES_BEFORE_UPLOAD = (
        "FootageExpiresBeforeUpload",
        _ERROR,
        "Footage is deleted before an upload window opens",
    )
    ALWAYS_ON_EXCEEDS_RETENTION = (
        "AlwaysOnExceedsRetention",
        _ERROR,
        "Footage of an always-on recorder is kept for less than the time between uploads",
    )
    FOOTAGE_EXPIRES_IN_BACKLOG = (
        "FootageExpiresInBacklog",
        _ERROR,
        "Footage is deleted while it waits behind older footage",
        True,
    )
    FOOTAGE_OVERWRITTEN_WHEN_FULL = (
        "FootageOverwrittenWhenFull",
        _ERROR,
        "The local size limit is reached, and footage is deleted before its upload",
        True,
    )
    FOOTAGE_REFUSED_WHEN_FULL = (
        "FootageRefusedWhenFull",
        _ERROR,
        "The local size limit is reached, and new footage is not recorded",
        True,
    )
    UPLOADS_FALL_BEHIND = (
        "UploadsFallBehind",
        _ERROR,
        "More is recorded than can be uploaded, so the backlog grows",
        True,
    )
    UPLINK_OVERLOADED = (
        "UplinkOverloaded",
        _ERROR,
        "The streams of a hub record more than its uplink carries",
    )
    UPLOADED_FOOTAGE_BLOCKS_NEW = (
        "UploadedFootageBlocksNew",
        _WARNING,
        "Uploaded footage stays and blocks new footage when the local size limit is reached",
    )
    LOCAL_SIZE_BELOW_AN_HOUR = (
        "LocalSizeBelowAnHour",
        _WARNING,
        "The local size limit holds less than the hour between uploads",
    )
    KEPT_SHORTER_THAN_RETENTION = (
        "KeptShorterThanRetention",
        _WARNING,
        "Footage is deleted at the edge and in the cloud before the edge retention is over",
    )
    NO_DATA_RETENTION = (
        "NoDataRetention",
        _ERROR,
        "The stream keeps no media in the cloud",
    )
    # Schedules
    SCHEDULE_NOT_UNDERSTOOD = ("ScheduleNotUnderstood", _ERROR, "A schedule is not a valid Quartz cron expression")
    SCHEDULE_NEVER_FIRES = ("ScheduleNeverFires", _ERROR, "A schedule never fires")
    SCHEDULE_NEVER_AGAIN = ("ScheduleNeverAgain", _ERROR, "A schedule has fired for the last time")
    SCHEDULE_WEEKDAY_NUMBERS = (
        "ScheduleWeekdayNumbers",
        _WARNING,
        "A schedule's weekday numbers are other days than in Unix cron",
    )
    SCHEDULE_VERSION_DEPENDENT = (
        "ScheduleVersionDependent",
        _INFO,
        "A schedule misses fire times in newer versions of Quartz",
    )
    SCHEDULE_ENDS = ("ScheduleEnds", _WARNING, "A schedule soon fires for the last time")
    WINDOWS_OVERLAP = ("WindowsOverlap", _WARNING, "A run starts while the previous run is active")
    WINDOWS_TOUCH = ("WindowsTouch", _INFO, "A run starts in the second in which the previous run ends")
    NOTHING_TO_UPLOAD = ("NothingToUpload", _INFO, "An upload window has nothing new to upload")
    HOURLY_UPLOAD_ASSUMED = ("HourlyUploadAssumed", _INFO, "No uploader is declared; an upload every hour is assumed")
    # Hub
    HUB_TIME_ZONE_UNSTATED = ("HubTimeZoneUnstated", _INFO, "The hub's time zone is not stated; UTC is assumed")
    HUB_TIME_ZONE_UNKNOWN = ("HubTimeZoneUnknown", _ERROR, "The hub's time zone is not a valid IANA time zone")
    SECRET_UNKNOWN_TO_HUB = ("SecretUnknownToHub", _ERROR, "The hub does not fetch the stream's secret")
    SECRET_ARN_PARTIAL = ("SecretArnPartial", _WARNING, "The secret's ARN has no suffix")
    TOO_MANY_STREAMS = ("TooManyStreams", _ERROR, "A hub has more streams than the service allows")
    # Fields
    FILE_URI_IN_DOUBT = ("FileUriInDoubt", _WARNING, "The service may not support FILE_URI")
    LOCAL_SIZE_INCOMPLETE = ("LocalSizeIncomplete", _WARNING, "Only one of the two local size fields is set")
    LOCAL_SIZE_UNCHECKED = (
        "LocalSizeUnchecked",
        _INFO,
        "The local size limit cannot be checked without the camera's bit rate",
    )
    # Acknowledgements
    ACKNOWLEDGEMENT_UNUSED = ("AcknowledgementUnused", _WARNING, "An acknowledgement matches no finding")
    ACKNOWLEDGEMENT_UNKNOWN = ("AcknowledgementUnknown", _ERROR, "An acknowledgement names an unknown code")
    ACKNOWLEDGEMENT_WITHOUT_REASON = ("AcknowledgementWithoutReason", _ERROR, "An acknowledgement has no reason")


ABOUT_ACKNOWLEDGEMENTS = frozenset(
    {
        FindingCode.ACKNOWLEDGEMENT_UNUSED,
        FindingCode.ACKNOWLEDGEMENT_UNKNOWN,
        FindingCode.ACKNOWLEDGEMENT_WITHOUT_REASON,
    }
)
"""These cannot be acknowledged."""
