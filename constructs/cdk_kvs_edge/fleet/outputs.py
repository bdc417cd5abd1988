"""Output of a fleet's stack: the command that shows whether its streams record."""

import shlex
from collections.abc import Sequence
from pathlib import Path

from aws_cdk import CfnOutput
from constructs import Construct

from kvs_edge_preflight.files import short_path

OUTPUT = "StatusCommand"
_MAX_CHARACTERS = 1024
"""Maximum of an output's value [https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html]."""


def create_output(scope: Construct, files: Sequence[Path]) -> None:
    """Create the output: `kvs-edge status` with the stack's files, or with their directory if the stack has all.

    The files, and not the hubs, because they state the hubs' time zones.

    Args:
        scope: The stack, or the fleet in a stack.
        files: The edge files of the stack, all of one directory.
    """
    command = f"kvs-edge status {shlex.quote(_path(files))}"
    if len(command.encode()) <= _MAX_CHARACTERS:
        CfnOutput(scope, OUTPUT, value=command, description="Shows whether each stream of this stack records")


def _path(files: Sequence[Path]) -> str:
    """Return FOLDER/FILE, or FOLDER for several files; the folders above differ between machines."""
    path = short_path(files[0])
    return path if len(files) == 1 else files[0].parent.name or "."
