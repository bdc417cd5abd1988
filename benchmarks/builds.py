"""The build before a change, measured by the same script in the same run."""

import json
import subprocess
import sys

from revisions import source_roots

BEFORE = "3f51fe4bb8936a0f214b67d9b12a60213abe12e0"
"""The last commit in which each request took three state transitions, and a tick left after 135 seconds."""


def figures_before(script, *arguments):
    """Return what the script's `--json` prints with the handler of the commit before."""
    with source_roots(BEFORE, "lambda_handler") as environment:
        command = [sys.executable, script, "--json", *arguments]
        done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True)
        return json.loads(done.stdout)


def verdict(name, value, target, peer="", before=None):
    """Return the row of a target."""
    was = "-" if before is None else f"{before:,.1f}"
    return [name, f"{value:,.1f}", f"<= {target:,}", "reached" if value <= target else "MISSED", peer or "-", was]


VERDICT_HEADER = ["", "ours", "target", "", "peer", "before"]
