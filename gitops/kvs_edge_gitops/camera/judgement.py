"""Rules for a camera: what the hub can record of it, from what was observed."""

from collections.abc import Iterator

from kvs_edge_gitops.camera.answer import Answer
from kvs_edge_gitops.camera.issue import CameraCode, CameraIssue
from kvs_edge_gitops.camera.observation import Observation
from kvs_edge_gitops.camera.refusal import refusal
from kvs_edge_gitops.camera.sdp import Track
from kvs_edge_gitops.camera.video import End, Transport

_MAX_CLOCK_OFFSET = 30.0
"""Seconds. The time until a frame arrives is part of the offset, and is a few seconds at most."""
_SPANS = (("d", 86_400, "h", 3600), ("h", 3600, "min", 60), ("min", 60, "s", 1))
"""Units, each with its seconds and the next smaller unit."""


def judge(observation: Observation) -> tuple[CameraIssue, ...]:
    """Return the issues of a camera, in the order in which a client meets them.

    Without an error, the hub's client can connect, and a frame of H.264 was decoded.
    """
    answer = observation.answer
    if not answer.is_described:
        return (refusal(answer),)
    return (*_of_login(answer), *_of_tracks(answer.tracks), *_of_video(observation), *_of_clock(observation))


def _of_login(answer: Answer) -> Iterator[CameraIssue]:
    if answer.login is not None and answer.login.scheme == "basic" and not answer.is_encrypted:
        message = "the camera takes the password in readable form (Basic without TLS): set it to Digest if it can"
        yield CameraIssue(CameraCode.LOGIN_READABLE, message)


def _of_tracks(tracks: tuple[Track, ...]) -> Iterator[CameraIssue]:
    videos = [track for track in tracks if track.kind == "video"]
    if not videos:
        listed = ", ".join(f"{track.kind} {track.label}" for track in tracks) or "no track"
        message = f"the stream has no video ({listed}): write the path of a video stream"
        yield CameraIssue(CameraCode.NO_VIDEO, message)
    elif videos[0].encoding != "H264":
        message = (
            f"the video is {videos[0].label}, and the Edge Agent records H.264 only: set the camera's stream to H.264,"
            " or write the path of a stream that has it"
        )
        yield CameraIssue(CameraCode.VIDEO_NOT_H264, message)
    if len(videos) > 1:
        message = f"the stream has {len(videos)} videos, of which a hub records one: write the path of one of them"
        yield CameraIssue(CameraCode.VIDEO_SEVERAL, message)
    for track in tracks:
        if track.kind != "video":
            kind = "metadata" if track.kind == "application" else track.kind
            message = f"{kind} ({track.label}) is not recorded: the Edge Agent takes video only"
            yield CameraIssue(CameraCode.TRACK_IGNORED, message)


def _of_video(observation: Observation) -> Iterator[CameraIssue]:
    if not observation.videos:
        return
    if observation.shown is None:
        yield _no_frame(observation)
        return
    if any(video.end is End.STOPPED for video in observation.videos):
        message = "the camera stopped in the middle of the stream: look at its log, its power and its network"
        yield CameraIssue(CameraCode.STREAM_STOPPED, message)
    yield from _of_transports(observation)
    measured = observation.measurement
    if measured is None:
        message = "too few frames arrived to measure the bit rate: raise --seconds"
        yield CameraIssue(CameraCode.RATE_UNKNOWN, message)
    elif not measured.is_regular:
        message = (
            "the camera's timestamps go back, or run at another pace than time, so that footage has wrong times:"
            " update the camera's firmware. The bit rate is that of the packets' arrival"
        )
        yield CameraIssue(CameraCode.TIMESTAMPS_IRREGULAR, message)


def _no_frame(observation: Observation) -> CameraIssue:
    ends = {video.end for video in observation.videos}
    if End.NO_FRAME in ends:
        message = (
            "video arrives, and no frame of it could be decoded in time: shorten the camera's key frame interval (GOP),"
            " or raise --timeout"
        )
    elif End.NO_MEDIA in ends:
        message = (
            "the camera starts the stream, and no video arrives, over UDP or TCP: restart the camera, close other"
            " clients, or raise --timeout"
        )
    elif End.NOT_STARTED in ends:
        message = (
            "the camera describes its stream, and does not start it (SETUP or PLAY fails): close other clients, or"
            " restart the camera"
        )
    else:
        return _failure_of_the_library(observation.answer)
    return CameraIssue(CameraCode.NO_FRAME, message)


def _failure_of_the_library(answer: Answer) -> CameraIssue:
    """Return the issue of a reception that failed here; FFmpeg takes the last offer of Digest, and knows MD5 only."""
    digests = [offer for offer in answer.offers if offer.scheme == "digest"]
    message = "the media library (FFmpeg) could not receive the video, so that nothing is known about it"
    if digests and digests[-1].algorithm != "MD5":
        message += (
            f": it takes the last offer to log in, {digests[-1].label}, and does not know it. The hub's client can log"
            " in; to check the video, turn that offer off in the camera"
        )
    return CameraIssue(CameraCode.MEDIA_FAILED, message)


def _of_transports(observation: Observation) -> Iterator[CameraIssue]:
    udp = observation.end(Transport.UDP)
    if udp is End.NOT_OFFERED:
        message = "the camera offers TCP only, which the hub's client takes at once"
        yield CameraIssue(CameraCode.ONLY_TCP, message)
    elif udp is not None and not observation.delivers(Transport.UDP):
        message = (
            "only TCP delivers: nothing arrives here over UDP, which the hub's client tries first, and leaves after 5"
            " seconds at each start. Let UDP through from the camera"
        )
        yield CameraIssue(CameraCode.UDP_BLOCKED, message)
    if not observation.delivers(Transport.TCP):
        message = "only UDP delivers, so each firewall between camera and hub must let it through"
        yield CameraIssue(CameraCode.ONLY_UDP, message)


def _of_clock(observation: Observation) -> Iterator[CameraIssue]:
    offset = observation.clock_offset
    if offset is not None and abs(offset) > _MAX_CLOCK_OFFSET:
        message = f"the camera's clock is {clock_text(offset)}: set an NTP server in the camera"
        yield CameraIssue(CameraCode.CLOCK_OFF, message)


def clock_text(offset: float) -> str:
    """Return the offset of a clock, such as "2 h 3 min behind this machine's"."""
    seconds = abs(offset)
    size = f"{seconds:.1f} s"
    for name, length, smaller, part in _SPANS:
        if seconds >= length:
            whole, rest = divmod(round(seconds), length)
            size = f"{whole} {name} {rest // part} {smaller}"
            break
    return f"{size} {'ahead of' if offset > 0 else 'behind'} this machine's"
