"""Footage analysis beyond the examples of the pages: edge cases, hubs, shares, acknowledgements."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from kvs_edge_preflight.footage import (
    Acknowledgement,
    Calendar,
    FindingCode,
    Hub,
    PlannedStream,
    Severity,
    analyse,
    simulation,
    timeline,
)
from kvs_edge_preflight.footage.buffer import Buffer, Fate
from kvs_edge_preflight.footage.intervals import TOLERANCE, clip, gaps, merge, total
from kvs_edge_preflight.footage.run_weeks import run_weeks
from kvs_edge_preflight.footage.simulation import simulate
from kvs_edge_preflight.footage.stored_week import pass_week
from kvs_edge_preflight.footage.uplink import Demand, UplinkWeeks, exclusive_uplink, shared_uplink, sum_demands
from kvs_edge_preflight.footage.weeks import Timetable, Week, week_edges
from kvs_edge_schedules import ScheduleError, parse, time_zone, window_seconds
from kvs_edge_schedules.fire_days import fire_days
from kvs_edge_schedules.zone import DAY
from support.declarations import edge_config, hub_arn, media_secret
from support.timetables import timetable_of

_START = datetime(2026, 1, 5, tzinfo=UTC)
_HUB = hub_arn()
_SECRET = media_secret().removesuffix("-aBcDeF")
_NIGHTLY = "0 0 22,23 ? * * *"
_BY_DAY = "0 0 9-16 ? * * *"
_LOST = {
    FindingCode.FOOTAGE_EXPIRES_BEFORE_UPLOAD,
    FindingCode.ALWAYS_ON_EXCEEDS_RETENTION,
    FindingCode.FOOTAGE_EXPIRES_IN_BACKLOG,
    FindingCode.FOOTAGE_OVERWRITTEN_WHEN_FULL,
    FindingCode.FOOTAGE_REFUSED_WHEN_FULL,
}


def _stream(recorder=None, uploader=None, name="stream", hub=_HUB, secret=_SECRET + "-aBcDeF", deletion=None, **facts):
    config = edge_config(hub, secret)
    if recorder:
        config["RecorderConfig"]["ScheduleConfig"] = _schedule(recorder)
    if uploader:
        config["UploaderConfig"] = {"ScheduleConfig": _schedule(uploader)}
    if deletion:
        config["DeletionConfig"] = deletion
    return PlannedStream(name=name, config=config, **facts)


def _schedule(text, seconds=3599):
    return {"ScheduleExpression": text, "DurationInSeconds": seconds}


def _analyse(*streams, start=_START, horizon=timedelta(weeks=53), **hub):
    return analyse(streams, start=start, hubs=[Hub(arn=_HUB, **hub)], horizon=horizon)


def _codes(analysis):
    return [one.code for one in analysis.findings]


def _only(analysis, code):
    (finding,) = [one for one in analysis.findings if one.code is code]
    return finding


def test_a_night_that_daylight_saving_leaves_out_costs_footage():
    """An upload at 2:30 does not run in the one night per year in which the clock moves forward."""
    stream = _stream(None, "0 30 2 ? * * *", deletion={"EdgeRetentionInHours": 24})
    finding = _only(_analyse(stream, time_zone="Europe/Berlin"), FindingCode.ALWAYS_ON_EXCEEDS_RETENTION)
    assert finding.first == datetime(2026, 3, 28, 2, 29, 59, tzinfo=UTC)
    assert finding.hours_per_week == pytest.approx(22 / 53, abs=0.01)
    assert not _LOST & set(_codes(_analyse(stream, time_zone="UTC")))


def test_month_ends_are_looked_at():
    """An upload on the 1st and the 15th waits longest after the 15th of a month with 31 days."""
    stream = _stream(None, "0 0 0 1,15 * ? *", deletion={"EdgeRetentionInHours": 16 * 24})
    finding = _only(_analyse(stream, start=datetime(2026, 2, 1, tzinfo=UTC)), FindingCode.ALWAYS_ON_EXCEEDS_RETENTION)
    assert finding.first == datetime(2026, 3, 15, 0, 59, 59, tzinfo=UTC)


def test_footage_without_any_later_upload_is_lost_for_good():
    """The message says so if no upload follows within the longest retention."""
    stream = _stream(_BY_DAY, "0 0 22 1 1 ? *")
    finding = _only(_analyse(stream), FindingCode.FOOTAGE_EXPIRES_BEFORE_UPLOAD)
    assert "has no upload window within 720 h" in finding.message


def test_a_window_that_ends_a_second_early_costs_nothing():
    """A retention of the hours between runs of 3599 s is enough."""
    stream = _stream(None, "0 0 0 ? * * *", deletion={"EdgeRetentionInHours": 23})
    assert not _LOST & set(_codes(_analyse(stream)))


def test_aws_own_example_loses_nothing_below_the_bit_rate_that_fits():
    """The example of AWS's pages holds its 8 hours up to 0.82 Mbit/s."""
    deletion = {
        "EdgeRetentionInHours": 15,
        "LocalSizeConfig": {"MaxLocalMediaSizeInMB": 2800, "StrategyOnFullSize": "DELETE_OLDEST_MEDIA"},
    }
    times = "0 0 9,10,11,12,13,14,15,16 ? * * *", "0 0 19,20,21 ? * * *"
    assert _LOST.isdisjoint(_codes(_analyse(_stream(*times, deletion=deletion, camera_bit_rate=815_000))))
    assert FindingCode.FOOTAGE_OVERWRITTEN_WHEN_FULL in _codes(
        _analyse(_stream(*times, deletion=deletion, camera_bit_rate=817_000))
    )


