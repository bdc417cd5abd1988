"""Command `kvs-edge-local`: run and control a local AWS.

Exit codes: 0 for success, 1 for a failure with its reason on standard error, 2 for wrong usage. `run` returns the exit
code of the command that it ran.
"""

# ruff: noqa: T201 - the command's output

import argparse
import gc
import json
import os
import shlex
import signal
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from kvs_edge_local.control_client import (
    DEFAULT_PORT,
    ControlClient,
    CustomResourceEvent,
    NoLocalAwsError,
    RefusedError,
    StreamStatus,
)

if TYPE_CHECKING:
    from kvs_edge_local.server import LocalAws

EXTRA = 'pip install "cdk-kvs-edge[local]"'
STATUS_HEADINGS = ("STREAM", "HUB", "HUB STATE", "STATUS", "FOR", "SYNCED IN", "POLLS")
HUB_STATES = ("online", "offline", "slow", "failing")
AGENTS = ("healthy", "recorder-fails", "uploader-fails", "disk-full", "silent")
EVENT_HEADINGS = ("SENT", "STACK", "RESOURCE", "REQUEST", "DELIVERED", "RESPONSE", "REASON")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit code."""
    options = _parser().parse_args(arguments)
    try:
        command: Callable[[argparse.Namespace], int | None] = options.command
        return command(options) or 0
    except (NoLocalAwsError, RefusedError, OSError, ValueError) as error:
        print(f"kvs-edge-local: {error}", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="kvs-edge-local", description="A local AWS with edge configurations.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    up = commands.add_parser("up", help="run a local AWS until Ctrl-C")
    up.add_argument("--port", type=int, default=DEFAULT_PORT, help="the port to listen on (default: %(default)s)")
    _server_options(up)
    up.set_defaults(command=_up)
    run = commands.add_parser(
        "run", help="run a command against a local AWS of its own, then show its edge configurations"
    )
    run.add_argument("--port", type=int, default=0, help="the port to listen on (default: a free port)")
    _server_options(run)
    run.add_argument("program", nargs="+", metavar="-- COMMAND", help="the command with its arguments, after --")
    run.set_defaults(command=_run)
    hub = _client_command(commands, "hub", "set how a hub device behaves", _hub)
    hub.add_argument("name", help="the hub's thing name")
    hub.add_argument(
        "state", choices=(*HUB_STATES, *AGENTS), help="how the hub syncs, or what its agent reports on its jobs"
    )
    hub.add_argument("--seconds", type=float, help="seconds until a slow hub is in sync")
    hub.add_argument("--text", help="the FailedStatusDetails of a failing hub, or the JobStatusDetails of a failed job")
    hub.add_argument("--error", choices=("USER_ERROR", "SYSTEM_ERROR"), help="the status of a failed job")
    hub.add_argument(
        "--until-restart",
        action="store_true",
        default=None,
        help="end a job's failure at the next update of its stream",
    )
    hub.add_argument("--stream", help="only what the agent reports on this stream")
    hub.add_argument("--time-zone", help="the hub's time zone, in which its schedules run (default: UTC)")
    status = _client_command(commands, "status", "show each stream's edge configuration", _status)
    status.add_argument("--json", action="store_true", help="as JSON")
    events = _client_command(commands, "events", "show custom resource requests and their responses", _events)
    events.add_argument("--json", action="store_true", help="as JSON")
    return parser


def _server_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--region",
        default=None,
        help="the region of its environment (default: AWS_REGION, AWS_DEFAULT_REGION, or eu-central-1)",
    )
    parser.add_argument(
        "--time-scale",
        type=float,
        default=1.0,
        help="seconds of the local AWS per real second (default: %(default)s)",
    )


def _client_command(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]",
    name: str,
    description: str,
    command: Callable[[argparse.Namespace], int | None],
) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=description)
    parser.add_argument(
        "--endpoint",
        help=f"the endpoint of the local AWS (default: AWS_ENDPOINT_URL, or http://localhost:{DEFAULT_PORT})",
    )
    parser.set_defaults(command=command)
    return parser


def _up(options: argparse.Namespace) -> None:
    # Before the import, which takes seconds: a signal during the import is handled too.
    stopped = _signals()
    with _local_aws(options) as local_aws:
        print(f"# Local AWS is running at {local_aws.endpoint_url}. Run in the shell that uses it:")
        for name, value in local_aws.environment().items():
            print(f"export {name}={shlex.quote(value)}")
        print("# Ctrl-C stops it and discards its state.", flush=True)
        stopped()
    print("# Local AWS stopped.", flush=True)


def _run(options: argparse.Namespace) -> int:
    with _local_aws(options) as local_aws:
        from kvs_edge_local.run_command import run

        print(f"# Local AWS is running at {local_aws.endpoint_url}", flush=True)
        code = run(options.program, local_aws)
        print("\n# Edge configurations of the local Kinesis Video Streams:")
        _show_streams(ControlClient(local_aws.endpoint_url))
    print("# Local AWS stopped.", flush=True)
    return code


def _local_aws(options: argparse.Namespace) -> "LocalAws":
    # What is imported stays. Collections would look at all of it again and again, a fifth of the time to start.
    gc.disable()
    try:
        from kvs_edge_local.server import DEFAULT_REGION, LocalAws, known_regions
    except ModuleNotFoundError as error:
        raise ValueError(f"the local AWS needs {error.name}, which is not installed: {EXTRA}") from error
    finally:
        gc.enable()
    gc.freeze()
    region = options.region or _asked_region(os.environ) or DEFAULT_REGION
    if region not in known_regions():
        raise ValueError(f"{region!r} is not a region of AWS: give one such as eu-west-1 (--region, AWS_REGION)")
    return LocalAws(options.port, options.time_scale, region=region)


def _asked_region(environment: Mapping[str, str]) -> str | None:
    """Return the region of the shell, in the order of the AWS CLI v2."""
    return environment.get("AWS_REGION") or environment.get("AWS_DEFAULT_REGION") or None


def _signals() -> Callable[[], object]:
    waited_for = {signal.SIGINT, signal.SIGTERM}
    signal.pthread_sigmask(signal.SIG_BLOCK, waited_for)
    return lambda: signal.sigwait(waited_for)


def _hub(options: argparse.Namespace) -> None:
    client = ControlClient(options.endpoint)
    agent = options.state in AGENTS
    settings = {
        "seconds": options.seconds,
        "text" if agent else "details": options.text,
        "error": options.error,
        "until_restart": options.until_restart,
        "stream": options.stream,
        "time_zone": options.time_zone,
    }
    change = client.set_agent if agent else client.set_hub
    change(options.name, options.state, **{name: value for name, value in settings.items() if value is not None})
    print(f"{'the agent of ' if agent else ''}hub {options.name} is {options.state}")


def _status(options: argparse.Namespace) -> None:
    client = ControlClient(options.endpoint)
    if options.json:
        print(json.dumps([vars(stream) for stream in client.streams()], indent=2))
    else:
        _show_streams(client)


def _show_streams(client: ControlClient) -> None:
    streams, now = client.streams(), float(client.about()["time"])
    if not streams:
        print("no edge configurations")
    else:
        _table(STATUS_HEADINGS, [_stream_row(stream, now) for stream in streams])


def _stream_row(stream: StreamStatus, now: float) -> tuple[str, ...]:
    return (
        stream.stream_name,
        stream.hub,
        stream.hub_state,
        stream.status,
        f"{now - stream.since:.0f} s",
        "-" if stream.sync_took is None else f"{stream.sync_took:.1f} s",
        str(stream.polls),
    )


def _events(options: argparse.Namespace) -> None:
    events = ControlClient(options.endpoint).custom_resource_events()
    if options.json:
        print(json.dumps([_plain(event) for event in events], indent=2))
    elif not events:
        print("no custom resource requests")
    else:
        _table(EVENT_HEADINGS, [_event_row(event) for event in events])


def _plain(event: CustomResourceEvent) -> dict[str, Any]:
    return {**vars(event), "responses": [vars(response) for response in event.responses]}


def _event_row(event: CustomResourceEvent) -> tuple[str, ...]:
    response = _counted_response(event)
    return (
        datetime.fromtimestamp(event.sent_at, UTC).strftime("%H:%M:%S"),
        str(event.event["StackId"]).split("/")[1],
        str(event.event["LogicalResourceId"]),
        str(event.event["RequestType"]),
        f"{event.deliveries}x",
        str(response.get("Status", "-")),
        str(response.get("Reason", "")),
    )


def _counted_response(event: CustomResourceEvent) -> Mapping[str, Any]:
    counted = next((response.body for response in event.responses if response.counted), "{}")
    response: Mapping[str, Any] = json.loads(counted)
    return response


def _table(headings: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> None:
    lines = [headings, *rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(headings))]
    for line in lines:
        print("  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip())


if __name__ == "__main__":
    sys.exit(main())
