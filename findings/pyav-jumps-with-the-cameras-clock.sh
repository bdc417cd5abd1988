#!/usr/bin/env bash
# When a camera's clock is set, PyAV's timestamps jump by as much, 56 years for a camera that started in 1970, but only if
# the camera sends audio, too.
#
# Expected: the pts of an RTSP stream follow the RTP timestamps. Those are of the camera's media clock, which goes on at its
# pace while NTP sets the camera's wall clock; the RTCP sender reports relate the two, so that audio and video can be
# aligned (RFC 3550, 6.4.1). What is not read does not matter.
#
# Happens: with one stream, FFmpeg uses the RTP timestamps. With more, it adds the difference between the wall clocks of
# the last report and the first (libavformat/rtpdec.c, finalize_packet: nb_streams > 1), so that a correction of the clock
# is a jump of all timestamps, forwards or back, without an error. Reading the video alone (demux(video=0)) changes
# nothing. With allowed_media_types=video the audio is not set up, and the timestamps are right.
#
# With av==18.1.0 (FFmpeg 8.1.2).
#
# Output seen (the camera sends 25 frames per second; its clock is set three seconds after the start):
#   video,         from 1970 to 2026: a frame is 0.04 s after the one before
#   video + audio, from 1970 to 2026: a frame is 1767225600.04 s after the one before
#   video + audio, back by 2 s: a frame is -1.96 s after the one before
#   video + audio, from 1970 to 2026, allowed_media_types=video: a frame is 0.04 s after the one before
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

CLOCK_SET = 3.0  # seconds after the start
YEAR_2026 = 1767225600  # seconds since 1970
NTP_EPOCH = 2208988800  # seconds from 1900 to 1970


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
VIDEO = (
    "m=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\na=control:track0\r\n"
    f"a=fmtp:96 packetization-mode=1;sprop-parameter-sets={SETS}\r\n"
)
AUDIO = "m=audio 0 RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\na=control:track1\r\n"


class Camera(socketserver.StreamRequestHandler):
    """A camera that sends 25 frames per second over its RTSP connection, and a sender report each second."""

    def handle(self):
        with suppress(ConnectionError):
            self.answer()

    def answer(self):
        tracks = set()
        while request := b"".join(iter(self.rfile.readline, b"\r\n")).decode():
            method, uri = request.split()[:2]
            lines = ["RTSP/1.0 200 OK", next(line for line in request.splitlines() if line.startswith("CSeq"))]
            body = "v=0\r\ns=camera\r\n" + VIDEO + self.server.audio if method == "DESCRIBE" else ""
            if method == "SETUP":
                track = int(uri[-1])
                tracks.add(track)
                lines.append(f"Transport: RTP/AVP/TCP;unicast;interleaved={2 * track}-{2 * track + 1}")
            lines += ["Session: 1", "Content-Type: application/sdp", f"Content-Length: {len(body)}"]
            self.wfile.write(("\r\n".join(lines) + "\r\n\r\n" + body).encode())
            if method == "PLAY":
                self.play(tracks)

    def play(self, tracks):
        sequence = 0
        for index, units in enumerate(FRAMES):
            if index % 25 == 10:
                for track in tracks:
                    self.report(track, index / 25, index * (320 if track else 3600))
            for unit in units:
                marker = 0x80 if unit is units[-1] else 0
                self.send(0, struct.pack(">BBHII", 0x80, marker | 96, sequence, index * 3600, 1) + unit)
                sequence += 1
            if 1 in tracks:
                self.send(2, struct.pack(">BBHII", 0x80, 0, index, index * 320, 2) + b"\xff" * 320)
            time.sleep(0.01)

    def report(self, track, elapsed, rtp):
        """Send a sender report (RFC 3550, 6.4.1): the wall clock and the media clock of the same instant."""
        before, after = self.server.clock
        seconds = (before if elapsed < CLOCK_SET else after) + elapsed + NTP_EPOCH
        clock = int(seconds), int(seconds % 1 * 2**32)
        self.send(2 * track + 1, struct.pack(">BBHIIIIII", 0x80, 200, 6, 1 + track, *clock, rtp, 1, 1))

    def send(self, channel, packet):
        self.wfile.write(struct.pack(">cBH", b"$", channel, len(packet)) + packet)


def largest_step(audio, clock, **options):
    """Return the step of the video's timestamps that is farthest from a frame's 0.04 seconds."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Camera) as server:
        server.daemon_threads, server.audio, server.clock = True, audio, clock
        threading.Thread(target=server.serve_forever, daemon=True).start()
        times = []
        uri = f"rtsp://127.0.0.1:{server.server_address[1]}/live"
        with av.open(uri, options={"rtsp_transport": "tcp", "timeout": "3000000", **options}) as container:
            for packet in container.demux(video=0):
                if packet.pts is not None:
                    times.append(packet.pts * packet.time_base)
                if len(times) == 120:
                    break
        server.shutdown()
    steps = [float(after - before) for before, after in zip(times, times[1:])]
    return round(max(steps, key=lambda step: abs(step - 0.04)), 2)


SET, BACK = (0, YEAR_2026), (YEAR_2026, YEAR_2026 - 2)
CASES = {
    "video,         from 1970 to 2026": ("", SET, {}),
    "video + audio, from 1970 to 2026": (AUDIO, SET, {}),
    "video + audio, back by 2 s": (AUDIO, BACK, {}),
    "video + audio, from 1970 to 2026, allowed_media_types=video": (AUDIO, SET, {"allowed_media_types": "video"}),
}
seen = [largest_step(audio, clock, **options) for audio, clock, options in CASES.values()]
for case, step in zip(CASES, seen):
    print(f"{case}: a frame is {step} s after the one before")
assert seen == [0.04, YEAR_2026 + 0.04, -1.96, 0.04]
PYTHON
