"""Synthesis of a fleet: ours from files, compared with the Provider framework and with the build before.

    python benchmarks/fleet.py [--rounds 1] [--large] [--before COMMIT]

The streams exist already, 16 per hub, each with AWS's own example of an edge configuration. Ours also reads, checks
and analyses the files. Both restrict their roles to the declared streams: the Provider framework with one statement per
stream for each of its two functions, as its users write it with each stream's declaration (lean: with one statement for
all streams of a stack). With 400 streams in a stack, the framework's policies exceed limits of IAM at deployment
(template.py); this benchmark ignores that. The least that any construct library for the CDK takes is in the row
"resources alone": one CfnResource per stream, without permissions, a provider or a check.

CPU seconds are user time, the median over rounds, of a whole process with its Node.js; the systems run in turns. System
time, which depends on the machine's other load, is beside them. Milliseconds per stream exclude the user time of the
same system for one stream. MiB is the peak memory of the largest process, which is Node.js. The target is a ratio to
the lean use, at both sizes. --large adds 10,000 streams in 30 stacks, ours, the build before and the resources alone,
with the target of half of the build's user time per stream and half of its memory per stream.
"""

import argparse
import atexit
import json
import os
import subprocess
import sys
import tempfile
from contextlib import suppress
from functools import partial
from pathlib import Path
from statistics import median
from typing import NamedTuple

from revisions import source_roots
from tables import print_table

OURS, PEER, LEAN = "ours, from files", "Provider framework", "Provider framework, lean"
OURS_BEFORE = "ours, before"
BARE = "resources alone"
BEFORE = "01c3a62877fe96c2b0279675ad3622ace55d11fb"
"""The last commit in which the footage of equal streams on different hubs was simulated for each of them."""
ROOTS = ("constructs", "health", "lambda_handler", "monitor", "preflight", "schedules")
CASES = ((400, 1), (2000, 5))
LARGE = (10_000, 30)
STREAMS_A_HUB = 16
MOST_OF_LEAN = 1.2
"""Target: our time per stream as a ratio to the lean use of the Provider framework."""
MOST_OF_BEFORE = 0.5
"""Target: our time and memory per stream as ratios to the build before, at the large size."""


def requests(count, stacks):
    """Yield the streams of each stack in the files' form."""
    from cold_start_aws import EDGE_CONFIG

    for stack in range(stacks):
        of_stack = []
        for number in range(stack, count, stacks):
            config = json.loads(json.dumps(EDGE_CONFIG))
            name = f"camera-{number:05}"
            config["HubDeviceArn"] = (
                f"arn:aws:iot:eu-west-1:123456789012:thing/hub-{stack}-{len(of_stack) // STREAMS_A_HUB}"
            )
            secret = f"arn:aws:secretsmanager:eu-west-1:123456789012:secret:{name}-AbCdEf"
            config["RecorderConfig"]["MediaSourceConfig"]["MediaUriSecretArn"] = secret
            of_stack.append({"StreamName": name, "camera_bit_rate": 800_000, "EdgeConfig": config})
        yield f"site-{stack:02}", of_stack


def ours(app, count, stacks, folder):
    from cdk_kvs_edge import EdgeFleet

    for stem, streams in requests(count, stacks):
        (folder / f"{stem}.json").write_text(json.dumps({"streams": streams}))
    EdgeFleet.from_directory(app, "KvsEdge", folder)


def provider_framework(app, count, stacks, folder, *, lean=False):
    from aws_cdk import Aws, Stack
    from template_stacks import DELETE, DESCRIBE, START, custom_resource, framework, permit

    for stem, streams in requests(count, stacks):
        stack = Stack(app, stem, suppress_template_indentation=True)
        on_event, is_complete, provider = framework(stack)
        start = f"arn:{Aws.PARTITION}:kinesisvideo:{Aws.REGION}:{Aws.ACCOUNT_ID}:stream/"
        arns = [f"{start}{one['StreamName']}/*" for one in streams]
        for together in [arns] if lean else [[arn] for arn in arns]:
            permit(on_event, [START, DELETE], together)
            permit(is_complete, [DESCRIBE], together)
        token = provider.service_token
        for one in streams:
            custom_resource(stack, one["StreamName"], token, one["StreamName"], one["EdgeConfig"])


def resources_alone(app, count, stacks, folder):
    from aws_cdk import CfnResource, Stack

    for stem, streams in requests(count, stacks):
        stack = Stack(app, stem, suppress_template_indentation=True)
        for one in streams:
            properties = {"StreamName": one["StreamName"], "EdgeConfig": one["EdgeConfig"]}
            CfnResource(stack, one["StreamName"], type="Custom::EdgeConfiguration", properties=properties)


