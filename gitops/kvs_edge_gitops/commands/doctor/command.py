"""Arguments and run of `kvs-edge doctor`: the only module here that uses the clock and the terminal."""

import argparse
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from kvs_edge_gitops.arguments import add_paths, add_references, references
from kvs_edge_gitops.aws.arguments import Settings, add_aws

if TYPE_CHECKING:
    from kvs_edge_gitops.commands.doctor.sequence import Step
    from kvs_edge_gitops.commands.doctor.site import Site

OPTIONAL = ("secrets", "cameras", "hubs", "status", "deployment")
"""Checks that --skip leaves out; the others need no permission."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_paths(parser)
    parser.add_argument(
        "--skip",
        action="append",
        default=[],
        choices=OPTIONAL,
        metavar="CHECK",
        help=f"leave out a check: {', '.join(OPTIONAL)}; repeatable",
    )
    parser.add_argument("--format", choices=("text", "json"), default="text", help="default: text")
    add_references(parser)
    add_aws(parser)
    parser.epilog = (
        "exit codes: 0 nothing is bad; 1 something is bad; 2 wrong usage, files that cannot be read, or a value that is"
        " known only at deployment; 3 an AWS request failed, such as for a missing right: the result is unknown. The"
        " highest of all checks"
    )


def run(options: argparse.Namespace, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> int:
    """Make the checks in the order of their dependence, and write each to standard output."""
    from kvs_edge_gitops.commands.doctor import sequence
    from kvs_edge_gitops.commands.doctor.check import Subject, exit_code
    from kvs_edge_gitops.commands.doctor.renderings.json import JsonView
    from kvs_edge_gitops.commands.doctor.renderings.text import TextView

    site = _site(options, now())
    view = JsonView(sys.stdout) if options.format == "json" else TextView(sys.stdout)
    checks = []
    try:
        for check in sequence.run(_steps(site), {Subject(name) for name in options.skip}):
            site.progress.clear()
            view.show(check)
            checks.append(check)
    finally:
        site.progress.clear()
    code = exit_code(checks)
    view.end(checks, code)
    return code


def _site(options: argparse.Namespace, now: datetime) -> "Site":
    from kvs_edge_gitops.commands.doctor.site import Site
    from kvs_edge_gitops.commands.doctor.words import Words
    from kvs_edge_gitops.terminal import Progress

    settings, given = Settings.of(options), references(options)
    site = Site(settings, given, Words(options.paths, settings, given), now, Progress())
    site.read(options.paths)
    return site


def _steps(site: "Site") -> "Sequence[Step]":
    from kvs_edge_gitops.commands.doctor.check import Subject
    from kvs_edge_gitops.commands.doctor.sequence import Step
    from kvs_edge_gitops.commands.doctor.subjects import cameras, credentials, deployment, files, hubs, secrets, status

    needs = (Subject.CREDENTIALS, Subject.FILES)
    return (
        Step(Subject.CREDENTIALS, lambda: credentials.check(site)),
        Step(Subject.FILES, lambda: files.check(site)),
        Step(Subject.SECRETS, lambda: secrets.check(site), needs),
        Step(Subject.CAMERAS, lambda: cameras.check(site), (*needs, Subject.SECRETS)),
        Step(Subject.HUBS, lambda: hubs.check(site), needs),
        Step(Subject.STATUS, lambda: status.check(site), needs),
        Step(Subject.DEPLOYMENT, lambda: deployment.check(site), needs),
    )
