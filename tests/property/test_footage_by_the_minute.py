"""The analysis against a simulation that goes through the same weeks minute by minute, and shares no code with it."""

from collections import Counter, deque
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from operator import ne
from typing import NamedTuple
from zoneinfo import ZoneInfo

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from kvs_edge_preflight.footage import FindingCode, Hub, PlannedStream, analyse, timeline
from support.declarations import edge_config, hub_arn

_HUB = hub_arn()
_WEEK = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
# Lord Howe's clock jumps by half an hour; in Kathmandu an hour begins at :15 of UTC's.
_ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu")
_WEEKS = 2
_HORIZON = timedelta(weeks=_WEEKS)
_MINUTE = timedelta(minutes=1)
_MINUTES = _WEEKS * 7 * 24 * 60
_LONGEST = 7 * 24 * 60
"""Minutes of the longest retention here."""
_BEFORE = 60
_QUARTER = 15
_MEGABYTE_IN_MINUTES = 8 * 2**20 / 60 / 1_000_000
_CAMERA = 1_000_000


@dataclass(frozen=True)
class Times:
    """A schedule as sets of what must be on the clock and in the calendar."""

    minutes: frozenset
    hours: frozenset
    weekdays: frozenset | None
    days: frozenset | None
    seconds_long: int

    @property
    def config(self):
        """As the API has it."""
        day = "?" if self.days is None else _listed(self.days)
        weekday = "?" if self.weekdays is None else ",".join(_WEEK[number] for number in sorted(self.weekdays))
        expression = f"0 {_listed(self.minutes)} {_listed(self.hours)} {day} * {weekday} *"
        return {"ScheduleExpression": expression, "DurationInSeconds": self.seconds_long}

    def starts_in(self, quarter):
        """Return the minutes of a quarter of an hour at which runs start."""
        wall = quarter.wall
        if (
            wall.hour not in self.hours
            or (self.weekdays is not None and wall.isoweekday() % 7 not in self.weekdays)
            or (self.days is not None and wall.day not in self.days)
            # Of a time that occurs twice, the second counts.
            or quarter.comes_again
        ):
            return []
        return [minute - wall.minute for minute in self.minutes if 0 <= minute - wall.minute < _QUARTER]


def _listed(numbers):
    return ",".join(map(str, sorted(numbers)))


class Quarter(NamedTuple):
    """A quarter of an hour.

    Attributes:
        wall: The reading of the clock at its start. Each change of a clock here is at the start of a quarter.
        comes_again: Whether the clock will show it again.
    """

    wall: datetime
    comes_again: bool


@lru_cache(maxsize=16)
def _quarters(zone, start):
    """Return all quarters of an hour from an hour before the start on."""
    zone = ZoneInfo(zone)
    minutes = range(-_BEFORE, _MINUTES + _LONGEST + 180, _QUARTER)
    walls = [datetime.fromtimestamp(start + 60 * minute, zone).replace(tzinfo=None) for minute in minutes]
    assert all(wall.minute % _QUARTER == 0 for wall in walls)
    last = {wall: place for place, wall in enumerate(walls)}
    return [Quarter(wall, last[wall] > place) for place, wall in enumerate(walls)]


