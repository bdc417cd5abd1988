"""The week as text."""

import io
import re

import pytest

from kvs_edge_gitops.commands.schedule.renderings import text
from kvs_edge_gitops.commands.schedule.renderings.screen import Screen
from kvs_edge_gitops.reports.week.model import Week

OFFICE = ("0 0 9-16 ? * MON-FRI *", 3599)
RISK = "\N{BOX DRAWINGS LIGHT DIAGONAL CROSS}"
NIGHT = ("0 0 22,23 ? * MON-FRI *", 3599)


def _lines(week, **screen):
    return list(text.render(week, Screen(**screen)))


def _row(lines, name):
    return next(line for line in lines if line.strip(" ▲!").startswith(name))


def test_a_row_shows_the_week(week_of_one):
    """Always recording, uploaded on weekday nights, kept for two days: Saturday's footage is crossed out."""
    week = week_of_one("dock", recorder=None, uploader=NIGHT, retention=48)
    assert _row(_lines(week), "dock") == (
        "▲ dock ▀▀▀▀▀▀▀█ ▀▀▀▀▀▀▀█ ▀▀▀▀▀▀▀█ ▀▀▀▀▀▀▀█ ▀▀▀▀▀▀▀█ " + RISK * 8 + " ▀▀▀▀▀▀▀▀"
    )


def test_letters_say_the_same_where_blocks_can_t(week_of_one):
    """In ASCII each kind has a letter of its own, and nothing else is in the text."""
    lines = _lines(week_of_one("dock", recorder=None, uploader=NIGHT, retention=48), is_ascii=True)
    assert _row(lines, "dock") == "! dock rrrrrrrB rrrrrrrB rrrrrrrB rrrrrrrB rrrrrrrB !!!!!!!! rrrrrrrr"
    assert all(line.isascii() for line in lines)


def test_colour_only_repeats_what_the_characters_say(fleet_week):
    """With the colours taken out, the text is what it is without any."""
    week = fleet_week(20)
    coloured = [re.sub(r"\x1b\[[0-9;]*m", "", line) for line in _lines(week, has_colour=True)]
    assert coloured == _lines(week)
    assert any("\x1b[" in line for line in _lines(week, has_colour=True))
    assert not any("\x1b" in line for line in _lines(week))


@pytest.mark.parametrize("width", [49, 60, 80, 100, 132, 200, 300])
def test_no_line_is_wider_than_the_screen(fleet_week, width):
    """From 49 characters on, each line fits, and each of a hub's rows has the same number of characters a day."""
    lines = _lines(fleet_week(20), width=width)
    assert max(map(len, lines)) <= width
    rows = [line for line in lines if re.search(f"[▀▄█·{RISK}╬]{{4}}", line)]
    assert len(rows) == 20
    assert len({tuple(map(len, re.findall(f"[▀▄█·{RISK}╬]{{4,}}", row))) for row in rows}) == 1


def test_the_clock_is_named(week_of_one):
    """The heading has the zone, and whether it is assumed."""
    assert "(times in Asia/Kolkata)" in "\n".join(_lines(week_of_one(zone="Asia/Kolkata")))
    assert "(times in UTC, assumed: the hub's time zone is not stated)" in " ".join(_lines(week_of_one(zone=None)))


def test_what_is_at_risk_is_said_with_its_times_and_its_finding(week_of_one):
    """The lines below the rows show when the footage is recorded, and why it is lost."""
    text = " ".join(
        " ".join(_lines(week_of_one("dock", uploader=("0 0 22 ? * MON-FRI *", 3600), retention=48))).split()
    )
    assert "▲ dock: 23 h at risk this week, recorded Fri 27 Nov 23:00 - Sat 28 Nov 22:00" in text
    assert "error AlwaysOnExceedsRetention: footage of the always-on recorder" in text


