"""The answer of a camera to the requests that come before its media."""

from dataclasses import dataclass
from enum import Enum, auto

from kvs_edge_gitops.camera.challenges import Challenge
from kvs_edge_gitops.camera.sdp import Track


class Failure(Enum):
    """Reasons why there is no answer."""

    HOST_UNKNOWN = auto()
    REFUSED = auto()
    UNREACHABLE = auto()
    NO_CONNECTION = auto()
    """Nothing answers the attempt to connect."""
    SILENT = auto()
    """The connection stands, and the answer is not complete in time."""
    CLOSED = auto()
    NOT_RTSP = auto()
    HTTP = auto()
    ENDLESS = auto()
    TLS = auto()
    CERTIFICATE = auto()


@dataclass(frozen=True)
class Answer:
    """The answer to DESCRIBE.

    Attributes:
        failure: Why there is none; None if there is one.
        reached: True if a connection was made.
        status: The status of the last response, such as 200; None without one.
        login: The offer that was taken; None if the camera asked for no login, or none could be made.
        offers: What the camera offered to log in; empty if it asked for no login.
        tracks: The tracks of the session description.
        is_encrypted: True for rtsps://.
        date_offset: Seconds by which the date of the answer is ahead of this machine's clock; None without a date.
    """

    failure: Failure | None = None
    reached: bool = False
    status: int | None = None
    login: Challenge | None = None
    offers: tuple[Challenge, ...] = ()
    tracks: tuple[Track, ...] = ()
    is_encrypted: bool = False
    date_offset: float | None = None

    @property
    def is_described(self) -> bool:
        """True if the camera described its media."""
        return self.failure is None and self.status == 200  # noqa: PLR2004
