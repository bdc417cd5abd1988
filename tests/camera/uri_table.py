"""The table of docs/cameras.md: what clients make of each form of a URI.

`python tests/camera/uri_table.py` prints it. A server that asks for Basic notes the request line and the login of each
client. Forms have {port} for its port.
"""

import base64
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

import av

sys.path.insert(0, str(Path(__file__).parents[1]))

from camera.conftest import PYTHON, connect
from camera.fake_camera import FakeCamera, rtsp
from kvs_edge_preflight.media_secret import Severity, judge_uri

FORMS: Mapping[str, str] = {
    "letters and digits": "rtsp://cam:pass1@127.0.0.1:{port}/live",
    "`p@ss`": "rtsp://cam:p@ss@127.0.0.1:{port}/live",
    "`50%off`": "rtsp://cam:50%off@127.0.0.1:{port}/live",
    "`a#b`": "rtsp://cam:a#b@127.0.0.1:{port}/live",
    "`a?b`": "rtsp://cam:a?b@127.0.0.1:{port}/live",
    "`a/b`": "rtsp://cam:a/b@127.0.0.1:{port}/live",
    "`p[1]`": "rtsp://cam:p[1]@127.0.0.1:{port}/live",
    "`a:b`": "rtsp://cam:a:b@127.0.0.1:{port}/live",
    "`a b`": "rtsp://cam:a b@127.0.0.1:{port}/live",
    "`a!$&'()*+,;=b`": "rtsp://cam:a!$&'()*+,;=b@127.0.0.1:{port}/live",
    "`p%40%23%3F%2F%5B%5D%25%3A`": "rtsp://cam:p%40%23%3F%2F%5B%5D%25%3A@127.0.0.1:{port}/live",
    "`c%3Am` as the user": "rtsp://c%3Am:pass1@127.0.0.1:{port}/live",
    "`RTSP://`": "RTSP://cam:pass1@127.0.0.1:{port}/live",
    "a blank before `rtsp://`": " rtsp://cam:pass1@127.0.0.1:{port}/live",
    "a blank after the path": "rtsp://cam:pass1@127.0.0.1:{port}/live ",
    "`/live?channel=1&subtype=0`": "rtsp://cam:pass1@127.0.0.1:{port}/live?channel=1&subtype=0",
    "`/a%20b`": "rtsp://cam:pass1@127.0.0.1:{port}/a%20b",
    "`/a b`": "rtsp://cam:pass1@127.0.0.1:{port}/a b",
    "`/live#1`": "rtsp://cam:pass1@127.0.0.1:{port}/live#1",
    "no path": "rtsp://cam:pass1@127.0.0.1:{port}",
}
"""URI with each peculiarity."""
_PYAV = """
import sys, av
for line in sys.stdin:
    try:
        av.open(line.removesuffix("\\n"), options={"timeout": "3000000", "rtsp_transport": "tcp"})
    except (av.error.FFmpegError, ValueError):
        pass
"""
_AUTHORIZATION = re.compile(rb"Authorization: Basic (\S+)")
_VERSIONS = """
import gi
gi.require_version("Gst", "1.0")
from gi.repository import Gst
print(*Gst.version()[:3], sep=".")
"""


def head() -> str:
    """Return the head of the table, with the versions of the clients."""
    rtspsrc = subprocess.run([PYTHON, "-c", _VERSIONS], check=True, capture_output=True, text=True).stdout.strip()
    pyav = f"PyAV {av.__version__} (FFmpeg {av.ffmpeg_version_info})"
    return f"| in the URI | rtspsrc (GStreamer {rtspsrc}) | {pyav} | `kvs-edge camera` |\n|---|---|---|---|"


def table() -> str:
    """Return the table in Markdown."""
    seen_by_rtspsrc, seen_by_pyav = _seen(connect), _seen(_open_with_pyav)
    rows = zip(FORMS.items(), seen_by_rtspsrc, seen_by_pyav, strict=True)
    return "\n".join(
        (head(), *(f"| {name} | {first} | {second} | {_judged(uri)} |" for (name, uri), first, second in rows))
    )


def _open_with_pyav(uris: Sequence[str]) -> None:
    text = "".join(f"{uri}\n" for uri in uris)
    subprocess.run([sys.executable, "-c", _PYAV], input=text, text=True, check=True, capture_output=True)


def _seen(client) -> Iterator[str]:
    with ExitStack() as exits:
        cameras = [exits.enter_context(FakeCamera(_asks_for_login)) for _ in FORMS]
        uris = [uri.format(port=camera.port) for uri, camera in zip(FORMS.values(), cameras, strict=True)]
        client(uris)
    for uri, camera in zip(uris, cameras, strict=True):
        yield _summary(uri, camera)


def _asks_for_login(received: bytes) -> Iterator[bytes]:
    if b"Authorization:" in received:
        yield rtsp(received, status="404 Not Found")
    else:
        yield rtsp(received, status="401 Unauthorized", headers=['WWW-Authenticate: Basic realm="camera"'])


def _summary(uri: str, camera: FakeCamera) -> str:
    """Return what a camera has seen: the login, and the URI of the request if it is not the one without the login."""
    if not camera.requests:
        return "does not connect"
    logins = [found[1] for request in camera.requests if (found := _AUTHORIZATION.search(request))]
    login = f"`{base64.b64decode(logins[0]).decode()}`" if logins else "no login"
    asked = camera.requests[0].split(b"\r\n")[0].decode().partition(" ")[2].removesuffix(" RTSP/1.0")
    _, _, path = uri.partition(f":{camera.port}")
    meant = f"rtsp://127.0.0.1:{camera.port}{path}"
    if asked.rstrip("/") == meant.rstrip("/"):
        return login
    shown = asked.replace(f"127.0.0.1:{camera.port}", "HOST")
    return f"{login}, asks for `{shown}`"


def _judged(uri: str) -> str:
    issues = [issue for issue in judge_uri(uri.format(port=554)) if issue.severity is not Severity.INFO]
    return ", ".join(f"{issue.severity.value} `{issue.code.value}`" for issue in issues) or "good"


if __name__ == "__main__":
    sys.stdout.write(f"{table()}\n")