def test_what_is_acknowledged_is_said_with_its_reason(acknowledged_week):
    text = " ".join(" ".join(_lines(acknowledged_week)).split())
    assert "1 with footage at risk (1 acknowledged)" in text
    assert "acknowledged error AlwaysOnExceedsRetention: footage of the always-on recorder" in text
    assert "; acknowledged because: the yard is empty at the weekend" in text
    assert "acknowledged error TooManyStreams:" in text


def test_the_streams_at_risk_are_listed_first_where_there_are_many(fleet_week):
    """A fleet of 16 or fewer fits on a screen."""
    assert not [line for line in _lines(fleet_week(16)) if line.startswith("▲ site-00: ")]
    week = fleet_week(40)
    head = " ".join(" ".join(_lines(week)).partition("recording ")[0].split())
    assert head.count("▲ site-0") >= 3
    listed = set(re.findall(r"site-\d\d-[a-z-]+\d{3}", head.partition(" (times in")[0]))
    assert listed == {band.stream for band in week.bands if band.is_at_risk}


def test_the_legend_explains_what_may_be_seen_and_no_more(week_of_one):
    """A week without risk has none in its legend, and one without an uploader says what is assumed."""
    calm = " ".join(_lines(week_of_one(recorder=OFFICE, uploader=NIGHT, retention=72)))
    assert "▀ recording" in calm
    assert RISK not in calm
    assert "assumed to upload" not in calm
    assert "assumed to upload" in " ".join(_lines(week_of_one()))


def test_a_name_can_t_move_the_cursor(week_of_one):
    """Control characters of a name are shown as question marks."""
    lines = _lines(week_of_one("a\x1b[2Jb\r\n"))
    assert _row(lines, "a?[2Jb??")


def test_a_change_of_the_clock_is_said(fleet_week):
    """In the week in which the clock is put back, each hub that does so says when."""
    from datetime import date

    text = "\n".join(_lines(fleet_week(20, date(2026, 10, 19))))
    assert "on Sun 25 Oct the clock goes back from 03:00 to 02:00" in text


def test_a_week_of_nothing_is_one_sentence(monday):
    """Without any stream there is nothing to draw or to explain."""
    said = "Week of Monday, 23 November 2026: 0 streams on 0 hubs, no known footage at risk"
    assert _lines(Week(monday, ()), width=100) == [said]


class _Output(io.TextIOWrapper):
    """An output of an encoding, at a terminal or not."""

    def __init__(self, encoding: str, *, is_terminal: bool) -> None:
        super().__init__(io.BytesIO(), encoding=encoding)
        self._is_terminal = is_terminal

    def isatty(self):
        return self._is_terminal


def test_a_pipe_is_80_wide_and_plain():
    """A pipe gets no colours, and a fixed width."""
    assert Screen.of(_Output("utf-8", is_terminal=False)) == Screen(width=80, is_ascii=False, has_colour=False)


def test_a_terminal_has_colours_unless_it_is_asked_not_to(monkeypatch):
    """NO_COLOR, if it is not empty, and a dumb terminal keep the text plain; COLUMNS says how wide it is."""
    monkeypatch.setenv("COLUMNS", "132")
    monkeypatch.setenv("NO_COLOR", "")
    monkeypatch.setenv("TERM", "xterm")
    output = _Output("utf-8", is_terminal=True)
    assert Screen.of(output) == Screen(width=132, is_ascii=False, has_colour=True)
    monkeypatch.setenv("TERM", "dumb")
    assert not Screen.of(output).has_colour
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("NO_COLOR", "1")
    assert not Screen.of(output).has_colour


@pytest.mark.parametrize(
    ("encoding", "is_ascii"), [("UTF-8", False), ("utf8", False), ("latin-1", True), ("ascii", True)]
)
def test_blocks_are_for_utf_8_alone(encoding, is_ascii):
    """An encoding that lacks the blocks gets letters."""
    assert Screen.of(_Output(encoding, is_terminal=False)).is_ascii is is_ascii
