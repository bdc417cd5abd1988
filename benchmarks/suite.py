"""Time of the tests: this commit beside the one before they were made faster.

    python benchmarks/suite.py [--before COMMIT]

Each commit is cloned into a temporary folder, so what is not committed does not count, and set up with `make dev`,
which is not measured. Then the clone runs `make test`. This commit has many more tests, so it also runs those alone
whose functions the commit before had: the same assertions. The whole takes about half an hour on two processors;
nothing else should run.

How to read it: minutes of the clock, minutes of CPU (user and system), and the number of tests that passed. The target
is for the same tests. Busy processors take longer for the same work, so only ratios say something.
"""

import argparse
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from revisions import REPOSITORY
from suite_selection import function_name
from tables import print_table

BEFORE = "faa48d8"
MOST_OF_BEFORE = 0.5
"""Target: minutes of the same tests as a ratio to those of the commit before."""


class Run(NamedTuple):
    """One run of the tests: minutes of the clock and of CPU, and the number of tests that passed."""

    minutes: float
    cpu_minutes: float
    tests: int


class Clone:
    """Clone of a commit, set up."""

    def __init__(self, commit, folder):
        self._commit = commit
        self._folder = folder
        subprocess.run(["git", "clone", "--quiet", str(REPOSITORY), str(folder)], check=True)
        subprocess.run(["git", "checkout", "--quiet", commit], cwd=folder, check=True)
        # Python of this clone, not of the one that runs the benchmark.
        others = {"VIRTUAL_ENV", "PYTHONPATH", "JSII_NODE", "NODE_COMPILE_CACHE"}
        self._environment = {name: value for name, value in os.environ.items() if name not in others}
        subprocess.run(["make", "dev"], cwd=folder, env=self._environment, stdout=subprocess.DEVNULL, check=True)

    def names(self):
        """Return the names of the functions of its tests."""
        command = [".venv/bin/pytest", "--collect-only", "-q"]
        listed = subprocess.run(
            command, cwd=self._folder, env=self._environment, stdout=subprocess.PIPE, text=True, check=True
        )
        return sorted({function_name(line) for line in listed.stdout.splitlines() if "::" in line})

    def run(self, names=None):
        """Return the figures of its tests, or of those of the named functions alone."""
        command, environment, output = ["make", "test"], self._environment, self._folder.with_suffix(".log")
        if names is not None:
            chosen = self._folder.with_suffix(".names")
            chosen.write_text("\n".join(names))
            # An option of pytest, and not of PYTEST_ADDOPTS: some tests run pytest themselves.
            command.append("PYTEST_WORKERS=auto -p suite_selection")
            environment = environment | {"PYTHONPATH": str(Path(__file__).parent), "SUITE_NAMES": str(chosen)}
        began = time.monotonic()
        with output.open("w") as file:
            process = subprocess.Popen(command, cwd=self._folder, env=environment, stdout=file, stderr=file)
            _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        minutes = (time.monotonic() - began) / 60
        text = output.read_text()
        # The coverage of some tests is not complete, so `make test` fails after they have passed.
        passed = re.search(r"=+ (?P<failed>\d+ failed)?.*?(?P<passed>\d+) passed", text)
        if passed is None or passed["failed"] or (process.returncode and names is None):
            raise SystemExit(f"the tests of {self._commit} failed:\n{text[-5000:]}")
        return Run(minutes, (used.ru_utime + used.ru_stime) / 60, int(passed["passed"]))


def measure(before):
    """Return the runs by their titles."""
    with tempfile.TemporaryDirectory(prefix="suite-") as folder:
        old, new = Clone(before, Path(folder, "before")), Clone("HEAD", Path(folder, "ours"))
        runs = {}
        for title, clone, names in [
            ("before", old, None),
            ("ours, the same tests", new, old.names()),
            ("ours, all tests", new, None),
        ]:
            print(f"{title} ...", file=sys.stderr)
            runs[title] = clone.run(names)
        return runs


def main():
    """Print the runs and the verdict."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--before", default=BEFORE, help=f"commit to compare with (default: {BEFORE})")
    before = parser.parse_args().before
    # A shell without job control ignores SIGINT in its background jobs, and the tests of Ctrl-C inherit that.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    runs = measure(before)
    base = runs["before"]
    rows = [
        [title, f"{one.minutes:.1f}", f"{one.cpu_minutes:.1f}", f"{one.tests:,}", f"{one.minutes / base.minutes:.2f}"]
        for title, one in runs.items()
    ]
    print_table("make test", ["", "minutes", "CPU minutes", "tests", "minutes / before"], rows)
    ratio = runs["ours, the same tests"].minutes / base.minutes
    verdict = "reached" if ratio <= MOST_OF_BEFORE else "MISSED"
    print_table(
        "Target",
        ["", "ours", "target", ""],
        [["the same tests / before", f"{ratio:.2f}", f"<= {MOST_OF_BEFORE}", verdict]],
    )


if __name__ == "__main__":
    main()