def test_a_schedule_that_is_not_understood_stops_what_rests_on_it():
    """A stream with a rejected schedule has no findings on footage and adds no load to the uplink."""
    deletion = {"EdgeRetentionInHours": 1, "LocalSizeConfig": {"MaxLocalMediaSizeInMB": 64}}
    stream = _stream("no schedule", _NIGHTLY, camera_bit_rate=10**9, deletion=deletion)
    found = _codes(_analyse(stream, stream, time_zone="UTC", uplink_bit_rate=1000))
    assert set(found) == {FindingCode.SCHEDULE_NOT_UNDERSTOOD, FindingCode.LOCAL_SIZE_INCOMPLETE}
    assert timeline(stream, start=_START, horizon=timedelta(weeks=1)) is None


def test_a_search_without_end_is_an_error_of_the_expression():
    """Samoa left out 30 December 2011, the working day nearest to the end of that month."""
    start = datetime(2011, 12, 1, tzinfo=UTC)
    analysis = _analyse(_stream(None, "0 0 6 LW 12 ? *"), start=start, time_zone="Pacific/Apia")
    finding = _only(analysis, FindingCode.SCHEDULE_NOT_UNDERSTOOD)
    assert "makes Quartz search forever after 2011-" in finding.message
    assert finding.path == "EdgeConfig.UploaderConfig.ScheduleConfig.ScheduleExpression"


def test_an_uploader_that_never_fires_loses_everything():
    """All recordings are reported as lost, beside the schedule; rates are not checked."""
    stream = _stream(_BY_DAY, "0 0 9 30 2 ? *", camera_bit_rate=1000)
    analysis = _analyse(stream, time_zone="UTC", uplink_bit_rate=1000)
    assert _codes(analysis) == [FindingCode.SCHEDULE_NEVER_FIRES, FindingCode.FOOTAGE_EXPIRES_BEFORE_UPLOAD]
    assert _only(analysis, FindingCode.FOOTAGE_EXPIRES_BEFORE_UPLOAD).hours_per_week == pytest.approx(56, abs=0.1)


def test_a_recorder_that_never_fires_loses_nothing():
    """Without recordings, nothing is lost, and no size is too small."""
    deletion = {"LocalSizeConfig": {"MaxLocalMediaSizeInMB": 64, "StrategyOnFullSize": "DENY_NEW_MEDIA"}}
    stream = _stream("0 0 9 30 2 ? *", _NIGHTLY, camera_bit_rate=10**9, deletion=deletion)
    analysis = _analyse(stream, time_zone="UTC", uplink_bit_rate=1000)
    assert _codes(analysis) == [FindingCode.SCHEDULE_NEVER_FIRES, FindingCode.NOTHING_TO_UPLOAD]
    without_rate = _stream("0 0 9 30 2 ? *", None, deletion=deletion)
    assert _codes(_analyse(without_rate, time_zone="UTC")) == [
        FindingCode.SCHEDULE_NEVER_FIRES,
        FindingCode.HOURLY_UPLOAD_ASSUMED,
    ]
    with_rate = _stream("0 0 9 30 2 ? *", None, deletion=deletion, camera_bit_rate=10**9)
    assert _codes(_analyse(with_rate, time_zone="UTC")) == [
        FindingCode.SCHEDULE_NEVER_FIRES,
        FindingCode.HOURLY_UPLOAD_ASSUMED,
    ]


