"""The page in a real browser: what a person sees, at two widths, in light and in dark."""

import html
import json
import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import pytest

from kvs_edge_gitops.schedule import page
from kvs_edge_gitops.schedule.week import Kind
from kvs_edge_gitops.schedule.weeks import week_of
from kvs_edge_preflight.footage import Hub

WIDE, NARROW = 1280, 400
TEXT_CONTRAST = 4.5
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
QUIET = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--enable-logging=stderr",
    "--virtual-time-budget=20000",
)


@pytest.fixture(scope="session")
def browser() -> str:
    """The browser's program; in a pipeline (CI is set) it has to be there."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        reason = "no chromium is installed: apt-get install -y --no-install-recommends chromium"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(reason)
    return str(found)


@pytest.fixture
def look(browser, tmp_path):
    """What the browser makes of a page, width by width; no message may be on its console."""

    def looking(text: str, *, dark: bool = False, widths: tuple[int, ...] = (WIDE, NARROW)) -> list[dict[str, Any]]:
        probe = Path(__file__).with_name("probe.html").read_text("utf-8")
        literal = json.dumps(text).replace("</", "<\\/").replace("<!--", "<\\!--")
        probe = probe.replace("PAGE;", f"{literal};").replace("WIDTHS;", f"{list(widths)};")
        file = tmp_path / "probe.html"
        file.write_text(probe, "utf-8")
        dom, console = _open(browser, file, dark=dark)
        assert console == []
        report = re.search(r'<pre id="report">(.*?)</pre>', dom, re.DOTALL)
        assert report, dom[:500]
        return json.loads(html.unescape(report[1]))

    return looking


def _open(browser: str, file: Path, *, dark: bool = False) -> tuple[str, list[str]]:
    """The document as it stands when all is loaded, and what is on the console."""
    scheme = f"--blink-settings=preferredColorScheme={0 if dark else 1}"
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        command = [browser, *QUIET, scheme, f"--user-data-dir={profile}", "--window-size=1400,1700", "--dump-dom"]
        done = subprocess.run([*command, file.as_uri()], capture_output=True, text=True, timeout=120, check=True)
    return done.stdout, [line for line in done.stderr.splitlines() if "CONSOLE" in line]


def test_a_message_on_the_console_is_noticed(browser, tmp_path):
    """The look at the console sees an error where there is one."""
    file = tmp_path / "page.html"
    file.write_text("<!DOCTYPE html><script>console.error('seen')</script>", "utf-8")
    assert "seen" in "".join(_open(browser, file)[1])


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


def test_each_segment_is_drawn_where_its_hours_are(look, fleet_week):
    """In a wide window, a band's rectangles have the places of its segments, each kind with a fill of its own."""
    week = fleet_week(5)
    wide, narrow = look(page.render(week))
    assert (wide["width"], narrow["width"]) == (WIDE, NARROW)
    for report in (wide, narrow):
        left, width = report["bands"][0]["x"], report["bands"][0]["width"]
        for kind, name in ((Kind.RECORDING, "recording"), (Kind.UPLOADING, "uploading"), (Kind.AT_RISK, "risk")):
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
