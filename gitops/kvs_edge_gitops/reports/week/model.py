"""The model of a week, ready to draw."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from kvs_edge_gitops.formatting import plural
from kvs_edge_gitops.reports.week.wall_clock import WallClock

_MAX_AT_A_GLANCE = 16
"""With more streams, those with footage at risk are also listed by name."""


class Activity(StrEnum):
    """An activity; the value is its label."""

    RECORDING = "recording"
    UPLOADING = "uploading"
    UPLOADING_ASSUMED = "uploading, as assumed"
    AT_RISK = "at risk"


@dataclass(frozen=True, slots=True)
class Segment:
    """A span of one activity.

    Attributes:
        start: The start, in seconds since 1970.
        end: The end (exclusive).
        first: The start on the hub's clock, in hours since Monday's midnight.
        last: The end on the hub's clock.
        runs: The number of runs of the schedule in it; with more than one, it includes the time between them.
        text: A description with the exact times.
    """

    kind: Activity
    start: int
    end: int
    first: float
    last: float
    runs: int
    text: str


@dataclass(frozen=True)
class Total:
    """The duration and the times of an activity in the week."""

    kind: Activity
    seconds: int
    words: str


@dataclass(frozen=True)
class Note:
    """A finding on the week; `reason` is that of its acknowledgement, and None if it is not acknowledged."""

    code: str
    severity: str
    text: str
    is_loss: bool
    reason: str | None = None

    @property
    def heading(self) -> str:
        """Severity and code, such as ``error WindowsOverlap`` or ``acknowledged error WindowsOverlap``."""
        return f"{self.severity} {self.code}" if self.reason is None else f"acknowledged {self.severity} {self.code}"


@dataclass(frozen=True)
class Band:
    """The week of a stream: segments in order within each activity, one total per activity, and findings."""

    stream: str
    segments: tuple[Segment, ...]
    totals: tuple[Total, ...]
    notes: tuple[Note, ...] = ()

    def of(self, *kinds: Activity) -> Iterator[Segment]:
        """Return the segments of some activities."""
        return (segment for segment in self.segments if segment.kind in kinds)

    def seconds(self, kind: Activity) -> int:
        """Return the duration of an activity in the week."""
        return next((total.seconds for total in self.totals if total.kind is kind), 0)

    @property
    def is_at_risk(self) -> bool:
        """True if footage is at risk in this week, or by a finding in another week."""
        return bool(self.seconds(Activity.AT_RISK)) or any(note.is_loss for note in self.notes)

    @property
    def is_risk_accepted(self) -> bool:
        """True if footage is at risk, and each finding on a loss is acknowledged."""
        losses = [note for note in self.notes if note.is_loss]
        return bool(losses) and all(note.reason is not None for note in losses)


@dataclass(frozen=True)
class HubWeek:
    """The week of a hub on its own clock, with its streams in the order of their declaration."""

    name: str
    arn: str
    clock: WallClock
    zone: str
    is_zone_assumed: bool
    bands: tuple[Band, ...]
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True)
class Week:
    """The week of all hubs, beginning on `monday`."""

    monday: date
    hubs: tuple[HubWeek, ...]

    @property
    def bands(self) -> Iterator[Band]:
        """The streams of all hubs."""
        return (band for hub in self.hubs for band in hub.bands)

    @property
    def day_names(self) -> tuple[str, ...]:
        """Such as ``Mon 23 Nov``, the same on all clocks."""
        return tuple(day.name for day in self.hubs[0].clock.days) if self.hubs else ()

    @property
    def title(self) -> str:
        """Such as ``Week of Monday, 23 November 2026``."""
        return f"Week of Monday, {self.monday.day} {self.monday:%B %Y}"

    @property
    def summary(self) -> str:
        """The number of streams and hubs, and of streams with footage at risk."""
        bands = tuple(self.bands)
        risky = [band for band in bands if band.is_at_risk]
        accepted = sum(band.is_risk_accepted for band in risky)
        risk = f"{len(risky)} with footage at risk" if risky else "no known footage at risk"
        return (
            f"{plural(len(bands), 'stream')} on {plural(len(self.hubs), 'hub')}, {risk}"
            f"{f' ({accepted} acknowledged)' if accepted else ''}"
        )

    @property
    def listed_risks(self) -> tuple[tuple[HubWeek, tuple[Band, ...]], ...]:
        """The streams at risk by hub, if there are too many streams to see them at a glance."""
        if sum(1 for _ in self.bands) <= _MAX_AT_A_GLANCE:
            return ()
        by_hub = ((hub, tuple(band for band in hub.bands if band.is_at_risk)) for hub in self.hubs)
        return tuple((hub, risky) for hub, risky in by_hub if risky)

    @property
    def has_many_runs(self) -> bool:
        """True if a segment has more than one run."""
        return any(segment.runs > 1 for band in self.bands for segment in band.segments)

    @property
    def kinds(self) -> tuple[Activity, ...]:
        """The activities that occur, in the order of `Activity`, for the legend."""
        there = kinds_of(self.bands)
        return tuple(kind for kind in Activity if kind in there)


def kinds_of(bands: Iterable[Band]) -> frozenset[Activity]:
    """Return the activities that occur in some bands."""
    return frozenset(total.kind for band in bands for total in band.totals)