def test_a_schedule_of_years_to_come_has_not_ended():
    """A schedule that first fires after the horizon is neither one that never fires nor one that has ended."""
    found = _codes(_analyse(_stream("0 0 9 ? * * 2040", _NIGHTLY)))
    assert not {FindingCode.SCHEDULE_NEVER_FIRES, FindingCode.SCHEDULE_NEVER_AGAIN, FindingCode.SCHEDULE_ENDS} & set(
        found
    )


def test_the_rest_of_the_last_run_still_counts():
    """A schedule that fired for the last time just before the start has ended, though it still records."""
    stream = _stream("0 0 9 5 1 ? 2026", None)
    start = datetime(2026, 1, 5, 9, 30, tzinfo=UTC)
    assert FindingCode.SCHEDULE_NEVER_AGAIN in _codes(_analyse(stream, start=start))
    (window,) = timeline(stream, start=start, horizon=timedelta(weeks=1)).recording
    assert window == (start, datetime(2026, 1, 5, 9, 59, 59, tzinfo=UTC))


@pytest.mark.parametrize(
    ("uplink", "severity"), [(5_000_000, None), (3_000_000, Severity.WARNING), (1_500_000, Severity.ERROR)]
)
def test_what_is_lost_only_for_sharing_is_a_warning(uplink, severity):
    """Two cameras of 2 Mbit/s on three uplinks: enough for both, for one, for none."""
    streams = [_stream(None, "0 0 * ? * * *", name=name, camera_bit_rate=2_000_000) for name in ("a", "b")]
    analysis = _analyse(*streams, time_zone="UTC", uplink_bit_rate=uplink)
    behind = [one.severity for one in analysis.findings if one.code is FindingCode.UPLOADS_FALL_BEHIND]
    late = [one.severity for one in analysis.findings if one.code is FindingCode.FOOTAGE_EXPIRES_IN_BACKLOG]
    assert behind == late == ([] if severity is None else [severity] * 2)
    assert (FindingCode.UPLINK_OVERLOADED in _codes(analysis)) == (severity is not None)


def test_streams_declared_elsewhere_and_unknown_ones_take_their_share():
    """A stream that is declared elsewhere, or without a bit rate, counts as an average stream."""
    stream = _stream(None, "0 0 * ? * * *", camera_bit_rate=2_000_000)
    unknown = _stream(None, "0 0 * ? * * *", name="unknown")
    assert FindingCode.UPLOADS_FALL_BEHIND not in _codes(_analyse(stream, uplink_bit_rate=3_000_000))
    assert FindingCode.UPLOADS_FALL_BEHIND in _codes(_analyse(stream, uplink_bit_rate=3_000_000, stream_count=2))
    assert FindingCode.UPLOADS_FALL_BEHIND in _codes(_analyse(stream, unknown, uplink_bit_rate=3_000_000))


def test_a_bit_rate_alone_finds_nothing():
    """Without a local size and an uplink, a bit rate is not checked."""
    found = _codes(_analyse(_stream(_BY_DAY, _NIGHTLY, camera_bit_rate=10**9), time_zone="UTC"))
    assert found == []


def test_seventeen_streams_are_too_many_for_one_hub_and_not_for_two():
    """The limit applies per hub."""
    other = _HUB + "-2"
    streams = [_stream(name=f"stream-{number}") for number in range(17)]
    spread = [_stream(name=f"stream-{number}", hub=other if number else _HUB) for number in range(17)]
    assert FindingCode.TOO_MANY_STREAMS in _codes(_analyse(*streams))
    assert FindingCode.TOO_MANY_STREAMS not in _codes(_analyse(*spread))


def test_a_hub_without_streams_is_looked_at():
    """Facts about a hub are checked even without a declared stream."""
    assert _codes(_analyse(stream_count=17)) == [FindingCode.TOO_MANY_STREAMS]


