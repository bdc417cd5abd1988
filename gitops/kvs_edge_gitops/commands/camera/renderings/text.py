"""Checked cameras as text: one block per camera, and a summary."""

from collections.abc import Iterator, Sequence
from typing import TextIO

from kvs_edge_gitops.camera import Observation
from kvs_edge_gitops.camera.judgement import clock_text
from kvs_edge_gitops.camera.measurement import Measurement
from kvs_edge_gitops.camera.video import Picture, Transport
from kvs_edge_gitops.checks.cameras.checked import CheckedCamera
from kvs_edge_gitops.checks.cameras.summary import sentence, state
from kvs_edge_gitops.terminal import Paint, printable
from kvs_edge_preflight.footage.formatting import bit_rate


def write(cameras: Sequence[CheckedCamera], _: int, output: TextIO) -> None:
    """Write each camera with what was observed and its issues, and a summary."""
    paint = Paint(output)
    for camera in cameras:
        used = ", ".join(f"{stream.stream.name} at {stream.place}" for stream in camera.streams)
        place = f" ({used})" if used else ""
        output.write(f"{paint('bold', printable(camera.name))}{printable(f'{place}: {state(camera)}')}\n")
        observation = camera.report.observation if camera.report else None
        for line in _observed(observation) if observation else ():
            output.write(f"  {printable(line)}\n")
        for issue in camera.issues:
            severity = paint(issue.severity.value, issue.severity.value)
            output.write(f"  {severity} {issue.code.value}: {printable(issue.message)}\n")
    output.write(paint("bold", sentence(cameras)) + "\n")


def _observed(observation: Observation) -> Iterator[str]:
    answer = observation.answer
    login = f"logged in with {answer.login.label}" if answer.login and answer.is_described else ""
    yield ", ".join(filter(None, ("reachable" if answer.reached else "not reachable", login)))
    if answer.tracks:
        yield "tracks: " + ", ".join(f"{track.kind} {track.label}" for track in answer.tracks)
    if observation.shown is not None and observation.shown.picture is not None:
        yield _picture(observation.shown.picture, observation.measurement)
    if observation.measurement is not None:
        yield _rate(observation.measurement)
    if observation.videos:
        delivered = [transport.name for transport in Transport if observation.delivers(transport)]
        yield f"transport: {' and '.join(delivered) or 'none delivers'}"
    if observation.clock_offset is not None:
        yield f"clock: {clock_text(observation.clock_offset)}"


def _picture(picture: Picture, measured: Measurement | None) -> str:
    parts = [f"video: {picture.profile or 'unknown profile'}, {picture.width}x{picture.height}"]
    if measured is not None:
        parts.append(f"{measured.frames_per_second:.1f} frames per second")
        if measured.key_frame_seconds is not None:
            parts.append(f"a key frame every {measured.key_frame_seconds:.1f} s")
    return ", ".join(parts)


def _rate(measured: Measurement) -> str:
    mean, peak = bit_rate(measured.mean_bit_rate), bit_rate(measured.peak_bit_rate)
    return f"bit rate: {mean} on average over {measured.seconds:.1f} s, at most {peak} in a second"
