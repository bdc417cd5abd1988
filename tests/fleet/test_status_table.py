"""The table of `kvs-edge status`: content, order and width."""

import io
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kvs_edge.configuration import Stream
from kvs_edge.observed import Absent, Found, SyncStatus
from kvs_edge_gitops.aws.stream_status import Job, StreamStatus
from kvs_edge_gitops.commands.status.formatting import age
from kvs_edge_gitops.commands.status.health import assess
from kvs_edge_gitops.commands.status.renderings import lines, table
from kvs_edge_gitops.commands.status.snapshot import Row, Snapshot, Target
from kvs_edge_gitops.terminal import Paint

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
IN_SYNC, SYNCING, FAILED = SyncStatus.IN_SYNC, SyncStatus.SYNCING, SyncStatus.SYNC_FAILED


def ago(**time):
    return NOW - timedelta(**time)


def job(status="SUCCESS", details="", **time):
    return Job(status, details, ago(**time), ago(**time))


def row(name, status=IN_SYNC, hub="warehouse-hub", recorder=None, uploader=None, details="", **time):
    arn = f"arn:aws:iot:eu-west-1:123456789012:thing/{hub}"
    observed = Found(status, {"HubDeviceArn": arn}, details, updated=ago(**time).isoformat()) if status else Absent()
    seen = StreamStatus(observed, recorder, uploader)
    return Row(Target(Stream(name), arn, "eu-west-1"), seen, assess(seen, arn, NOW))


FLEET = Snapshot(
    NOW,
    (
        row("counter", hub="shop-hub", recorder=job(minutes=1), uploader=job(hours=11), days=40),
        row("dock", recorder=job(minutes=2), uploader=job(hours=13), days=12),
        row("gate", recorder=job("USER_ERROR", "the camera refused the password", hours=3), days=12),
        row("ramp", SYNCING, minutes=4),
        row("yard", FAILED, details="the hub's disk is full", hours=5),
    ),
)


class _Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture
def paint(monkeypatch):
    """Colours, as at a terminal."""
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    return Paint(_Terminal())


def plain(snapshot, width=100):
    return list(table.render(snapshot, width, Paint(io.StringIO())))


def test_what_is_in_trouble_stands_first_with_a_sign_and_why():
    """Hubs with trouble before others, and within a hub trouble, what is under way, and the rest."""
    assert plain(FLEET) == [
        "2026-11-23T12:00:00Z: 5 streams on 2 hubs: 2 unhealthy, 1 in progress, 2 healthy",
        "",
        "  STREAM   SYNC         UPDATED  RECORDER           UPLOADER",
        "warehouse-hub",
        "! gate     IN_SYNC      12d ago  USER_ERROR 3h ago  -",
        "    the recorder reports USER_ERROR, last updated 2026-11-23T09:00:00Z: the camera refused the",
        "    password",
        "! yard     SYNC_FAILED  5h ago   -                  -",
        "    the sync failed: the hub's disk is full",
        "~ ramp     SYNCING      4m ago   -                  -",
        "  dock     IN_SYNC      12d ago  SUCCESS 2m ago     SUCCESS 13h ago",
        "shop-hub",
        "  counter  IN_SYNC      40d ago  SUCCESS 60s ago    SUCCESS 11h ago",
    ]


def test_colours_say_no_more_than_signs_do(paint):
    """Red and yellow go with the signs; without them the text is the same."""
    coloured = list(table.render(FLEET, 100, paint))
    assert [line[:5] for line in coloured if "! " in line] == ["\x1b[31m"] * 2
    assert [line[:5] for line in coloured if "~ " in line] == ["\x1b[33m"]
    assert [re.sub(r"\x1b\[\d*m", "", line) for line in coloured] == plain(FLEET)


