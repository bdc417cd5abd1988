"""The secret of a camera, made from its parts."""

import json
import re
from dataclasses import dataclass, field
from urllib.parse import quote

from kvs_edge_preflight.media_secret.content import KEY
from kvs_edge_preflight.media_secret.uri import is_host

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_PATH_CHARACTERS = "/?&=:!$'()*+,;[]%"


@dataclass(frozen=True)
class Camera:
    """A camera's address and credentials, as a person types them: nothing is percent-encoded.

    Attributes:
        user: Empty if the camera asks for none.
        path: With the query, if there is one. A % in it stays, since manuals print paths as they are sent.
    """

    host: str
    port: int
    path: str
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)

    @property
    def uri(self) -> str:
        """The URI, with user and password percent-encoded."""
        credentials = f"{quote(self.user, safe='')}:{quote(self.password, safe='')}@" if self.user else ""
        host = in_uri(self.host)
        path = self.path if self.path.startswith("/") else f"/{self.path}"
        return f"rtsp://{credentials}{host}:{self.port}{quote(path, safe=_PATH_CHARACTERS)}"

    @property
    def content(self) -> str:
        """The text of the secret."""
        return json.dumps({KEY: self.uri})


def in_uri(host: str) -> str:
    """Return a host as a URI has it: an IPv6 address in brackets."""
    return f"[{host}]" if ":" in host and not host.startswith("[") else host


def host_fault(host: str) -> str:
    """Return why a text is not a host, without any part of it; empty for a host."""
    if is_host(in_uri(host)):
        return ""
    return "the host is neither a name nor an IP address: write it without scheme, user, port and path"


def path_fault(path: str) -> str:
    """Return why a text is not a path, without any part of it; empty for a path."""
    return "the path begins with a scheme: write only what follows the host" if _SCHEME.match(path) else ""
