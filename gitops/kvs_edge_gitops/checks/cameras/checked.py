"""Checked cameras: the issues of each, and the streams that it is the source of."""

from collections.abc import Sequence
from dataclasses import dataclass

from kvs_edge_gitops.camera import CameraIssue, CameraReport
from kvs_edge_gitops.comparison.resolved import ResolvedStream
from kvs_edge_preflight.media_secret import Issue, Severity


@dataclass(frozen=True, eq=False)
class CheckedCamera:
    """A camera.

    Attributes:
        name: The name of its first stream, or another label. It holds no part of the URI.
        streams: The streams that it is the source of; empty for a URI without a declaration.
        of_secret: The issues of its secret.
        report: The report of the check; None if the secret has no usable URI.
        failure: Why the secret could not be read; None if it was.
    """

    name: str
    streams: Sequence[ResolvedStream] = ()
    of_secret: tuple[Issue, ...] = ()
    report: CameraReport | None = None
    failure: str | None = None

    @property
    def issues(self) -> tuple[Issue | CameraIssue, ...]:
        """The issues of secret and camera, each once."""
        return tuple(dict.fromkeys((*self.of_secret, *(self.report.issues if self.report else ()))))

    @property
    def has_error(self) -> bool:
        """True if the hub cannot record the camera."""
        return any(issue.severity is Severity.ERROR for issue in self.issues)

    @property
    def is_good(self) -> bool:
        """True if the camera was asked, and the hub can record it."""
        return self.report is not None and not self.has_error

    @property
    def bit_rate(self) -> int | None:
        """The mean bit rate of a good camera, in bits per second; None if it was not measured."""
        observation = self.report.observation if self.report else None
        measured = observation.measurement if observation else None
        return measured.mean_bit_rate if measured and self.is_good else None
