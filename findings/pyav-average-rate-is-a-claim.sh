#!/usr/bin/env bash
# PyAV's average_rate of an RTSP stream is what the camera claims, not what it sends.
#
# Expected: VideoStream.average_rate, "the average frame rate of this video stream", and average_rate of the packets that
# were read agree, at the latest after ten seconds of video; guessed_rate is less reliable.
#
# Happens: it is the other way round. average_rate is a=framerate of the session description, which also overrides the
# bitstream, or else the rate of the sequence parameter set, and stays so; guessed_rate and base_rate are of the timestamps.
# A camera whose profile allows 25 frames per second, and which sends 5 in the dark, has an average_rate of 25. Bit rates
# and durations that are computed from it are wrong by that factor.
#
# With av==18.1.0 (FFmpeg 8.1.2).
#
# Output seen (frames per second):
#   sends 25, H.264 says 25, session description nothing: average_rate 25, guessed_rate 25, base_rate 25
#   sends 5, H.264 says 25, session description nothing: average_rate 25, guessed_rate 5, base_rate 5
#   sends 5, H.264 says 25, session description 12.5: average_rate 25/2, guessed_rate 5, base_rate 5
#   sends 25, H.264 says 25, session description 12.5: average_rate 25/2, guessed_rate 25, base_rate 25
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
    """Return the frames of a video, each as a list of NAL units."""
    encoder = av.CodecContext.create("libx264", "w")
    encoder.width, encoder.height, encoder.pix_fmt = 64, 64, "yuv420p"
    encoder.time_base, encoder.gop_size = Fraction(1, 25), 25
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


FRAMES = encoded(150)
SETS = ",".join(base64.b64encode(unit).decode() for unit in FRAMES[0] if unit[0] & 31 in {7, 8})
SDP = (
    "v=0\r\ns=camera\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\na=control:track0\r\n"
    f"a=fmtp:96 packetization-mode=1;sprop-parameter-sets={SETS}\r\n"
)
HEADERS = {
    "DESCRIBE": ["Content-Type: application/sdp"],
    "SETUP": ["Session: 1", "Transport: RTP/AVP/TCP;unicast;interleaved=0-1"],
}


class Camera(socketserver.StreamRequestHandler):
    """A camera that sends H.264 over its RTSP connection, five times as fast as its timestamps say."""

    def handle(self):
        with suppress(ConnectionError):
            self.answer()

    def answer(self):
        while request := b"".join(iter(self.rfile.readline, b"\r\n")).decode():
            method = request.split()[0]
            number = next(line for line in request.splitlines() if line.startswith("CSeq"))
            body = SDP + self.server.attribute if method == "DESCRIBE" else ""
            lines = ["RTSP/1.0 200 OK", number, *HEADERS.get(method, ["Session: 1"]), f"Content-Length: {len(body)}"]
            self.wfile.write(("\r\n".join(lines) + "\r\n\r\n" + body).encode())
            if method == "PLAY":
                self.play()

    def play(self):
        sequence = 0
        for index, units in enumerate(FRAMES):
            for unit in units:
                marker, stamp = 0x80 if unit is units[-1] else 0, index * 90_000 // self.server.rate
                packet = struct.pack(">BBHII", 0x80, marker | 96, sequence, stamp, 1) + unit
                self.wfile.write(struct.pack(">cBH", b"$", 0, len(packet)) + packet)
                sequence += 1
            time.sleep(0.2 / self.server.rate)


def rates(sent, stated):
    """Return the rate of 60 packets, and the rates of the stream after them."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Camera) as server:
        server.daemon_threads, server.rate = True, sent
        server.attribute = f"a=framerate:{stated}\r\n" if stated else ""
        threading.Thread(target=server.serve_forever, daemon=True).start()
        uri = f"rtsp://127.0.0.1:{server.server_address[1]}/live"
        with av.open(uri, options={"rtsp_transport": "tcp", "timeout": "3000000"}) as container:
            stream, times = container.streams.video[0], []
            for packet in container.demux(stream):
                if packet.pts is not None:
                    times.append(packet.pts * packet.time_base)
                if len(times) == 60:
                    break
            found = (stream.average_rate, stream.guessed_rate, stream.base_rate)
        server.shutdown()
    return (len(times) - 1) / (times[-1] - times[0]), *found


CASES = [(25, None), (5, None), (5, 12.5), (25, 12.5)]
seen = [rates(*case) for case in CASES]
for (_, stated), (sent, average, guessed, base) in zip(CASES, seen):
    print(
        f"sends {sent}, H.264 says 25, session description {stated or 'nothing'}: "
        f"average_rate {average}, guessed_rate {guessed}, base_rate {base}"
    )
assert seen == [(25, 25, 25, 25), (5, 25, 5, 5), (5, Fraction(25, 2), 5, 5), (25, Fraction(25, 2), 25, 25)]
PYTHON
