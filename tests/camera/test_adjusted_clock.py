"""A camera whose clock is set during the measurement, as NTP does after a start."""

from itertools import pairwise

import pytest

from camera.adjusted_clock import FRAME_SECONDS, adjusted_clock
from camera.fake_camera import FakeCamera
from kvs_edge_gitops.camera import reception
from kvs_edge_gitops.camera.address import Address
from kvs_edge_gitops.camera.video import Transport


def _steps(options):
    with FakeCamera(adjusted_clock()) as camera:
        address = Address.of(f"rtsp://127.0.0.1:{camera.port}/live")
        video = reception.receive(address, Transport.TCP, seconds=60, timeout=10, options=options)
    times = [packet.media_time for packet in video.packets if packet.media_time is not None]
    return [late - early for early, late in pairwise(times)]


def test_the_times_of_frames_do_not_follow_the_clock():
    steps = _steps({})
    assert len(steps) > 60
    assert steps == pytest.approx([FRAME_SECONDS] * len(steps))


def test_with_audio_the_times_of_ffmpeg_follow_the_clock():
    """Shows that the test above tests something: only the choice of the video prevents the jump."""
    assert max(_steps({"allowed_media_types": "video+audio"})) > 1e9
