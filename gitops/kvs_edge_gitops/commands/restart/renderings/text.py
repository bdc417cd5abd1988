"""Restarts as text: one line per stream, and a summary."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TextIO

from kvs_edge.configuration import hub_name
from kvs_edge_gitops.aws.stream_status import Job
from kvs_edge_gitops.commands.restart.restarts import Restart, Result
from kvs_edge_gitops.formatting import plural
from kvs_edge_gitops.terminal import Paint, printable

_WORDS = {
    Result.READY: ("can be sent", "bold"),
    Result.REFUSED: ("refused", "error"),
    Result.DECLINED: ("not sent", "warning"),
    Result.FAILED: ("failed", "error"),
    Result.SENT: ("sent", "bold"),
    Result.IN_SYNC: ("in sync", "bold"),
    Result.SYNC_FAILED: ("sync failed", "error"),
    Result.TIMED_OUT: ("timed out", "error"),
}


def write(restarts: Sequence[Restart], _: int, output: TextIO) -> None:
    """Write a line for each stream, and a summary."""
    paint = Paint(output)
    output.writelines(f"{line_of(restart, paint)}\n" for restart in restarts)
    output.write(paint("bold", sentence(restarts)) + "\n")


def sentence(restarts: Sequence[Restart]) -> str:
    """Return a summary such as "2 streams: 1 in sync, 1 refused"."""
    counts = Counter(_WORDS[restart.result][0] for restart in restarts)
    listed = ", ".join(f"{count:,} {word}" for word, count in counts.items())
    return f"{plural(len(restarts), 'stream')}: {listed or 'nothing to send'}"


def line_of(restart: Restart, paint: Paint) -> str:
    """Return a line with the stream, its place and hub, the result, and what its jobs last reported."""
    word, style = _WORDS[restart.result]
    where = [restart.declared.place if restart.declared else "in no file"]
    where += [f"on {hub_name(restart.hub)}"] if restart.hub else []
    message = f": {restart.message}" if restart.message else ""
    text = f" ({', '.join(where)}): {word}{message}{''.join(_jobs(restart))}"
    return paint(style, printable(restart.stream.name)) + printable(text)


def _jobs(restart: Restart) -> Iterator[str]:
    jobs: tuple[tuple[str, Job | None], ...] = (
        ("recorder", restart.status.recorder),
        ("uploader", restart.status.uploader),
    )
    for name, job in jobs:
        if job is not None and not job.is_success:
            yield f"; the {name} reported {job.status}: {job.details or 'no details'}"
