#!/usr/bin/env bash
# av.open with a timeout succeeds for a camera that sends no media, and returns a stream of H.264 with the width 0.
#
# Expected: without a packet within the timeout, av.open raises, or the stream says that its size is unknown, so that
# "it opens" means "it sends".
#
# Happens: PyAV's timeout is an interrupt callback, which also ends the search for stream parameters; FFmpeg counts that
# as a success, and what is known comes from the session description. With FFmpeg's own option `timeout` instead, open
# returns as well, and reading raises TimeoutError. Only a decoded frame proves that a camera sends.
#
# With av==18.1.0 (FFmpeg 8.1.2).
#
# Output seen:
#   av.open(uri, timeout=2) -> opened: h264, width 0
#   av.open(uri, options={'timeout': '2000000'}) -> opened: h264, width 0; reading -> TimeoutError
#
# Needs Python 3.11 or newer. Exits with 0 while it behaves like this, and with 1 once it does not.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check av==18.1.0
cd "$folder"
"$folder/venv/bin/python" - <<'PYTHON'
import socketserver
import threading
from contextlib import suppress

import av

SDP = "v=0\r\ns=camera\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\na=control:track1\r\n"
HEADERS = {
    "OPTIONS": ["Public: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN"],
    "DESCRIBE": ["Content-Type: application/sdp"],
    "SETUP": ["Session: 1", "Transport: RTP/AVP/TCP;unicast;interleaved=0-1"],
}


class Camera(socketserver.StreamRequestHandler):
    """A camera that answers all requests, PLAY included, and sends nothing."""

    def handle(self):
        with suppress(ConnectionResetError):
            self.answer()

    def answer(self):
        while request := b"".join(iter(self.rfile.readline, b"\r\n")).decode():
            method = request.split()[0]
            number = next(line for line in request.splitlines() if line.startswith("CSeq"))
            body = SDP if method == "DESCRIBE" else ""
            lines = ["RTSP/1.0 200 OK", number, *HEADERS.get(method, ["Session: 1"]), f"Content-Length: {len(body)}"]
            self.wfile.write(("\r\n".join(lines) + "\r\n\r\n" + body).encode())


def opened(uri, **arguments):
    """Return what open says, and the error of reading if there is one."""
    options = {"rtsp_transport": "tcp", **arguments.pop("options", {})}
    with av.open(uri, options=options, **arguments) as container:
        stream = container.streams.video[0]
        said = f"opened: {stream.codec_context.name}, width {stream.codec_context.width}"
        if "timeout" in arguments:
            return said
        try:
            next(container.demux(stream))
        except av.error.TimeoutError as error:
            said += f"; reading -> {type(error).__name__}"
        return said


with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Camera) as server:
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    uri = f"rtsp://127.0.0.1:{server.server_address[1]}/live"
    first = opened(uri, timeout=2)
    second = opened(uri, options={"timeout": "2000000"})
    server.shutdown()
print(f"av.open(uri, timeout=2) -> {first}")
print(f"av.open(uri, options={{'timeout': '2000000'}}) -> {second}")
assert first == "opened: h264, width 0"
assert second == "opened: h264, width 0; reading -> TimeoutError"
PYTHON
