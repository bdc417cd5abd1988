"""`kvs-edge camera` on declared streams: their secrets, its output, and the rates that it records."""

import io
import json
import logging
from pathlib import Path

import pytest

from camera.fake_camera import FakeCamera, rtsp
from kvs_edge_gitops.aws.access import Aws
from kvs_edge_gitops.camera import CameraReport, Observation
from kvs_edge_gitops.camera.answer import Answer
from kvs_edge_gitops.camera.challenges import Challenge
from kvs_edge_gitops.camera.judgement import judge
from kvs_edge_gitops.camera.measurement import Packet
from kvs_edge_gitops.camera.sdp import Track
from kvs_edge_gitops.camera.video import End, Picture, Transport, Video
from kvs_edge_gitops.checks.cameras import reading
from kvs_edge_gitops.errors import DeniedError
from kvs_edge_gitops.extras import INSTALL_CAMERA

PASSWORD = "Xqz7-Hunter"
URI = f"rtsp://Xqzuser:{PASSWORD}@127.0.0.1:1/Xqzpath"
MARKS = ("Xqz", "Hunter", "127.0.0.1")


@pytest.fixture
def declare(aws, site, edge_config, new_name):
    """Return a function that stores a secret per content, and declares a stream for each."""

    def declare(*contents, uri_type="RTSP_URI"):
        client = aws.client("secretsmanager")
        secrets = [client.create_secret(Name=new_name("cam"), SecretString=json.dumps(one))["ARN"] for one in contents]
        sources = [{"MediaUriSecretArn": secret, "MediaUriType": uri_type} for secret in secrets]
        return site(
            *(
                {"StreamName": f"cam-{number}", "EdgeConfig": edge_config(RecorderConfig={"MediaSourceConfig": source})}
                for number, source in enumerate(sources)
            )
        )

    return declare


def observed():
    sizes = [15_000 if 100 <= number < 125 else 10_000 for number in range(250)]
    packets = [Packet(number / 25, size, number / 25, number % 50 == 0) for number, size in enumerate(sizes)]
    picture = Picture("h264", "Main", 1920, 1080)
    login = Challenge("digest", {"nonce": "1"})
    tracks = (Track("video", "H264"), Track("audio", "PCMA"))
    answer = Answer(reached=True, status=200, login=login, offers=(login,), tracks=tracks)
    videos = (Video(Transport.UDP, End.COMPLETE, picture, packets, 0.2), Video(Transport.TCP, End.COMPLETE, picture))
    return Observation.of(answer, videos)


@pytest.fixture
def good(monkeypatch):
    """Let every camera be good."""

    def check(_uri, _settings, done):
        for _ in range(3):
            done()
        return CameraReport(judge(observed()), observed())

    monkeypatch.setattr(reading, "check", check)
    monkeypatch.setattr("kvs_edge_gitops.camera.check", check)


def test_a_good_camera_in_words_is_the_example_of_the_page(declare, run, good):
    declare({"MediaURI": URI})
    ended = run("camera")
    assert (ended.code, ended.err) == (0, "")
    shown = ended.out.replace("cam-0", "dock").replace("edge/site.json:3", "edge/warehouse.yaml:13")
    page = (Path(__file__).parents[2] / "docs" / "cameras.md").read_text("utf-8")
    assert f"$ kvs-edge camera dock\n{shown}```" in page, shown


def test_a_good_camera_in_json(declare, run, good):
    declare({"MediaURI": URI})
    ended = run("camera", "cam-0", "--format", "json")
    (camera,) = ended.json["cameras"]
    assert (ended.json["exit_code"], camera["is_good"], camera["state"]) == (0, True, "good")
    assert camera["observed"]["measurement"]["mean_bit_rate"] == 2_100_000
    assert camera["observed"]["transports"] == {"udp": "complete", "tcp": "complete"}
    assert camera["observed"]["picture"]["width"] == 1920


def test_the_rates_of_good_cameras_go_into_the_file(declare, run, good):
    file = declare({"MediaURI": URI}, {"mediauri": URI})
    before = file.read_text()
    ended = run("camera", "--record", str(file))
    assert ended.code == 1
    assert ended.err.splitlines() == [
        "edge/site.json: camera_bit_rate of cam-0 is 2100000",
        "edge/site.json: cam-1 has no new camera_bit_rate: its rate was not measured",
    ]
    name = '"StreamName": "cam-0",\n'
    assert file.read_text() == before.replace(name, f'{name}      "camera_bit_rate": 2100000,\n')


def test_a_secret_with_an_error_is_not_tried(declare, run):
    declare({"mediauri": URI}, {"MediaURI": URI.replace("7-", "7@")})
    ended = run("camera", "--format", "json")
    codes = [[issue["code"] for issue in camera["issues"]] for camera in ended.json["cameras"]]
    assert (ended.code, codes) == (1, [["KeyMissing"], ["CredentialsNotEncoded"]])
    assert ended.json["summary"]["sentence"] == "2 cameras: 2 with errors"


def test_a_file_is_no_camera(declare, run):
    declare({"MediaURI": "/media/a.mp4"}, uri_type="FILE_URI")
    ended = run("camera")
    assert (ended.code, "cam-0 (cam-0 at edge/site.json:3): not checked: its source is a file" in ended.out) == (
        0,
        True,
    )


