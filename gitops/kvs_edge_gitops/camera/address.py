"""The address of a camera: its URI in the parts that a client sends."""

import re
from dataclasses import dataclass, field
from urllib.parse import unquote

_PARTS = re.compile(r"(?i)(rtsps?)://(?:([^/?#]*)@)?(\[[^\]]*\]|[^:/?#]*)(?::(\d+))?([/?].*)?", re.DOTALL)
_PORT = 554
"""Port of GStreamer's rtspsrc for rtsp:// without one [GST_RTSP_DEFAULT_PORT]."""


@dataclass(frozen=True, repr=False)
class Address:
    """A camera's address and credentials. Its repr shows nothing of them.

    Attributes:
        uri: The whole URI, with credentials. The scheme is in small letters, because FFmpeg refuses capitals.
        request_uri: The URI as it is sent in a request: without credentials.
        user: Decoded; None if the URI has no user.
    """

    uri: str
    request_uri: str
    host: str
    port: int
    is_tls: bool
    user: str | None = field(default=None)
    password: str = field(default="")

    @classmethod
    def of(cls, uri: str) -> "Address":
        """Return the address of a URI in which `judge_uri` finds no error."""
        parts = _PARTS.fullmatch(uri)
        assert parts is not None, "judge_uri finds no error"
        scheme, user_info, host, port, rest = parts.groups()
        user, _, password = (user_info or "").partition(":")
        return cls(
            uri=f"{scheme.lower()}{uri[len(scheme) :]}",
            request_uri=f"{scheme.lower()}://{host}{f':{port}' if port else ''}{rest or ''}",
            host=host.strip("[]"),
            port=int(port or _PORT),
            is_tls=scheme.lower() == "rtsps",
            user=None if user_info is None else unquote(user),
            password=unquote(password),
        )
