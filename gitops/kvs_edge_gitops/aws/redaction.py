"""Removal of credentials from messages."""

import re
from typing import Protocol

_HIDDEN = "***"
_HEADER = re.compile(r"(?i)invalid header value b?(['\"]).*")
"""http.client quotes a header that it refuses: the session token, or the signature with the access key ID."""
_USER = re.compile(r"(?<=://)[^/\s\"']+@")
"""The user and the password in the URL of an endpoint or of a proxy, which may have an unencoded @."""
_SHORTEST = 8
"""A shorter secret is none of AWS, and its letters may be those of any word: the local AWS's secret is `local`."""


class Secrets(Protocol):
    """Credentials that a session has resolved."""

    @property
    def secret_key(self) -> str | None:
        """The secret access key."""

    @property
    def token(self) -> str | None:
        """The session token, if they are temporary."""


class Redaction:
    """The secrets of a session, none of which a message may show. An access key ID is not a secret."""

    def __init__(self) -> None:
        self._secrets: set[str] = set()

    def add(self, credentials: Secrets) -> None:
        """Hide the secret access key and the session token from now on."""
        for secret in filter(None, (credentials.secret_key, credentials.token)):
            # An error may quote the secret as it is, without the line end, or as a literal of Python.
            self._secrets.update({secret, secret.strip(), repr(secret)[1:-1]})
        self._secrets = {secret for secret in self._secrets if len(secret) >= _SHORTEST}

    def hide(self, *texts: str) -> None:
        """Hide other texts from now on."""
        self._secrets.update(text for text in texts if len(text) >= _SHORTEST)

    def __call__(self, text: str) -> str:
        """Return the text without secrets."""
        for secret in sorted(self._secrets, key=len, reverse=True):
            text = text.replace(secret, _HIDDEN)
        text = _HEADER.sub("the credentials hold a character that a request must not have", text)
        return without_user(text)


def without_user(text: str) -> str:
    """Return the text without the users and passwords of its URLs."""
    return _USER.sub(f"{_HIDDEN}@", text)
