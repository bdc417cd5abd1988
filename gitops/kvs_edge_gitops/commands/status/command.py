"""Arguments and run of `kvs-edge status`: the only module here that uses the clock, the files and the terminal."""

import argparse
import math
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from kvs_edge_gitops.arguments import add_paths, add_references, references
from kvs_edge_gitops.aws.arguments import Settings, add_aws

if TYPE_CHECKING:
    from kvs_edge_gitops.aws.access import Aws
    from kvs_edge_gitops.commands.status.snapshot import Snapshot, Target
    from kvs_edge_gitops.comparison.resolved import UnnamedStream

WATCH_SECONDS = 10.0
_MIN_WATCH_SECONDS = 1.0
_MAX_HOURS = 24.0 * 366


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_paths(parser)
    # The meaning of --hub depends on whether files are named.
    parser.set_defaults(paths=[])
    parser.add_argument(
        "--hub",
        action="append",
        default=[],
        metavar="HUB",
        help="a thing's ARN or name; without PATHS: all streams with a configuration on this hub; with PATHS: only the"
        " streams declared on it; repeatable",
    )
    parser.add_argument(
        "--stale",
        type=_hours,
        metavar="HOURS",
        help="a stream is unhealthy if its recorder has stored nothing for this long; give more than the longest pause"
        " of the schedules (default: no limit)",
    )
    parser.add_argument("--format", choices=("text", "json"), default="text", help="default: text")
    parser.add_argument(
        "--watch",
        nargs="?",
        type=_seconds,
        const=WATCH_SECONDS,
        metavar="SECONDS",
        help=f"repeat after this many seconds (default: {WATCH_SECONDS:g}), until Ctrl-C",
    )
    add_references(parser)
    add_aws(parser)
    parser.epilog = (
        "exit codes: 0 all streams are healthy or in progress; 1 a stream is unhealthy; 2 wrong usage, or files that"
        " cannot be read; 3 an AWS request failed, so the health is unknown; 130 interrupted"
    )


def run(
    options: argparse.Namespace,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
    sleep: Callable[[float], None] = time.sleep,
) -> int:
    """Take a snapshot, and write it to standard output; repeat it with --watch."""
    from kvs_edge_gitops.commands.status.renderings.json import JsonView
    from kvs_edge_gitops.commands.status.renderings.screen import can_redraw
    from kvs_edge_gitops.commands.status.renderings.text import TextView
    from kvs_edge_gitops.commands.status.watch import watch

    take, seconds = _snapshots(options, now), options.watch
    if options.format == "text" and seconds is not None and can_redraw(sys.stdout):
        _redraw(take, seconds, now, sleep)
    indent = 2 if seconds is None else None
    view = JsonView(sys.stdout, indent=indent) if options.format == "json" else TextView(sys.stdout)
    if seconds is not None:
        watch(take, view, seconds, now, sleep)
    view.show(snapshot := take())
    return snapshot.exit_code


def _redraw(
    take: "Callable[[], Snapshot]", seconds: float, now: Callable[[], datetime], sleep: Callable[[float], None]
) -> NoReturn:
    from kvs_edge_gitops.commands.status.renderings.screen import Screen, ScreenView
    from kvs_edge_gitops.commands.status.watch import watch

    with (screen := Screen(sys.stdout)).taken():
        watch(take, ScreenView(screen, sys.stdout), seconds, now, sleep)


def _snapshots(options: argparse.Namespace, now: Callable[[], datetime]) -> "Callable[[], Snapshot]":
    """Return a function that takes a snapshot; files are read now, and a hub's streams with each snapshot."""
    from kvs_edge_gitops.aws.access import Aws
    from kvs_edge_gitops.commands.status.snapshot import arns_of, take_snapshot, targets_on
    from kvs_edge_gitops.terminal import Progress

    stale = None if options.stale is None else timedelta(hours=options.stale)
    is_of_files = bool(options.paths or not options.hub)
    aws = Aws(Settings.of(options) if is_of_files else _settings_at(options.hub[0], options))
    declared, unnamed = _declared(options, aws) if is_of_files else (None, ())
    hubs = arns_of(options.hub, aws) if declared is None else []

    def take() -> "Snapshot":
        progress = Progress()
        try:
            targets = targets_on(hubs, aws, progress.show) if declared is None else declared
            return take_snapshot(targets, aws, now(), hubs=hubs, stale=stale, unnamed=unnamed, show=progress.show)
        finally:
            progress.clear()

    return take


def _settings_at(hub: str, options: argparse.Namespace) -> Settings:
    """Return the settings; without --region, the region is that of the hub."""
    from kvs_edge_gitops.commands.status.snapshot import region_of

    settings = Settings.of(options)
    return replace(settings, region=settings.region or region_of(hub))


def _declared(options: argparse.Namespace, aws: "Aws") -> "tuple[list[Target], tuple[UnnamedStream, ...]]":
    from kvs_edge_gitops.commands.status.snapshot import declared_targets
    from kvs_edge_gitops.state import desired
    from kvs_edge_gitops.terminal import Progress

    given = references(options)
    reading = desired.read(options.paths or [Path("edge")], Progress(), given)
    streams, unnamed = desired.resolve(reading, aws, given)
    return declared_targets(streams, options.hub), unnamed


def _hours(text: str) -> float:
    return _number(text, "hours", 0.0, _MAX_HOURS)


def _seconds(text: str) -> float:
    return _number(text, "seconds", _MIN_WATCH_SECONDS, 24 * 3600.0)


def _number(text: str, unit: str, minimum: float, maximum: float) -> float:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not minimum <= number <= maximum:
        raise argparse.ArgumentTypeError(f"{text!r:.40} is not a number of {unit} from {minimum:g} to {maximum:g}")
    return number