@pytest.mark.parametrize("width", [1, 20, 40, 60, 80, 100, 200])
def test_no_line_is_wider_than_the_terminal(width):
    """From twenty columns on, with any content."""
    long = row("c" * 256, FAILED, hub="h" * 128, details="x" * 300, recorder=job("SYSTEM_ERROR", "why " * 50, days=3))
    snapshot = Snapshot(NOW, (*FLEET.rows, long), ("arn:aws:iot:eu-west-1:123456789012:thing/" + "b" * 90,))
    assert max(map(len, plain(snapshot, width))) <= max(width, 20)


def test_jobs_times_give_way_before_names_do_and_names_lose_their_middle():
    """Cameras of a site begin alike, and those of a kind end alike."""
    name = "site-berlin-building-12-entrance-left"
    snapshot = Snapshot(NOW, (row(name, recorder=job(minutes=2), days=1),))
    assert plain(snapshot, 84)[-1].split() == [name, "IN_SYNC", "24h", "ago", "SUCCESS", "2m", "ago", "-"]
    assert plain(snapshot, 78)[-1].split() == [name, "IN_SYNC", "24h", "ago", "SUCCESS", "-"]
    assert plain(snapshot, 60)[-1].split()[0] == "site-berl..ance-left"


def test_what_a_job_that_does_well_says_is_told_below_it():
    """Its details may be worth reading all the same."""
    snapshot = Snapshot(NOW, (row("dock", recorder=job(details="one frame in ten lost", minutes=2), days=1),))
    assert plain(snapshot)[-1] == "    the recorder reports: one frame in ten lost"


def test_nothing_that_comes_from_a_hub_moves_the_cursor(paint):
    """An escape sequence of its words is spelled out."""
    snapshot = Snapshot(NOW, (row("dock", FAILED, details="\x1b[2J\x07", days=1),))
    for written in (*table.render(snapshot, 80, paint), *lines.render(snapshot)):
        assert "\x1b[2J" not in written
        assert "\x07" not in written


def test_a_stream_without_configuration_has_a_line_without_times():
    """Nothing is known of it but that."""
    assert plain(Snapshot(NOW, (row("new", None),)))[-2:] == [
        "! new     NO_CONFIGURATION  -        -         -",
        "    the stream has no edge configuration",
    ]


def test_an_empty_fleet_is_its_summary():
    """There is no table of nothing."""
    assert plain(Snapshot(NOW, ())) == ["2026-11-23T12:00:00Z: 0 streams on 0 hubs"]


@pytest.mark.parametrize(
    ("passed", "told"),
    [
        ({"seconds": -5}, "0s ago"),
        ({"seconds": 119}, "119s ago"),
        ({"minutes": 2}, "2m ago"),
        ({"minutes": 119}, "119m ago"),
        ({"hours": 47}, "47h ago"),
        ({"hours": 48}, "2d ago"),
    ],
)
def test_an_age_is_told_in_the_largest_unit_of_which_there_are_two(passed, told):
    """Of a clock that is behind AWS's, nothing is in the future."""
    assert age(ago(**passed), NOW) == told


def _blocks(language):
    page = (Path(__file__).parents[2] / "docs" / "cli.md").read_text("utf-8")
    section = page.partition("## `kvs-edge status")[2].partition("\n## ")[0]
    return re.findall(rf"^```{language}\n(.*?)^```$", section, re.MULTILINE | re.DOTALL)


def test_the_page_shows_what_it_looks_like():
    """The example of docs/cli.md, to the letter, at 80 columns; and the line that a pipe gets."""
    at_a_terminal, in_a_pipe = _blocks("text")
    assert at_a_terminal.splitlines() == plain(FLEET, 80)
    gate = next(line for line in lines.render(FLEET) if "gate" in line)
    assert in_a_pipe.splitlines() == [gate]


def test_the_page_lists_every_trouble():
    """With what it means."""
    from kvs_edge_gitops.commands.status.health import ProblemCode

    page = (Path(__file__).parents[2] / "docs" / "cli.md").read_text("utf-8")
    assert [code for code in ProblemCode if f"| `{code}` |" not in page] == []
