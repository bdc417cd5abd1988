"""From what is declared to a week."""

from datetime import UTC, date, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from kvs_edge_gitops.reports.week.model import Activity
from kvs_edge_gitops.reports.week.playback import week_of
from kvs_edge_preflight.footage import Hub

MONDAY = date(2026, 11, 23)
OFFICE = ("0 0 9-16 ? * MON-FRI *", 3599)
NIGHT = ("0 0 22,23 ? * MON-FRI *", 3599)


def _only_band(week):
    (band,) = week.bands
    return band


def _text(band, kind):
    return [segment.text for segment in band.of(kind)]


def test_hourly_triggers_are_one_segment_a_day(week_of_one):
    """Runs of 3599 s from each full hour are drawn as the window that is meant, its exact end in the text."""
    band = _only_band(week_of_one(recorder=OFFICE, uploader=NIGHT, retention=72))
    recording = list(band.of(Activity.RECORDING))
    assert len(recording) == 5
    assert (recording[0].first, round(recording[0].last, 2)) == (9, 17)
    assert recording[0].text == "recording: Mon 23 Nov 09:00 - 16:59:59 (7 h 59 min 59 s)"


def test_days_that_are_alike_are_said_once(week_of_one):
    """The words of a total group days, and name the midnight at the end of a day."""
    band = _only_band(week_of_one(recorder=OFFICE, uploader=("0 0 23 ? * * *", 3600), retention=72))
    words = {total.kind: total.words for total in band.totals}
    assert words[Activity.RECORDING] == "Mon-Fri 09:00 - 16:59:59"
    assert words[Activity.UPLOADING] == "every day 23:00 - 24:00"


def test_footage_that_expires_before_an_upload_is_at_risk(week_of_one):
    """Footage recorded too long before Monday's upload is a separate segment, with its finding."""
    band = _only_band(week_of_one(recorder=None, uploader=("0 0 22 ? * MON-FRI *", 3600), retention=48))
    (text,) = _text(band, Activity.AT_RISK)
    assert text == "at risk: Fri 27 Nov 23:00 - Sat 28 Nov 22:00 (23 h)"
    assert band.is_at_risk
    assert [note.code for note in band.notes] == ["AlwaysOnExceedsRetention"]


def test_no_uploader_is_shown_as_what_is_assumed(week_of_one):
    """Assumed uploads are marked as assumed."""
    band = _only_band(week_of_one())
    assert {total.kind: total.words for total in band.totals} == {
        Activity.RECORDING: "all week",
        Activity.UPLOADING_ASSUMED: "all week",
    }


def test_schedules_run_on_the_hub_s_clock(week_of_one):
    """Nine o'clock is nine o'clock in each time zone, and the zone is named."""
    week = week_of_one(recorder=OFFICE, uploader=NIGHT, retention=72, zone="Asia/Kolkata")
    first = next(_only_band(week).of(Activity.RECORDING))
    assert first.first == 9
    assert datetime.fromtimestamp(first.start, UTC).hour == 3
    assert (week.hubs[0].zone, week.hubs[0].is_zone_assumed) == ("Asia/Kolkata", False)


def test_an_unknown_or_unstated_time_zone_is_said_to_be_assumed(week_of_one):
    """UTC is used, and marked as assumed."""
    for zone in (None, "Mars/Olympus"):
        (hub,) = week_of_one(zone=zone).hubs
        assert (hub.zone, hub.is_zone_assumed) == ("UTC", True)


def test_a_schedule_that_is_not_understood_leaves_its_band_empty_with_a_note(week_of_one):
    """A stream with a refused expression stays in the picture, with the finding that says why."""
    band = _only_band(week_of_one(recorder=("0 0 9 * * MON", 3599), uploader=NIGHT))
    assert band.segments == ()
    assert [note.code for note in band.notes] == ["ScheduleNotUnderstood"]


def test_runs_that_are_too_many_to_be_told_apart_are_drawn_as_one_that_says_so(week_of_one):
    """A minute each quarter of an hour is one segment for the eye, and 672 runs of 11.2 hours in its text."""
    band = _only_band(week_of_one(recorder=("0 0/15 * ? * * *", 60), uploader=NIGHT))
    (drawn,) = band.of(Activity.RECORDING)
    assert drawn.runs == 672
    assert drawn.text.endswith("(672 times, 11 h 12 min in all)")
    assert band.seconds(Activity.RECORDING) == 672 * 60


def test_two_hubs_of_one_name_are_told_apart_by_their_arns():
    """A thing's name may come again in another region or account."""
    arns = [f"arn:aws:iot:{region}:123456789012:thing/hub" for region in ("eu-west-1", "us-west-2")]
    assert [hub.name for hub in week_of([(Hub(arn=arn), []) for arn in arns], MONDAY).hubs] == arns
    assert [hub.name for hub in week_of([(Hub(arn=arns[0]), [])], MONDAY).hubs] == ["hub"]


def test_a_window_across_midnight_into_monday_begins_with_the_week(week_of_one):
    """Activities are cut at both ends of the week."""
    band = _only_band(week_of_one(recorder=("0 30 23 ? * SUN *", 3600), uploader=NIGHT))
    assert [(segment.first, segment.last) for segment in band.of(Activity.RECORDING)] == [(0, 0.5), (167.5, 168)]


def test_an_hourly_run_stays_a_segment_each_hour(week_of_one):
    """Even with the end of Sunday's last run, hourly runs are not drawn as one."""
    band = _only_band(week_of_one(recorder=("0 22 * ? * * *", 2281), uploader=NIGHT))
    assert len(list(band.of(Activity.RECORDING))) == 169


@settings(max_examples=40, deadline=None)
@given(
    first=st.integers(0, 23),
    minute=st.integers(0, 59),
    days=st.sampled_from(("*", "MON-FRI", "SAT,SUN", "WED")),
    duration=st.integers(60, 3600),
    retention=st.integers(1, 200),
    zone=st.sampled_from(("UTC", "Europe/Berlin", "Australia/Lord_Howe")),
    monday=st.sampled_from((date(2026, 3, 23), date(2026, 10, 19), MONDAY, date(2026, 3, 30))),
)
def test_segments_add_up_and_risk_lies_within_recording(
    week_of_one, first, minute, days, duration, retention, zone, monday
):
    """Segments are in order within the week, add up to the totals, and only what is recorded is at risk."""
    recorder = (f"0 {minute} {first}-23 ? * {days} *", duration)
    week = week_of_one(recorder=recorder, uploader=NIGHT, retention=retention, zone=zone, monday=monday)
    band = _only_band(week)
    for total in band.totals:
        segments = list(band.of(total.kind))
        assert sum(segment.end - segment.start for segment in segments) == total.seconds
        edges = [edge for segment in segments for edge in (segment.first, segment.last)]
        assert edges == sorted(edges)
        assert 0 <= edges[0] < edges[-1] <= 168
    for risk in band.of(Activity.AT_RISK):
        assert any(one.start <= risk.start and risk.end <= one.end for one in band.of(Activity.RECORDING))
