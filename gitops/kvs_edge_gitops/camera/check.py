"""The check of one camera."""

import ssl
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from kvs_edge_gitops.camera import dialogue, reception
from kvs_edge_gitops.camera.address import Address
from kvs_edge_gitops.camera.answer import Answer
from kvs_edge_gitops.camera.issue import CameraIssue
from kvs_edge_gitops.camera.judgement import judge
from kvs_edge_gitops.camera.observation import Observation
from kvs_edge_gitops.camera.video import Transport, Video
from kvs_edge_preflight.media_secret import Issue, Severity, judge_uri

STEPS = 3
"""Steps of a check, each of which is reported once it is done."""
_UDP_SECONDS = 5.0
"""rtspsrc waits so long for UDP before it takes TCP [GStreamer 1.22, rtspsrc's property timeout]."""


@dataclass(frozen=True)
class Settings:
    """Settings of a check.

    Attributes:
        seconds: How long the bit rate is measured.
        timeout: The seconds to connect, for each answer, and for the first frame.
    """

    seconds: float = 10.0
    timeout: float = 10.0


@dataclass(frozen=True)
class CameraReport:
    """The result of a check. No part of it holds any part of the URI.

    Attributes:
        issues: The issues of the URI, and those of the camera.
        observation: What was observed; None if the URI has an error, so that the camera was not asked.
    """

    issues: tuple[Issue | CameraIssue, ...]
    observation: Observation | None = None

    @property
    def is_good(self) -> bool:
        """True if the hub can record the camera: no issue is an error."""
        return not any(issue.severity is Severity.ERROR for issue in self.issues)


def is_available() -> bool:
    """Return whether the extra `cdk-kvs-edge[camera]` is installed."""
    return reception.is_installed()


def check(uri: str, settings: Settings = Settings(), done: Callable[[], None] = lambda: None) -> CameraReport:
    """Return the report of a camera; nothing is raised for what the camera does.

    It takes `seconds` and a few more of a good camera, and no more than about ten times `timeout` of another.

    Args:
        uri: The camera's RTSP URI, with credentials.
        settings: Duration and time-outs.
        done: Called STEPS times, from this thread.
    """
    of_uri = judge_uri(uri)
    if any(issue.severity is Severity.ERROR for issue in of_uri):
        _finish(done, STEPS)
        return CameraReport(tuple(of_uri))
    observation = _observed(Address.of(uri), settings, done)
    return CameraReport((*of_uri, *judge(observation)), observation)


def _observed(address: Address, settings: Settings, done: Callable[[], None]) -> Observation:
    answer = dialogue.ask(address, settings.timeout)
    done()
    if not _has_h264(answer):
        _finish(done, STEPS - 1)
        return Observation.of(answer)
    videos = _videos(address, settings, done)
    return Observation.of(answer, videos)


def _has_h264(answer: Answer) -> bool:
    """Return whether the first video, which the hub takes, is H.264; nothing else is received."""
    videos = [track for track in answer.tracks if track.kind == "video"]
    return answer.is_described and bool(videos) and videos[0].encoding == "H264"


def _videos(address: Address, settings: Settings, done: Callable[[], None]) -> tuple[Video, ...]:
    """Receive over UDP and over TCP, as rtspsrc tries them, and measure the first that delivers."""
    options = _tls_options(address)
    videos: list[Video] = []
    for transport in (Transport.TCP,) if address.is_tls else (Transport.UDP, Transport.TCP):
        is_measured = any(video.picture for video in videos)
        timeout = min(_UDP_SECONDS, settings.timeout) if transport is Transport.UDP else settings.timeout
        seconds = 0 if is_measured else settings.seconds
        videos.append(reception.receive(address, transport, seconds=seconds, timeout=timeout, options=options))
        done()
    _finish(done, STEPS - 1 - len(videos))
    return tuple(videos)


def _tls_options(address: Address) -> dict[str, str]:
    """Return the options with which FFmpeg checks the certificate, too: PyAV 18 does not by default."""
    paths = ssl.get_default_verify_paths()
    # Debian's OpenSSL has no default file, and its folder of certificates holds all of them in this one as well.
    files = (Path(paths.cafile or ""), Path(paths.capath or "") / "ca-certificates.crt")
    file = next((file for file in files if file.is_file()), None)
    return {"tls_verify": "1", "ca_file": str(file)} if address.is_tls and file else {}


def _finish(done: Callable[[], None], steps: int) -> None:
    for _ in range(steps):
        done()
