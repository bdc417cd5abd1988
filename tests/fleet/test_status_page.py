"""`kvs-edge status --html`: the page of a fleet, as a file and in a real browser."""

import re
from datetime import UTC, datetime, timedelta
from functools import cache
from html.parser import HTMLParser
from itertools import cycle, islice

import pytest

from kvs_edge.configuration import Stream
from kvs_edge.observed import Found, StreamAbsent, SyncStatus
from kvs_edge_gitops.aws.stream_status import Job, StreamStatus
from kvs_edge_gitops.checks.fleet.health import health_of
from kvs_edge_gitops.checks.fleet.snapshot import Row, Snapshot, Target, worst_first
from kvs_edge_gitops.commands.status.renderings.page import render
from kvs_edge_gitops.reports.html.palette import DARK, LIGHT
from kvs_edge_health import Health, Kind
from support.browser_page import Browser
from support.declarations import hub_arn, media_source

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)  # a Wednesday, 13:00 in Berlin
TEXT_CONTRAST = 4.5
OFFICE = ("0 0 9-16 ? * * *", 3599)
NIGHT = ("0 0 22,23 ? * MON-FRI *", 3599)
QUARTERS = ("0 0/15 * ? * * *", 60)


def job(status="SUCCESS", details="", **ago):
    moment = NOW - timedelta(**ago)
    return Job(status, details, moment, moment)


def schedule(declared):
    names = ("ScheduleExpression", "DurationInSeconds")
    return {"ScheduleConfig": dict(zip(names, declared, strict=True))} if declared else {}


def edge_config(hub, recorder=None, uploader=None, retention=48):
    config = {
        "HubDeviceArn": hub,
        "RecorderConfig": {"MediaSourceConfig": media_source(), **schedule(recorder)},
        "DeletionConfig": {"EdgeRetentionInHours": retention},
    }
    return {**config, "UploaderConfig": schedule(uploader)} if uploader else config


def row(name, hub="hub", zone="Europe/Berlin", status="IN_SYNC", reports=(None, None), details="", **config):
    arn = hub_arn(hub)
    target = Target(Stream(name), arn, "eu-west-1", zone=zone)
    if status == "DENIED":
        return Row(target, None, Health.unknown("AWS denied kinesisvideo:DescribeEdgeConfiguration"))
    observed = StreamAbsent()
    if status != "NO_STREAM":
        updated = (NOW - timedelta(minutes=10)).isoformat()
        observed = Found(SyncStatus(status), edge_config(arn, **config), details, updated=updated, created=updated)
    seen = StreamStatus(observed, *reports)
    return Row(target, seen, health_of(seen, arn, NOW, zone=zone))


KINDS = (
    {"reports": (job("USER_ERROR", "401 Unauthorized: the camera rejected the password", hours=3), None)},
    {"reports": (job(minutes=1), job(minutes=30)), "recorder": OFFICE, "uploader": NIGHT},
    {"reports": (job(minutes=1), job("SYSTEM_ERROR", "no route to host", hours=20)), "retention": 24},
    {"status": "SYNC_FAILED", "details": "the hub's disk is full", "uploader": NIGHT},
    {"status": "SYNCING", "recorder": QUARTERS},
    {"status": "NO_STREAM"},
    {"reports": (job(hours=14), None), "recorder": NIGHT, "uploader": NIGHT},
    {"status": "DENIED"},
)


