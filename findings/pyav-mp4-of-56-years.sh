#!/usr/bin/env bash
# An MP4 that PyAV makes of two seconds of Kinesis Video footage lasts 56 years, or has lost the time of the recording.
#
# Footage of Kinesis Video Streams may have absolute timecodes (FragmentTimecodeType ABSOLUTE of PutMedia): milliseconds
# since 1970.
#
# Expected: copied packet by packet into an MP4, the footage has the same timestamps, and lasts two seconds.
#
# Happens: FFmpeg writes the start as an empty edit of 56 years before the footage. FFmpeg reads it back as two seconds
# that start in 2026; MediaInfo and mutagen report 56 years, MediaInfo in units of 65.5 seconds. A fragmented MP4 with
# empty_moov, the usual flags for streaming, starts at 0: the time of the recording is lost; with delay_moov it is kept.
# MPEG-TS keeps the time modulo 26.5 hours. A Matroska file that is not live has the timecode of its end as its duration.
# There is no error or warning anywhere.
#
# With av==18.1.0 (FFmpeg 8.1.2), pymediainfo==7.0.1, mutagen==1.48.1.
#
# Output seen (in seconds; lasts for PyAV, MediaInfo, mutagen):
#   mp4                           starts at 1767225600.123; lasts 2.0, 1767225556.992, 1767225602.123
#   mp4 frag_keyframe+empty_moov  starts at 0.0; lasts 2.0, 2.0, 0.0
#   mp4 frag_keyframe+delay_moov  starts at 1767225600.123; lasts 2.0, 2.0, 0.0
#   mpegts                        starts at 85167.113; lasts 2.0, 2.021, None
#   matroska                      starts at 1767225600.123; lasts 1767225602.123, 1767225602.123, None
#
# Needs Python 3.11 or newer. Exits with 0 while it behaves like this, and with 1 once it does not.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check av==18.1.0 pymediainfo==7.0.1 mutagen==1.48.1
cd "$folder"
"$folder/venv/bin/python" - <<'PYTHON'
import io
from fractions import Fraction

import av
from mutagen.mp4 import MP4
from pymediainfo import MediaInfo

START = 1767225600123  # milliseconds since 1970


def fragment():
    """Return two seconds of video with absolute timecodes, as a live Matroska document."""
    file = io.BytesIO()
    with av.open(file, "w", format="matroska", options={"live": "1"}) as container:
        stream = container.add_stream("libx264", rate=10, options={"tune": "zerolatency"})
        stream.width, stream.height, stream.pix_fmt = 64, 64, "yuv420p"
        stream.codec_context.time_base = Fraction(1, 1000)
        for index in range(20):
            frame = av.VideoFrame(64, 64, "yuv420p")
            for plane in frame.planes:
                plane.update(bytes([index]) * plane.buffer_size)
            frame.pts, frame.time_base = START + index * 100, Fraction(1, 1000)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return file.getvalue()


def copied(footage, container_format, flags):
    """Return the footage, packet by packet, in another container."""
    file = io.BytesIO()
    options = {"movflags": flags} if flags else {}
    with av.open(io.BytesIO(footage)) as source, av.open(file, "w", format=container_format, options=options) as target:
        stream = target.add_stream_from_template(source.streams.video[0])
        for packet in source.demux(video=0):
            if packet.size:
                packet.stream = stream
                target.mux(packet)
    return file.getvalue()


def readings(name, data):
    """Return the start and the duration for PyAV, and the duration for MediaInfo and mutagen, in seconds."""
    with av.open(io.BytesIO(data)) as container:
        start, duration = container.start_time, container.duration
    general = MediaInfo.parse(io.BytesIO(data)).general_tracks[0]
    of_mutagen = MP4(io.BytesIO(data)).info.length if name == "mp4" else None
    return round(start / 1e6, 3), duration / 1e6, round(float(general.duration) / 1000, 3), of_mutagen


footage, seen = fragment(), {}
for name, flags in (
    ("mp4", ""),
    ("mp4", "frag_keyframe+empty_moov"),
    ("mp4", "frag_keyframe+delay_moov"),
    ("mpegts", ""),
    ("matroska", ""),
):
    start, *durations = seen[name, flags] = readings(name, copied(footage, name, flags))
    print(f"{name + ' ' + flags:<28}  starts at {start}; lasts {durations[0]}, {durations[1]}, {durations[2]}")
absolute, end = START / 1000, START / 1000 + 2
assert seen["mp4", ""] == (absolute, 2.0, 1767225556.992, end)
assert seen["mp4", "frag_keyframe+empty_moov"][:3] == (0.0, 2.0, 2.0)
assert seen["mp4", "frag_keyframe+delay_moov"][:3] == (absolute, 2.0, 2.0)
assert seen["mpegts", ""][:2] == (round(START * 90 % 2**33 / 90_000, 3), 2.0)
assert seen["matroska", ""][:3] == (absolute, end, end)
PYTHON
