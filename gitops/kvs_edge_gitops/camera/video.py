"""The video of a camera over one transport, as it was received."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum, StrEnum, auto

from kvs_edge_gitops.camera.measurement import Packet


class Transport(StrEnum):
    """Transport of the media."""

    UDP = "udp"
    TCP = "tcp"


class End(Enum):
    """Reasons why the reception ended."""

    COMPLETE = auto()
    """All was received that was asked for."""
    NOT_OFFERED = auto()
    """The camera does not offer the transport."""
    NOT_STARTED = auto()
    """The camera did not answer SETUP or PLAY, or refused it."""
    NO_MEDIA = auto()
    """No video arrived in time."""
    NO_FRAME = auto()
    """Video arrived, and no frame could be decoded in time."""
    STOPPED = auto()
    """The camera stopped sending."""
    LIBRARY_FAILED = auto()
    """The media library ended with an error, crashed or hung, and was stopped."""


@dataclass(frozen=True)
class Picture:
    """A decoded frame; `profile` is the codec's, such as "Main", and None if it is unknown."""

    codec: str
    profile: str | None
    width: int
    height: int


@dataclass(frozen=True)
class Video:
    """The reception of a video.

    Attributes:
        packets: The packets from the first one on.
        clock_offset: Seconds by which the camera's clock in its RTCP reports is ahead of this machine's; None without
            a report.
    """

    transport: Transport
    end: End
    picture: Picture | None = None
    packets: Sequence[Packet] = field(default=(), repr=False)
    clock_offset: float | None = None
