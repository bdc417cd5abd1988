#!/usr/bin/env bash
# With fflags=nobuffer, the first packets of an RTSP stream are lost, and with them the key frame.
#
# Expected: `nobuffer` reduces the latency of buffering during the initial analysis (FFmpeg's documentation of -fflags),
# and the first packet of demux() is the first one that the camera sent.
#
# Happens: the packets that are read while the stream is analysed are dropped. No frame can be decoded before the camera's
# next key frame, which may be ten seconds away. Without the option, the first packet is the key frame. Either way, a
# packet that was read during the analysis may have no pts and no dts.
#
# With av==18.1.0 (FFmpeg 8.1.2).
#
# Output seen:
#   {} -> first packet: key frame; frames decoded from 30 packets: 30
#   {'fflags': 'nobuffer'} -> first packet: no key frame; frames decoded from 30 packets: 0
#
# Needs Python 3.11 or newer. Exits with 0 while it behaves like this, and with 1 once it does not.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check av==18.1.0
cd "$folder"
"$folder/venv/bin/python" - <<'PYTHON'
import base64
import re
import socketserver
import struct
import threading
import time
from contextlib import suppress
from fractions import Fraction

import av


def encoded(count):
    """Return the frames of a grey video with one key frame at its start, each as a list of NAL units."""
    encoder = av.CodecContext.create("libx264", "w")
    encoder.width, encoder.height, encoder.pix_fmt = 64, 64, "yuv420p"
    encoder.time_base, encoder.gop_size = Fraction(1, 25), 1000
    encoder.options = {"tune": "zerolatency", "preset": "ultrafast"}
    packets = []
    for number in range(count):
        frame = av.VideoFrame(64, 64, "yuv420p")
        for plane in frame.planes:
            plane.update(bytes([number % 256]) * plane.buffer_size)
        frame.pts = number
        packets += encoder.encode(frame)
    packets += encoder.encode(None)
    return [[unit for unit in re.split(rb"\x00\x00\x00?\x01", bytes(packet)) if unit] for packet in packets]


FRAMES = encoded(60)
SETS = ",".join(base64.b64encode(unit).decode() for unit in FRAMES[0] if unit[0] & 31 in {7, 8})
SDP = (
    "v=0\r\ns=camera\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\na=control:track1\r\n"
    f"a=fmtp:96 packetization-mode=1;sprop-parameter-sets={SETS}\r\n"
)
HEADERS = {
    "OPTIONS": ["Public: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN"],
    "DESCRIBE": ["Content-Type: application/sdp"],
    "SETUP": ["Session: 1", "Transport: RTP/AVP/TCP;unicast;interleaved=0-1"],
}


class Camera(socketserver.StreamRequestHandler):
    """A camera that sends 25 frames per second over its RTSP connection."""

    def handle(self):
        with suppress(ConnectionError):
            self.answer()

    def answer(self):
        while request := b"".join(iter(self.rfile.readline, b"\r\n")).decode():
            method = request.split()[0]
            number = next(line for line in request.splitlines() if line.startswith("CSeq"))
            body = SDP if method == "DESCRIBE" else ""
            lines = ["RTSP/1.0 200 OK", number, *HEADERS.get(method, ["Session: 1"]), f"Content-Length: {len(body)}"]
            self.wfile.write(("\r\n".join(lines) + "\r\n\r\n" + body).encode())
            if method == "PLAY":
                self.play()

    def play(self):
        sequence = 0
        for index, units in enumerate(FRAMES):
            for unit in units:
                marker = 0x80 if unit is units[-1] else 0
                packet = struct.pack(">BBHII", 0x80, marker | 96, sequence, index * 3600, 1) + unit
                self.wfile.write(struct.pack(">cBH", b"$", 0, len(packet)) + packet)
                sequence += 1
            time.sleep(0.04)


def received(uri, more):
    """Return whether the first of 30 packets is a key frame, and how many frames they hold."""
    options = {"rtsp_transport": "tcp", "timeout": "3000000", "analyzeduration": "1", **more}
    first, frames = None, 0
    with av.open(uri, options=options) as container:
        for number, packet in enumerate(container.demux(video=0), 1):
            first = packet.is_keyframe if first is None else first
            with suppress(av.error.InvalidDataError):
                frames += len(packet.decode())
            if number == 30:
                return first, frames


with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Camera) as server:
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    uri = f"rtsp://127.0.0.1:{server.server_address[1]}/live"
    seen = [received(uri, options) for options in ({}, {"fflags": "nobuffer"})]
    server.shutdown()
for options, (is_key, frames) in zip(({}, {"fflags": "nobuffer"}), seen):
    print(f"{options} -> first packet: {'key' if is_key else 'no key'} frame; frames decoded from 30 packets: {frames}")
assert seen[0][0] and seen[0][1] > 25
assert not seen[1][0] and seen[1][1] == 0
PYTHON
