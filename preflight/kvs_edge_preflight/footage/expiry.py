"""Footage that is deleted by age before any upload: arithmetic on windows."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from kvs_edge_preflight.footage.buffer import Uplink
from kvs_edge_preflight.footage.intervals import TOLERANCE, Interval, gaps, intersect


@dataclass(frozen=True, slots=True)
class ExpiredUnreached:
    """Footage that no upload reaches in time.

    Attributes:
        recorded: When it is recorded.
        longest_wait: Longest time in seconds that it would have to be kept; None if no upload is found.
    """

    recorded: tuple[Interval, ...]
    longest_wait: int | None


@lru_cache(maxsize=256)
def expired_unreached(
    recording: Sequence[Interval], uploading: Sequence[Interval], retention: int, known: Interval
) -> ExpiredUnreached:
    """Return the footage that is deleted before the next upload. The arguments are hashable, for the cache.

    `known` is the span in which `uploading` is known; it ends at least `retention` seconds after `recording`.
    """
    closed = [(end, start - retention) for end, start in gaps(uploading, *known) if start - end > retention + TOLERANCE]
    lost = tuple((start, end) for start, end in intersect(closed, recording) if end - start > TOLERANCE)
    return ExpiredUnreached(lost, _longest_wait(lost, closed, retention, known[1]))


def _longest_wait(lost: Sequence[Interval], closed: Sequence[Interval], retention: int, known_until: int) -> int | None:
    longest, at = 0, 0
    for start, _ in lost:
        while closed[at][1] <= start:
            at += 1
        following = closed[at][1] + retention
        if following == known_until:
            return None
        longest = max(longest, following - start)
    return longest


def split_at_expiry(pieces: Iterable[Uplink], start: int, retention: int) -> Iterator[Uplink]:
    """Split closed pieces at the instant from which expiring footage had no upload window."""
    for piece in pieces:
        parting = start + retention
        if not piece.rate and parting < piece.until:
            yield Uplink(parting, 0.0, had_window=True)
            yield piece._replace(had_window=False)
        else:
            yield piece
        start = piece.until