@pytest.mark.parametrize(
    ("known", "is_known"),
    [(_SECRET + "-aBcDeF", True), (_SECRET, True), (_SECRET + "-gHiJkL", False), (_SECRET[:-1], False), (None, False)],
)
def test_a_secret_is_known_by_its_arn_whole_or_partial(known, is_known):
    """A hub's list may have an ARN without the six characters that Secrets Manager appends."""
    analysis = _analyse(_stream(), cloud_secrets=() if known is None else (known,))
    assert (FindingCode.SECRET_UNKNOWN_TO_HUB not in _codes(analysis)) == is_known


def test_no_sentence_holds_a_secrets_arn():
    """A secret's ARN is sensitive."""
    found = _analyse(_stream(), cloud_secrets=(_SECRET + "-gHiJkL",)).findings
    assert not [one for one in found if _SECRET in one.message]


def test_an_acknowledged_finding_is_kept_apart():
    """An acknowledgement with a reason moves the finding from the reported to the acknowledged findings."""
    acknowledged = (Acknowledgement("NoDataRetention", "set by another stack"),)
    streams = [
        _stream(name="a", data_retention_in_hours=0, acknowledgements=acknowledged),
        _stream(name="b", data_retention_in_hours=0),
    ]
    analysis = _analyse(*streams)
    assert [one.stream for one in analysis.findings if one.code is FindingCode.NO_DATA_RETENTION] == ["b"]
    assert [(one.stream, one.code) for one in analysis.acknowledged] == [("a", FindingCode.NO_DATA_RETENTION)]


def test_hubs_acknowledge_what_is_found_on_hubs():
    """An acknowledgement at a hub applies to findings on the hub, not on its streams."""
    acknowledged = (Acknowledgement("TooManyStreams", "being moved"), Acknowledgement("NoDataRetention", "later"))
    analysis = _analyse(_stream(data_retention_in_hours=0), stream_count=17, acknowledgements=acknowledged)
    assert FindingCode.TOO_MANY_STREAMS not in _codes(analysis)
    unused = _only(analysis, FindingCode.ACKNOWLEDGEMENT_UNUSED)
    assert (unused.path, unused.hub, unused.stream) == ("Acknowledgements.1", "hub", None)
    assert FindingCode.NO_DATA_RETENTION in _codes(analysis)


def test_acknowledgements_cannot_be_acknowledged():
    """The codes about acknowledgements cannot be acknowledged."""
    acknowledged = (Acknowledgement("AcknowledgementUnused", "why not"),)
    assert FindingCode.ACKNOWLEDGEMENT_UNKNOWN in _codes(_analyse(_stream(acknowledgements=acknowledged)))


def test_findings_are_parted_by_severity():
    """An analysis returns the findings of one severity."""
    analysis = _analyse(_stream(data_retention_in_hours=0))
    assert [one.code for one in analysis.of(Severity.ERROR)] == [FindingCode.NO_DATA_RETENTION]


@pytest.mark.parametrize(
    ("size", "assumed"),
    [({"MaxLocalMediaSizeInMB": 64}, "DELETE_OLDEST_MEDIA is assumed"), ({"StrategyOnFullSize": "X"}, "no limit")],
)
def test_half_a_local_size_says_what_is_assumed(size, assumed):
    """Each field of LocalSizeConfig may be missing."""
    finding = _only(_analyse(_stream(deletion={"LocalSizeConfig": size})), FindingCode.LOCAL_SIZE_INCOMPLETE)
    assert assumed in finding.message


def test_the_cloud_may_keep_longer_than_the_edge():
    """Nothing is reported if the cloud keeps footage as long, it stays at the edge, or no retention is declared."""
    for hours, deletion in (
        (72, {"EdgeRetentionInHours": 72}),
        (1, {"EdgeRetentionInHours": 72, "DeleteAfterUpload": False}),
        (1, {"DeleteAfterUpload": True}),
    ):
        found = _codes(_analyse(_stream(deletion=deletion, data_retention_in_hours=hours)))
        assert FindingCode.KEPT_SHORTER_THAN_RETENTION not in found


def test_a_start_without_an_offset_is_refused():
    """The meaning of a naive datetime is unknown."""
    with pytest.raises(ScheduleError, match="no UTC offset"):
        analyse([], start=datetime(2026, 1, 5))