@cache
def fleet(number):
    """Return a snapshot of some streams, 16 per hub, in three zones, one not stated."""
    zones = ("Europe/Berlin", "America/Los_Angeles", None)
    rows = [
        row(f"site-{at // 16:02}-camera-{at:03}", f"site-{at // 16:02}", zones[at // 16 % 3], **kind)
        for at, kind in enumerate(islice(cycle(KINDS), number))
    ]
    return Snapshot(NOW, tuple(worst_first(rows)))


@cache
def page_of(number):
    """Return the page of that snapshot."""
    return render(fleet(number))


class Page(HTMLParser):
    """A parser of the page that checks that all elements are closed."""

    def __init__(self, text):
        super().__init__()
        self.open, self.found = [], []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def of(self, tag):
        return [attributes for name, attributes in self.found if name == tag]


@pytest.mark.parametrize("number", [0, 1, 5, 500])
def test_every_element_is_closed_and_a_screen_reader_finds_its_way(number):
    """Landmarks, a caption, heads of columns and rows, a text for each drawing, and no shape that is read aloud."""
    page = Page(page_of(number))
    assert page.open == []
    assert [len(page.of(tag)) for tag in ("header", "main", "h1", "table", "caption")] == [1] * 5
    assert [head["scope"] for head in page.of("th")] == ["col"] * 4 + ["row"] * number
    drawings = page.of("svg")
    assert all(drawing.get("role") == "img" or drawing.get("aria-hidden") == "true" for drawing in drawings)
    signs = [span for span in page.of("span") if (span.get("class") or "").startswith("sign")]
    assert len(signs) >= number
    assert all(sign["aria-hidden"] == "true" for sign in signs)


def test_the_worst_is_first_with_why_since_when_and_what_is_at_risk():
    """Words beside shapes."""
    text = page_of(8)
    kinds = re.findall(r'<span class="(?:alarm|kind)">([a-z ]+?)(?: \d+\w ago)?</span>', text.partition("<tbody>")[2])
    assert kinds == [
        *("recording failed", "not in sync", "not in sync", "upload failed"),
        *("unknown", "in progress", "not due", "healthy"),
    ]
    assert "401 Unauthorized: the camera rejected the password" in text
    assert "recording failed 3h ago" in text
    assert (
        "footage recorded from 2026-11-24T16:00:00Z on is at risk: the hub deletes it from 2026-11-25T16:00:00Z on"
        in text
    )
    assert "AWS denied kinesisvideo:DescribeEdgeConfiguration" in text


def test_each_stream_has_its_week_on_its_hubs_clock_with_the_present_marked():
    """Noon UTC on Wednesday is 13:00 in Berlin: 61 of 168 hours; without a configuration there is no week."""
    text = render(Snapshot(NOW, (row("a", recorder=OFFICE), row("b", status="NO_STREAM"))))
    assert "<title>recording: Wed 25 Nov 09:00 - 16:59:59 (7 h 59 min 59 s)</title>" in text
    assert '<rect class="now" x="36.31%" width="2"><title>now</title>' in text
    assert (text.count('class="band"'), text.count("no configuration</p>")) == (1, 1)
    unstated = render(Snapshot(NOW, (row("a", zone=None, recorder=OFFICE),)))
    assert "drawn in UTC: the hub's time zone is not stated" in unstated
    assert "UTC, assumed" in unstated


def test_the_week_is_that_of_the_hub_where_another_one_has_begun():
    """Monday 02:00 in Berlin is Sunday in Los Angeles."""
    monday = datetime(2026, 11, 23, 1, tzinfo=UTC)
    rows = (row("a", zone="Europe/Berlin"), row("b", zone="America/Los_Angeles"))
    marks = re.findall(r'class="now" x="([\d.]+)%"', render(Snapshot(monday, rows)).partition("<main>")[2])
    assert [round(float(mark) * 1.68) for mark in marks] == [2, 161]


def test_a_declared_week_is_shown_until_the_hub_has_the_configuration():
    """The stream has none yet, and its file says what it will do."""
    from types import SimpleNamespace

    missing = row("a", status="NO_STREAM")
    declared = SimpleNamespace(config=edge_config(missing.target.hub, recorder=OFFICE))
    target = Target(missing.target.stream, missing.target.hub, "eu-west-1", "edge/a.yaml:3", declared, "Europe/Berlin")
    text = render(Snapshot(NOW, (Row(target, missing.status, missing.health),)))
    assert "recording: Wed 25 Nov 09:00 - 16:59:59" in text
    assert "<dd>edge/a.yaml:3</dd>" in text


def test_nothing_in_it_asks_the_network_and_its_colours_are_those_of_the_palettes():
    """As the week's page."""
    text = page_of(16)
    assert not re.search(r"https?:|//|@import|src=|<script|<link|href=", text)
    assert set(re.findall(r"var\(--([a-z]+)\)", text)) <= set(LIGHT)
    assert set(re.findall(r"#[0-9a-f]{6}\b", text)) == set(LIGHT.values()) | set(DARK.values())
    policies = [meta["content"] for meta in Page(text).of("meta") if meta.get("http-equiv")]
    assert policies == ["default-src 'none'; style-src 'unsafe-inline'"]


def test_a_page_of_500_streams_is_small():
    """Less than two megabytes, with runs each quarter of an hour."""
    assert len(page_of(500).encode()) < 2_000_000


@pytest.fixture
def look(tmp_path):
    return Browser(tmp_path).reports


@pytest.mark.parametrize("number", [5, 500])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_the_page_fits_and_can_be_read(look, number, dark):
    """Nothing is wider than the window, each text has a contrast of 4.5 or more, and nothing is asked of a network."""
    for report in look(page_of(number), dark=dark):
        assert report["dark"] is dark
        assert report["overflow"] == 0, report["width"]
        assert len(report["contrasts"]) > 8
        assert min(report["contrasts"].values()) >= TEXT_CONTRAST, report["contrasts"]
        assert (report["requests"], report["focusable"]) == ([], number)
        assert number < 100 or 0 <= report["head"] < 20


def test_an_accessibility_checker_finds_nothing(tmp_path):
    """axe-core, in light and in dark, on a page with streams of every kind."""
    for scheme, found in Browser(tmp_path).accessibility(page_of(40)).items():
        assert found["dark"] is (scheme == "dark")
        assert found["violations"] == []
        assert {"color-contrast", "document-title", "html-has-lang", "svg-img-alt", "list"} <= set(found["passes"])


def test_the_page_fits_at_any_width_with_long_names(look):
    """From a telephone to a wide screen, with a name of 256 and a reason of 300 characters."""
    long = row("c" * 256, "h" * 128, reports=(job("SYSTEM_ERROR", "x" * 300, days=3), None))
    snapshot = Snapshot(NOW, (long, *fleet(8).rows))
    reports = look(render(snapshot), widths=(320, 400, 735, 737, 895, 897, 1055, 1057, 1263, 1265, 1900))
    assert [(report["width"], report["overflow"], report["crowded"]) for report in reports] == [
        (report["width"], 0, 0) for report in reports
    ]


def test_names_and_reasons_are_text_whatever_they_hold(look):
    """Markup from a hub is shown, and neither parsed nor run."""
    evil = '"><img src=x onerror="parent.hit=1"><script>parent.hit=1</script>'
    for report in look(render(Snapshot(NOW, (row(evil, reports=(job("USER_ERROR", evil, hours=1), None)),)))):
        assert report["names"] == [evil]
        assert (report["hit"], report["foreign"]) == ("undefined", 0)


def test_the_command_writes_the_page_and_ends_as_without_it(run, site, make_stream, start, hub, tmp_path):
    """The summary is printed; the exit code is that of the fleet."""
    name, config = make_stream(), edge_config(hub)
    start(name, config)
    site({"StreamName": name, "EdgeConfig": config})
    ended = run("status", "--html", "fleet.html")
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.endswith("1 stream on 1 hub: 1 in progress: fleet.html\n")
    assert name in (tmp_path / "fleet.html").read_text("utf-8")
    file = tmp_path / "edge" / "site.json"
    file.write_text(file.read_text().replace(name, "no-such-stream"))
    assert run("status", "--html", "fleet.html").code == 1
    assert "no-such-stream" in (tmp_path / "fleet.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--html", "a.html", "--format", "json"], "--html writes a page instead of --format json: give one of them"),
        (["--html", "no-such-folder/a.html"], "no-such-folder/a.html cannot be written: No such file or directory"),
    ],
)
def test_a_page_that_cannot_be_written_ends_with_2(run, site, aws, arguments, said):
    """With one sentence."""
    site()
    ended = run("status", *arguments)
    assert (ended.code, ended.err) == (2, f"kvs-edge: {said}\n")


def test_all_kinds_have_a_place_on_the_page():
    """The fleet of these tests has all but a silent hub."""
    assert {row.health.kind for row in fleet(16).rows} == set(Kind) - {Kind.SILENT_HUB}
