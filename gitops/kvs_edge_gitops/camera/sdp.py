"""The tracks of a camera, from its session description (SDP, RFC 8866)."""

import re
from dataclasses import dataclass

_MEDIA = re.compile(r"m=(\S+) \S+ \S+ (\d+)")
_RTPMAP = re.compile(r"a=rtpmap:(\d+) ([^/\s]+)")
_STATIC = {0: "PCMU", 8: "PCMA", 14: "MPA", 26: "JPEG", 32: "MPV", 33: "MP2T"}
"""Encodings of payload types that need no rtpmap [RFC 3551, 6]."""
_NAMES = {"H264": "H.264", "H265": "H.265", "JPEG": "MJPEG"}


@dataclass(frozen=True)
class Track:
    """A track.

    Attributes:
        kind: The medium, such as "video" or "audio"; "application" is ONVIF's metadata.
        encoding: The encoding's name in capitals, such as "H264".
    """

    kind: str
    encoding: str

    @property
    def label(self) -> str:
        """The encoding as people know it."""
        return _NAMES.get(self.encoding, self.encoding)


def parse_tracks(text: str) -> tuple[Track, ...]:
    """Return the tracks, in the order of the description."""
    return tuple(_track(section) for section in re.split(r"(?m)^(?=m=)", text)[1:])


def _track(section: str) -> Track:
    media = _MEDIA.match(section)
    if media is None:
        return Track("unknown", "unknown")
    number = int(media[2])
    named = {int(found[1]): found[2].upper() for found in map(_RTPMAP.match, section.splitlines()) if found}
    return Track(media[1], named.get(number) or _STATIC.get(number, f"payload type {number}"))
