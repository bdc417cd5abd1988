"""Edge files to write, and the command line to run on them, in this process or in one of its own."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from kvs_edge_gitops.cli import main

HUB = "arn:aws:iot:us-west-2:123456789012:thing/hub"


class Ended(NamedTuple):
    """What came of a command."""

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
    """A working directory; call it with a file's name and text to write one into edge/."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "edge").mkdir()

    def write(name: str, content: str | bytes) -> Path:
        file = Path("edge") / name
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        return file

    return write


@pytest.fixture
def run(capsys):
    """The command line, in this process."""

    def call(*arguments: str) -> Ended:
        code = main(arguments)
        out, err = capsys.readouterr()
        return Ended(code, out, err)

    return call


@pytest.fixture
def validate(run):
    """`validate --format json` on edge/, from an instant that does not move."""

    def call(*arguments: str) -> Ended:
        return run("validate", "--format", "json", "--start", "2026-01-05T00:00:00Z", *arguments)

    return call


@pytest.fixture
def process():
    """The command line, in a process of its own."""

    def call(*arguments: str, given: bytes = b"") -> Ended:
        command = [sys.executable, "-m", "kvs_edge_gitops", *arguments]
        done = subprocess.run(command, input=given, capture_output=True, check=False)
        return Ended(done.returncode, done.stdout.decode(), done.stderr.decode())

    return call


@pytest.fixture
def stream():
    """A stream's entry, as a value: always recording, uploaded hourly; with what is given changed or added."""

    def make(name: str = "gate", hub: str = HUB, **more: Any) -> dict[str, Any]:
        source = {
            "MediaUriSecretArn": "arn:aws:secretsmanager:us-west-2:123456789012:secret:gate-aBcDeF",
            "MediaUriType": "RTSP_URI",
        }
        config = {"HubDeviceArn": hub, "RecorderConfig": {"MediaSourceConfig": source}, **more.pop("config", {})}
        return {"StreamName": name, "EdgeConfig": config, **more}

    return make


@pytest.fixture
def declare(site):
    """Write a file of streams, and what else it holds."""

    def write(*streams: Any, name: str = "site.json", **more: Any) -> Path:
        return site(name, json.dumps({**more, "streams": streams}, indent=2))

    return write
