"""The check of the cameras of streams, a few at a time."""

from collections.abc import Callable, Sequence
from threading import Lock

from kvs_edge_gitops.aws.access import Aws
from kvs_edge_gitops.aws.parallel import parallel_map
from kvs_edge_gitops.camera import STEPS, Settings, check
from kvs_edge_gitops.checks.cameras.checked import CheckedCamera
from kvs_edge_gitops.checks.secrets.reading import by_secret, judge_one
from kvs_edge_gitops.comparison.resolved import ResolvedStream

JOBS = 4
"""Cameras at once: more of them could fill the network that the bit rates are measured on."""
_SECRET = 1
"""Steps of a camera before its check."""


def check_cameras(
    streams: Sequence[ResolvedStream],
    aws: Aws,
    settings: Settings,
    jobs: int = JOBS,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> list[CheckedCamera]:
    """Return the checked cameras, in the order of their streams; a camera of several streams is checked once.

    Args:
        streams: The streams, whose secrets are read.
        aws: The session; a failed request is a result.
        settings: Settings of each check.
        jobs: How many cameras are checked at once.
        progress: Called from several threads with the steps that are done, and their total.
    """
    cameras = by_secret(streams)
    steps = Steps(len(cameras) * (_SECRET + STEPS), progress)
    return list(parallel_map(lambda given: _checked(*given, aws, settings, steps), cameras, jobs))


class Steps:
    """Count of the steps that are done, for several threads."""

    def __init__(self, total: int, progress: Callable[[int, int], None]) -> None:
        self._total, self._progress = total, progress
        self._lock = Lock()
        self._done = 0

    def add(self, count: int = 1) -> None:
        """Report more steps."""
        with self._lock:
            self._done += count
            self._progress(self._done, self._total)


def _checked(arn: str, streams: Sequence[ResolvedStream], aws: Aws, settings: Settings, steps: Steps) -> CheckedCamera:
    name = streams[0].stream.name
    secret, uri = judge_one(arn, streams, aws)
    steps.add(_SECRET)
    if uri is None:
        steps.add(STEPS)
        return CheckedCamera(name, streams, secret.issues, failure=secret.failure)
    return CheckedCamera(name, streams, secret.issues, check(uri, settings, steps.add))
