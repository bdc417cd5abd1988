"""Requests and responses of RTSP 1.0 (RFC 2326) as text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, repr=False)
class Response:
    """A response. Its repr shows nothing, because a camera may repeat the request.

    Attributes:
        headers: Values by name in lower case, in their order.
        body: The text, such as a session description.
    """

    status: int
    headers: Mapping[str, Sequence[str]]
    body: str = ""

    def header(self, name: str) -> str | None:
        """Return the first value of a header; None without one."""
        return next(iter(self.headers.get(name, ())), None)


def request(method: str, uri: str, sequence: int, headers: Mapping[str, str]) -> bytes:
    """Return a request."""
    lines = [f"{method} {uri} RTSP/1.0", f"CSeq: {sequence}", "User-Agent: kvs-edge"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def parse_head(head: bytes) -> Response | None:
    """Return the response of a head, without its body; None if it is not RTSP."""
    status_line, *lines = head.decode("utf-8", "replace").splitlines() or [""]
    version, _, rest = status_line.partition(" ")
    code = rest[:3]
    if not version.startswith("RTSP/") or not (code.isascii() and code.isdecimal()):
        return None
    headers: dict[str, list[str]] = {}
    for line in lines:
        name, colon, value = line.partition(":")
        if colon:
            headers.setdefault(name.strip().lower(), []).append(value.strip())
    return Response(int(code), headers)


def body_length(response: Response) -> int | None:
    """Return the length of the body in bytes; None for a value that is not a number."""
    value = response.header("content-length") or "0"
    return int(value) if value.isascii() and value.isdecimal() and len(value) < 10 else None  # noqa: PLR2004
