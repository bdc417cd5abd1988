"""Template contents: ours beside the peers', each as an experienced user would write it.

    python benchmarks/template.py [--rounds 1]

- AwsCustomResource: an SDK call on create, update and delete; it does not wait for IN_SYNC;
- the Provider framework: an onEvent and an isComplete function;
- crhelper with its own polling.

Each declares the same streams with AWS's own example of an edge configuration, 16 a hub. Figures are without the
streams: those of a stack with the streams alone are taken off. Bytes are of the template as the CDK writes it; assets
are zipped. `streams that fit` is the most for which CloudFormation's and IAM's limits hold (template_limits.py counts
them; names here are short, and longer ones fit less), with what breaks at one more. Synth is the CPU time of a whole
process, `import aws_cdk` and Node.js included, the median of the rounds, run in turns. Lower is better
but for what fits.
"""

import argparse
import io
import json
import os
import subprocess
import sys
import tempfile
import zipfile
from collections import Counter
from pathlib import Path
from statistics import median

from tables import print_table

SIZES = (1, 25, 100, 200)
SMALL = 25
SYSTEMS = ("ours", "ours, DESTROY", "AwsCustomResource", "Provider framework", "crhelper, own polling")
BASE = "streams alone"
MOST = 500


def synthesize(system, count):
    """Return the figures of one synthesis; the CDK is imported here, in a separate process."""
    from aws_cdk import App, Stack
    from template_limits import faults
    from template_stacks import STACKS

    with tempfile.TemporaryDirectory(prefix="template-") as folder:
        app = App(outdir=folder, analytics_reporting=False)
        stack = Stack(app, "Stack")
        try:
            STACKS[system](stack, count)
            assembly = app.synth()
        except RuntimeError as error:
            return {"faults": [_said(error)]}
        file = Path(folder) / assembly.get_stack_by_name("Stack").template_file
        template = json.loads(file.read_text())
        types = Counter(resource["Type"] for resource in template["Resources"].values())
        return {
            "resources": sum(types.values()),
            "types": types,
            "bytes": file.stat().st_size,
            "asset_bytes": sum(_zipped(asset) for asset in Path(folder).glob("asset.*")),
            "faults": faults(template),
        }


def _said(error):
    """Return the CDK's message without its class, short enough for a table."""
    text = str(error).strip().splitlines()[-1].strip()
    return text.partition(": " if text.startswith("TooMany") else "] ")[2].partition(":")[0]


def _zipped(asset):
    if asset.is_file():
        return asset.stat().st_size
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(asset.rglob("*")):
            archive.write(file, file.relative_to(asset))
    return len(buffer.getvalue())


def largest(system):
    """Return the number of streams that fit, and the limit that one more breaks."""
    fitting, too_many, why = 0, MOST, [f"more than {MOST} were not tried"]
    while too_many - fitting > 1:
        count = (fitting + too_many) // 2
        found = synthesize(system, count)["faults"]
        if found:
            too_many, why = count, found
        else:
            fitting = count
    return {"fitting": fitting, "why": why[0]}


def in_a_process(*arguments):
    command = [sys.executable, __file__, *map(str, arguments)]
    environment = {**os.environ, "JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION": "1"}
    process = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    if process.returncode:
        raise RuntimeError(f"{arguments}: {process.stderr}")
    return json.loads(process.stdout.splitlines()[-1])


def measure(rounds):
    runs = {}
    for _ in range(rounds):
        for count in SIZES:
            for system in (BASE, *SYSTEMS):
                before = _cpu_of_children()
                run = in_a_process("--one", system, count)
                runs.setdefault((system, count), []).append({**run, "seconds": _cpu_of_children() - before})
    return runs


def _cpu_of_children():
    times = os.times()
    return times.children_user + times.children_system


def print_templates(runs):
    def figure(system, name, count):
        return runs[system, count][0][name] - runs[BASE, count][0][name]

    def per_stream(system, name):
        """Between two sizes that every one of them can do."""
        return (figure(system, name, SMALL) - figure(system, name, 1)) / (SMALL - 1)

    rows = []
    for system in SYSTEMS:
        types = runs[system, 1][0]["types"]
        resources, size = per_stream(system, "resources"), per_stream(system, "bytes")
        rows.append(
            [
                system,
                round(figure(system, "resources", 1) - resources),
                f"{resources:.2f}",
                types.get("AWS::IAM::Role", 0),
                types.get("AWS::Lambda::Function", 0),
                f"{figure(system, 'bytes', 1) - size:,.0f}",
                f"{size:,.0f}",
                f"{runs[system, 1][0]['asset_bytes']:,}",
            ]
        )
    header = ["", "fixed resources", "a stream", "roles", "functions", "fixed bytes", "a stream", "zipped assets"]
    print_table("In the template, without the streams", header, rows)


def print_seconds(runs):
    def seconds(system, count):
        taken = [run["seconds"] for run in runs[system, count] if "bytes" in run]
        return median(taken) if taken else None

    rows = []
    for system in (BASE, *SYSTEMS):
        figures = [seconds(system, count) for count in SIZES]
        done = [(count, figure) for count, figure in zip(SIZES, figures, strict=True) if figure is not None]
        slope = f"{1000 * (done[-1][1] - done[0][1]) / (done[-1][0] - done[0][0]):.1f}"
        rows.append([system, *("fails" if figure is None else f"{figure:.2f}" for figure in figures), slope])
    header = ["", *(f"N = {count}" for count in SIZES), "ms a stream"]
    print_table("Synth, CPU seconds", header, rows)


def print_largest():
    found = {system: in_a_process("--largest", system) for system in SYSTEMS}
    rows = [[system, found[system]["fitting"], found[system]["why"]] for system in SYSTEMS]
    print_table("Streams that fit into a stack", ["", "streams", "what one more breaks"], rows)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--one", nargs=2, metavar=("SYSTEM", "N"), help="synthesize once and print what it came to")
    parser.add_argument("--largest", metavar="SYSTEM", help="find the largest stack of one system")
    arguments = parser.parse_args()
    if arguments.one:
        system, count = arguments.one
        print(json.dumps(synthesize(system, int(count))))
    elif arguments.largest:
        print(json.dumps(largest(arguments.largest)))
    else:
        runs = measure(arguments.rounds)
        print_templates(runs)
        print_seconds(runs)
        print_largest()


if __name__ == "__main__":
    main()
