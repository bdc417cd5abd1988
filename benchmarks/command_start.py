"""Start of the command line: CPU time of one command, ours beside the build before and a script with boto3 alone.

    python benchmarks/command_start.py [--rounds 9] [--before COMMIT]

Each row is a process of its own per round. The commands read the two edge files of examples/github-actions, three
streams on two hubs. Those that read from AWS do so over HTTPS from a local AWS with these streams. The script with
boto3 describes the stacks of the same local AWS, with one request: it is the least that a program with boto3 takes.

How to read it: user CPU time in milliseconds, the median over the rounds. Each round runs all rows in another order,
and a ratio is the median over the rounds of ratios in the same round, so that noise hits both.
"""

import argparse
import os
import random
import resource
import subprocess
import sys
from contextlib import ExitStack
from statistics import median

from revisions import REPOSITORY, source_roots
from tables import print_table
from tls_front import environment_over_tls

from kvs_edge_local import LocalAws

BEFORE = "07f7b0c"
ROOTS = ("gitops", "health", "lambda_handler", "preflight", "schedules")
FILES = "examples/github-actions/edge"
STREAMS = {"shop-counter": 72, "warehouse-dock": 168, "warehouse-gate": 168}
"""The streams of the files, with their data retention in hours."""

BOTO3 = "boto3 alone: one DescribeStacks"
SCRIPT = 'import boto3; print(boto3.client("cloudformation").describe_stacks()["Stacks"])'
COMMANDS = {
    "--version": ["--version"],
    "--help": ["--help"],
    "cron": ["cron", "0 0 9-16 ? * MON-FRI *"],
    "validate": ["validate", FILES],
    "schedule": ["schedule", FILES],
    "plan": ["plan", FILES],
    "status": ["status", FILES],
    "drift": ["drift", FILES],
}


def measure(rounds, before, environment):
    """Return the milliseconds of each row, one per round: (command, "ours" or "before"), and the script with boto3."""
    versions = {"ours": _roots(REPOSITORY), "before": before["PYTHONPATH"]}
    rows = {
        (name, version): (["-m", "kvs_edge_gitops", *arguments], path)
        for name, arguments in COMMANDS.items()
        for version, path in versions.items()
    }
    rows[BOTO3, ""] = (["-c", SCRIPT], "")
    found = {row: [] for row in rows}
    for number in range(rounds + 1):
        for row in random.sample(list(rows), len(rows)):
            arguments, path = rows[row]
            milliseconds = _run(arguments, {**environment, "PYTHONPATH": path})
            # The first round writes the bytecode.
            if number:
                found[row].append(milliseconds)
    return found


def _roots(folder):
    return os.pathsep.join(str(folder / root) for root in ROOTS)


def _run(arguments, environment):
    used = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    ended = subprocess.run(
        [sys.executable, *arguments], cwd=REPOSITORY, env=environment, capture_output=True, text=True, check=False
    )
    # 3 is the exit code of a request that failed; the other codes are findings and differences.
    if ended.returncode == 3 or "Traceback" in ended.stderr:
        raise SystemExit(f"{arguments}: {ended.stderr}")
    return 1000 * (resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - used)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--before", default=BEFORE, metavar="COMMIT", help="the build before")
    options = parser.parse_args()

    with ExitStack() as stack:
        before = stack.enter_context(source_roots(options.before, *ROOTS))
        aws = stack.enter_context(LocalAws(region="eu-west-1"))
        for name, hours in STREAMS.items():
            aws.client("kinesisvideo").create_stream(StreamName=name, DataRetentionInHours=hours)
        environment = {**os.environ, **stack.enter_context(environment_over_tls(aws))}
        found = measure(options.rounds, before, environment)

    def ratio(row, other):
        return f"{median(ours / theirs for ours, theirs in zip(found[row], found[other], strict=True)):.2f}"

    def milliseconds(row):
        return f"{median(found[row]):.0f}"

    table = [
        [
            name,
            milliseconds((name, "ours")),
            milliseconds((name, "before")),
            ratio((name, "ours"), (name, "before")),
            ratio((name, "ours"), (BOTO3, "")),
        ]
        for name in COMMANDS
    ]
    print_table(
        "User CPU time of one command, in milliseconds",
        ["", "ours", "before", "ours : before", "ours : boto3"],
        [*table, [BOTO3, milliseconds((BOTO3, "")), "", "", ""]],
    )


if __name__ == "__main__":
    main()
