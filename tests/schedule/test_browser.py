"""The page in a real browser: what a person sees, at two widths, in light and in dark."""

from dataclasses import replace

import pytest

from kvs_edge_gitops.commands.schedule.renderings import page
from kvs_edge_gitops.reports.week.model import Activity
from kvs_edge_gitops.reports.week.playback import week_of
from kvs_edge_preflight.footage import Hub
from support.browser_page import NARROW, WIDE, Browser

pytestmark = pytest.mark.no_cover

TEXT_CONTRAST = 4.5


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    return Browser(tmp_path_factory.mktemp("browser"))


@pytest.fixture
def look(browser):
    return browser.reports


def test_a_message_on_the_console_is_noticed(browser, tmp_path):
    """The look at the console sees an error where there is one."""
    file = tmp_path / "page.html"
    file.write_text("<!DOCTYPE html><script>console.error('seen')</script>", "utf-8")
    assert "seen" in "".join(browser.open(file)[1])


@pytest.mark.parametrize("number", [5, 200])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_the_page_fits_and_can_be_read(look, fleet_week, number, dark):
    """Nothing is wider than the window, each text has a contrast of 4.5 or more, and nothing is asked of a network."""
    for report in look(page.render(fleet_week(number)), dark=dark):
        assert report["dark"] is dark
        assert report["overflow"] == 0, report["width"]
        assert len(report["contrasts"]) > 5
        assert min(report["contrasts"].values()) >= TEXT_CONTRAST, report["contrasts"]
        assert report["requests"] == []
        assert report["focusable"] == number


def test_an_accessibility_checker_finds_nothing(browser, fleet_week, acknowledged_week):
    """axe-core, in light and in dark, on a page with every activity, findings, the list of risks, acknowledgements."""
    week = fleet_week(40)
    shown = replace(week, hubs=(*week.hubs, *acknowledged_week.hubs))
    for scheme, found in browser.accessibility(page.render(shown)).items():
        assert found["dark"] is (scheme == "dark")
        assert found["violations"] == []
        assert {"color-contrast", "document-title", "html-has-lang", "svg-img-alt", "list"} <= set(found["passes"])


def test_each_segment_is_drawn_where_its_hours_are(look, fleet_week):
    """In a wide window, a band's rectangles have the places of its segments, each kind with a fill of its own."""
    week = fleet_week(5)
    wide, narrow = look(page.render(week))
    assert (wide["width"], narrow["width"]) == (WIDE, NARROW)
    for report in (wide, narrow):
        left, width = report["bands"][0]["x"], report["bands"][0]["width"]
        for kind, name in (
            (Activity.RECORDING, "recording"),
            (Activity.UPLOADING, "uploading"),
            (Activity.AT_RISK, "risk"),
        ):
            drawn = report["rects"][name]
            declared = [segment for band in week.bands for segment in band.of(kind)]
            assert len(drawn) == len(declared)
            for box, segment in zip(drawn, declared, strict=True):
                assert box["x"] == pytest.approx(left + segment.first / 168 * width, abs=1.5)
                assert box["width"] == pytest.approx((segment.last - segment.first) / 168 * width, abs=1.5)
                assert box["height"] >= 4
        fills = [report["rects"][name][0]["fill"] for name in ("recording", "uploading", "risk")]
        assert fills[1:] == ['url("#uploading")', 'url("#risk")']


def test_the_days_have_room_for_their_names_at_any_width(look, fleet_week):
    """From a telephone over a sheet of paper to a wide screen, no day's name runs into the next."""
    reports = look(page.render(fleet_week(5)), widths=(320, 400, 718, 735, 737, 1055, 1057, 1217, 1280, 1900))
    assert [(report["width"], report["crowded"], report["overflow"]) for report in reports] == [
        (report["width"], 0, 0) for report in reports
    ]
    assert len(reports) == 10


def test_the_days_stay_in_sight_among_200_streams(look, fleet_week):
    """Halfway down a long page, the heads of the days are still at its top."""
    for report in look(page.render(fleet_week(200))):
        assert report["scrolled"] > 1000
        assert 0 <= report["head"] < 20


def test_names_are_text_whatever_they_hold(look, planned_stream, monday):
    """Markup in a name is shown, and neither parsed nor run."""
    names = [
        "<script>parent.hit=1</script>",
        '"><img src=x onerror="parent.hit=1">',
        "</style></title></svg><script>parent.hit=1</script>",
        "'><svg onload=parent.hit=1>",
        "&lt;b&gt; &amp;",
    ]
    arn = 'arn:aws:iot:eu-west-1:123456789012:thing/"><script>parent.hit=1</script>'
    streams = [planned_stream(name, "hub") for name in names]
    week = week_of([(Hub(arn=arn, time_zone="UTC"), streams)], monday)
    for report in look(page.render(week)):
        assert report["names"] == names
        assert report["hit"] == "undefined"
        assert report["foreign"] == 0
