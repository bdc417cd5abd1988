"""A week, ready to be drawn: nothing in it has to be looked up or computed again."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from kvs_edge_gitops.schedule.wall_clock import WallClock


class Kind(StrEnum):
    """What goes on; the value is its name for people."""

    RECORDING = "recording"
    UPLOADING = "uploading"
    UPLOADING_ASSUMED = "uploading, as assumed"
    AT_RISK = "at risk"


@dataclass(frozen=True, slots=True)
class Segment:
    """A span of one kind.

    Attributes:
        kind: What goes on.
        start: Its start, in seconds since 1970.
        end: Its end, not included.
        first: Its start on the hub's clock, in hours since Monday's midnight.
        last: Its end there.
        runs: How many runs of the schedule it stands for; of more than one, it covers the time between them too.
        text: What there is to say of it, exact times included.
    """

    kind: Kind
    start: int
    end: int
    first: float
    last: float
    runs: int
    text: str


@dataclass(frozen=True)
class Total:
    """How long something goes on in the week, and when, in words."""

    kind: Kind
    seconds: int
    words: str


@dataclass(frozen=True)
class Note:
    """A finding that matters here: its code, its severity and its sentence."""

    code: str
    severity: str
    text: str
    is_loss: bool


@dataclass(frozen=True)
class Band:
    """A stream's week: segments in order within each kind, a total a kind that there is, and findings."""

    stream: str
    segments: tuple[Segment, ...]
    totals: tuple[Total, ...]
    notes: tuple[Note, ...] = ()

    def of(self, *kinds: Kind) -> Iterator[Segment]:
        """The segments of some kinds."""
        return (segment for segment in self.segments if segment.kind in kinds)

    def seconds(self, kind: Kind) -> int:
        """How long a kind goes on in the week."""
        return next((total.seconds for total in self.totals if total.kind is kind), 0)

    @property
    def is_at_risk(self) -> bool:
        """Whether footage is at risk: in this week, or by a finding, in some other."""
        return bool(self.seconds(Kind.AT_RISK)) or any(note.is_loss for note in self.notes)


@dataclass(frozen=True)
class HubWeek:
    """A hub's week on its own clock, and its streams in the order of their declaration."""

    name: str
    arn: str
    clock: WallClock
    zone: str
    is_zone_assumed: bool
    bands: tuple[Band, ...]
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True)
class Week:
    """All hubs in the week that begins on `monday`."""

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
        """How many streams there are, and how many have footage at risk."""
        bands = tuple(self.bands)
        risky = sum(band.is_at_risk for band in bands)
        said = "no footage is known to be at risk" if not risky else f"{risky} with footage at risk"
        return f"{counted(len(bands), 'stream')} on {counted(len(self.hubs), 'hub')}, {said}"

    @property
    def has_many_runs(self) -> bool:
        """Whether some segment stands for more than one run."""
        return any(segment.runs > 1 for band in self.bands for segment in band.segments)

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """What goes on at all, in the order of `Kind`: what a legend has to explain."""
        there = kinds_of(self.bands)
        return tuple(kind for kind in Kind if kind in there)


def kinds_of(bands: Iterable[Band]) -> frozenset[Kind]:
    """What goes on in some bands."""
    return frozenset(total.kind for band in bands for total in band.totals)


def counted(number: int, noun: str) -> str:
    """A number with its noun."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