def _on(times, zone, start, minutes=_MINUTES):
    """For each minute from start on, whether the schedule is running."""
    if times is None:
        return [True] * minutes
    on = [False] * (_BEFORE + minutes)
    running = [True] * -(-times.seconds_long // 60)
    for number, quarter in enumerate(_quarters(zone, start)[: (_BEFORE + minutes) // _QUARTER]):
        for minute in times.starts_in(quarter):
            begin = number * _QUARTER + minute
            on[begin : begin + len(running)] = running[: len(on) - begin]
    return on[_BEFORE:]


def _never_reached(recording, uploading, retention):
    """Return the minutes that are recorded and deleted before an upload."""
    following, soonest = None, [None] * len(uploading)
    for minute in reversed(range(len(uploading))):
        following = minute if uploading[minute] else following
        soonest[minute] = following
    return [
        minute
        for minute, is_on in enumerate(recording)
        if is_on and (soonest[minute] is None or soonest[minute] - minute > retention)
    ]


@dataclass(slots=True)
class Kept:
    """A recorded minute on the hub."""

    recorded: int
    size: float
    waiting: float


class Queue:
    """A hub's footage of one stream, as a queue of minutes, and what was lost of it by what became of it."""

    def __init__(self, retention, room, denies, deletes):
        self.retention, self.room, self.denies, self.deletes = retention, room, denies, deletes
        self.stored, self.unsent = deque(), deque()
        self.size, self.lost, self.last_open = 0.0, Counter(), -1

    def live(self, recording, uploading, rate):
        """Go through the minutes: in each, what is oldest is sent, what is old goes, and what is new comes."""
        for now, (is_recording, is_uploading) in enumerate(zip(recording, uploading, strict=True)):
            left = 0
            if is_uploading:
                self.last_open = now
                left = self.send(rate)
            while self.stored and self.stored[0].recorded <= now - self.retention:
                self.drop("backlog" if self.last_open >= self.stored[0].recorded else "no chance")
            if is_recording:
                self.record(now)
            if left:
                self.send(left)
            if self.size > self.room + 1e-6:
                self.fit()
        return self.lost

    def record(self, now):
        """Record a minute; refuse what does not fit."""
        amount = 1.0
        if self.denies and not self.deletes:
            amount = min(1.0, self.room - self.size)
            self.lost["refused"] += 1.0 - amount
        self.stored.append(Kept(now, amount, amount))
        self.unsent.append(self.stored[-1])
        self.size += amount

    def drop(self, fate):
        """Delete the oldest minute."""
        oldest = self.stored.popleft()
        self.lost[fate] += oldest.waiting
        released = oldest.waiting if self.deletes else oldest.size
        oldest.waiting = 0.0
        self.size -= released

    def send(self, budget):
        """Upload so much, oldest first; returned is what is left."""
        while budget > 0 and self.unsent:
            kept = self.unsent[0]
            sent = min(budget, kept.waiting)
            kept.waiting -= sent
            self.size -= sent if self.deletes else 0
            budget -= sent
            if kept.waiting <= 0:
                self.unsent.popleft()
        while self.deletes and self.stored and self.stored[0].waiting <= 0:
            self.stored.popleft()
        return budget

    def fit(self):
        """Make room for what is too much: by refusing of the newest minute, or by deleting of the oldest."""
        while self.size > self.room + 1e-6:
            kept = self.stored[-1 if self.denies else 0]
            excess = min(self.size - self.room, kept.waiting if self.deletes else kept.size)
            part = min(excess, kept.waiting)
            self.lost["refused" if self.denies else "overwritten"] += part
            self.size -= excess
            kept.size -= excess
            kept.waiting -= part
            if kept.size <= 1e-6 or (self.deletes and kept.waiting <= 1e-6):
                self.stored.remove(kept)


def _edges(*runs):
    return sum(sum(map(ne, run, run[1:])) for run in runs)


def _stream(recorder, uploader, hours, **deletion):
    config = edge_config(_HUB, DeletionConfig={"EdgeRetentionInHours": hours, **deletion})
    if recorder is not None:
        config["RecorderConfig"]["ScheduleConfig"] = recorder.config
    if uploader is not None:
        config["UploaderConfig"] = {"ScheduleConfig": uploader.config}
    return PlannedStream(name="stream", config=config, camera_bit_rate=_CAMERA)


def _subsets(values, most):
    return st.frozensets(st.sampled_from(values), min_size=1, max_size=most)


@st.composite
def _times(draw):
    on_weekdays = draw(st.booleans())
    return Times(
        minutes=draw(st.one_of(st.just(frozenset({0})), _subsets((0, 10, 15, 30, 45), 2))),
        hours=draw(_subsets(range(24), 10) | st.just(frozenset(range(24)))),
        weekdays=draw(_subsets(range(7), 7)) if on_weekdays else None,
        days=None if on_weekdays else draw(st.one_of(st.just(frozenset(range(1, 32))), _subsets(range(1, 32), 12))),
        seconds_long=draw(st.sampled_from((60, 600, 900, 1800, 3599, 3600))),
    )


# Midnights of UTC; the second half lies around changes of daylight saving.
_starts = st.one_of(
    st.integers(0, 700).map(lambda day: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=day)),
    st.sampled_from([datetime(2026, *day, tzinfo=UTC) for day in ((3, 2), (3, 20), (4, 1), (10, 1), (10, 20))]),
)
_retentions = st.one_of(st.integers(1, 30), st.integers(1, 24 * 7))


_FEWER = settings(max_examples=settings.default.max_examples // 2)
"""A year of minutes takes its time; HYPOTHESIS_PROFILE=search looks further."""


@_FEWER
@given(_times() | st.none(), _times(), st.sampled_from(_ZONES), _starts, _retentions)
def test_each_minute_that_is_deleted_before_an_upload_is_found(recorder, uploader, zone, start, hours):
    """The recordings at risk, their first instant and their hours per week are those of the simulation."""
    epoch = int(start.timestamp())
    known = _MINUTES + hours * 60
    expected = _never_reached(_on(recorder, zone, epoch), _on(uploader, zone, epoch, known), retention=hours * 60)
    stream, hub = _stream(recorder, uploader, hours), Hub(arn=_HUB, time_zone=zone)
    risk = timeline(stream, start=start, horizon=_HORIZON, hub=hub).at_risk
    # A run of 3599 s is a second short of its last minute.
    found = [
        minute
        for window in risk
        for minute in range(round((window.start - start) / _MINUTE), round((window.end - start) / _MINUTE))
    ]
    assert found == expected
    codes = {FindingCode.FOOTAGE_EXPIRES_BEFORE_UPLOAD, FindingCode.ALWAYS_ON_EXCEEDS_RETENTION}
    findings = [
        one for one in analyse([stream], start=start, hubs=[hub], horizon=_HORIZON).findings if one.code in codes
    ]
    assert len(findings) == bool(expected)
    for finding in findings:
        assert abs(finding.first - start - expected[0] * _MINUTE) <= timedelta(seconds=1)
        assert abs(finding.hours_per_week - len(expected) / 60 / _WEEKS) <= 0.01


@_FEWER
@given(
    recorder=_times() | st.none(),
    uploader=_times(),
    zone=st.sampled_from(_ZONES),
    start=_starts,
    hours=_retentions,
    megabytes=st.none() | st.integers(64, 600) | st.integers(600, 20_000),
    rate=st.sampled_from((0.25, 0.5, 0.75, 1, 1.5, 2, 4, 10, None)),
    denies=st.booleans(),
    deletes=st.booleans(),
)
def test_what_is_lost_to_size_and_backlog_is_found(
    recorder, uploader, zone, start, hours, megabytes, rate, denies, deletes
):
    """Overwritten, refused and expired footage agrees with the simulation, within its resolution of minutes."""
    epoch = int(start.timestamp())
    recording, uploading = _on(recorder, zone, epoch), _on(uploader, zone, epoch)
    assume(any(uploading))
    room = float("inf") if megabytes is None else megabytes * _MEGABYTE_IN_MINUTES
    # Where footage is too old and too much in the same minute, minutes cannot tell which of the two deletes it.
    assume(abs(room - hours * 60) > 3)
    queue = Queue(hours * 60, room, denies, deletes)
    expected = queue.live(recording, uploading, float("inf") if rate is None else rate)
    deletion = {"DeleteAfterUpload": deletes}
    if megabytes is not None:
        strategy = "DENY_NEW_MEDIA" if denies else "DELETE_OLDEST_MEDIA"
        deletion["LocalSizeConfig"] = {"MaxLocalMediaSizeInMB": megabytes, "StrategyOnFullSize": strategy}
    hub = Hub(arn=_HUB, time_zone=zone, uplink_bit_rate=None if rate is None else int(rate * _CAMERA))
    analysis = analyse([_stream(recorder, uploader, hours, **deletion)], start=start, hubs=[hub], horizon=_HORIZON)
    found = {one.code: one.hours_per_week * _WEEKS * 60 for one in analysis.findings if one.hours_per_week is not None}
    # Where something starts or stops within a minute, the simulation is out by a part of one.
    tolerance = 2 + 1.5 * _edges(recording, uploading)
    for code, fate in (
        (FindingCode.FOOTAGE_EXPIRES_IN_BACKLOG, "backlog"),
        (FindingCode.FOOTAGE_OVERWRITTEN_WHEN_FULL, "overwritten"),
        (FindingCode.FOOTAGE_REFUSED_WHEN_FULL, "refused"),
    ):
        assert abs(found.get(code, 0) - expected[fate]) <= tolerance, (code, found, expected)


@_FEWER
@given(_times() | st.none(), _times(), st.sampled_from(_ZONES), _starts, st.sampled_from((0.1, 0.25, 0.5, 1, 2, 5)))
def test_a_backlog_without_end_is_found_where_more_is_recorded_than_carried(recorder, uploader, zone, start, rate):
    """Uploads fall behind exactly where the minutes recorded outweigh the minutes of upload."""
    epoch = int(start.timestamp())
    recorded = sum(_on(recorder, zone, epoch))
    carried = sum(_on(uploader, zone, epoch)) * rate
    hub = Hub(arn=_HUB, time_zone=zone, uplink_bit_rate=int(rate * _CAMERA))
    analysis = analyse([_stream(recorder, uploader, 720)], start=start, hubs=[hub], horizon=_HORIZON)
    falls_behind = FindingCode.UPLOADS_FALL_BEHIND in {one.code for one in analysis.findings}
    if abs(recorded - carried) > 5:
        assert falls_behind == (recorded > carried > 0)
