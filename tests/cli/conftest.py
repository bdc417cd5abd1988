"""Edge files to write, and the command line to run on them, in this process or in one of its own."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from kvs_edge_gitops.cli import main
from support.declarations import edge_config, hub_arn, media_secret

HUB = hub_arn(region="us-west-2")


class Ended(NamedTuple):
    """The result of a command."""

    code: int
    out: str
    err: str

    @property
    def findings(self) -> list[dict[str, Any]]:
        return json.loads(self.out)["findings"]

    @property
    def places(self) -> list[tuple[str, int, int]]:
        return [(one["code"], one["line"], one["column"]) for one in self.findings]


@pytest.fixture
def site(tmp_path, monkeypatch):
    """Return a function that writes a file into edge/ of a new working directory."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "edge").mkdir()

    def write(name: str, content: str | bytes) -> Path:
        file = Path("edge") / name
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        return file

    return write


@pytest.fixture
def run(capsys):
    """Return a function that runs the command line in this process."""

    def call(*arguments: str) -> Ended:
        code = main(arguments)
        out, err = capsys.readouterr()
        return Ended(code, out, err)

    return call


@pytest.fixture
def validate(run):
    """Return a function that runs `validate --format json` on edge/, from a fixed instant."""

    def call(*arguments: str) -> Ended:
        return run("validate", "--format", "json", "--start", "2026-01-05T00:00:00Z", *arguments)

    return call


@pytest.fixture
def process():
    """Return a function that runs the command line in a new process."""

    def call(*arguments: str, given: bytes = b"") -> Ended:
        command = [sys.executable, "-m", "kvs_edge_gitops", *arguments]
        done = subprocess.run(command, input=given, capture_output=True, check=False)
        return Ended(done.returncode, done.stdout.decode(), done.stderr.decode())

    return call


@pytest.fixture
def stream():
    """Return a function that makes an entry: always recording, with the given fields changed or added."""

    def make(name: str = "gate", hub: str = HUB, **more: Any) -> dict[str, Any]:
        secret = media_secret("gate", region="us-west-2")
        config = {**edge_config(hub, secret), **more.pop("config", {})}
        return {"StreamName": name, "EdgeConfig": config, **more}

    return make


@pytest.fixture
def declare(site):
    """Write a file of streams, and what else it holds."""

    def write(*streams: Any, name: str = "site.json", **more: Any) -> Path:
        return site(name, json.dumps({**more, "streams": streams}, indent=2))

    return write
