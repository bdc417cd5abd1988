"""Checked cameras as JSON, for scripts."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, TextIO

from kvs_edge_gitops.camera import Observation
from kvs_edge_gitops.checks.cameras.checked import CheckedCamera
from kvs_edge_gitops.checks.cameras.summary import sentence, state
from kvs_edge_gitops.paths import relative
from kvs_edge_gitops.reports.json_report import write_json


def write(cameras: Sequence[CheckedCamera], exit_code: int, output: TextIO) -> None:
    """Write version, exit_code, summary and cameras."""
    report = {
        "summary": {"cameras": len(cameras), "sentence": sentence(cameras)},
        "cameras": [_camera(camera) for camera in cameras],
    }
    write_json(report, exit_code, output)


def _camera(camera: CheckedCamera) -> dict[str, Any]:
    streams = [
        {"stream": stream.stream.name, "file": relative(stream.entry.file), "line": stream.entry.place().line}
        for stream in camera.streams
    ]
    issues = [
        {"code": issue.code.value, "severity": issue.severity.value, "message": issue.message}
        for issue in camera.issues
    ]
    observation = camera.report.observation if camera.report else None
    return {
        "camera": camera.name,
        "streams": streams,
        "state": state(camera),
        "is_good": camera.is_good,
        "failure": camera.failure,
        "observed": _observed(observation) if observation else None,
        "issues": issues,
    }


def _observed(observation: Observation) -> dict[str, Any]:
    answer, shown = observation.answer, observation.shown
    return {
        "reached": answer.reached,
        "status": answer.status,
        "login": answer.login.label if answer.login else None,
        "offers": [offer.label for offer in answer.offers],
        "tracks": [asdict(track) for track in answer.tracks],
        "transports": {video.transport.value: video.end.name.lower() for video in observation.videos},
        "picture": asdict(shown.picture) if shown is not None and shown.picture is not None else None,
        "measurement": asdict(observation.measurement) if observation.measurement is not None else None,
        "clock_offset_seconds": observation.clock_offset,
    }
