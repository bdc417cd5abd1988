"""Arguments and run of `kvs-edge camera`."""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from kvs_edge_gitops.arguments import add_references, add_targets, references, targets
from kvs_edge_gitops.aws.arguments import Settings, add_aws
from kvs_edge_gitops.errors import UsageError
from kvs_edge_gitops.exit_codes import AWS_FAILED, FINDINGS, OK
from kvs_edge_gitops.extras import INSTALL_CAMERA
from kvs_edge_gitops.numbers import number_of, whole_number

if TYPE_CHECKING:
    from kvs_edge_gitops import camera
    from kvs_edge_gitops.checks.cameras.checked import CheckedCamera

_MAX_SECONDS = 3600.0
_MAX_JOBS = 64
_SECONDS = number_of("seconds", 1, _MAX_SECONDS)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_targets(parser, is_required=False)
    parser.add_argument(
        "--uri-from-stdin",
        action="store_true",
        help="read one RTSP URI from standard input instead of the secrets, without AWS; at a terminal, ask for it",
    )
    parser.add_argument(
        "--seconds", type=_SECONDS, default=10.0, help="how long the bit rate is measured, 1 to 3600 (default: 10)"
    )
    parser.add_argument(
        "--timeout",
        type=_SECONDS,
        default=10.0,
        help="seconds to connect, for each answer, and for the first frame, 1 to 3600 (default: 10)",
    )
    parser.add_argument(
        "--jobs",
        type=whole_number(1, _MAX_JOBS),
        default=4,
        help=f"how many cameras are checked at once, 1 to {_MAX_JOBS} (default: 4)",
    )
    parser.add_argument(
        "--record",
        metavar="FILE",
        type=Path,
        help="write the measured rates of good cameras into this edge file, as camera_bit_rate",
    )
    parser.add_argument("--format", choices=("text", "json"), default="text", help="default: text")
    add_references(parser)
    add_aws(parser)
    parser.epilog = (
        "exit codes: 0 no errors; 1 the hub cannot record a camera; 2 wrong usage, a stream that is not declared, files"
        f" that cannot be read or have errors, or PyAV is not installed ({INSTALL_CAMERA}); 3 an AWS request failed,"
        " such as for a secret that you may not read"
    )


def run(options: argparse.Namespace) -> int:
    """Check the cameras, write the issues to standard output, and the rates into a file."""
    from kvs_edge_gitops.camera import is_available
    from kvs_edge_gitops.commands.camera.recording import record
    from kvs_edge_gitops.commands.camera.renderings import json, text
    from kvs_edge_gitops.terminal import Progress

    if not is_available():
        raise UsageError(f"kvs-edge camera needs PyAV, which is not installed: {INSTALL_CAMERA}")
    with Progress() as progress:
        find = _given if options.uri_from_stdin else _declared
        cameras = find(options, lambda done, total: progress.show("checking cameras", done, total))
    if any(camera.failure is not None for camera in cameras):
        code = AWS_FAILED
    else:
        code = FINDINGS if any(camera.has_error for camera in cameras) else OK
    (json if options.format == "json" else text).write(cameras, code, sys.stdout)
    if options.record is not None:
        sys.stderr.writelines(f"{line}\n" for line in record(options.record, cameras))
    return code


def _declared(options: argparse.Namespace, show: Callable[[int, int], None]) -> "list[CheckedCamera]":
    """Check the cameras in the secrets of declared streams."""
    from kvs_edge_gitops.aws.access import Aws
    from kvs_edge_gitops.checks.cameras.reading import check_cameras
    from kvs_edge_gitops.checks.secrets.reading import streams_of
    from kvs_edge_gitops.commands.camera.recording import check_file
    from kvs_edge_gitops.state import desired
    from kvs_edge_gitops.terminal import Progress

    names, paths = targets(options)
    given = references(options)
    aws = Aws(Settings.of(options))
    streams = streams_of(names, desired.resolve(desired.read(paths, Progress(), given), aws, given))
    if options.record is not None:
        check_file(options.record, [stream.entry.stream_name for stream in streams])
    return check_cameras(streams, aws, _settings(options), options.jobs, show)


def _given(options: argparse.Namespace, show: Callable[[int, int], None]) -> "list[CheckedCamera]":
    """Check the camera whose URI is on standard input; it may have the name of a stream."""
    from kvs_edge_gitops.camera import STEPS, check
    from kvs_edge_gitops.checks.cameras.checked import CheckedCamera
    from kvs_edge_gitops.checks.cameras.reading import Steps
    from kvs_edge_gitops.commands.camera.recording import check_file
    from kvs_edge_gitops.commands.camera.typed_uri import read_uri

    if len(options.targets) > 1:
        raise UsageError("--uri-from-stdin checks one camera: give no more than one name with it")
    if options.record is not None and not options.targets:
        raise UsageError("--record with --uri-from-stdin needs the stream's name: kvs-edge camera STREAM ...")
    name = options.targets[0] if options.targets else "standard input"
    if options.record is not None:
        check_file(options.record, [name])
    steps = Steps(STEPS, show)
    return [CheckedCamera(name, report=check(read_uri(), _settings(options), steps.add))]


def _settings(options: argparse.Namespace) -> "camera.Settings":
    from kvs_edge_gitops import camera

    return camera.Settings(options.seconds, options.timeout)
