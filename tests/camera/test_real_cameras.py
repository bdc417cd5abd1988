"""The check beside GStreamer's rtspsrc, which the hub runs, against real servers.

Where the check says that a camera is good, rtspsrc receives H.264 from it.
"""

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any, NamedTuple

import certifi
import pytest

from camera.conftest import connect
from camera.relay import BlockedUdp, Freeze, Relay, offers
from camera.uri_table import head, table
from kvs_edge_gitops.camera import CameraReport, Settings, check, reception
from kvs_edge_gitops.camera.address import Address
from kvs_edge_gitops.camera.video import Transport

LOGIN = "cam:p%40ss%2050%25@"
SHA_256 = 'Digest realm="{realm}", nonce="{nonce}", algorithm=SHA-256'
OTHER_SHA_256 = 'Digest realm="other", nonce="1", algorithm=SHA-256'
BASIC = 'Basic realm="cam"'


class Case(NamedTuple):
    """A camera.

    Attributes:
        address: The URI; {open}, {basic} and so on stand for the ports.
        codes: The codes of the issues, without infos about the URI.
        connects: Whether rtspsrc receives H.264.
    """

    address: str
    codes: tuple[str, ...] = ()
    connects: bool = True


CASES = {
    "H.264": Case("rtsp://127.0.0.1:{open}/h264"),
    "Basic": Case(f"rtsp://{LOGIN}127.0.0.1:{{basic}}/h264", ("LoginReadable",)),
    "Digest": Case(f"rtsp://{LOGIN}127.0.0.1:{{digest}}/h264"),
    "a query": Case(f"rtsp://{LOGIN}127.0.0.1:{{digest}}/h264?channel=1&subtype=0"),
    "a user for nothing": Case(f"rtsp://{LOGIN}127.0.0.1:{{open}}/h264"),
    "audio": Case("rtsp://127.0.0.1:{open}/audio", ("TrackIgnored",)),
    "a slow start": Case("rtsp://127.0.0.1:{open}/slow"),
    "TCP only": Case("rtsp://127.0.0.1:{open}/tcp", ("OnlyTcp",)),
    "UDP only": Case("rtsp://127.0.0.1:{open}/udp", ("OnlyUdp",)),
    "UDP blocked": Case("rtsp://127.0.0.1:{blocked}/h264", ("UdpBlocked",)),
    "SHA-256, MD5": Case(f"rtsp://{LOGIN}127.0.0.1:{{sha_md5}}/h264"),
    # Both clients take the last Digest. FFmpeg gives up; rtspsrc answers with MD5.
    "MD5, SHA-256": Case(f"rtsp://{LOGIN}127.0.0.1:{{md5_sha}}/h264", ("MediaFailed",)),
    "MD5, another SHA-256": Case(f"rtsp://{LOGIN}127.0.0.1:{{md5_other}}/h264", ("LoginNotSupported",), connects=False),
    "SHA-256, Basic": Case(f"rtsp://{LOGIN}127.0.0.1:{{sha_basic}}/h264", ("LoginNotSupported",), connects=False),
    "SHA-256": Case(f"rtsp://{LOGIN}127.0.0.1:{{sha}}/h264", ("LoginNotSupported",), connects=False),
    # rtspsrc has received a frame before.
    "stops in the middle": Case("rtsp://127.0.0.1:{open}/ends", ("StreamStopped",)),
    "freezes in the middle": Case("rtsp://127.0.0.1:{frozen}/h264", ("StreamStopped", "UdpBlocked")),
    "H.265": Case("rtsp://127.0.0.1:{open}/h265", ("VideoNotH264",), connects=False),
    "MJPEG": Case("rtsp://127.0.0.1:{open}/mjpeg", ("VideoNotH264",), connects=False),
    "only audio": Case("rtsp://127.0.0.1:{open}/only-audio", ("NoVideo", "TrackIgnored"), connects=False),
    "another path": Case("rtsp://127.0.0.1:{open}/nothing", ("PathUnknown",), connects=False),
    "another password": Case("rtsp://cam:other@127.0.0.1:{digest}/h264", ("LoginRefused",), connects=False),
    "no user": Case("rtsp://127.0.0.1:{digest}/h264", ("LoginRequired",), connects=False),
    "a raw @": Case("rtsp://cam:p@ss%2050%25@127.0.0.1:{basic}/h264", ("CredentialsNotEncoded",), connects=False),
    "a raw %": Case("rtsp://cam:p%40ss%2050%@127.0.0.1:{basic}/h264", ("CredentialsNotEncoded",), connects=False),
}


