"""Measurement of a video from its packets: bit rate, frame rate, key frames."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

_FEWEST = 3
_PEAK_SECONDS = 1.0 - 1e-6
"""One second, less an error of rounding: RTP's clock has 90,000 ticks per second."""
_TOLERANCE = 0.2
"""Share by which media time and time of arrival may differ."""
_SLACK_SECONDS = 2.0
"""A packet may arrive so late on a busy network or machine."""
_HELD_BACK_SECONDS = 10.0
"""A client holds packets back while it opens a stream, which makes the time of their arrival shorter."""


class Packet(NamedTuple):
    """A packet of video, which is one frame.

    Attributes:
        arrived: Seconds on this machine's monotonic clock.
        size: Bytes, without RTP's headers.
        media_time: Seconds on the camera's media clock; None if the client does not know it.
        is_key: True if the frame can be decoded without others.
    """

    arrived: float
    size: int
    media_time: float | None
    is_key: bool


@dataclass(frozen=True)
class Measurement:
    """Rates of a video, as they were measured.

    Attributes:
        seconds: The media time that the packets cover.
        mean_bit_rate: Bits per second.
        peak_bit_rate: Bits in the second with the most of them.
        frames_per_second: Of the media time.
        key_frame_seconds: The longest time between two key frames; None if there were not two.
        is_regular: False if the camera's timestamps go back, or run at another pace than time.
    """

    seconds: float
    mean_bit_rate: int
    peak_bit_rate: int
    frames_per_second: float
    key_frame_seconds: float | None
    is_regular: bool


def measure(packets: Sequence[Packet]) -> Measurement | None:
    """Return the measurement; None for fewer than three packets, or packets of one instant.

    Packets count at the times of the camera's media clock, because clients deliver the first ones in a burst. If that
    clock does not run as time does, they count as they arrived.
    """
    if len(packets) < _FEWEST:
        return None
    times = _media_times(packets)
    is_regular = times is not None and _is_regular(times, packets)
    instants = times if times is not None and is_regular else [packet.arrived for packet in packets]
    span = instants[-1] - instants[0]
    if span <= 0:
        return None
    # The last frame lasts as long as the others do on average.
    seconds = span * len(packets) / (len(packets) - 1)
    bits = [8 * packet.size for packet in packets]
    keys = [instant for instant, packet in zip(instants, packets, strict=True) if packet.is_key]
    return Measurement(
        seconds=seconds,
        mean_bit_rate=round(sum(bits) / seconds),
        peak_bit_rate=max(_peak(instants, bits), round(sum(bits) / seconds)),
        frames_per_second=(len(packets) - 1) / span,
        key_frame_seconds=max((late - early for early, late in pairwise(keys)), default=None),
        is_regular=is_regular,
    )


def _media_times(packets: Sequence[Packet]) -> list[float] | None:
    """Return the media times; the first packet, which has none in FFmpeg, is one frame before the second."""
    times = [packet.media_time for packet in packets]
    if times[0] is None and times[1] is not None and times[2] is not None:
        times[0] = 2 * times[1] - times[2]
    known = [time for time in times if time is not None]
    return known if len(known) == len(times) else None


def _is_regular(times: Sequence[float], packets: Sequence[Packet]) -> bool:
    if any(late < early for early, late in pairwise(times)):
        return False
    media, real = times[-1] - times[0], packets[-1].arrived - packets[0].arrived
    return real * (1 - _TOLERANCE) - _SLACK_SECONDS <= media <= real * (1 + _TOLERANCE) + _HELD_BACK_SECONDS


def _peak(instants: Sequence[float], bits: Sequence[int]) -> int:
    """Return the most bits within any second."""
    window: deque[tuple[float, int]] = deque()
    total = most = 0
    for instant, size in zip(instants, bits, strict=True):
        window.append((instant, size))
        total += size
        while instant - window[0][0] >= _PEAK_SECONDS:
            total -= window.popleft()[1]
        most = max(most, total)
    return most
