"""The rules for a camera, without a camera."""

from dataclasses import replace
from pathlib import Path

import pytest

from kvs_edge_gitops.camera import CameraCode, Observation
from kvs_edge_gitops.camera.answer import Answer, Failure
from kvs_edge_gitops.camera.challenges import Challenge
from kvs_edge_gitops.camera.judgement import clock_text, judge
from kvs_edge_gitops.camera.measurement import Packet
from kvs_edge_gitops.camera.sdp import Track
from kvs_edge_gitops.camera.video import End, Picture, Transport, Video

H264 = Track("video", "H264")
ANSWER = Answer(reached=True, status=200, tracks=(H264,))
PICTURE = Picture("h264", "Main", 1920, 1080)
PACKETS = tuple(Packet(number / 25, 1000, number / 25, number % 25 == 0) for number in range(50))


def video(transport=Transport.UDP, end=End.COMPLETE, picture=PICTURE, packets=PACKETS, **more):
    return Video(transport, end, picture, packets, **more)


UDP, TCP = video(), video(Transport.TCP)


def codes(answer=ANSWER, *videos):
    return [issue.code for issue in judge(Observation.of(answer, videos))]


@pytest.mark.parametrize("failure", Failure)
def test_each_failure_is_an_error_with_a_fix(failure):
    (issue,) = judge(Observation.of(Answer(failure)))
    assert issue.severity == "error"
    assert ":" in issue.message


def test_a_good_camera_has_no_issue():
    assert codes(ANSWER, UDP, TCP) == []


def no_frame(transport, end):
    return video(transport, end, None, ())


@pytest.mark.parametrize(
    ("videos", "expected"),
    [
        ((no_frame(Transport.UDP, End.NOT_OFFERED), TCP), ["OnlyTcp"]),
        ((no_frame(Transport.UDP, End.NO_MEDIA), TCP), ["UdpBlocked"]),
        ((UDP, no_frame(Transport.TCP, End.NOT_OFFERED)), ["OnlyUdp"]),
        ((TCP,), []),  # with TLS, UDP is not tried
        ((no_frame(Transport.UDP, End.NO_MEDIA), no_frame(Transport.TCP, End.NO_MEDIA)), ["NoFrame"]),
        ((no_frame(Transport.UDP, End.NO_MEDIA), no_frame(Transport.TCP, End.NO_FRAME)), ["NoFrame"]),
        ((no_frame(Transport.UDP, End.NOT_STARTED), no_frame(Transport.TCP, End.NOT_STARTED)), ["NoFrame"]),
        ((no_frame(Transport.UDP, End.LIBRARY_FAILED), no_frame(Transport.TCP, End.LIBRARY_FAILED)), ["MediaFailed"]),
        ((replace(UDP, end=End.STOPPED), TCP), ["StreamStopped"]),
        ((replace(UDP, packets=PACKETS[:2]), replace(TCP, packets=PACKETS[:1])), ["RateUnknown"]),
        ((replace(UDP, packets=PACKETS[::-1]), TCP), ["RateUnknown"]),
        ((replace(UDP, clock_offset=29.0), TCP), []),
        ((replace(UDP, clock_offset=-31.0), TCP), ["ClockOff"]),
    ],
)
def test_what_is_said_about_the_video(videos, expected):
    assert codes(ANSWER, *videos) == expected


def test_irregular_timestamps_are_a_warning():
    packets = tuple(packet._replace(media_time=1 - packet.media_time) for packet in PACKETS)
    assert codes(ANSWER, replace(UDP, packets=packets), TCP) == ["TimestampsIrregular"]


def test_the_date_of_an_answer_is_the_clock_without_rtcp_reports():
    assert codes(replace(ANSWER, date_offset=-7200.0), UDP, TCP) == ["ClockOff"]
    assert codes(replace(ANSWER, date_offset=-7200.0), replace(UDP, clock_offset=0.0), TCP) == []


@pytest.mark.parametrize(
    ("tracks", "expected"),
    [
        ((Track("video", "H265"),), ["VideoNotH264"]),
        ((Track("video", "JPEG"), Track("audio", "PCMU")), ["VideoNotH264", "TrackIgnored"]),
        ((), ["NoVideo"]),
        ((Track("application", "VND.ONVIF.METADATA"),), ["NoVideo", "TrackIgnored"]),
        ((H264, H264), ["VideoSeveral"]),
    ],
)
def test_what_is_said_about_the_tracks(tracks, expected):
    assert codes(replace(ANSWER, tracks=tracks)) == expected


BASIC, MD5 = Challenge("basic"), Challenge("digest", {"nonce": "1"})
SHA = Challenge("digest", {"nonce": "2", "algorithm": "SHA-256"})


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (Answer(status=401, login=MD5, offers=(MD5,)), "LoginRefused"),
        (Answer(status=401, offers=(MD5,)), "LoginRequired"),
        (Answer(status=401, offers=(MD5, SHA)), "LoginNotSupported"),
        (Answer(status=401), "LoginNotSupported"),
        (Answer(status=403), "LoginRefused"),
        (Answer(status=404), "PathUnknown"),
        (Answer(status=453), "CameraRefused"),
        (Answer(status=302), "CameraRefused"),
    ],
)
def test_what_is_said_about_a_refusal(answer, expected):
    assert codes(answer) == [expected]


def test_basic_without_tls_is_a_note():
    answer = replace(ANSWER, login=BASIC)
    assert codes(answer, UDP, TCP) == ["LoginReadable"]
    assert codes(replace(answer, is_encrypted=True), TCP) == []


def test_a_failure_of_ffmpeg_alone_is_said_to_be_one():
    failed = no_frame(Transport.TCP, End.LIBRARY_FAILED)
    (issue,) = judge(Observation.of(replace(ANSWER, login=MD5, offers=(MD5, SHA)), (failed,)))
    assert "turn that offer off in the camera" in issue.message


@pytest.mark.parametrize(
    ("offset", "text"),
    [
        (0.04, "0.0 s ahead of this machine's"),
        (-59.9, "59.9 s behind this machine's"),
        (-7380.0, "2 h 3 min behind this machine's"),
        (90.0, "1 min 30 s ahead of this machine's"),
        (-86_400 * 365.0, "365 d 0 h behind this machine's"),
    ],
)
def test_the_offset_of_a_clock_in_words(offset, text):
    assert clock_text(offset) == text


def test_the_page_about_cameras_lists_every_issue_with_its_severity():
    page = (Path(__file__).parents[2] / "docs" / "cameras.md").read_text()
    assert [code for code in CameraCode if f"| `{code}` | {code.severity}: " not in page] == []
