"""The build before a change, measured by the same script in the same run."""

import json
import os
import subprocess
import sys
import tarfile
import tempfile
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

REPOSITORY = Path(__file__).parent.parent
BEFORE = "3f51fe4bb8936a0f214b67d9b12a60213abe12e0"
"""The last commit in which each request took three state transitions, and a tick left after 135 seconds."""


@contextmanager
def checked_out(commit=BEFORE):
    """Give a folder with the sources of a commit, or None if this is not a clone that has it."""
    command = ["git", "archive", commit, "lambda_handler"]
    archive = subprocess.run(command, cwd=REPOSITORY, capture_output=True, check=False)
    if archive.returncode:
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="before-") as folder:
        with tarfile.open(fileobj=BytesIO(archive.stdout)) as sources:
            sources.extractall(folder, filter="data")
        yield Path(folder)


def figures_before(script, *arguments):
    """Return what the script's `--json` prints with the handler of the commit before; {} if it is not at hand."""
    with checked_out() as folder:
        if folder is None:
            return {}
        environment = {**os.environ, "PYTHONPATH": str(folder / "lambda_handler")}
        command = [sys.executable, script, "--json", *arguments]
        done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True)
        return json.loads(done.stdout)


def verdict(name, value, target, peer="", before=None):
    """Return the row of a target."""
    was = "-" if before is None else f"{before:,.1f}"
    return [name, f"{value:,.1f}", f"<= {target:,}", "reached" if value <= target else "MISSED", peer or "-", was]


VERDICT_HEADER = ["", "ours", "target", "", "peer", "before"]
