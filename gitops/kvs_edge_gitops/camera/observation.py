"""Everything that was observed of a camera."""

from dataclasses import dataclass

from kvs_edge_gitops.camera.answer import Answer
from kvs_edge_gitops.camera.measurement import Measurement, measure
from kvs_edge_gitops.camera.video import End, Transport, Video


@dataclass(frozen=True)
class Observation:
    """An observation of a camera.

    Attributes:
        answer: The answer to the requests before the media.
        videos: The receptions of the video, one per transport that was tried, in that order.
        measurement: The measurement of the longest reception.
        clock_offset: Seconds by which the camera's clock is ahead of this machine's; None if it states no time.
    """

    answer: Answer
    videos: tuple[Video, ...] = ()
    measurement: Measurement | None = None
    clock_offset: float | None = None

    @classmethod
    def of(cls, answer: Answer, videos: tuple[Video, ...] = ()) -> "Observation":
        """Return the observation of an answer and of the receptions after it.

        The clock is that of the RTCP reports, and without one that of the answer's date.
        """
        longest = max(videos, key=lambda video: len(video.packets), default=None)
        offsets = [video.clock_offset for video in videos if video.clock_offset is not None]
        measurement = measure(longest.packets) if longest is not None and longest.picture else None
        return cls(answer, videos, measurement, offsets[0] if offsets else answer.date_offset)

    @property
    def shown(self) -> Video | None:
        """The first reception with a decoded frame."""
        return next((video for video in self.videos if video.picture is not None), None)

    def delivers(self, transport: Transport) -> bool:
        """Return whether a frame arrived over a transport."""
        return any(video.transport is transport and video.picture is not None for video in self.videos)

    def end(self, transport: Transport) -> End | None:
        """Return how the reception over a transport ended; None if it was not tried."""
        return next((video.end for video in self.videos if video.transport is transport), None)
