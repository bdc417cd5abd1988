"""The command itself. It alone looks at the clock, the files and the terminal."""

import argparse
import math
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from kvs_edge_gitops.arguments import add_paths, add_references, references
from kvs_edge_gitops.aws.arguments import Settings, add_aws

if TYPE_CHECKING:
    from kvs_edge_gitops.aws.access import Aws
    from kvs_edge_gitops.status.looking import Snapshot, Target

WATCH_SECONDS = 10.0
_LEAST_WATCH_SECONDS = 1.0
_MOST_HOURS = 24.0 * 366


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    add_paths(parser)
    # Whether files were named tells what --hub means.
    parser.set_defaults(paths=[])
    parser.add_argument(
        "--hub",
        action="append",
        default=[],
        metavar="HUB",
        help="a thing's ARN or name; without PATHS: every stream that has a configuration on this hub; with them: those"
        " declared on it alone. May be given again",
    )
    parser.add_argument(
        "--stale",
        type=_hours,
        metavar="HOURS",
        help="a recorder that has stored nothing for so long is not well; give more than the longest pause of the"
        " schedules (default: however long)",
    )
    parser.add_argument("--format", choices=("text", "json"), default="text", help="default: text")
    parser.add_argument(
        "--watch",
        nargs="?",
        type=_seconds,
        const=WATCH_SECONDS,
        metavar="SECONDS",
        help=f"look again and again, with so many seconds between (default: {WATCH_SECONDS:g}), until Ctrl-C",
    )
    add_references(parser)
    add_aws(parser)
    parser.epilog = (
        "exit codes: 0 all is well, or under way; 1 something is in trouble; 2 wrong usage, or files that can't be"
        " read; 3 AWS could not be asked, so that nothing is known; 130 interrupted"
    )


def run(
    options: argparse.Namespace,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
    sleep: Callable[[float], None] = time.sleep,
) -> int:
    """Look, and show what was seen on standard output."""
    from kvs_edge_gitops.status.views import JsonView, TextView, can_redraw, exit_code
    from kvs_edge_gitops.status.watching import watch

    look, seconds = _looking(options, now), options.watch
    if options.format == "text" and seconds is not None and can_redraw(sys.stdout):
        _redraw(look, seconds, now, sleep)
    indent = 2 if seconds is None else None
    view = JsonView(sys.stdout, indent=indent) if options.format == "json" else TextView(sys.stdout)
    if seconds is not None:
        watch(look, view, seconds, now, sleep)
    view.show(snapshot := look())
    return exit_code(snapshot)


def _redraw(
    look: "Callable[[], Snapshot]", seconds: float, now: Callable[[], datetime], sleep: Callable[[float], None]
) -> NoReturn:
    from kvs_edge_gitops.status.screen import Screen
    from kvs_edge_gitops.status.views import ScreenView
    from kvs_edge_gitops.status.watching import watch

    with (screen := Screen(sys.stdout)).taken():
        watch(look, ScreenView(screen, sys.stdout), seconds, now, sleep)


def _looking(options: argparse.Namespace, now: Callable[[], datetime]) -> "Callable[[], Snapshot]":
    """How to look once; files are read now, and a hub's streams are listed with each look."""
    from kvs_edge_gitops.aws.access import Aws
    from kvs_edge_gitops.status.looking import arns_of, look, targets_on
    from kvs_edge_gitops.terminal import Progress

    stale = None if options.stale is None else timedelta(hours=options.stale)
    is_of_files = bool(options.paths or not options.hub)
    aws = Aws(Settings.of(options) if is_of_files else _settings_at(options.hub[0], options))
    hubs = arns_of(options.hub, aws)
    declared = _declared(options, hubs, aws) if is_of_files else None

    def once() -> "Snapshot":
        progress = Progress()
        try:
            targets = targets_on(hubs, aws, progress.show) if declared is None else declared
            return look(targets, aws, now(), hubs=hubs, stale=stale, show=progress.show)
        finally:
            progress.clear()

    return once


def _settings_at(hub: str, options: argparse.Namespace) -> Settings:
    """The settings, with a hub's region where they have none of their own: it is where the hub is that counts."""
    from kvs_edge_gitops.status.looking import region_of

    settings = Settings.of(options)
    return replace(settings, region=settings.region or region_of(hub))


def _declared(options: argparse.Namespace, hubs: Sequence[str], aws: "Aws") -> "list[Target]":
    from kvs_edge_gitops import fleet
    from kvs_edge_gitops.status.looking import declared_targets
    from kvs_edge_gitops.terminal import Progress

    reading = fleet.read(options.paths or [Path("edge")], Progress())
    return declared_targets(fleet.declared(reading, aws, references(options)), hubs)


def _hours(text: str) -> float:
    return _number(text, "hours", 0.0, _MOST_HOURS)


def _seconds(text: str) -> float:
    return _number(text, "seconds", _LEAST_WATCH_SECONDS, 24 * 3600.0)


def _number(text: str, unit: str, least: float, most: float) -> float:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not least <= number <= most:
        raise argparse.ArgumentTypeError(f"{text!r:.40} is no number of {unit} from {least:g} to {most:g}")
    return number
