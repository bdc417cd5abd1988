"""A camera with video and audio whose clock is set while it sends."""

import base64
import re
import struct
from collections.abc import Iterable, Iterator
from fractions import Fraction

import av

from camera.fake_camera import CLOSE, Script, rtsp

FRAME_SECONDS = 0.04
_FRAMES = 75
_REPORTED = range(10, _FRAMES, 25)
"""The frames before which the sender reports are sent, one per second."""
_CLOCK_SET = 1.5
"""Seconds after the start at which the clock is set from 1970 to 2026."""
_YEAR_2026 = 1_767_225_600
_NTP_EPOCH = 2_208_988_800
"""Seconds from 1900, the epoch of NTP, to 1970."""


def adjusted_clock() -> Script:
    """Return a camera that sends three seconds of video at once, and audio if the client sets it up."""
    frames = _encoded()
    description = _description(frames[0])
    tracks: set[int] = set()

    def script(received: bytes) -> Iterable[bytes]:
        method, uri = received.decode().split()[:2]
        if method == "DESCRIBE":
            tracks.clear()
            yield rtsp(received, headers=["Content-Type: application/sdp"], body=description)
        elif method == "SETUP":
            track = int(uri[-1])
            tracks.add(track)
            channels = f"{2 * track}-{2 * track + 1}"
            yield rtsp(received, headers=["Session: 1", f"Transport: RTP/AVP/TCP;unicast;interleaved={channels}"])
        else:
            yield rtsp(received, headers=["Session: 1", "Public: OPTIONS, DESCRIBE, SETUP, PLAY"])
        if method == "PLAY":
            yield b"".join(_media(frames, tracks))
            yield CLOSE

    return script


def _encoded() -> list[list[bytes]]:
    """Return the frames of a video, each as a list of NAL units."""
    encoder = av.CodecContext.create("libx264", "w")
    encoder.width, encoder.height, encoder.pix_fmt = 64, 64, "yuv420p"
    encoder.time_base, encoder.gop_size = Fraction(1, 25), 25
    encoder.options = {"tune": "zerolatency", "preset": "ultrafast"}
    packets = []
    for number in range(_FRAMES):
        frame = av.VideoFrame(64, 64, "yuv420p")
        for plane in frame.planes:
            plane.update(bytes([number]) * plane.buffer_size)
        frame.pts = number
        packets += encoder.encode(frame)
    packets += encoder.encode(None)
    return [[unit for unit in re.split(rb"\x00\x00\x00?\x01", bytes(packet)) if unit] for packet in packets]


def _description(first: list[bytes]) -> bytes:
    sets = ",".join(base64.b64encode(unit).decode() for unit in first if unit[0] & 31 in {7, 8})
    lines = [
        "v=0",
        "s=camera",
        "m=video 0 RTP/AVP 96",
        "a=rtpmap:96 H264/90000",
        f"a=fmtp:96 packetization-mode=1;sprop-parameter-sets={sets}",
        "a=control:track0",
        "m=audio 0 RTP/AVP 0",
        "a=rtpmap:0 PCMU/8000",
        "a=control:track1",
    ]
    return "".join(f"{line}\r\n" for line in lines).encode()


def _media(frames: list[list[bytes]], tracks: set[int]) -> Iterator[bytes]:
    """Yield the interleaved packets of both tracks (RFC 2326, 10.12)."""
    sequence = 0
    for index, units in enumerate(frames):
        if index in _REPORTED:
            for track in sorted(tracks):
                yield _interleaved(2 * track + 1, _report(track, index))
        for unit in units:
            marker = 0x80 if unit is units[-1] else 0
            header = struct.pack(">BBHII", 0x80, marker | 96, sequence, index * 3600, 1)
            yield _interleaved(0, header + unit)
            sequence += 1
        if 1 in tracks:
            yield _interleaved(2, struct.pack(">BBHII", 0x80, 0, index, index * 320, 2) + b"\xff" * 320)


def _report(track: int, index: int) -> bytes:
    """Return a sender report (RFC 3550, 6.4.1): the wall clock and the media clock of one instant."""
    elapsed = index * FRAME_SECONDS
    clock = elapsed + (0 if elapsed < _CLOCK_SET else _YEAR_2026) + _NTP_EPOCH
    media = index * (320 if track else 3600)
    return struct.pack(">BBHIIIIII", 0x80, 200, 6, 1 + track, int(clock), int(clock % 1 * 2**32), media, 1, 1)


def _interleaved(channel: int, packet: bytes) -> bytes:
    return struct.pack(">cBH", b"$", channel, len(packet)) + packet