def test_a_calendar_may_be_shared_and_is_played_once():
    """Streams with one schedule share its runs."""
    calendar = Calendar(_START)
    zone = time_zone("UTC")
    assert calendar.runs(_schedule(_NIGHTLY), zone) is calendar.runs(_schedule(_NIGHTLY), zone)


@pytest.mark.parametrize("text", [_NIGHTLY, "0 30 1,2 ? * SUN *", "0 0/10 * L * ? *", "0 0 9 15W * ? *"])
@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York"])
def test_runs_are_the_windows_of_the_schedule(text, zone):
    """A calendar's windows are those of `kvs_edge_schedules`."""
    calendar, zone = Calendar(datetime(2026, 10, 25, 0, 30, tzinfo=UTC), timedelta(weeks=30)), time_zone(zone)
    expected = window_seconds(
        parse(text, this_year=2026), 3599, calendar.start, calendar.known_until, zone, joining=TOLERANCE
    )
    assert list(calendar.runs(_schedule(text), zone).beyond.windows) == list(expected)


@pytest.mark.parametrize("start", [_START, datetime(2026, 3, 28, 23, tzinfo=UTC)])
def test_runs_that_touch_are_found_around_a_change_of_the_clock_too(start):
    """The first run that starts when the previous one ends is the second of all, on any day."""
    calendar, zone = Calendar(start), time_zone("Europe/Berlin")
    touching = calendar.runs(_schedule("0 0 * ? * * *", 3600), zone)
    assert (touching.overlap, touching.overlaps) == (calendar.start + 3600, False)
    assert calendar.runs(_schedule("0 0 * ? * * *"), zone).overlap is None
    assert calendar.runs(_schedule("0 0,30 22 ? * * *"), zone).overlaps


def test_a_timeline_shows_what_is_at_risk():
    """Recordings, uploads and lost recordings are in order, in UTC and within the horizon."""
    stream = _stream(_BY_DAY, "0 0 22 ? * MON-FRI *", deletion={"EdgeRetentionInHours": 24})
    line = timeline(stream, start=_START, horizon=timedelta(weeks=1), hub=Hub(arn=_HUB, time_zone="UTC"))
    assert [one.start.day for one in line.recording] == [5, 6, 7, 8, 9, 10, 11]
    assert [one.start.day for one in line.uploading] == [5, 6, 7, 8, 9]
    assert [(one.start.day, one.end.day) for one in line.at_risk] == [(10, 10), (11, 11)]


def test_arithmetic_on_spans():
    """Spans are merged, clipped, inverted, intersected and added up."""
    assert merge([(0, 5), (2, 3), (6, 8)]) == [(0, 5), (6, 8)]
    assert merge([(0, 5), (6, 8)], apart=1) == [(0, 8)]
    assert clip([(0, 5), (6, 8), (9, 12)], 5, 10) == [(6, 8), (9, 10)]
    assert gaps([(0, 5), (6, 8)], 0, 10) == [(5, 6), (8, 10)]
    assert gaps([(1, 10)], 0, 10) == [(0, 1)]
    assert total([(0, 5), (6, 9)]) == 8


def _timetable(*weeks):
    """Return a timetable of weeks of 40 seconds."""
    return Timetable(0, tuple(Week(40, windows) for windows in weeks))


def test_weeks_begin_at_the_same_time_of_the_clock():
    """A week with a change of the clock is an hour shorter or longer; the last week ends with the horizon."""
    start = int(datetime(2026, 3, 18, 12, tzinfo=UTC).timestamp())
    edges = week_edges(start, start + 3 * 604_800, time_zone("Europe/Berlin"))
    assert [end - start for start, end in pairwise(edges)] == [604_800, 604_800 - 3600, 604_800, 3600]


@pytest.mark.parametrize("start", ["2026-01-05T00:00:00", "2026-03-25T22:30:00"])
@pytest.mark.parametrize("text", ["0 0 * ? * * *", "0 30 23 ? * * *", "1 0 0 ? * MON,WED *", "0 0 2,3 L * ? *"])
@pytest.mark.parametrize("seconds", [3599, 3600])
def test_runs_are_cut_into_weeks(text, seconds, start):
    """A run over the end of a week is in both weeks, and equal weeks are one object, in any schedule."""
    start, zone = int(datetime.fromisoformat(start + "Z").timestamp()), time_zone("Europe/Berlin")
    edges = week_edges(start, start + 40 * 604_800, zone)
    expression = parse(text, this_year=2026)
    windows = list(window_seconds(expression, seconds, start, edges[-1], zone, joining=TOLERANCE))
    weeks = run_weeks(list(fire_days(expression, start - 2 * DAY, edges[-1], zone)), seconds, edges)
    assert [(week.length, week.windows) for week in weeks] == [
        (week.length, week.windows) for week in timetable_of(windows, edges).weeks
    ]
    assert len(set(weeks)) == len({(week.length, week.windows) for week in weeks}) < 30


