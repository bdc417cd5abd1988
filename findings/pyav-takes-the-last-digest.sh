#!/usr/bin/env bash
# FFmpeg answers the last of several Digest offers, and gives up if that one is SHA-256, though MD5 is offered, too.
#
# Expected: of several challenges a client answers the strongest that it supports (RFC 7235, 2.1; RFC 7616, 3.7), so
# the order of the WWW-Authenticate lines does not matter.
#
# Happens: the RTSP client keeps the parameters of the last Digest line (libavformat/httpauth.c). For the algorithm
# SHA-256 it makes no answer, and av.open ends with HTTPUnauthorizedError. Basic beside SHA-256 is not used either.
# GStreamer's rtspsrc (1.22.0, not shown here) takes the last line as well, and answers it with MD5.
#
# With av==18.1.0 (FFmpeg 8.1.2).
#
# Output seen:
#   MD5 -> logs in with Digest
#   SHA-256, MD5 -> logs in with Digest
#   MD5, SHA-256 -> does not log in
#   Basic, SHA-256 -> does not log in
#   SHA-256, Basic -> does not log in
#   Basic -> logs in with Basic
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

import av

OFFERS = {
    "MD5": 'Digest realm="camera", nonce="1"',
    "SHA-256": 'Digest realm="camera", nonce="2", algorithm=SHA-256',
    "Basic": 'Basic realm="camera"',
}


def logs_in(*names):
    """Return the scheme with which FFmpeg logs in to a camera that makes these offers; None without a login."""
    logins = []

    class Camera(socketserver.StreamRequestHandler):
        def handle(self):
            while request := b"".join(iter(self.rfile.readline, b"\r\n")).decode():
                headers = dict(line.split(": ", 1) for line in request.splitlines()[1:] if ": " in line)
                if "Authorization" in headers:
                    logins.append(headers["Authorization"].split()[0])
                lines = ["RTSP/1.0 401 Unauthorized", f"CSeq: {headers['CSeq']}"]
                lines += [f"WWW-Authenticate: {OFFERS[name]}" for name in names]
                self.wfile.write(("\r\n".join(lines) + "\r\n\r\n").encode())

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Camera) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            av.open(f"rtsp://user:password@127.0.0.1:{server.server_address[1]}/live", options={"timeout": "3000000"})
        except av.error.HTTPUnauthorizedError:
            pass
        server.shutdown()
    return logins[0] if logins else None


CASES = [("MD5",), ("SHA-256", "MD5"), ("MD5", "SHA-256"), ("Basic", "SHA-256"), ("SHA-256", "Basic"), ("Basic",)]
seen = [logs_in(*case) for case in CASES]
for case, scheme in zip(CASES, seen):
    print(f"{', '.join(case)} -> {f'logs in with {scheme}' if scheme else 'does not log in'}")
assert seen == ["Digest", "Digest", None, None, None, "Basic"]
PYTHON
