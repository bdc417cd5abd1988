"""The result for some cameras in one sentence."""

from collections.abc import Sequence

from kvs_edge_gitops.checks.cameras.checked import CheckedCamera
from kvs_edge_gitops.formatting import plural


def sentence(cameras: Sequence[CheckedCamera]) -> str:
    """Return a summary such as "3 cameras: 1 good, 1 with errors, 1 not checked"."""
    counts = {
        "good": sum(camera.is_good for camera in cameras),
        "with errors": sum(camera.has_error for camera in cameras),
        "not checked": sum(not camera.is_good and not camera.has_error for camera in cameras),
    }
    listed = ", ".join(f"{count:,} {word}" for word, count in counts.items() if count)
    return f"{plural(len(cameras), 'camera')}: {listed or 'nothing to check'}"


def state(camera: CheckedCamera) -> str:
    """Return the state of a camera, such as "good"."""
    if camera.failure is not None:
        return f"not checked: {camera.failure}"
    if camera.has_error:
        return "the hub cannot record it"
    return "good" if camera.is_good else "not checked: its source is a file"
