"""Cold start: a fresh process from its start to the first event's end, ours beside the peers'.

    python benchmarks/cold_start.py [--rounds 15]

Each row is a process of its own per round, with the function's code unzipped and without bytecode, as Lambda
has it in /var/task, and with boto3 as the runtime offers it. Its first event is a real one, over HTTPS against
a local listener that answers at once: the rows that are compared make the same calls, which is checked.

- tick: one DescribeEdgeConfiguration, which finds IN_SYNC, and the answer to CloudFormation. Ours decides and delivers
  in two invocations; the row has both, as in a process that stays warm, which is how Lambda runs them mostly. The rows
  "decides" and "delivers" are each of the two alone, for a delivery that finds no warm process;
- start: one StartExecution.

How to read it: each round runs all rows in another order, and a ratio is the median over the rounds of (this row :
its yardstick, a handler with boto3 alone) in the same round, so that noise hits both. `wall` is from the process's
start to the event's end, `imports` the part that Lambda calls init. `CPU` is the whole process's CPU time: it is what
a small Lambda is short of, and the figure to trust on a machine that does something else too. The target is 1.1.
"""

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from statistics import median

from cold_start_aws import EDGE_CONFIG, STREAM, InstantAws
from tables import print_table

from kvs_edge_local.lambdas.runtime_packages import link_packages

HERE = Path(__file__).parent
UPDATE = "tick: ours, an Update, asks its stack too"
MOST_CPU = {"tick: ours": 1.10, UPDATE: 1.15, "start: ours": 1.10}
"""Ratios to the yardstick."""

MACHINE = "arn:aws:states:eu-west-1:123456789012:stateMachine:machine"
LOOK = "DescribeEdgeConfiguration"
LOOK_AND_ANSWER = [LOOK, "SUCCESS"]


@dataclass(frozen=True)
class Row:
    """Program to run, and the calls that it must make: the handler's events are one invocation each, in one process."""

    name: str
    code: str
    handler: str
    events: list[str]
    calls: list[str]
    yardstick: str


TICK = "kvs_edge.tick.handler"
RESULT = "-"
"""For an event: what the invocation before it returned, as the state machine hands it over."""

MINIMAL_TICK, MINIMAL_START = "tick: boto3 alone", "start: boto3 alone"
ROWS = [
    Row(MINIMAL_TICK, "peers", "minimal.tick", ["Create"], LOOK_AND_ANSWER, MINIMAL_TICK),
    Row("tick: ours", "zip", TICK, ["Create", RESULT], LOOK_AND_ANSWER, MINIMAL_TICK),
    Row("tick: ours, decides", "zip", TICK, ["Create"], [LOOK], MINIMAL_TICK),
    Row("tick: ours, delivers", "zip", TICK, ["Decided"], ["SUCCESS"], MINIMAL_TICK),
    Row("tick: crhelper as it comes", "peers", "crhelper_as_it_comes.tick", ["Create"], LOOK_AND_ANSWER, MINIMAL_TICK),
    Row(
        UPDATE,
        "zip",
        TICK,
        ["Update", RESULT],
        [LOOK, "DescribeStacks", "SUCCESS"],
        MINIMAL_TICK,
    ),
    Row(MINIMAL_START, "peers", "minimal.start", ["event"], ["StartExecution"], MINIMAL_START),
    Row("start: ours", "zip", "kvs_edge.entry.handler", ["event"], ["StartExecution"], MINIMAL_START),
]


@dataclass(frozen=True)
class Run:
    """Milliseconds."""

    wall: float
    imports: float
    cpu: float


