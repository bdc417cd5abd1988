"""A local AWS in its own process, as a user starts it, and the real CDK CLI against it."""

import os
import re
import shlex
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

import boto3
import pytest
from aws_cdk import App

from e2e import hotswap_app, small_app
from kvs_edge_local.control_client import ControlClient

ROOT = Path(__file__).parents[2]
TIME_SCALE = "60"
_DEPLOY = ("--require-approval=never", "--progress=events")
_ASSETS = {"aws:cdk:enable-asset-metadata": True}

Shape = Mapping[str, Any]
"""Arguments of a stack of the small app."""


@dataclass(frozen=True)
class Cli:
    """Result of a run of the CDK CLI."""

    code: int
    output: str


@dataclass(frozen=True)
class Aws:
    """Running local AWS, and the environment of a shell that uses it."""

    environment: Mapping[str, str]
    control: ControlClient
    folder: Path

    def client(self, service: str):
        """Return a boto3 client."""
        return boto3.Session(
            aws_access_key_id=self.environment["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=self.environment["AWS_SECRET_ACCESS_KEY"],
            region_name=self.environment["AWS_REGION"],
        ).client(service, endpoint_url=self.environment["AWS_ENDPOINT_URL"])

    def cdk(
        self, command: str, *arguments: str, app: ModuleType = small_app, runs_app: bool = False, **context: object
    ) -> Cli:
        """Run the pinned CDK CLI with that app and context, as `cdk COMMAND`.

        The app is synthesized in this process unless `runs_app` is set: each process of its own loads the CDK for ten
        seconds.
        """
        synthesis = self._process_of(app, context) if runs_app else [self._assembly_of(app.build, **context)]
        return self._run(command, *arguments, *synthesis)

    def bootstrap(self, environment: str) -> Cli:
        """Run `cdk bootstrap` for an environment, without an app."""
        return self._run("bootstrap", environment)

    def deploy(self, *, runs_app: bool = False, **context: object) -> Cli:
        """Run `cdk deploy` of the small app."""
        return self.cdk("deploy", *_DEPLOY, runs_app=runs_app, **context)

    def deploy_again(self) -> Cli:
        """Run `cdk deploy` of the app that ran last in a process of its own, as it was synthesized then."""
        return self._run("deploy", *_DEPLOY, f"--app={self._output}")

    def cdk_all(self, command: str, *arguments: str, shapes: Collection[Shape], **context: object) -> Cli:
        """Run the CDK CLI once on a stack of the small app for each shape, as `cdk COMMAND --all`.

        With a `version` in the context, the app has the stack of the hotswap app, too.
        """
        builds: list[Callable[[App], None]] = [partial(small_app.add_stack, **shape) for shape in shapes]
        if "version" in context:
            builds.append(hotswap_app.build)
        return self._run(command, "--all", *arguments, self._assembly_of(*builds, **context))

    def deploy_all(self, *arguments: str, shapes: Collection[Shape], **context: object) -> Cli:
        """Run one `cdk deploy` of a stack for each shape, all at once."""
        at_once = f"--concurrency={len(shapes) + 1}"
        return self.cdk_all("deploy", *_DEPLOY, at_once, *arguments, shapes=shapes, **context)

    def stack_status(self, name: str) -> str:
        """Return the stack's status in CloudFormation."""
        return self.client("cloudformation").describe_stacks(StackName=name)["Stacks"][0]["StackStatus"]

    def _run(self, *arguments: str) -> Cli:
        ended = subprocess.run(
            [str(ROOT / "node_modules/.bin/cdk"), *arguments],
            env=self.environment,
            cwd=self.folder,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        return Cli(ended.returncode, ended.stdout)

    def _process_of(self, app: ModuleType, context: Mapping[str, object]) -> list[str]:
        return [
            f"--app={shlex.quote(sys.executable)} {shlex.quote(str(app.__file__))}",
            f"--output={self._output}",
            *(f"--context={name}={value}" for name, value in context.items()),
        ]

    def _assembly_of(self, *builds: Callable[[App], None], **context: object) -> str:
        """Return the option with the assembly of an app that these functions build."""
        app = App(context={**_ASSETS, **context}, outdir=tempfile.mkdtemp(dir=self.folder))
        for build in builds:
            build(app)
        app.synth()
        return f"--app={app.outdir}"

    @property
    def _output(self) -> Path:
        return self.folder / "cdk.out"

    def edge(self, stream: str):
        """Return DescribeEdgeConfiguration's response for the stream, or the name of its error."""
        client = self.client("kinesisvideo")
        try:
            return client.describe_edge_configuration(StreamName=stream)
        except client.exceptions.ClientError as error:
            return error.response["Error"]["Code"]


@pytest.fixture(scope="session")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Aws]:
    """Run `kvs-edge-local up` with a bootstrapped account."""
    command = [sys.executable, "-m", "kvs_edge_local.cli", "up", "--port=0", f"--time-scale={TIME_SCALE}"]
    with subprocess.Popen(command, text=True, stdout=subprocess.PIPE) as process:
        exported = {}
        for line in process.stdout:
            if found := re.fullmatch(r"export (\w+)=(.*)\n", line):
                exported[found[1]] = shlex.split(found[2])[0]
            if line.startswith("# Ctrl-C"):
                break
        kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        folder = tmp_path_factory.mktemp("cdk")
        started = Aws({**kept, **exported}, ControlClient(exported["AWS_ENDPOINT_URL"]), folder)
        try:
            bootstrap = started.bootstrap(f"aws://123456789012/{exported['AWS_REGION']}")
            assert bootstrap.code == 0, bootstrap.output
            yield started
        finally:
            process.send_signal(signal.SIGTERM)
            rest = process.stdout.read()
    assert process.returncode == 0
    assert "stopped" in rest


@pytest.fixture(scope="session")
def deployed(aws: Aws) -> Mapping[str, Shape]:
    """Deploy the stacks that tests begin with, in one run of the CDK CLI; return each small stack's shape by its name.

    The stack of the hotswap app is among them, in its first version.
    """
    streams = {
        "Update": "back-door",
        "Offline": "gate",
        "GoneRETAIN": "door-RETAIN",
        "GoneDESTROY": "door-DESTROY",
        "FailedUpdate": "pier",
    }
    shapes = {stack: {"stack": stack, "stream": stream, "hub": f"{stream}-hub"} for stack, stream in streams.items()}
    shapes["GoneDESTROY"]["removal"] = "DESTROY"
    deployment = aws.deploy_all(shapes=shapes.values(), version="first")
    assert deployment.code == 0, deployment.output
    return shapes
