"""Failure reasons: a code, a text, and a link to the code's section in the runbook."""

import re
from dataclasses import dataclass
from enum import StrEnum

from kvs_edge.documentation import DOCS_URL, page_url

MAX_CHARACTERS = 1000
"""Maximum length of a reason, which shares CloudFormation's 4096 bytes with the rest of the response."""

_SEE = " See "

_DETAIL_CHARACTERS = 400
_SECRET = re.compile(r"(arn:[a-z0-9-]+:secretsmanager:[a-z0-9-]*:[0-9]*:secret:)[a-zA-Z0-9/_+=.@!-]+")
_URL = re.compile(r"https?://\S+\?\S+")
_CREDENTIALS = re.compile(r"(\b\w+://)[^\s/@]+@")


class FailureCode(StrEnum):
    """Failure codes, which are headings in docs/runbook.md."""

    ACCESS_DENIED = "AccessDenied"
    CONFIGURATION_DELETED = "ConfigurationDeleted"
    DELETE_FAILED = "DeleteFailed"
    HUB_MOVE_FORBIDDEN = "HubMoveForbidden"
    INTERNAL_ERROR = "InternalError"
    INVALID_CONFIGURATION = "InvalidConfiguration"
    INVALID_PROPERTIES = "InvalidProperties"
    NO_DATA_RETENTION = "NoDataRetention"
    SERVICE_ERROR = "ServiceError"
    RECORDING_FAILED = "RecordingFailed"
    REGION_NOT_SUPPORTED = "RegionNotSupported"
    STREAM_NOT_FOUND = "StreamNotFound"
    SUPERSEDED = "Superseded"
    SYNC_FAILED = "SyncFailed"
    TIMED_OUT = "TimedOut"


@dataclass(frozen=True)
class Reason:
    """Code and explanation of a failed request: what happened, the stream and hub, the value, the fix."""

    code: FailureCode
    text: str

    def __str__(self) -> str:
        link = _SEE + page_url("runbook", self.code)
        # One character is left for the full stop.
        text = shortened(f"{self.code}: {self.text}", MAX_CHARACTERS - len(link) - 1)
        return text + ("" if text.endswith(".") else ".") + link


def split_link(reason: str) -> tuple[str, str]:
    """Return a reason without its link, and the link."""
    text, see, url = reason.rpartition(_SEE + DOCS_URL)
    return (text, see + url) if see else (reason, "")


def detail(text: str) -> str:
    """Return a text of AWS or a hub, shortened to fit into a reason and ending in a full stop."""
    return shortened(text.strip().rstrip("."), _DETAIL_CHARACTERS) + "."


def shortened(text: str, characters: int) -> str:
    """Return the text without secrets' names, presigned URLs and cameras' passwords, cut at its end if it is long."""
    text = _CREDENTIALS.sub(r"\1...@", _URL.sub("(a URL)", _SECRET.sub(r"\1...", text)))
    return text if len(text) <= characters else text[: characters - 3] + "..."
