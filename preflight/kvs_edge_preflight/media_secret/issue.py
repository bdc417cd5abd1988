"""Issues of a camera's secret. No message holds any part of a secret."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Self


class Severity(StrEnum):
    """Severity of an issue."""

    ERROR = "error"
    """The hub cannot use the secret."""
    WARNING = "warning"
    """It depends on the hub or the camera, or it will stop working."""
    INFO = "info"


_ERROR, _WARNING, _INFO = Severity.ERROR, Severity.WARNING, Severity.INFO


class SeverityCode(StrEnum):
    """Base of kinds of issues that have a severity."""

    severity: Severity

    def __new__(cls, code: str, severity: Severity) -> Self:
        """Create a code with its severity."""
        member = str.__new__(cls, code)
        member._value_ = code
        member.severity = severity
        return member


class IssueCode(SeverityCode):
    """Kinds of issues; each has a row in docs/cli.md."""

    SECRET_ABSENT = ("SecretAbsent", _ERROR)
    SECRET_BEING_DELETED = ("SecretBeingDeleted", _ERROR)
    SECRET_OTHER_REGION = ("SecretOtherRegion", _ERROR)
    SECRET_OTHER_ACCOUNT = ("SecretOtherAccount", _WARNING)
    SECRET_ROTATED = ("SecretRotated", _WARNING)
    ROTATION_UNKNOWN = ("RotationUnknown", _INFO)
    SECRET_BINARY = ("SecretBinary", _ERROR)
    SECRET_NOT_JSON = ("SecretNotJson", _ERROR)
    KEY_MISSING = ("KeyMissing", _ERROR)
    URI_NOT_TEXT = ("UriNotText", _ERROR)
    URI_NOT_JUDGED = ("UriNotJudged", _INFO)
    URI_BLANK = ("UriBlank", _ERROR)
    URI_SCHEME = ("UriScheme", _ERROR)
    URI_SCHEME_CAPITALS = ("UriSchemeCapitals", _WARNING)
    URI_HOST = ("UriHost", _ERROR)
    URI_PORT = ("UriPort", _ERROR)
    URI_PATH_MISSING = ("UriPathMissing", _WARNING)
    URI_PATH_CHARACTERS = ("UriPathCharacters", _ERROR)
    URI_AT_IN_PATH = ("UriAtInPath", _WARNING)
    CREDENTIALS_NOT_ENCODED = ("CredentialsNotEncoded", _ERROR)
    CREDENTIALS_IN_DOUBT = ("CredentialsInDoubt", _WARNING)
    CREDENTIALS_BLANK = ("CredentialsBlank", _WARNING)
    CREDENTIALS_USER_COLON = ("CredentialsUserColon", _ERROR)
    CREDENTIALS_ABSENT = ("CredentialsAbsent", _INFO)
    ADDRESS_PUBLIC = ("AddressPublic", _INFO)


@dataclass(frozen=True)
class Issue:
    """An issue with its message and fix."""

    code: IssueCode
    message: str

    @property
    def severity(self) -> Severity:
        """Severity of its code."""
        return self.code.severity
