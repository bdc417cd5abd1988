"""The secret of a camera, made from its parts."""

import json
from dataclasses import dataclass, field
from urllib.parse import quote

from kvs_edge_preflight.media_secret.content import KEY

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
        host = f"[{self.host}]" if ":" in self.host and not self.host.startswith("[") else self.host
        path = self.path if self.path.startswith("/") else f"/{self.path}"
        return f"rtsp://{credentials}{host}:{self.port}{quote(path, safe=_PATH_CHARACTERS)}"

    @property
    def content(self) -> str:
        """The text of the secret."""
        return json.dumps({KEY: self.uri})
