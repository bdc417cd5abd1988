"""The check of the cameras whose secrets are good."""

from collections.abc import Iterator, Sequence

from kvs_edge_gitops.camera import Settings, is_available
from kvs_edge_gitops.checks.cameras.checked import CheckedCamera
from kvs_edge_gitops.checks.cameras.reading import check_cameras
from kvs_edge_gitops.checks.cameras.summary import sentence
from kvs_edge_gitops.commands.doctor.check import Result, mixed, not_asked
from kvs_edge_gitops.commands.doctor.site import Site
from kvs_edge_gitops.commands.doctor.words import explain
from kvs_edge_gitops.exit_codes import AWS_FAILED
from kvs_edge_gitops.extras import INSTALL_CAMERA
from kvs_edge_preflight.media_secret import Severity

_SETTINGS = Settings(seconds=2.0, timeout=5.0)
"""Long enough for a frame, and too short for a bit rate to plan with: the command camera measures that."""


def check(site: Site) -> Result:
    """Return whether the hub can record the cameras. This machine asks them, from its own network."""
    if not is_available():
        return not_asked("needs PyAV", INSTALL_CAMERA)
    if not site.usable:
        return not_asked("no camera has a good secret")
    cameras = check_cameras(
        site.usable,
        site.aws,
        _SETTINGS,
        progress=lambda done, total: site.progress.show("checking cameras", done, total),
    )
    failures = [f"{camera.name}: {camera.failure}" for camera in cameras if camera.failure is not None]
    return mixed(sentence(cameras), list(_errors(cameras)), failures, list(_next(cameras, site)), AWS_FAILED)


def _errors(cameras: Sequence[CheckedCamera]) -> Iterator[str]:
    for camera in cameras:
        for issue in camera.issues:
            if issue.severity is Severity.ERROR:
                yield f"{camera.name}: {issue.code.value}: {issue.message}"


def _next(cameras: Sequence[CheckedCamera], site: Site) -> Iterator[str]:
    yield site.words.on_aws("camera", *(camera.name for camera in cameras if not camera.is_good))
    codes = [issue.code.value for camera in cameras for issue in camera.issues if issue.severity is Severity.ERROR]
    if codes:
        yield explain(*codes)
