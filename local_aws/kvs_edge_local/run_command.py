"""Execution of a command against a local AWS of its own."""

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence

from kvs_edge_local.server import LocalAws

# Variables of the shell that would lead a client away from the local AWS.
_MISLEADING = (
    "AWS_CONFIG_FILE",
    "AWS_DEFAULT_PROFILE",
    "AWS_PROFILE",
    "AWS_SESSION_TOKEN",
    "AWS_SHARED_CREDENTIALS_FILE",
)


def run(command: Sequence[str], local_aws: LocalAws) -> int:
    """Run the command in the local AWS's environment; return its exit code.

    Raise FileNotFoundError, with the command's name, if the command does not exist.
    """
    environment = _environment(local_aws)
    program = shutil.which(command[0], path=environment.get("PATH"))
    if program is None:
        raise FileNotFoundError(f"command {command[0]!r} not found on the PATH")
    return subprocess.run([program, *command[1:]], env=environment, check=False).returncode  # noqa: S603 - the user's


def _environment(local_aws: LocalAws) -> Mapping[str, str]:
    shell = {name: value for name, value in os.environ.items() if name not in _MISLEADING}
    return {**shell, **local_aws.environment()}