class Lambda:
    """Folders as Lambda has them, and processes in them."""

    def __init__(self, folder, aws):
        self._folder, self._aws = folder, aws
        link_packages(folder / "runtime")
        # A process of its own: the CDK, and the Node.js behind it, must not run beside what is measured.
        archive = folder / "handler.zip"
        subprocess.run([sys.executable, "-m", "kvs_edge_gitops", "bundle", archive], check=True, capture_output=True)
        zipfile.ZipFile(archive).extractall(folder / "zip")
        no_bytecode = shutil.ignore_patterns("__pycache__")
        peers = shutil.copytree(HERE / "cold_start_handlers", folder / "peers", ignore=no_bytecode)
        crhelper = Path(find_spec("crhelper").origin).parent
        shutil.copytree(crhelper, peers / "crhelper", ignore=no_bytecode)

    def run(self, row):
        """Return one cold start with events of now; raises RuntimeError if it was not the one that the row names."""
        command = [
            *(sys.executable, "-I", "-S", "-B", HERE / "cold_start_process.py"),
            *(self._folder / row.code, self._folder / "runtime", row.handler),
            *(event if event == RESULT else self._folder / f"{event}.json" for event in row.events),
        ]
        for name, event in _events(self._aws.url).items():
            (self._folder / f"{name}.json").write_text(json.dumps(event))
        spawned = time.time()
        process = subprocess.run(
            command, env=self._environment, cwd=self._folder / row.code, capture_output=True, text=True, check=False
        )
        if process.returncode:
            raise RuntimeError(f"{row.name}: {process.stderr}")
        calls = self._aws.take_calls()
        if calls != row.calls:
            raise RuntimeError(f"{row.name} called {calls} and not {row.calls}\n{process.stdout}{process.stderr}")
        marks = json.loads(process.stdout.splitlines()[-1])
        handled, cpu = marks["handled"]
        started, _ = marks["started"]
        imported, _ = marks["imported"]
        return Run(wall=1000 * (handled - spawned), imports=1000 * (imported - started), cpu=1000 * cpu)

    @property
    def _environment(self):
        return {
            "PATH": os.defpath,
            "AWS_REGION": "eu-west-1",
            "AWS_DEFAULT_REGION": "eu-west-1",
            "AWS_ACCESS_KEY_ID": "testing",
            "AWS_SECRET_ACCESS_KEY": "testing",
            "AWS_ENDPOINT_URL": self._aws.url,
            "AWS_CA_BUNDLE": str(self._aws.ca_bundle),
            "SSL_CERT_FILE": str(self._aws.ca_bundle),
            "STATE_MACHINE_ARN": MACHINE,
        }


def _events(url):
    event = {
        "RequestType": "Create",
        "ResponseURL": f"{url}/answer",
        "StackId": "arn:aws:cloudformation:eu-west-1:123456789012:stack/stack/51af3dc0-da77-11e4-872e-1234567db123",
        "RequestId": "f3b5c0b3-95f9-4a5c-bd3b-6c4b3b6c2b1a",
        "LogicalResourceId": "Entrance",
        "ResourceType": "Custom::KinesisVideoEdgeConfiguration",
        "ResourceProperties": {
            "ServiceToken": "arn:aws:lambda:eu-west-1:123456789012:function:entry",
            "StreamName": STREAM,
            "EdgeConfig": _as_cloudformation_sends(EDGE_CONFIG),
        },
    }
    update = {**event, "RequestType": "Update", "PhysicalResourceId": STREAM}
    now = time.time()
    answer = {"status": "SUCCESS", "physical_id": STREAM, "reason": "", "data": {"SyncStatus": "IN_SYNC"}}
    return {
        "event": event,
        "Create": {"Event": event, "ReceivedAt": now},
        "Update": {"Event": update, "ReceivedAt": now},
        "Decided": {"Event": event, "ReceivedAt": now, "Answer": answer},
    }


def _as_cloudformation_sends(value):
    if isinstance(value, dict):
        return {name: _as_cloudformation_sends(member) for name, member in value.items()}
    return str(value).lower() if isinstance(value, bool) else str(value)


def measure(rounds):
    aws = InstantAws()
    try:
        with tempfile.TemporaryDirectory(prefix="cold-start-") as folder:
            function = Lambda(Path(folder), aws)
            for row in ROWS:
                function.run(row)
            runs = {row.name: [] for row in ROWS}
            for _ in range(rounds):
                for row in random.sample(ROWS, len(ROWS)):
                    runs[row.name].append(function.run(row))
            return runs
    finally:
        aws.close()


def verdict(name, value, target):
    """Return the row of a target."""
    return [name, f"{value:.2f}", f"<= {target:.2f}", "reached" if value <= target else "MISSED"]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=15)
    runs = measure(parser.parse_args().rounds)

    by_name = {row.name: row for row in ROWS}

    def ratio(row, field):
        pairs = zip(runs[row.name], runs[row.yardstick], strict=True)
        return median(getattr(ours, field) / getattr(theirs, field) for ours, theirs in pairs)

    def milliseconds(row, field):
        return median(getattr(run, field) for run in runs[row.name])

    print_table(
        "Cold start: milliseconds, and ratios to a handler with boto3 alone",
        ["", "wall", "imports", "CPU", "wall :", "CPU :"],
        [
            [
                row.name,
                *(f"{milliseconds(row, field):.0f}" for field in ("wall", "imports", "cpu")),
                *(f"{ratio(row, field):.2f}" for field in ("wall", "cpu")),
            ]
            for row in ROWS
        ],
    )
    targets = [verdict(f"{name}, CPU :", ratio(by_name[name], "cpu"), most) for name, most in MOST_CPU.items()]
    print_table("Targets of a cold start", ["", "ours", "target", ""], targets)


if __name__ == "__main__":
    main()