class Result(NamedTuple):
    """Answers of the check and of rtspsrc for one camera."""

    report: CameraReport
    rtspsrc: dict[str, Any]


@pytest.fixture(scope="module")
def results(ports) -> dict[str, Result]:
    """Check all cameras, a few at once: most of the time is waiting."""
    with ExitStack() as exits:
        blocked = exits.enter_context(closing(BlockedUdp()))
        relays = {
            "blocked": Relay(ports["open"], of_client=blocked),
            "frozen": Relay(ports["open"], of_client=blocked, of_camera=Freeze(9_000)),
            "sha_md5": Relay(ports["digest"], of_camera=offers(OTHER_SHA_256, "MD5")),
            "md5_sha": Relay(ports["digest"], of_camera=offers("MD5", SHA_256)),
            "md5_other": Relay(ports["digest"], of_camera=offers("MD5", OTHER_SHA_256)),
            "sha_basic": Relay(ports["digest"], of_camera=offers(OTHER_SHA_256, BASIC)),
            "sha": Relay(ports["digest"], of_camera=offers(OTHER_SHA_256)),
        }
        numbers = ports | {name: exits.enter_context(relay).port for name, relay in relays.items()}
        uris = [case.address.format(**numbers) for case in CASES.values()]
        with ThreadPoolExecutor(10) as pool:
            hub = pool.submit(connect, uris)
            reports = list(pool.map(lambda uri: check(uri, Settings(seconds=2, timeout=8)), uris))
            return {
                name: Result(report, answer) for name, report, answer in zip(CASES, reports, hub.result(), strict=True)
            }


@pytest.mark.parametrize("name", CASES)
def test_the_check_names_what_is_wrong_with_a_camera(results, name):
    codes = tuple(issue.code.value for issue in results[name].report.issues)
    assert tuple(code for code in codes if code != "CredentialsAbsent") == CASES[name].codes


@pytest.mark.parametrize("name", CASES)
def test_rtspsrc_receives_h264_from_each_camera_that_is_good(results, name):
    assert results[name].rtspsrc["connected"] is CASES[name].connects, results[name].rtspsrc
    assert results[name].rtspsrc["connected"] or not results[name].report.is_good


@pytest.mark.parametrize("name", ["H.264", "Basic", "Digest", "a query", "a slow start", "TCP only", "UDP blocked"])
def test_a_good_camera_is_measured(results, name):
    """It sends ten frames per second of 160x120, a key frame each second, and about 60 kbit/s."""
    observation = results[name].report.observation
    assert (observation.shown.picture.codec, observation.shown.picture.profile) == ("h264", "Constrained Baseline")
    assert (observation.shown.picture.width, observation.shown.picture.height) == (160, 120)
    measured = observation.measurement
    assert measured.frames_per_second == pytest.approx(10, rel=0.2)
    assert measured.key_frame_seconds == pytest.approx(1, rel=0.2)
    assert 30_000 < measured.mean_bit_rate <= measured.peak_bit_rate < 120_000
    assert abs(observation.clock_offset) < 30


def test_a_camera_with_tls_is_measured_if_its_certificate_is_trusted(ports, tls, certificate, monkeypatch):
    """FFmpeg checks the certificate, too."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with Relay(ports["digest"], tls=tls) as relay:
        uri = f"rtsps://{LOGIN}127.0.0.1:{relay.port}/h264"
        report = check(uri, Settings(seconds=1, timeout=8))
        # With the authorities of the machine instead, FFmpeg refuses it.
        monkeypatch.delenv("SSL_CERT_FILE")
        address, options = Address.of(uri), {"tls_verify": "1", "ca_file": certifi.where()}
        refused = reception.receive(address, Transport.TCP, seconds=0, timeout=8, options=options)
    assert [issue.code.value for issue in report.issues] == []
    assert report.observation.delivers(Transport.TCP)
    assert refused.picture is None


def test_the_page_has_what_the_clients_make_of_each_form_of_a_uri(gstreamer):
    """`python tests/camera/uri_table.py` makes the table again, for other versions of the clients."""
    page = (Path(__file__).parents[2] / "docs" / "cameras.md").read_text("utf-8")
    if head() not in page:
        pytest.skip("the page is about other versions of the clients")
    assert table() in page
