#!/usr/bin/env bash
# After a camera changes its resolution, PyAV decodes the rest of GetMedia's footage into wrong pictures, without an error.
#
# Kinesis Video Streams returns footage (GetMedia, GetMediaForFragmentList) as a sequence of Matroska documents, each with
# its own header, tracks and tags.
#
# Expected: the frames of the second document have its size and its brightness, or reading raises an error.
#
# Happens: FFmpeg's demuxer reads clusters of all documents, but tracks and tags of the first only. The codec's parameters
# of H.264 are in the tracks, so that later frames are decoded with the first document's. Their number and their
# timestamps are right. The container's metadata has the first fragment's number, and its duration is the first one's.
# Each document opened on its own is read as expected.
#
# With av==18.1.0 (FFmpeg 8.1.2).
#
# Output seen:
#   document 1: 10 frames of 64x48, luma 40; fragment 1, 1.0 s
#   document 2: 10 frames of 128x96, luma 200; fragment 2, 2.0 s
#   both: 20 frames of 64x48, luma 40 and 99; fragment 1, 1.0 s
#
# Needs Python 3.11 or newer. Exits with 0 while it behaves like this, and with 1 once it does not.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check av==18.1.0
cd "$folder"
"$folder/venv/bin/python" - <<'PYTHON'
import io

import av

NUMBER = "AWS_KINESISVIDEO_FRAGMENT_NUMBER"
FRAMES = 10


def document(number, width, height, luma):
    """Return a Matroska document with one second of H.264 of one brightness."""
    file = io.BytesIO()
    with av.open(file, "w", format="matroska") as container:
        container.metadata[NUMBER] = str(number)
        stream = container.add_stream("libx264", rate=FRAMES)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        for index in range(FRAMES):
            frame = av.VideoFrame(width, height, "yuv420p")
            for plane, value in zip(frame.planes, (luma, 128, 128), strict=True):
                plane.update(bytes([value]) * plane.buffer_size)
            frame.pts = (number - 1) * FRAMES + index
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return file.getvalue()


def brightness(frame):
    """Return the mean of the picture's luma, without the padding of its lines."""
    plane = frame.planes[0]
    data = bytes(plane)
    rows = [data[row * plane.line_size :][: frame.width] for row in range(frame.height)]
    return round(sum(map(sum, rows)) / (frame.width * frame.height))


def read(data):
    with av.open(io.BytesIO(data)) as container:
        frames = list(container.decode(video=0))
        sizes = sorted({f"{frame.width}x{frame.height}" for frame in frames})
        luma = dict.fromkeys(brightness(frame) for frame in frames)
        return (
            f"{len(frames)} frames of {', '.join(sizes)}, luma {' and '.join(map(str, luma))}; "
            f"fragment {container.metadata[NUMBER]}, {container.duration / 1_000_000} s"
        )


first, second = document(1, 64, 48, 40), document(2, 128, 96, 200)
answers = {"document 1": read(first), "document 2": read(second), "both": read(first + second)}
for name, answer in answers.items():
    print(f"{name}: {answer}")
assert answers["document 1"] == "10 frames of 64x48, luma 40; fragment 1, 1.0 s"
assert answers["document 2"] == "10 frames of 128x96, luma 200; fragment 2, 2.0 s"
assert answers["both"].startswith("20 frames of 64x48, luma 40 and ")
assert answers["both"].endswith("; fragment 1, 1.0 s")
PYTHON
