"""Real cameras of gst-rtsp-server, and GStreamer's rtspsrc as the hub's client."""

import json
import os
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

_HERE = Path(__file__).parent
_PYTHON = "/usr/bin/python3"
"""Debian's, for which the GObject bindings are packaged."""
_NEEDS = "import gi; [gi.require_version(n, '1.0') for n in ('Gst', 'GstRtsp', 'GstRtspServer')]"
_REQUIRED = "KVS_EDGE_REQUIRE_GSTREAMER"


@pytest.fixture(scope="session")
def gstreamer() -> None:
    """Skip without GStreamer's server and bindings; fail in CI, which installs them (.ci/run)."""
    try:
        subprocess.run([_PYTHON, "-c", _NEEDS], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        if os.environ.get(_REQUIRED):
            pytest.fail(f"{_REQUIRED} is set, and GStreamer's RTSP server is not installed")
        pytest.skip("needs GStreamer's RTSP server and Python bindings, which .ci/run installs on Debian")


@pytest.fixture(scope="session")
def ports(gstreamer: None) -> Iterator[dict[str, int]]:
    """Return the ports of the cameras that ask for no login, for Basic, and for Digest."""
    with _started("rtsp_cameras.py") as process:
        assert process.stdout is not None
        yield json.loads(process.stdout.readline())
        process.kill()


def connect(uris: Sequence[str]) -> list[dict[str, Any]]:
    """Return for each URI whether rtspsrc received H.264; all are tried at once."""
    with _started("rtspsrc.py") as process:
        out, _ = process.communicate("".join(f"{uri}\n" for uri in uris), timeout=60)
    answers = sorted((json.loads(line) for line in out.splitlines()), key=lambda answer: answer["number"])
    assert len(answers) == len(uris)
    return answers


def _started(script: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [_PYTHON, str(_HERE / script)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
