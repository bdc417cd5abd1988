"""Synthesis of a fleet: ours from files, compared with the Provider framework.

    python benchmarks/fleet.py [--rounds 1] [--large]

The streams exist already, 16 per hub, each with AWS's own example of an edge configuration. Ours also reads, checks
and analyses the files. Both restrict their roles to the declared streams: the Provider framework with one statement per
stream for each of its two functions, as its users write it with each stream's declaration (lean: with one statement for
all streams of a stack). With 400 streams in a stack, the framework's policies exceed limits of IAM at deployment
(template.py); this benchmark ignores that.

CPU seconds are the median over rounds, of a whole process with its Node.js; the systems run in turns. Milliseconds per
stream exclude the time of the same system for one stream. The target is a ratio to the lean use, at both sizes.
--large adds 10,000 streams in 30 stacks, ours only.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path
from statistics import median

from tables import print_table

OURS, PEER, LEAN = "ours, from files", "Provider framework", "Provider framework, lean"
CASES = ((400, 1), (2000, 5))
LARGE = (10_000, 30)
STREAMS_A_HUB = 16
MOST_OF_LEAN = 1.2
"""Target: our time per stream as a ratio to the lean use of the Provider framework."""


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


SYSTEMS = {OURS: ours, PEER: provider_framework, LEAN: partial(provider_framework, lean=True)}


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


def seconds(system, count, stacks):
    """Return the CPU time of a process that synthesizes the fleet."""
    before = _cpu_of_children()
    environment = {**os.environ, "JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION": "1"}
    command = [sys.executable, __file__, "--one", system, str(count), str(stacks)]
    subprocess.run(command, check=True, env=environment, stdout=subprocess.DEVNULL)
    return _cpu_of_children() - before


def _cpu_of_children():
    times = os.times()
    return times.children_user + times.children_system


def measure(rounds, cases):
    runs = {}
    for _ in range(rounds):
        for size in ((1, 1), *cases):
            for system in SYSTEMS:
                runs.setdefault((system, size), []).append(seconds(system, *size))
    taken = {key: median(times) for key, times in runs.items()}
    rows = []
    for size in cases:
        each = {one: 1000 * (taken[one, size] - taken[one, (1, 1)]) / size[0] for one in SYSTEMS}
        for one in SYSTEMS:
            ratio = each[OURS] / each[one]
            target = f"<= {MOST_OF_LEAN} {'reached' if ratio <= MOST_OF_LEAN else 'MISSED'}" if one == LEAN else ""
            figures = [f"{taken[one, size]:.1f}", f"{each[one]:.1f}", f"{ratio:.2f}"]
            rows.append([one, f"{size[0]:,}", size[1], *figures, target])
    return taken[OURS, (1, 1)], rows


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--large", action="store_true", help="10,000 streams in 30 stacks, too")
    parser.add_argument("--one", nargs=3, metavar=("SYSTEM", "STREAMS", "STACKS"), help="synthesize once")
    arguments = parser.parse_args()
    if arguments.one:
        system, count, stacks = arguments.one
        synthesize(system, int(count), int(stacks))
        return
    fixed, rows = measure(arguments.rounds, CASES)
    if arguments.large:
        count, stacks = LARGE
        taken = seconds(OURS, count, stacks)
        rows.append([OURS, f"{count:,}", stacks, f"{taken:.1f}", f"{1000 * (taken - fixed) / count:.1f}", "", ""])
    header = ["", "streams", "stacks", "CPU seconds", "ms a stream", "ours to it", "target"]
    print_table("Synthesis of a fleet that is referred to", header, rows)


if __name__ == "__main__":
    main()
