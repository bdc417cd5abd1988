"""GStreamer's rtspsrc as the hub's client: connects to each URI, and says whether H.264 arrives.

Runs with Debian's Python. Standard input has one URI per line; the answers are lines of JSON in the order in which they
are known. Ends after the last answer.
"""

import json
import sys
import threading
from collections.abc import Callable

import gi

gi.require_version("Gst", "1.0")
from gi.repository import GLib, Gst  # noqa: E402

_SECONDS = 20


def connect(number: int, uri: str, done: Callable[[], None]) -> None:
    """Start a pipeline as the Edge Agent needs it: H.264, parsed."""
    pipeline = Gst.parse_launch(
        "rtspsrc name=source ! rtph264depay ! h264parse ! fakesink name=sink signal-handoffs=true"
    )
    pipeline.get_by_name("source").set_property("location", uri)
    answered = threading.Event()

    def answer(connected: bool, message: str) -> None:
        if answered.is_set():
            return
        answered.set()
        sys.stdout.write(json.dumps({"number": number, "connected": connected, "message": message}) + "\n")
        sys.stdout.flush()
        GLib.idle_add(stop)

    def stop() -> None:
        pipeline.set_state(Gst.State.NULL)
        done()

    def heard(_: Gst.Bus, message: Gst.Message) -> bool:
        if message.type is Gst.MessageType.ERROR:
            answer(False, message.parse_error()[0].message)
        elif message.type is Gst.MessageType.EOS:
            answer(False, "end of stream")
        return not answered.is_set()

    pipeline.get_by_name("sink").connect("handoff", lambda *_: answer(True, ""))
    bus = pipeline.get_bus()
    bus.add_watch(GLib.PRIORITY_DEFAULT, heard)
    GLib.timeout_add_seconds(_SECONDS, lambda: answer(False, "nothing in time"))
    if pipeline.set_state(Gst.State.PLAYING) is Gst.StateChangeReturn.FAILURE:
        answer(False, "the URI is refused")


def main() -> None:
    """Connect to each URI of standard input."""
    Gst.init(None)
    loop = GLib.MainLoop()
    uris = [line.removesuffix("\n") for line in sys.stdin]
    waiting = list(uris)

    def done() -> None:
        waiting.pop()
        if not waiting:
            loop.quit()

    for number, uri in enumerate(uris):
        GLib.idle_add(connect, number, uri, done)
    loop.run()


if __name__ == "__main__":
    main()
