"""The reception of a camera's video, in a process of its own that is stopped after a time limit."""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from typing import Any

from kvs_edge_gitops.camera.address import Address
from kvs_edge_gitops.camera.measurement import Packet
from kvs_edge_gitops.camera.video import End, Picture, Transport, Video

_START_SECONDS = 10.0
"""Time to start the process on a slow machine, beyond the time limits of the reception itself."""
_NOT_OFFERED = frozenset({"EPROTONOSUPPORT"})
"""FFmpeg's error for a camera that answers SETUP with 461 (Unsupported Transport)."""
_SILENT = frozenset({"ETIMEDOUT", "EAGAIN"})
_NOT_STARTED = frozenset({"InvalidDataError", "HTTPOtherClientError", "HTTPServerError", "HTTPForbiddenError"})
"""PyAV's errors for SETUP or PLAY without a response, and for other statuses."""


def is_installed() -> bool:
    """Return whether PyAV is installed, without loading it."""
    return find_spec("av") is not None


def receive(
    address: Address, transport: Transport, *, seconds: float, timeout: float, options: Mapping[str, str]
) -> Video:
    """Return a camera's video.

    Args:
        address: The camera.
        transport: The transport, without an alternative.
        seconds: How long to receive once a packet has arrived; 0 for one decoded frame.
        timeout: The seconds for the first frame, and for each answer of the camera.
        options: More options of FFmpeg's RTSP client.
    """
    order = {
        "uri": address.uri,
        "transport": transport.value,
        "seconds": seconds,
        "timeout": timeout,
        "options": dict(options),
    }
    # The camera answers OPTIONS, DESCRIBE, SETUP and PLAY, each in time, before the first frame is due.
    limit = _START_SECONDS + 5 * timeout + seconds
    return _video(transport, list(_reports(output(json.dumps(order), limit))))


def output(order: str, limit: float) -> str:
    """Return what the process wrote; it is stopped after `limit` seconds."""
    # -P: a file av.py in the working directory is not the library.
    command = [sys.executable, "-P", "-m", "kvs_edge_gitops.camera.worker"]
    process = subprocess.Popen(  # noqa: S603 # the command is constant
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, encoding="utf-8"
    )
    with process:
        try:
            return _read(process, order, limit)
        finally:
            process.kill()


def _read(process: "subprocess.Popen[str]", order: str, limit: float) -> str:
    assert process.stdin is not None
    assert process.stdout is not None
    # The input stays open while the process is to run, so communicate() would not do.
    watch = threading.Timer(limit, process.kill)
    watch.daemon = True
    watch.start()
    try:
        process.stdin.write(f"{order}\n")
        process.stdin.flush()
        return process.stdout.read()
    except BrokenPipeError:
        return ""
    finally:
        watch.cancel()


def _reports(output: str) -> Iterator[Mapping[str, Any]]:
    """Yield the complete reports of the output."""
    for line in output.splitlines():
        try:
            yield json.loads(line)
        except ValueError:  # the process was stopped while it wrote
            return


def _video(transport: Transport, reports: list[Mapping[str, Any]]) -> Video:
    found = {name: value for report in reports for name, value in report.items()}
    packets = [Packet(*packet) for report in reports for packet in report.get("packets", ())]
    picture = Picture(**found["picture"]) if "picture" in found else None
    end = _end(found, has_packets=bool(packets))
    return Video(transport, end, picture, packets, found.get("clock_offset"))


def _end(found: Mapping[str, Any], *, has_packets: bool) -> End:
    is_decoded = "picture" in found
    if found.get("complete") is not None:
        return End.COMPLETE if is_decoded else End.NO_FRAME
    if found.get("errno") in _NOT_OFFERED and "opened" not in found:
        return End.NOT_OFFERED
    if is_decoded and ("stopped" in found or "failed" in found):
        return End.STOPPED
    if has_packets:
        return End.NO_FRAME
    if "stopped" in found or found.get("errno") in _SILENT:
        return End.NO_MEDIA
    if found.get("failed") in _NOT_STARTED:
        return End.NOT_STARTED
    return End.LIBRARY_FAILED
