"""The table of `kvs-edge status`: content, order and width."""

import io
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kvs_edge.configuration import Stream
from kvs_edge.observed import Absent, Found, SyncStatus
from kvs_edge_gitops.aws.stream_status import Job, StreamStatus
from kvs_edge_gitops.checks.fleet.formatting import age, remaining
from kvs_edge_gitops.checks.fleet.health import health_of
from kvs_edge_gitops.checks.fleet.snapshot import Row, Snapshot, Target, worst_first
from kvs_edge_gitops.commands.status.renderings import lines, table
from kvs_edge_gitops.terminal import Paint
from kvs_edge_health import Health, Kind

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
IN_SYNC, SYNCING, FAILED = SyncStatus.IN_SYNC, SyncStatus.SYNCING, SyncStatus.SYNC_FAILED


def ago(**time):
    return NOW - timedelta(**time)


def job(status="SUCCESS", details="", **time):
    return Job(status, details, ago(**time), ago(**time))


def row(name, status=IN_SYNC, hub="warehouse-hub", recorder=None, uploader=None, details="", config=None, **time):
    arn = f"arn:aws:iot:eu-west-1:123456789012:thing/{hub}"
    declared = {"HubDeviceArn": arn, **(config or {})}
    observed = Found(status, declared, details, updated=ago(**time).isoformat()) if status else Absent()
    seen = StreamStatus(observed, recorder, uploader)
    return Row(Target(Stream(name), arn, "eu-west-1"), seen, health_of(seen, arn, NOW, zone="Europe/Berlin"))


NIGHT = {"ScheduleConfig": {"ScheduleExpression": "0 0 20-23 ? * * *", "DurationInSeconds": 3599}}
FLEET = Snapshot(
    NOW,
    tuple(
        worst_first(
            (
                row("counter", hub="shop-hub", recorder=job(minutes=1), uploader=job(hours=11), days=40),
                row(
                    "dock",
                    recorder=job(minutes=2),
                    uploader=job("SYSTEM_ERROR", "no route to host", hours=13),
                    config={"DeletionConfig": {"EdgeRetentionInHours": 24}},
                    days=12,
                ),
                row("gate", recorder=job("USER_ERROR", "the camera refused the password", hours=3), days=12),
                row("ramp", SYNCING, minutes=4),
                row("stairs", hub="shop-hub", recorder=job(hours=13), config={"RecorderConfig": NIGHT}, days=40),
                row("yard", FAILED, details="the hub's disk is full", hours=5),
            )
        )
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


def test_the_worst_stands_first_with_a_sign_why_and_what_is_at_risk():
    """By kind, then by hub and name; a healthy stream needs no words."""
    assert plain(FLEET) == [
        "2026-11-23T12:00:00Z: 6 streams on 2 hubs: 1 recording failed, 1 not in sync, 1 upload failed, 1 in",
        "progress, 1 not due, 1 healthy",
        "",
        "  STREAM   HUB            HEALTH            SINCE    AT RISK",
        "! gate     warehouse-hub  recording failed  3h ago   -",
        "    the recorder reported USER_ERROR at 2026-11-23T09:00:00Z: the camera refused the password",
        "! yard     warehouse-hub  not in sync       5h ago   -",
        "    the sync failed: the hub's disk is full",
        "! dock     warehouse-hub  upload failed     13h ago  in 11h",
        "    the uploader reported SYSTEM_ERROR at 2026-11-22T23:00:00Z: no route to host",
        "    footage recorded from 2026-11-22T23:00:00Z on is at risk: the hub deletes it from",
        "    2026-11-23T23:00:00Z on",
        "~ ramp     warehouse-hub  in progress       4m ago   -",
        "    the sync status is SYNCING, last updated at 2026-11-23T11:56:00Z",
        "  stairs   shop-hub       not due           -        -",
        "    recording is not due; the next window opens at 2026-11-23T19:00:00Z",
        "  counter  shop-hub       healthy           -        -",
    ]


def test_colours_say_no_more_than_signs_do(paint):
    """Red and yellow go with the signs; without them the text is the same."""
    coloured = list(table.render(FLEET, 100, paint))
    assert [line[:5] for line in coloured if "! " in line] == ["\x1b[31m"] * 3
    assert [line[:5] for line in coloured if "~ " in line] == ["\x1b[33m"]
    assert [re.sub(r"\x1b\[\d*m", "", line) for line in coloured] == plain(FLEET)


@pytest.mark.parametrize("width", [1, 20, 40, 60, 80, 100, 200])
def test_no_line_is_wider_than_the_terminal(width):
    """From twenty columns on, with any content."""
    long = row("c" * 256, FAILED, hub="h" * 128, details="x" * 300, recorder=job("SYSTEM_ERROR", "why " * 50, days=3))
    snapshot = Snapshot(NOW, (*FLEET.rows, long), ("arn:aws:iot:eu-west-1:123456789012:thing/" + "b" * 90,))
    assert max(map(len, plain(snapshot, width))) <= max(width, 20)


def test_names_lose_their_middle_where_the_terminal_is_narrow():
    """Cameras of a site begin alike, and those of a kind end alike; the names of hubs come after those of streams."""
    name = "site-berlin-building-12-entrance-left"
    snapshot = Snapshot(NOW, (row(name, recorder=job(minutes=2), days=1),))
    assert plain(snapshot, 84)[-1].split() == [name, "warehouse-hub", "healthy", "-", "-"]
    assert plain(snapshot, 66)[-1].split()[:2] == ["site-berlin..trance-left", "warehouse-hub"]
    assert plain(snapshot, 45)[-1].split()[:2] == ["sit..eft", "war..hub"]


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
        "! new     warehouse-hub  not in sync  -      -",
        "    the stream has no edge configuration",
    ]


def test_a_stream_that_may_not_be_read_has_a_line_of_its_own():
    """The other streams are shown as they are."""
    denied = Row(Target(Stream("safe"), "arn:aws:iot:eu-west-1:123456789012:thing/hub", "eu-west-1"), None, DENIED)
    assert plain(Snapshot(NOW, (denied,)))[-2:] == ["! safe    hub  unknown  -      -", "    AWS denied it"]
    assert list(lines.render(Snapshot(NOW, (denied,))))[1].split("\t") == [
        *("unknown", "hub", "safe", *"---------", "AWS denied it"),
    ]


DENIED = Health.unknown("AWS denied it")


def test_what_is_being_deleted_already_says_so():
    """The time is in the past."""
    late = row("dock", recorder=job(minutes=2), uploader=job("USER_ERROR", "full", days=3), days=12,
               config={"DeletionConfig": {"EdgeRetentionInHours": 24}})  # fmt: skip
    shown = plain(Snapshot(NOW, (late,)))
    assert shown[-4].split()[-1] == "now"
    assert " ".join(line.strip() for line in shown[-2:]) == (
        "footage recorded from 2026-11-20T12:00:00Z on was not uploaded: the hub has been deleting it since"
        " 2026-11-21T12:00:00Z"
    )


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


def test_the_time_left_is_told_as_an_age_is():
    """In the largest unit of which there are two."""
    assert [remaining(None, NOW), remaining(NOW, NOW), remaining(NOW + timedelta(hours=13), NOW)] == [
        "-",
        "now",
        "in 13h",
    ]


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


def test_the_page_lists_every_kind():
    """With what it means."""
    page = (Path(__file__).parents[2] / "docs" / "cli.md").read_text("utf-8")
    assert [kind for kind in Kind if f"| `{kind}` |" not in page] == []