def test_a_timetable_joins_what_its_weekstimetable_of():
    """Windows and gaps in one piece reach over the ends of weeks."""
    windows = [(5, 10), (38, 50), (85, 90), (118, 120)]
    timetable = timetable_of(windows, (0, 40, 80, 120, 160))
    assert (timetable.windows, timetable.seconds, timetable.end) == (tuple(windows), 24, 160)
    assert timetable.gaps(longer_than=4) == gaps(windows, 0, 160)
    assert timetable.gaps(longer_than=5) == gaps(windows, 0, 160)[1:]
    assert timetable.gaps(longer_than=40) == []
    assert timetable_of([(0, 160)], (0, 40, 80, 160)).windows == ((0, 160),)
    assert timetable_of([(0, 160)], (0, 40, 80, 160)).gaps(longer_than=0) == []
    assert timetable_of([], (0, 40, 80)).gaps(longer_than=79) == [(0, 80)]


def test_a_line_is_shared_by_need():
    """Two uploads share in proportion to their needs; a single upload gets all; the total is never exceeded."""
    first, second = _timetable(((0, 10), (20, 30))), _timetable(((5, 25),))
    needs = Demand(first, 1), Demand(second, 3), Demand(_timetable(((7, 7 + 1),)), 0)
    together = sum_demands(needs, (40,))
    assert shared_uplink(first, 1, together, 8.0, 100).weeks[0] == (
        (5, 8.0, True),
        (10, 2.0, True),
        (20, 0.0, True),
        (25, 2.0, True),
        (30, 8.0, True),
        (40, 0.0, True),
    )
    assert shared_uplink(first, 1, together, 8.0, 100).capacity == 5 * 8 + 5 * 2 + 5 * 2 + 5 * 8
    assert exclusive_uplink(second, 8.0, 12).weeks[0][1:] == ((25, 8.0, True), (37, 0.0, True), (40, 0.0, False))
    assert exclusive_uplink(_timetable(((0, 40),)), 1.0, 5).weeks == (((40, 1.0, True),),)


def test_an_uplink_that_is_closed_over_the_end_of_a_week_is_closed_since_the_week_before():
    """Footage that expires later than the retention after the last window had no window, in whichever week."""
    uplink = exclusive_uplink(_timetable(((0, 10),), (), (), ((20, 40),), ()), 1.0, 50).weeks
    assert uplink == (
        ((10, 1.0, True), (40, 0.0, True)),
        ((20, 0.0, True), (40, 0.0, False)),
        ((40, 0.0, False),),
        ((20, 0.0, False), (40, 1.0, True)),
        ((40, 0.0, True),),
    )


def _lost(uploads, buffer, recording=((0, 3600),)):
    week = Timetable(0, (Week(3600, recording),))
    return simulate(week, UplinkWeeks((uploads,)), buffer, 0)


def test_each_fate_of_footage():
    """A simulation by hand: one hour of footage with limits of age, size and uplink."""
    hour = 3600
    keep = Buffer(retention=600, room=None, denies_new=False, delete_after_upload=True)
    closed = ((600, 0.0, True), (hour, 0.0, False))
    assert _lost(closed, keep)[Fate.EXPIRED_BEFORE_WINDOW].seconds == pytest.approx(3000)
    slow = ((hour, 0.5, True),)
    # The backlog is 600 s old after 1200 s, and from then on every other second of footage is lost.
    lost = _lost(slow, keep)[Fate.EXPIRED_IN_BACKLOG]
    assert (lost.first, lost.seconds) == (pytest.approx(1200), pytest.approx(1200))
    small = Buffer(retention=hour, room=300, denies_new=False, delete_after_upload=True)
    lost = _lost(slow, small)[Fate.OVERWRITTEN]
    assert (lost.first, lost.seconds) == (pytest.approx(600), pytest.approx(1500))
    full = Buffer(retention=1200, room=300, denies_new=True, delete_after_upload=False)
    lost = _lost(((hour, 2.0, True),), full)[Fate.REFUSED]
    assert (lost.first, lost.seconds) == (pytest.approx(300), pytest.approx(2700))


