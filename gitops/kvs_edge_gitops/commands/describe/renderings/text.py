"""Described streams as text, for a person."""

from collections.abc import Iterator, Sequence
from datetime import datetime, tzinfo
from typing import TextIO

from kvs_edge.observed import Absent
from kvs_edge_gitops.aws.stream_status import Job
from kvs_edge_gitops.commands.describe.description import Description, JobSchedule, leaves, shown
from kvs_edge_gitops.instants import utc, utc_of_text
from kvs_edge_gitops.reports.fields import change
from kvs_edge_gitops.terminal import Paint, printable
from kvs_edge_schedules import Window


def write(described: Sequence[Description], now: datetime, output: TextIO) -> None:
    """Write the streams, one below the other."""
    paint = Paint(output)
    blocks = ("".join(f"{line}\n" for line in _lines(stream, now, paint)) for stream in described)
    output.write("\n".join(blocks))


def _lines(stream: Description, now: datetime, paint: Paint) -> Iterator[str]:
    yield paint("bold", printable(f"{stream.name} in {stream.region}"))
    yield from (printable(line) for line in _declared(stream))
    yield from (printable(line) for schedule in stream.schedules(now) for line in _schedule(schedule, stream))
    yield from (printable(line) for line in _live(stream))
    yield from (printable(f"  {finding.severity} {finding.code}: {finding.message}") for finding in stream.findings)


def _declared(stream: Description) -> Iterator[str]:
    if stream.declared is None:
        yield "  declared: in no file"
        return
    entry = stream.declared.entry
    construct = f", construct {entry.origin.label}" if entry.origin else ""
    yield f"  declared: {stream.declared.place}{construct}"
    yield f"    hub: {stream.declared.hub}"
    yield from (
        f"    {name}: {value}" for name, value in leaves(shown(stream.declared.config)) if name != "HubDeviceArn"
    )
    yield from (f"    known only at deployment: {value}" for value in entry.unknown_values)
    zone = stream.zone if stream.is_zone_known else "unknown, so times are in UTC"
    yield f"    time zone of the hub: {zone}"


def _schedule(schedule: JobSchedule, stream: Description) -> Iterator[str]:
    yield f"  {schedule.job}: {schedule.meaning}"
    yield from (f"    next: {_window(window, stream.zone)}" for window in schedule.windows)
    if schedule.expression and not schedule.windows and schedule.duration:
        yield "    next: none within 400 days"


def _live(stream: Description) -> Iterator[str]:
    live = stream.live
    if live is None:
        is_bare = stream.status.observed == Absent()
        yield f"  live: {'the stream has no edge configuration' if is_bare else 'the stream does not exist'}"
        return
    yield f"  live: {live.status_text} on {live.config['HubDeviceArn']}"
    yield f"    created {utc_of_text(live.created)}, last updated {utc_of_text(live.updated)}"
    if live.details:
        yield f"    {' '.join(live.details.split())}"
    yield from (f"    {line}" for line in _jobs(stream))
    if stream.declared is None:
        yield from (f"    {name}: {value}" for name, value in leaves(shown(live.config)) if name != "HubDeviceArn")
    elif stream.differences:
        yield from (f"    differs: {change(difference)}" for difference in stream.differences)
    else:
        yield "    as declared"


def _jobs(stream: Description) -> Iterator[str]:
    for name, job in (("recorder", stream.status.recorder), ("uploader", stream.status.uploader)):
        yield f"{name}: {_job(job)}"


def _job(job: Job | None) -> str:
    if job is None:
        return "has not reported yet"
    stored = f", last stored media at {utc(job.collected)}" if job.collected else ""
    since = f" since {utc(job.updated)}" if job.updated else ""
    return f"{job.status}{since}{stored}{': ' + job.details if job.details else ''}"


def _window(window: Window, zone: tzinfo) -> str:
    start, end = window.start.astimezone(zone), window.end.astimezone(zone)
    day = "" if start.date() == end.date() else f"{end:%a %Y-%m-%d} "
    return f"{start:%a %Y-%m-%d %H:%M:%S} to {day}{end:%H:%M:%S %z}"
