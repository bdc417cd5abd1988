"""The credentials of a session, resolved once before the first request."""

import getpass
import re
import warnings
from typing import TYPE_CHECKING

from botocore import exceptions
from botocore.exceptions import ClientError

from kvs_edge_gitops.aws.failures import configuration_failure, rejected
from kvs_edge_gitops.errors import AwsError

if TYPE_CHECKING:
    from botocore.credentials import ReadOnlyCredentials
    from botocore.session import Session

_FIELDS = {"access_key": "access key ID", "secret_key": "secret access key", "token": "session token"}
_VISIBLE = re.compile(r"[!-~]*")
_SOURCES = {
    "env": "the environment (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN)",
    "shared-credentials-file": "the credentials file",
    "config-file": "the config file",
}


def resolve(session: "Session") -> "ReadOnlyCredentials":
    """Return the credentials of a session.

    Their sources run programs, read files, ask other services and the terminal. All of that happens here, in the main
    thread, so that each failure has one place.

    Raises:
        AwsError: There are no credentials, or their source fails.
    """
    try:
        with warnings.catch_warnings():
            # Without a terminal, getpass warns and then reads an MFA code from standard input, in sight of all.
            warnings.simplefilter("error", getpass.GetPassWarning)
            credentials = session.get_credentials()
            frozen = None if credentials is None else credentials.get_frozen_credentials()
    except Exception as error:  # a source may raise anything that a program, a file or a library does
        raise _failure(error) from error
    if credentials is None or frozen is None:
        raise configuration_failure(exceptions.NoCredentialsError())
    _check(frozen, _SOURCES.get(credentials.method, credentials.method))
    return frozen


def _failure(error: Exception) -> AwsError:
    match error:
        case EOFError() | getpass.GetPassWarning():
            return AwsError(
                "the AWS credentials need an MFA code, and there is no terminal to ask for it: use credentials"
                " without MFA, or those of aws sts get-session-token or aws sso login"
            )
        case FileNotFoundError() | PermissionError() if error.filename:
            return AwsError(
                f"the AWS credentials could not be retrieved: {error.filename}: {error.strerror}; correct the program"
                " or the file that the profile or the environment names (credential_process,"
                " AWS_WEB_IDENTITY_TOKEN_FILE, AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE)"
            )
        case ClientError():
            # The request for them, such as AssumeRole.
            return AwsError(f"the AWS credentials could not be retrieved: {rejected(error, error.operation_name)}")
        case exceptions.BotoCoreError():
            return configuration_failure(error)
        case _:
            return AwsError(f"the AWS credentials could not be retrieved: {type(error).__name__}: {_one_line(error)}")


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split()).rstrip(".")


def _check(credentials: "ReadOnlyCredentials", source: str) -> None:
    """Raise AwsError for a character that no credential has, such as the line end of a file; show no credential."""
    for field, name in _FIELDS.items():
        value = getattr(credentials, field) or ""
        if not _VISIBLE.fullmatch(value):
            which = "a line end" if "\n" in value or "\r" in value else "a space or another character that none has"
            raise AwsError(f"the {name} of the AWS credentials holds {which}: correct it in {source}")