@pytest.mark.parametrize("denies_new", [False, True])
@pytest.mark.parametrize("delete_after_upload", [False, True])
@pytest.mark.parametrize("room", [None, 150, 900])
@pytest.mark.parametrize("retention", [100, 400, 2000])
def test_footage_by_weeks_is_footage_in_one_piece(retention, room, delete_after_upload, denies_new):
    """Cut into weeks of 500 s or simulated as one long week, the same footage is lost, from the same instant on."""
    buffer = Buffer(retention, room, denies_new, delete_after_upload)
    recordings = [(start + 20, start + 200) for start in range(0, 10_000, 250)]
    windows = [(start + 390, start + 460) for start in range(0, 10_000, 500)] + [(10_100, 10_400)]
    lost = []
    for edges in (range(0, 10_501, 500), (0, 10_500)):
        recorder, uploader = (timetable_of(spans, edges) for spans in (recordings, windows))
        lost.append(simulate(recorder, exclusive_uplink(uploader, 1.7, retention), buffer, 0))
    by_weeks, in_one = lost
    assert by_weeks.keys() == in_one.keys()
    for fate, loss in in_one.items():
        assert (by_weeks[fate].seconds, by_weeks[fate].first) == pytest.approx((loss.seconds, loss.first), abs=1e-3)


def test_a_difference_of_rounding_is_no_loss():
    """Footage that is uploaded in the instant in which it would expire is not lost, not even for a microsecond."""
    recordings = tuple((start + 49, start + 247) for start in range(0, 10_000, 250))
    windows = (*((start + 44, start + 196) for start in range(0, 10_000, 500)), (10_100, 10_400))
    recorder, uploader = (timetable_of(spans, (0, 10_500)) for spans in (recordings, windows))
    buffer = Buffer(100, None, denies_new=False, delete_after_upload=True)
    assert simulate(recorder, exclusive_uplink(uploader, 1.7, 100), buffer, 0).keys() == {Fate.EXPIRED_BEFORE_WINDOW}


def test_a_week_that_begins_like_an_earlier_one_is_simulated_once(monkeypatch):
    """Of 100 equal weeks, those are simulated in which the backlog grows: by 75 s each, up to 1200 s of age."""
    passed = []
    monkeypatch.setattr(simulation, "pass_week", lambda *week: passed.append(week) or pass_week(*week))
    windows = tuple((start, start + 300) for start in range(0, 50_000, 500))
    buffer = Buffer(1200, None, denies_new=False, delete_after_upload=True)
    lost, simulated = [], []
    for edges in (range(0, 50_001, 500), (0, 50_000)):
        timetable = timetable_of(windows, edges)
        lost.append(simulate(timetable, exclusive_uplink(timetable, 0.75, 1200), buffer, 0)[Fate.EXPIRED_IN_BACKLOG])
        simulated.append(len(passed))
    assert lost[0].seconds == pytest.approx(lost[1].seconds)
    assert simulated[0] < 15


@pytest.mark.parametrize("uplink", [None, 2_000_000])
def test_streams_that_differ_in_names_alone_are_simulated_once(monkeypatch, uplink):
    """On one hub or on several, with a known uplink or without: ten hubs take what one takes."""
    passed = []
    monkeypatch.setattr(simulation, "pass_week", lambda *week: passed.append(week) or pass_week(*week))

    def weeks_passed(hubs, rate):
        stated = [Hub(arn=hub_arn(f"hub-{hub}"), uplink_bit_rate=uplink) for hub in range(hubs)]
        deletion = {"LocalSizeConfig": {"MaxLocalMediaSizeInMB": 2000}}
        streams = [
            _stream(_BY_DAY, _NIGHTLY, f"{hub.name}-{number}", hub.arn, deletion=deletion, camera_bit_rate=rate)
            for hub in stated
            for number in range(4)
        ]
        passed.clear()
        analyse(streams, start=_START, hubs=stated)
        return len(passed)

    assert weeks_passed(10, 1_000_001) == weeks_passed(1, 1_000_002) > 0
