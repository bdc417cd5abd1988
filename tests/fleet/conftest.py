"""Sites to manage: a local AWS with streams and hubs, edge files, and the command line on both."""

import itertools
import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from kvs_edge_gitops.cli import main
from kvs_edge_local import LocalAws
from support import declarations
from support.declarations import REGION
from support.shared_local_aws import Shared

TIME_SCALE = 1000.0
"""A hub takes a configuration in seconds, and gives up after 15 minutes: here in milliseconds, and in one second."""


class Ended(NamedTuple):
    """The result of a command."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


SHARED = pytest.StashKey[Shared[LocalAws]]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Iterator[None]:
    """Stop the local AWS after the folder's last test: other folders have their own in this process."""
    yield
    if SHARED in item.config.stash:
        item.config.stash[SHARED].stop_after_last_test(nextitem)


@pytest.fixture
def local_aws(request: pytest.FixtureRequest) -> LocalAws:
    """Return the local AWS of the folder's tests, one per worker."""
    shared = request.config.stash.setdefault(SHARED, Shared(Path(__file__).parent))
    return shared.get(lambda: LocalAws(time_scale=TIME_SCALE, region=REGION))


@pytest.fixture
def aws(local_aws: LocalAws, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> LocalAws:
    """Reset the local AWS, and point the environment to it."""
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
    """Return the ARN of a hub."""
    return declarations.hub_arn("site-hub")


_numbers = itertools.count(1)


@pytest.fixture
def new_name() -> Callable[[str], str]:
    """Return a function for names that are unique in the session: streams outlive a test."""
    return lambda name="camera": f"{name}-{next(_numbers)}"


@pytest.fixture
def make_stream(aws: LocalAws, new_name) -> Callable[..., str]:
    """Return a function that creates a stream with data retention, and returns its name."""

    def make(name: str | None = None, hours: int = 24) -> str:
        name = name or new_name()
        aws.client("kinesisvideo").create_stream(StreamName=name, DataRetentionInHours=hours)
        return name

    return make


@pytest.fixture
def edge_config(hub: str) -> Callable[..., dict[str, Any]]:
    """Return a function that makes an EdgeConfig: always recording, with the given fields changed or added."""

    def make(hub_arn: str = hub, **more: Any) -> dict[str, Any]:
        return declarations.edge_config(hub_arn, **more)

    return make


@pytest.fixture
def start(aws: LocalAws) -> Callable[[str, Mapping[str, Any]], None]:
    """Return a function that starts a configuration manually, and lets the hub apply it."""

    def start(name: str, config: Mapping[str, Any]) -> None:
        client = aws.client("kinesisvideo")
        client.start_edge_configuration_update(StreamName=name, EdgeConfig=config)
        aws.clock.sleep(30)

    return start


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """Return a function that writes a file of requests into edge/ of a new working directory."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "edge").mkdir()

    def write(*streams: Any, name: str = "site.json", **more: Any) -> Path:
        file = Path("edge") / name
        file.write_text(json.dumps({**more, "streams": streams}, indent=2))
        return file

    return write


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Callable[..., Ended]:
    """Return a function that runs the command line in this process."""

    def call(*arguments: str) -> Ended:
        code = main(arguments)
        out, err = capsys.readouterr()
        return Ended(code, out, err)

    return call