SYSTEMS = {BARE: resources_alone, OURS: ours, PEER: provider_framework, LEAN: partial(provider_framework, lean=True)}


def synthesize(system, count, stacks):
    """Synthesize once, in this process."""
    from aws_cdk import App

    with tempfile.TemporaryDirectory(prefix="fleet-") as folder:
        files = Path(folder, "edge")
        files.mkdir()
        app = App(outdir=str(Path(folder, "out")), analytics_reporting=False)
        SYSTEMS[system](app, count, stacks, files)
        templates = [stack.template for stack in app.synth().stacks]
    types = [one["Type"] for template in templates for one in template.get("Resources", {}).values()]
    custom = sum(one.startswith("Custom::") for one in types)
    assert custom == count, f"{custom} custom resources of {count}"


def _wait_for_node():
    """Wait for Node.js, whose usage counts only then; jsii waits for five seconds, too short on a busy machine."""
    with suppress(ChildProcessError):
        while True:
            os.wait()


class Usage(NamedTuple):
    """User and system CPU seconds of a process and its children, and peak MiB of the largest of them."""

    seconds: float
    system_seconds: float
    mebibytes: float


def usage(system, count, stacks, environment):
    """Return the usage of a process that synthesizes the fleet."""
    environment = {**environment, "JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION": "1"}
    command = [sys.executable, __file__, "--one", system, str(count), str(stacks)]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{system} failed for {count} streams")
    return Usage(used.ru_utime, used.ru_stime, used.ru_maxrss / 1024)


def measure(rounds, environments, sizes):
    """Return the median usage of each system in its environment, for one stream and for the sizes."""
    runs = {}
    for _ in range(rounds):
        for size in ((1, 1), *sizes):
            for system, environment in environments.items():
                name = OURS if system == OURS_BEFORE else system
                runs.setdefault((system, size), []).append(usage(name, *size, environment))
    return {key: Usage(*map(median, zip(*used, strict=True))) for key, used in runs.items()}


def per_stream(taken, system, size):
    """Return the usage of one more stream, in milliseconds and thousandths of a MiB."""
    more, fixed = taken[system, size], taken[system, (1, 1)]
    return Usage(*(1000 * (of_size - of_one) / size[0] for of_size, of_one in zip(more, fixed, strict=True)))


def rows(taken, systems, size):
    """Return the rows of a size, with the verdicts of the targets."""
    ours = per_stream(taken, OURS, size)
    for system in systems:
        each = per_stream(taken, system, size)
        ratio, memory = ours.seconds / each.seconds, ours.mebibytes / each.mebibytes
        target = ""
        if system == LEAN:
            target = _verdict(ratio, MOST_OF_LEAN)
        elif system == OURS_BEFORE and size == LARGE:
            target = f"time {_verdict(ratio, MOST_OF_BEFORE)}, memory {_verdict(memory, MOST_OF_BEFORE)}"
        used = taken[system, size]
        seconds = f"{used.seconds:.1f} + {used.system_seconds:.1f}"
        figures = [seconds, f"{each.seconds:.1f}", f"{ratio:.2f}", f"{used.mebibytes:,.0f}"]
        yield [system, f"{size[0]:,}", size[1], *figures, f"{memory:.2f}", target]


def _verdict(ratio, most):
    return f"<= {most} {'reached' if ratio <= most else 'MISSED'}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--large", action="store_true", help="10,000 streams in 30 stacks, too")
    parser.add_argument("--before", default=BEFORE, help="commit of the build before")
    parser.add_argument("--one", nargs=3, metavar=("SYSTEM", "STREAMS", "STACKS"), help="synthesize once")
    arguments = parser.parse_args()
    if arguments.one:
        # Before the import of aws_cdk, so that it is called after jsii's own function.
        atexit.register(_wait_for_node)
        system, count, stacks = arguments.one
        synthesize(system, int(count), int(stacks))
        return
    with source_roots(arguments.before, *ROOTS) as before:
        environments = {system: dict(os.environ) for system in (OURS, OURS_BEFORE, PEER, LEAN, BARE)}
        environments[OURS_BEFORE] = before
        taken = measure(arguments.rounds, environments, CASES)
        found = [row for size in CASES for row in rows(taken, environments, size)]
        if arguments.large:
            of_large = {system: environments[system] for system in (OURS, OURS_BEFORE, BARE)}
            taken |= measure(1, of_large, [LARGE])
            found.extend(rows(taken, of_large, LARGE))
    header = [
        "",
        "streams",
        "stacks",
        "user + system seconds",
        "ms a stream",
        "ours to it",
        "MiB",
        "ours to it",
        "target",
    ]
    print_table("Synthesis of a fleet that is referred to", header, found)


if __name__ == "__main__":
    main()
