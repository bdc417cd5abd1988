"""An independent emulator (ministack), with the edge service of the local AWS behind the tick function."""

import os
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError

import boto3
import pytest

from kvs_edge_local.server import LocalAws
from second_opinion.assemblies import synthesize

ROOT = Path(__file__).parents[2]
PYTHON = ROOT / ".venv/second-opinion/bin/python"
REGION = "us-east-1"
ACCOUNT = "123456789012"
# An hour of the edge service's time is a minute: each sync takes a twentieth of a second.
TIME_SCALE = 60.0
START_SECONDS = 60.0
RETENTIONS = {"day": 24, "two_days": 48}
"""Hours of retention by the name of the assembly."""


@dataclass(frozen=True)
class Cli:
    """Result of a run of the CDK CLI."""

    code: int
    output: str


class SecondAws:
    """The other emulator, and the edge service for its functions."""

    def __init__(self, endpoint_url: str, edge: LocalAws, folder: Path) -> None:
        self.local = edge
        self._endpoint_url = endpoint_url
        self._folder = folder

    @property
    def environment(self) -> Mapping[str, str]:
        """Environment of the CDK CLI for the other emulator."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        return {
            **kept,
            "AWS_ENDPOINT_URL": self._endpoint_url,
            "AWS_ENDPOINT_URL_S3": self._endpoint_url,
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "CDK_DISABLE_CLI_TELEMETRY": "true",
            "NO_PROXY": "localhost",
            "no_proxy": "localhost",
        }

    def cdk(self, *arguments: str) -> Cli:
        """Run the pinned CDK CLI."""
        program = [str(ROOT / "node_modules/.bin/cdk"), *arguments]
        ended = subprocess.run(
            program,
            env=self.environment,
            cwd=self._folder,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        return Cli(ended.returncode, ended.stdout)

    def deploy(self, shape: str) -> Cli:
        """Run `cdk deploy` of an assembly."""
        return self.cdk("deploy", f"--app={shape}", "--require-approval=never", "--progress=events")

    def destroy(self, shape: str) -> Cli:
        """Run `cdk destroy` of an assembly's stack."""
        return self.cdk("destroy", f"--app={shape}", "--force")

    def client(self, service: str):
        """Return a boto3 client for the other emulator."""
        return boto3.client(
            service,
            endpoint_url=self._endpoint_url,
            region_name=REGION,
            aws_access_key_id="test",
            aws_secret_access_key="test",
        )

    def stack_status(self, name: str) -> str:
        """Return the stack's status in the other CloudFormation."""
        return self.client("cloudformation").describe_stacks(StackName=name)["Stacks"][0]["StackStatus"]


@pytest.fixture(scope="module")
def second_aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SecondAws]:
    """Run the other emulator, bootstrapped, on a free local port; remove its files after the tests."""
    assert PYTHON.exists(), f"{PYTHON} is missing: run `make dev`"
    folder = tmp_path_factory.mktemp("second-opinion")
    port = free_port()
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("AWS_")},
        # Without it the emulator listens on all of the machine's addresses.
        "BIND_HOST": "127.0.0.1",
        "GATEWAY_PORT": str(port),
        "MINISTACK_ACCOUNT_ID": ACCOUNT,
        "MINISTACK_REGION": REGION,
        # Its state machines wait on the edge service's clock.
        "SFN_WAIT_SCALE": repr(1 / TIME_SCALE),
        "TMPDIR": str(folder),
    }
    log = folder / "ministack.log"
    with log.open("w") as sink:
        emulator = subprocess.Popen(
            [PYTHON, "-m", "ministack"], env=environment, cwd=folder, stdout=sink, stderr=subprocess.STDOUT
        )
    try:
        wait_until_up(f"http://127.0.0.1:{port}/_ministack/health", emulator, log)
        with LocalAws(time_scale=TIME_SCALE, region=REGION) as edge:
            started = SecondAws(f"http://localhost:{port}", edge, folder)
            for shape, hours in RETENTIONS.items():
                synthesize(folder / shape, video=edge.endpoint_url, hours=hours)
            bootstrap = started.cdk("bootstrap", f"aws://{ACCOUNT}/{REGION}")
            assert bootstrap.code == 0, bootstrap.output
            yield started
    finally:
        emulator.send_signal(signal.SIGTERM)
        emulator.wait()


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def wait_until_up(url: str, emulator: "subprocess.Popen[bytes]", log: Path) -> None:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        assert emulator.poll() is None, log.read_text()
        try:
            opener.open(url, timeout=1).close()
        except (URLError, OSError):
            time.sleep(0.05)
        else:
            return
    pytest.fail(f"the emulator did not start in {START_SECONDS:.0f} s:\n{log.read_text()}")
