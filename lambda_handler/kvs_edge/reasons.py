"""What the handler tells people when a request fails: one code each, which docs/runbook.md explains."""

import re
from dataclasses import dataclass
from enum import StrEnum

MAX_CHARACTERS = 1000
"""A reason's length: it must fit, with the rest of the answer, into CloudFormation's 4096 bytes."""

_DETAIL_CHARACTERS = 400
_SECRET = re.compile(r"(arn:[a-z0-9-]+:secretsmanager:[a-z0-9-]*:[0-9]*:secret:)[a-zA-Z0-9/_+=.@!-]+")
_URL = re.compile(r"https?://\S+\?\S+")


class FailureCode(StrEnum):
    """Each kind of failure, by the name that people search the runbook for."""

    ACCESS_DENIED = "AccessDenied"
    CONFIGURATION_DELETED = "ConfigurationDeleted"
    DELETE_FAILED = "DeleteFailed"
    HUB_MOVE_FORBIDDEN = "HubMoveForbidden"
    INTERNAL_ERROR = "InternalError"
    INVALID_CONFIGURATION = "InvalidConfiguration"
    INVALID_PROPERTIES = "InvalidProperties"
    NO_DATA_RETENTION = "NoDataRetention"
    SERVICE_ERROR = "ServiceError"
    REGION_NOT_SUPPORTED = "RegionNotSupported"
    STREAM_NOT_FOUND = "StreamNotFound"
    SUPERSEDED = "Superseded"
    SYNC_FAILED = "SyncFailed"
    TIMED_OUT = "TimedOut"


@dataclass(frozen=True)
class Reason:
    """Why a request failed, in one or two sentences: what, which stream and hub, the value, the fix."""

    code: FailureCode
    text: str

    def __str__(self) -> str:
        return shortened(f"{self.code}: {self.text}", MAX_CHARACTERS)


def detail(text: str) -> str:
    """Somebody else's text, short enough to stand inside of a reason, and ending in a full stop."""
    return shortened(text.strip().rstrip("."), _DETAIL_CHARACTERS) + "."


def shortened(text: str, characters: int) -> str:
    """The text without secrets' names and presigned URLs, cut at its end if it is too long."""
    text = _URL.sub("(a URL)", _SECRET.sub(r"\1...", text))
    return text if len(text) <= characters else text[: characters - 3] + "..."
