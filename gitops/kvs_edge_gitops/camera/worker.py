"""The process that receives a camera's video with PyAV, which carries FFmpeg.

FFmpeg may hang or crash, so each reception is a process of its own. Its standard input is one line of JSON with the
URI, which therefore is on no command line and in no environment. The process ends at once when its input is closed:
nothing stays behind if its parent is killed. Its output is lines of JSON, one as soon as something is known.
"""

import errno
import json
import os
import signal
import sys
import threading
import time
from typing import Any

_FLUSH_SECONDS = 0.5
_STALLED = 0.9
"""Share of the time-out after which a camera has stopped."""


def main() -> None:
    """Receive the video that standard input asks for."""
    _keep_to_itself()
    order = json.loads(sys.stdin.readline())
    threading.Thread(target=_end_with_the_parent, daemon=True).start()
    try:
        _receive(order)
    except ImportError:
        _say(failed="ImportError")
    except Exception as error:  # the text of any error may hold the URI, so only its kind leaves the process
        number = getattr(error, "errno", None)
        _say(failed=type(error).__name__, errno=errno.errorcode.get(number) if isinstance(number, int) else None)


def _keep_to_itself() -> None:
    """Leave no memory image after a crash, and no traceback after an interrupt: both would show the URI."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    except (ImportError, OSError, ValueError):  # Windows has no such limits
        return


def _end_with_the_parent() -> None:
    sys.stdin.read()
    os._exit(1)


def _receive(order: dict[str, Any]) -> None:
    import av

    av.logging.set_level(None)
    timeout = order["timeout"]
    options = {
        "rtsp_transport": order["transport"],
        # Without it, FFmpeg waits ten seconds for UDP. Microseconds.
        "timeout": str(round(timeout * 1_000_000)),
        # With audio beside the video, FFmpeg adds each correction of the camera's clock to the timestamps.
        "allowed_media_types": "video",
        # Frames are decoded below; the search for more about the streams only delays them. Microseconds.
        # (fflags=nobuffer would drop the packets of that search, and with them the first key frame.)
        "analyzeduration": "1",
        **order["options"],
    }
    with av.open(order["uri"], options=options) as container:
        _say(opened=True)
        _follow(container, order["seconds"], timeout)


def _follow(container: Any, seconds: float, timeout: float) -> None:
    """Write each packet; decode until the first frame. Stop after so many seconds, or without a frame in time."""
    stream = container.streams.video[0]
    packets: list[Any] = []
    deadline = time.monotonic() + timeout
    begun = flushed = last = None
    is_decoded = False
    for packet in container.demux(stream):
        now = time.monotonic()
        # After its time-out, FFmpeg delivers what it has of the last frame.
        if packet.size == 0 or (last is not None and now - last > _STALLED * timeout):
            break
        begun, last = now if begun is None else begun, now
        packets.append((now, packet.size, _media_time(packet), packet.is_keyframe))
        if not is_decoded and (frames := _decoded(packet)):
            is_decoded = True
            _say_picture(stream.codec_context, frames[0])
        is_over = now - begun >= seconds if is_decoded else now > deadline
        if is_over or flushed is None or now - flushed > _FLUSH_SECONDS:
            _say(packets=packets)
            packets, flushed = [], now
        if is_over:
            _say(clock_offset=_clock_offset(container, packet), complete=is_decoded)
            return
    _say(packets=packets, stopped=True)


def _decoded(packet: Any) -> list[Any]:
    import av

    try:
        return list(packet.decode())
    except av.error.InvalidDataError:  # before the first key frame
        return []


def _media_time(packet: Any) -> float | None:
    stamp = packet.dts if packet.dts is not None else packet.pts
    return None if stamp is None else float(stamp * packet.time_base)


def _clock_offset(container: Any, packet: Any) -> float | None:
    """Return by how many seconds the camera's clock is ahead; None without an RTCP report of the camera."""
    started, since = container.start_time_realtime, _media_time(packet)
    if started is None or since is None:
        return None
    return float(started / 1_000_000 + since - time.time())


def _say_picture(codec: Any, frame: Any) -> None:
    picture = {"codec": codec.name, "profile": codec.profile, "width": frame.width, "height": frame.height}
    _say(picture=picture)


def _say(**what: Any) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
