"""Whatever answers, the check ends in time, names it, and leaves nothing running."""

import itertools
import json
import os
import signal
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest

from camera.fake_camera import CLOSE, FakeCamera, describes, rtsp
from kvs_edge_gitops.camera import Settings, check, reception
from support.waiting import until

FAST = Settings(seconds=1, timeout=1)
PASSWORD = "Xqz7-Hunter"


def codes(report):
    return [issue.code.value for issue in report.issues if issue.severity.value == "error"]


def address(port, path="/live", scheme="rtsp"):
    return f"{scheme}://cam:{PASSWORD}@127.0.0.1:{port}{path}"


def _endless(_):
    return itertools.repeat(b"RTSP/1.0 200 OK\r\nX: y\r\n")


def _refuses(status, *headers):
    return lambda received: [rtsp(received, status=status, headers=headers)]


@pytest.mark.parametrize(
    ("script", "code"),
    [
        (lambda _: [b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"], "NotRtsp"),
        (lambda _: [b"SSH-2.0-OpenSSH_9.2\r\n"], "NotRtsp"),
        (lambda _: [b"RTSP/1.0 what\r\n\r\n"], "NotRtsp"),
        (lambda _: [b"RTSP/1.0 200 OK\r\nContent-Length: many\r\n\r\n"], "NotRtsp"),
        (lambda _: [b"RTSP/1.0 200 OK\r\nContent-Length: 99999999\r\n\r\n"], "NotRtsp"),
        (_endless, "NotRtsp"),
        (lambda _: [b"RTSP/1.0 200 OK\r\n"], "CameraSilent"),
        (lambda _: [], "CameraSilent"),
        (lambda _: [CLOSE], "ConnectionClosed"),
        (_refuses("403 Forbidden"), "LoginRefused"),
        (_refuses("404 Not Found"), "PathUnknown"),
        (_refuses("453 Not Enough Bandwidth"), "CameraRefused"),
        (_refuses("500 Internal Server Error"), "CameraRefused"),
        (_refuses("401 Unauthorized"), "LoginNotSupported"),
        (_refuses("401 Unauthorized", 'WWW-Authenticate: Bearer realm="x"'), "LoginNotSupported"),
        (_refuses("401 Unauthorized", 'WWW-Authenticate: Basic realm="x"'), "LoginRefused"),
        # It describes its media, and does not start them: FFmpeg waits for SETUP.
        (describes, "NoFrame"),
    ],
)
def test_each_answer_has_its_issue(script, code):
    with FakeCamera(script) as camera:
        report = check(address(camera.port), FAST)
    assert codes(report) == [code]
    assert PASSWORD not in repr(report)
    assert _workers() == []


def test_nothing_listens():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        assert codes(check(address(free.getsockname()[1]), FAST)) == ["CameraUnreachable"]


@pytest.mark.parametrize("host", ["camera.invalid", "a" * 64 + ".invalid", "0.0.0.0"])
def test_a_host_that_is_not_there(host):
    """Without a network, it is the same."""
    found = codes(check(f"rtsp://cam:{PASSWORD}@{host}:9/live", FAST))
    assert found in (["HostUnknown"], ["CameraUnreachable"])


def test_a_camera_that_closes_after_each_response_is_asked_again():
    """As some do after OPTIONS, and after a refused login."""

    def script(received):
        if b"Authorization: Basic" in received:
            yield rtsp(received, status="404 Not Found")
        else:
            yield rtsp(received, status="401 Unauthorized", headers=['WWW-Authenticate: Basic realm="x"'])
        yield CLOSE

    with FakeCamera(script) as camera:
        assert codes(check(address(camera.port), FAST)) == ["PathUnknown"]


def test_a_stale_nonce_is_answered_again():
    def script(received):
        stale = "" if b"Authorization" not in received else ", stale=TRUE"
        number = len(camera.requests)
        if number > 2:
            yield rtsp(received, status="404 Not Found")
        else:
            offer = f'WWW-Authenticate: Digest realm="x", nonce="{number}"{stale}'
            yield rtsp(received, status="401 Unauthorized", headers=[offer])

    with FakeCamera(script) as camera:
        assert codes(check(address(camera.port), FAST)) == ["PathUnknown"]
    assert b'nonce="2"' in camera.requests[2]


def test_a_certificate_of_nobody_is_an_error_and_no_password_is_sent(tls):
    with FakeCamera(describes, tls=tls) as camera:
        assert codes(check(address(camera.port, scheme="rtsps"), FAST)) == ["CertificateNotTrusted"]
    assert camera.requests == []


def test_a_trusted_certificate_is_taken(tls, certificate, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with FakeCamera(_refuses("404 Not Found"), tls=tls) as camera:
        assert codes(check(address(camera.port, scheme="rtsps"), FAST)) == ["PathUnknown"]


@pytest.mark.parametrize(
    ("script", "code"), [(lambda _: [b"RTSP/1.0 400 Bad\r\n\r\n"], "TlsFailed"), (lambda _: [], "CameraSilent")]
)
def test_a_port_without_tls(script, code):
    with FakeCamera(script) as camera:
        assert codes(check(address(camera.port, scheme="rtsps"), FAST)) == [code]


_CHECK = """
import sys
from kvs_edge_gitops.camera import Settings, check
check(sys.stdin.readline().strip(), Settings(seconds=60, timeout=60))
"""


@pytest.mark.parametrize("signal_number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_nothing_stays_behind_when_the_command_is_stopped(signal_number):
    """The URI is on no command line and in no environment of its processes."""
    with FakeCamera(describes) as camera:
        command = [sys.executable, "-c", _CHECK]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as parent:
            parent.stdin.write(address(camera.port) + "\n")
            parent.stdin.flush()
            # The first two are the check's own, the third is FFmpeg's.
            until(lambda: len(camera.requests) > 2, "FFmpeg asks")
            (worker,) = _workers(parent.pid)
            shown = Path(f"/proc/{worker}/cmdline").read_bytes() + Path(f"/proc/{worker}/environ").read_bytes()
            assert PASSWORD.encode() not in shown
            parent.send_signal(signal_number)
            parent.wait(30)
        until(lambda: not _is_running(worker), "FFmpeg has ended")


def test_a_crash_of_ffmpeg_is_a_result():
    """FFmpeg is native code: what a camera sends may end it. UDP and TCP have a process each."""
    with FakeCamera(describes) as camera, ThreadPoolExecutor(1) as pool:
        checked = pool.submit(check, address(camera.port), Settings(seconds=60, timeout=60))
        for crashes in range(2):
            until(lambda asked=3 * crashes: len(camera.requests) > 2 + asked, "FFmpeg asks")
            (worker,) = _workers()
            os.kill(worker, signal.SIGSEGV)
        assert codes(checked.result(30)) == ["MediaFailed"]


def test_ffmpeg_is_stopped_if_it_hangs():
    with FakeCamera(describes) as camera:
        order = {"uri": address(camera.port), "transport": "tcp", "seconds": 60, "timeout": 60, "options": {}}
        assert reception.output(json.dumps(order), limit=1) == ""
    assert _workers() == []


def _workers(parent: int | None = None) -> list[int]:
    """Return the processes with FFmpeg that a process has started."""
    threads = Path(f"/proc/{parent or os.getpid()}/task")
    while True:
        # A thread may end meanwhile, such as one of a local AWS in this process; another has its children then.
        with suppress(FileNotFoundError, ProcessLookupError):
            children = [int(pid) for file in threads.glob("*/children") for pid in file.read_text().split()]
            return [pid for pid in children if _is_running(pid)]


def _is_running(pid: int) -> bool:
    try:
        return b"camera.worker" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False
