"""Arguments and run of `kvs-edge status`: the only module here that uses the clock, the files and the terminal."""

import argparse
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from kvs_edge_gitops.arguments import add_paths, add_references, references, time_zone_option
from kvs_edge_gitops.aws.arguments import Settings, add_aws
from kvs_edge_gitops.errors import UsageError
from kvs_edge_gitops.numbers import number_of

if TYPE_CHECKING:
    from kvs_edge_gitops.aws.access import Aws
    from kvs_edge_gitops.checks.fleet.snapshot import Snapshot, Target
    from kvs_edge_gitops.commands.status.renderings.view import View
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
        "--time-zone",
        metavar="ZONE",
        help="the IANA time zone of the hubs for which no file states one, such as Europe/Berlin",
    )
    parser.add_argument(
        "--silent-after",
        type=number_of("hours", 0.0, _MAX_HOURS),
        metavar="HOURS",
        help="a hub is silent if it has not reported for this long in which recording was due (default: 2)",
    )
    parser.add_argument("--format", choices=("text", "json"), default="text", help="default: text")
    parser.add_argument("--html", type=Path, metavar="FILE", help="write the fleet as a self-contained HTML page")
    parser.add_argument(
        "--watch",
        nargs="?",
        type=number_of("seconds", _MIN_WATCH_SECONDS, 24 * 3600.0),
        const=WATCH_SECONDS,
        metavar="SECONDS",
        help=f"repeat after this many seconds (default: {WATCH_SECONDS:g}), until Ctrl-C",
    )
    add_references(parser)
    add_aws(parser)
    parser.epilog = (
        "exit codes: 0 all streams are healthy, not due or in progress; 1 a stream needs attention: recording failed,"
        " silent hub, not in sync, upload failed or unknown; 2 wrong usage, or files that cannot be read; 3 an AWS"
        " request failed; 130 interrupted"
    )


def run(
    options: argparse.Namespace,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
    sleep: Callable[[float], None] = time.sleep,
) -> int:
    """Take a snapshot, and write it to standard output; repeat it with --watch."""
    from kvs_edge_gitops.commands.status.renderings.screen import can_redraw
    from kvs_edge_gitops.commands.status.watch import watch

    view = _view(options)
    take, seconds = _snapshots(options, now), options.watch
    is_table = options.format == "text" and options.html is None
    if is_table and seconds is not None and can_redraw(sys.stdout):
        _redraw(take, seconds, now, sleep)
    if seconds is not None:
        watch(take, view, seconds, now, sleep)
    view.show(snapshot := take())
    return snapshot.exit_code


def _view(options: argparse.Namespace) -> "View":
    from kvs_edge_gitops.commands.status.renderings.html import HtmlView
    from kvs_edge_gitops.commands.status.renderings.json import JsonView
    from kvs_edge_gitops.commands.status.renderings.text import TextView

    if options.html is not None:
        if options.format != "text":
            raise UsageError(f"--html writes a page instead of --format {options.format}: give one of them")
        return HtmlView(options.html, sys.stdout)
    if options.format == "json":
        return JsonView(sys.stdout, indent=2 if options.watch is None else None)
    return TextView(sys.stdout)


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
    from kvs_edge_gitops.checks.fleet.snapshot import arns_of, take_snapshot, targets_on
    from kvs_edge_gitops.terminal import Progress
    from kvs_edge_health import Limits

    limits = None if options.silent_after is None else Limits(silent_after=timedelta(hours=options.silent_after))
    time_zone_option(options.time_zone, "--time-zone")
    is_of_files = bool(options.paths or not options.hub)
    aws = Aws(Settings.of(options) if is_of_files else _settings_at(options.hub[0], options))
    declared, unnamed = _declared(options, aws) if is_of_files else (None, ())
    hubs = arns_of(options.hub, aws) if declared is None else []

    def take() -> "Snapshot":
        with Progress() as progress:
            targets = targets_on(hubs, options.time_zone, aws, progress.show) if declared is None else declared
            return take_snapshot(targets, aws, now(), hubs=hubs, limits=limits, unnamed=unnamed, show=progress.show)

    return take


def _settings_at(hub: str, options: argparse.Namespace) -> Settings:
    """Return the settings; without --region, the region is that of the hub."""
    from kvs_edge_gitops.checks.fleet.snapshot import region_of

    settings = Settings.of(options)
    return replace(settings, region=settings.region or region_of(hub))


def _declared(options: argparse.Namespace, aws: "Aws") -> "tuple[list[Target], tuple[UnnamedStream, ...]]":
    from kvs_edge_gitops.checks.fleet.snapshot import declared_targets
    from kvs_edge_gitops.state import desired
    from kvs_edge_gitops.terminal import Progress

    given = references(options)
    reading = desired.read(options.paths or [Path("edge")], Progress(), given)
    streams, unnamed = desired.resolve(reading, aws, given)
    return declared_targets(streams, options.hub, lambda stream: stream.zone.name or options.time_zone), unnamed
