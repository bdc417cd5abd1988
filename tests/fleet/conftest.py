"""Sites to manage: a local AWS with streams and hubs, edge files, and the command line on both."""

import itertools
import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from kvs_edge_gitops.cli import main
from kvs_edge_local import LocalAws

REGION = "eu-west-1"
TIME_SCALE = 1000.0
"""A hub takes a configuration in seconds, and gives up after 15 minutes: here in milliseconds, and in one second."""
_ARN = "arn:aws:{service}:{region}:123456789012:{name}"


class Ended(NamedTuple):
    """What came of a command."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@pytest.fixture(scope="session")
def local_aws() -> Iterator[LocalAws]:
    """One for the whole session of a worker."""
    with LocalAws(time_scale=TIME_SCALE, region=REGION) as started:
        yield started


@pytest.fixture
def aws(local_aws: LocalAws, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> LocalAws:
    """It, without configurations, hubs that were told to misbehave, and calls; the environment leads to it."""
    local_aws.edge.reset()
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, str(tmp_path / "no-such-file"))
    for name, value in local_aws.environment().items():
        monkeypatch.setenv(name, value)
    return local_aws


@pytest.fixture
def hub() -> str:
    """The ARN of a hub."""
    return _ARN.format(service="iot", region=REGION, name="thing/site-hub")


_numbers = itertools.count(1)


@pytest.fixture
def new_name() -> Callable[[str], str]:
    """A name that no other stream of the session has: streams outlive a test."""
    return lambda name="camera": f"{name}-{next(_numbers)}"


@pytest.fixture
def make_stream(aws: LocalAws, new_name) -> Callable[..., str]:
    """Makes a stream that keeps data, and tells its name."""

    def make(name: str | None = None, hours: int = 24) -> str:
        name = name or new_name()
        aws.client("kinesisvideo").create_stream(StreamName=name, DataRetentionInHours=hours)
        return name

    return make


@pytest.fixture
def edge_config(hub: str) -> Callable[..., dict[str, Any]]:
    """An EdgeConfig: always recording; with what is given changed or added."""

    def make(hub_arn: str = hub, **more: Any) -> dict[str, Any]:
        secret = _ARN.format(service="secretsmanager", region=REGION, name="secret:camera-aBcDeF")
        source = {"MediaUriSecretArn": secret, "MediaUriType": "RTSP_URI"}
        return {"HubDeviceArn": hub_arn, "RecorderConfig": {"MediaSourceConfig": source}, **more}

    return make


@pytest.fixture
def start(aws: LocalAws) -> Callable[[str, Mapping[str, Any]], None]:
    """Gives a stream its edge configuration by hand, and lets the hub take it."""

    def start(name: str, config: Mapping[str, Any]) -> None:
        client = aws.client("kinesisvideo")
        client.start_edge_configuration_update(StreamName=name, EdgeConfig=config)
        aws.clock.sleep(30)

    return start


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """A working directory; call it with requests (and what else a file holds) to write a file into edge/."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "edge").mkdir()

    def write(*streams: Any, name: str = "site.json", **more: Any) -> Path:
        file = Path("edge") / name
        file.write_text(json.dumps({**more, "streams": streams}, indent=2))
        return file

    return write


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Callable[..., Ended]:
    """The command line, in this process."""

    def call(*arguments: str) -> Ended:
        code = main(arguments)
        out, err = capsys.readouterr()
        return Ended(code, out, err)

    return call
