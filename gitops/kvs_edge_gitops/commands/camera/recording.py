"""The measured rates in an edge file."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from kvs_edge_gitops.atomic_file import write_atomically
from kvs_edge_gitops.checks.cameras.checked import CheckedCamera
from kvs_edge_gitops.commands.camera.rates import FIELD, with_rate
from kvs_edge_gitops.errors import UsageError
from kvs_edge_gitops.paths import relative
from kvs_edge_preflight.files import read_file
from kvs_edge_preflight.suggestions import did_you_mean


def check_file(file: Path, names: Sequence[str]) -> None:
    """Raise UsageError unless a file is an edge file without faults that declares one of the streams."""
    if not file.is_file():
        raise UsageError(f"--record {file} is not a file: name the edge file that declares the streams")
    declared = read_file(file)
    if declared.faults:
        fault = declared.faults[0]
        raise UsageError(f"--record {file}:{fault.place.line}: {fault.message}")
    known = [stream.stream_name for stream in declared.streams]
    if not set(names) & set(known):
        hint = did_you_mean(names[0], known) if len(names) == 1 else ""
        raise UsageError(f"--record {file} declares none of the streams that are checked{hint}")


def record(file: Path, cameras: Sequence[CheckedCamera]) -> Iterator[str]:
    """Write the rates of good cameras into a file, and yield a line for each stream of it.

    Raises:
        UsageError: The file cannot be read or written.
    """
    declared = {stream.stream_name for stream in read_file(file).streams}
    try:
        text = before = file.read_bytes().decode()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"--record {file} cannot be read: {error.__class__.__name__}") from None
    lines = []
    for name, rate in _rates(cameras):
        if name not in declared:
            continue
        edited = None if rate is None else with_rate(file, text, name, rate)
        text = edited or text
        lines.append(f"{relative(file)}: {_line(name, rate, is_written=edited is not None)}")
    if text != before:
        write_atomically(file, text.encode(), replace=True)
    yield from lines


def _rates(cameras: Sequence[CheckedCamera]) -> Iterator[tuple[str, int | None]]:
    for camera in cameras:
        names = [stream.entry.stream_name for stream in camera.streams] or [camera.name]
        yield from ((name, camera.bit_rate) for name in names)


def _line(name: str, rate: int | None, *, is_written: bool) -> str:
    if rate is None:
        return f"{name} has no new {FIELD}: its rate was not measured"
    if not is_written:
        return f"{name} has no new {FIELD}, because of how the file is written: add {FIELD}: {rate} by hand"
    return f"{FIELD} of {name} is {rate}"