def test_a_secret_that_may_not_be_read_exits_with_3(declare, run, monkeypatch):
    class Secrets:
        def read(self, _):
            raise DeniedError("AWS denied secretsmanager:GetSecretValue", "secretsmanager:GetSecretValue", "eu-west-1")

    declare({"MediaURI": URI})
    monkeypatch.setattr(Aws, "secrets", lambda *_: Secrets())
    ended = run("camera")
    assert ended.code == 3
    assert "not checked: AWS denied secretsmanager:GetSecretValue" in ended.out


@pytest.mark.parametrize("form", ["text", "json"])
def test_nothing_of_a_secret_is_shown(declare, run, caplog, form):
    """The camera's own words are not repeated: it may quote the request."""

    def refuses(received):
        quoted = received.split()[1].decode()
        yield rtsp(received, status=f"404 {quoted}", headers=[f"Server: {quoted}"], body=received)

    with FakeCamera(refuses) as camera:
        declare({"MediaURI": URI.replace(":1/", f":{camera.port}/")})
        caplog.clear()
        caplog.set_level(logging.DEBUG)
        ended = run("camera", "--format", form, "--timeout", "5")
    assert (ended.code, "PathUnknown" in ended.out, len(camera.requests)) == (1, True, 2)
    shown = ended.out + ended.err + "".join(f"{record.getMessage()} {record.exc_text}" for record in caplog.records)
    assert [mark for mark in MARKS if mark in shown] == []


def test_a_uri_from_standard_input_needs_no_aws(site, run, good, monkeypatch):
    site()
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{URI}\n"))
    monkeypatch.setattr(Aws, "__init__", lambda *_: pytest.fail("it asked AWS"))
    ended = run("camera", "--uri-from-stdin")
    assert (ended.code, ended.out.splitlines()[0]) == (0, "standard input: good")


def test_a_rate_from_standard_input_goes_to_the_named_stream(declare, run, good, monkeypatch):
    file = declare({"MediaURI": URI})
    monkeypatch.setattr("sys.stdin", io.StringIO(URI))
    ended = run("camera", "cam-0", "--uri-from-stdin", "--record", str(file))
    assert (ended.code, ended.err) == (0, "edge/site.json: camera_bit_rate of cam-0 is 2100000\n")


class Terminal(io.StringIO):
    """Standard input of a person."""

    def isatty(self):
        return True


def test_at_a_terminal_the_uri_is_asked_for_and_not_shown(site, run, good, monkeypatch):
    site()
    monkeypatch.setattr("sys.stdin", Terminal())
    monkeypatch.setattr("getpass.getpass", lambda *_: URI)
    assert run("camera", "--uri-from-stdin").code == 0


def _no_terminal(*_):
    raise EOFError


@pytest.mark.parametrize(
    ("arguments", "given", "message"),
    [
        (["--uri-from-stdin"], "", "there is no URI on standard input"),
        (["--uri-from-stdin"], "\n", "there is no URI on standard input"),
        (["--uri-from-stdin"], f"{URI}\n{URI}\n", "is more than one line"),
        (["--uri-from-stdin"], None, "the terminal cannot hide what is typed"),
        (["a", "b", "--uri-from-stdin"], URI, "give no more than one name"),
        (["--uri-from-stdin", "--record", "edge/site.json"], URI, "needs the stream's name"),
        (["cam-1", "--uri-from-stdin", "--record", "edge/site.json"], URI, "did you mean cam-0?"),
        (["cam-0", "--record", "edge"], URI, "is not a file"),
        (["cam-9"], URI, "no file declares a stream 'cam-9'"),
        (["--seconds", "0"], URI, "'0' is not a number of seconds from 1 to 3600"),
        (["--jobs", "100"], URI, "'100' is not a whole number from 1 to 64"),
    ],
)
def test_wrong_usage_is_named(declare, run, monkeypatch, arguments, given, message):
    declare({"MediaURI": URI})
    monkeypatch.setattr("sys.stdin", Terminal() if given is None else io.StringIO(given))
    monkeypatch.setattr("getpass.getpass", _no_terminal)
    ended = run("camera", *arguments)
    assert (ended.code, ended.out) == (2, "")
    assert message in ended.err
    assert PASSWORD not in ended.err


def test_a_file_with_an_error_is_not_recorded_into(site, run, monkeypatch):
    file = site({"StreamName": "cam-0"})
    monkeypatch.setattr("sys.stdin", io.StringIO(URI))
    ended = run("camera", "cam-0", "--uri-from-stdin", "--record", str(file))
    assert (ended.code, ended.err.startswith("kvs-edge: --record edge/site.json:3: ")) == (2, True)


def test_without_pyav_it_says_how_to_install_it(site, run, monkeypatch):
    site()
    monkeypatch.setattr("kvs_edge_gitops.camera.is_available", lambda: False)
    ended = run("camera")
    assert (ended.code, ended.err) == (
        2,
        f"kvs-edge: kvs-edge camera needs PyAV, which is not installed: {INSTALL_CAMERA}\n",
    )


def test_the_documents_say_what_to_install():
    page = (Path(__file__).parents[2] / "docs" / "cameras.md").read_text("utf-8")
    assert "cdk-kvs-edge[camera]" in page
    assert "cdk-kvs-edge[camera]" in INSTALL_CAMERA
