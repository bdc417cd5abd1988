"""`kvs-edge status --watch`: one look after the other, on a screen, below each other, or as JSON lines."""

import fcntl
import io
import json
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
from datetime import UTC, datetime

import pytest

from kvs_edge_gitops.checks.fleet.snapshot import Snapshot
from kvs_edge_gitops.commands.status import command as status_command
from kvs_edge_gitops.commands.status.renderings.screen import Screen
from kvs_edge_gitops.commands.status.watch import watch
from kvs_edge_gitops.errors import AwsError
from kvs_edge_local.edge.faults import Fault

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


class Sleep:
    """A time to wait in which something happens; after so many it is Ctrl-C."""

    def __init__(self, *happens):
        self.happens = list(happens)
        self.slept = []

    def __call__(self, seconds):
        self.slept.append(seconds)
        if not self.happens:
            raise KeyboardInterrupt
        if (what := self.happens.pop(0)) is not None:
            what()


@pytest.fixture
def watching(run, monkeypatch):
    """Return a function that runs the command line with a simulated sleep, from 12:00 on."""

    def call(sleep, *arguments):
        real = status_command.run
        monkeypatch.setattr(status_command, "run", lambda options: real(options, now=lambda: NOW, sleep=sleep))
        return run("status", *arguments)

    return call


@pytest.fixture
def declared(site, make_stream, start, edge_config):
    """Return the name of a stream that is declared and in sync."""
    name = make_stream()
    start(name, edge_config())
    site({"StreamName": name, "EdgeConfig": edge_config()})
    return name


def test_each_look_is_a_block_of_lines_where_the_output_is_no_terminal(watching, declared):
    """Every ten seconds, unless it is said otherwise; Ctrl-C ends it with 130."""
    sleep = Sleep(None, None)
    ended = watching(sleep, "--watch")
    assert (ended.code, sleep.slept) == (130, [10, 10, 10])
    block = ended.out.splitlines()[:2]
    assert block[0] == "# 2026-11-23T12:00:00Z: 1 stream on 1 hub: 1 in progress"
    assert ended.out.splitlines() == block * 3


def test_each_look_is_a_line_of_json(watching, declared, aws):
    """With the exit code that a single look would have ended with, so that a reader sees it change."""

    def delete():
        aws.client("kinesisvideo").delete_edge_configuration(StreamName=declared)
        aws.clock.sleep(30)

    sleep = Sleep(delete)
    ended = watching(sleep, "--watch", "2.5", "--format", "json")
    looks = [json.loads(line) for line in ended.out.splitlines()]
    assert [look["exit_code"] for look in looks] == [0, 1]
    assert [look["streams"][0]["sync_status"] for look in looks] == ["IN_SYNC", "NO_CONFIGURATION"]
    assert sleep.slept == [2.5, 2.5]


def test_a_hubs_streams_are_listed_with_each_look(watching, make_stream, start, edge_config, hub):
    """Streams that are added meanwhile appear."""
    start(make_stream(), edge_config())
    sleep = Sleep(lambda: start(make_stream(), edge_config()))
    ended = watching(sleep, "--watch", "1", "--hub", hub, "--format", "json")
    assert [json.loads(line)["summary"]["streams"] for line in ended.out.splitlines()] == [1, 2]


@pytest.fixture
def impatient(monkeypatch):
    """Nothing is tried again, and nothing throttled is waited for."""
    monkeypatch.setattr("kvs_edge_gitops.aws.calls.TRIES", 1)
    monkeypatch.setattr("kvs_edge_gitops.aws.calls.THROTTLED_SECONDS", 0)


def _fault(aws, code):
    return lambda: aws.edge.inject(Fault("DescribeEdgeConfiguration", code))


@pytest.mark.parametrize("code", ["InternalFailure", "ClientLimitExceeded", "ConnectionDropped"])
def test_what_passes_is_told_and_the_watch_goes_on(watching, declared, aws, impatient, code):
    """AWS itself, its limits, the network: one look is missing, with its time and why."""
    ended = watching(Sleep(_fault(aws, code), None), "--watch")
    before, _, missing, after, _ = ended.out.splitlines()
    assert before == after
    assert missing.startswith("# 2026-11-23T12:00:00Z: ")
    assert "AWS" in missing
    assert (ended.code, ended.err) == (130, "")


def test_a_look_that_is_missing_is_a_line_of_json_as_well(watching, declared, aws, impatient):
    """With the exit code that it would have been alone."""
    ended = watching(Sleep(_fault(aws, "InternalFailure"), None), "--watch", "--format", "json")
    looks = [json.loads(line) for line in ended.out.splitlines()]
    assert [look["exit_code"] for look in looks] == [0, 3, 0]
    assert looks[1].keys() == {"version", "exit_code", "taken_at", "error"}
    assert "InternalFailure" in looks[1]["error"]


@pytest.mark.parametrize("code", ["ExpiredTokenException", "AccessDenied"])
def test_credentials_that_are_refused_end_the_watch(watching, declared, aws, code):
    """They stay so, and an alarm that sees nothing must be heard."""
    ended = watching(Sleep(_fault(aws, code), None), "--watch")
    assert ended.code == 3
    assert len(ended.out.splitlines()) == 2
    assert ended.err.startswith("kvs-edge: ")


def test_at_the_first_look_nothing_passes(watching, declared, aws, impatient):
    """A setting may be wrong, an endpoint say: who has just typed it wants to know."""
    _fault(aws, "InternalFailure")()
    sleep = Sleep()
    assert watching(sleep, "--watch").code == 3
    assert sleep.slept == []


def test_an_error_without_a_cause_ends_the_watch():
    """An error without a request as its cause is permanent."""

    class View:
        def show(self, snapshot):
            self.shown = snapshot

    def looks():
        yield Snapshot(NOW, ())
        raise AwsError("no region")

    with pytest.raises(AwsError, match="no region"):
        watch(looks().__next__, View(), 1, lambda: NOW, Sleep(None))


@pytest.mark.parametrize("seconds", ["0", "0.5", "soon", "nan"])
def test_a_second_is_the_shortest_wait(run, site, seconds):
    """Looking costs calls of the account's limit."""
    ended = run("status", "--watch", seconds)
    assert ended.code == 2
    assert "number of seconds from 1" in ended.err


def test_a_frame_has_as_many_lines_as_there_is_room_for(monkeypatch):
    """The line below them stays free, and the last tells how many are missing."""
    monkeypatch.setenv("LINES", "5")
    monkeypatch.setenv("COLUMNS", "40")
    output = io.StringIO()
    Screen(output).draw(f"line {number}" for number in range(9))
    lines = output.getvalue().removeprefix("\x1b[H").removesuffix("\x1b[J").split("\x1b[K\r\n")
    assert lines == ["line 0", "line 1", "line 2", "and 6 more lines", ""]


_CHILD = """
import fcntl, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
from kvs_edge_gitops.commands.status import command
from kvs_edge_gitops.cli import main
real = command.run
# A wait that ends with a line from the terminal.
command.run = lambda options: real(options, sleep=lambda seconds: sys.stdin.readline())
sys.exit(main(sys.argv[1:]))
"""


class Terminal:
    """A terminal of 100 columns and 20 lines, with the command line as its foreground process."""

    def __init__(self, *arguments, term="xterm"):
        self.parent, child = pty.openpty()
        settings = termios.tcgetattr(child)
        settings[3] &= ~termios.ECHO
        termios.tcsetattr(child, termios.TCSANOW, settings)
        fcntl.ioctl(child, termios.TIOCSWINSZ, struct.pack("HHHH", 20, 100, 0, 0))
        variables = {name: value for name, value in os.environ.items() if name not in {"COLUMNS", "LINES", "NO_COLOR"}}
        self.process = subprocess.Popen(
            [sys.executable, "-c", _CHILD, *arguments],
            stdin=child,
            stdout=child,
            stderr=child,
            env={**variables, "TERM": term},
            start_new_session=True,
        )
        os.close(child)
        self.written = ""

    def read(self, *, until):
        """Return the output once it has the text, or at its end."""
        while until not in self.written and select.select([self.parent], [], [], 60)[0]:
            try:
                part = os.read(self.parent, 65536)
            except OSError:  # how Linux says that the other end is closed
                break
            self.written += part.decode()
        read, self.written = self.written, ""
        return read

    def type(self, text):
        os.write(self.parent, text)

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(30)
        os.close(self.parent)


@pytest.fixture
def terminal(declared):
    """Start a terminal with a watch."""
    started = Terminal("status", "--watch")
    yield started
    started.close()


_ENTER, _LEAVE, _FRAME_END = "\x1b[?1049h\x1b[?25l", "\x1b[?25h\x1b[?1049l", "\x1b[J"


def test_a_terminal_is_redrawn_in_place_and_given_back_after_ctrl_c(terminal, declared):
    """Each frame starts at the top and erases what was there; nothing scrolls, nothing is left."""
    first = terminal.read(until=_FRAME_END)
    assert first.startswith(f"{_ENTER}\x1b[H")
    assert declared in first
    terminal.type(b"\n")
    second = terminal.read(until=_FRAME_END)
    assert second.startswith("\x1b[H")
    assert declared in second
    assert not re.search(r"[^\r]\n", second)
    terminal.type(b"\x03")
    assert terminal.read(until="never") == _LEAVE
    assert terminal.process.wait(30) == 130


def test_an_error_gives_the_terminal_back_before_it_is_told(terminal, aws):
    """The message appears on the normal screen."""
    terminal.read(until=_FRAME_END)
    _fault(aws, "ExpiredTokenException")()
    terminal.type(b"\n")
    assert terminal.read(until="never").startswith(f"{_LEAVE}kvs-edge: the AWS credentials have expired")
    assert terminal.process.wait(30) == 3


def test_a_look_that_is_missing_is_drawn_above_the_last_one(terminal, aws, declared):
    """With its time; AWS is asked four times before."""
    terminal.read(until=_FRAME_END)
    aws.edge.inject(Fault("DescribeEdgeConfiguration", "InternalFailure", times=4))
    terminal.type(b"\n")
    drawn = terminal.read(until=_FRAME_END)
    assert "AWS request failed: kinesisvideo:DescribeEdgeConfiguration" in drawn
    assert drawn.index("AWS request failed") < drawn.index(declared)


def test_who_ends_the_process_gets_the_terminal_back(terminal):
    """SIGTERM ends it as it does any program, and the cursor is there again."""
    terminal.read(until=_FRAME_END)
    terminal.process.send_signal(signal.SIGTERM)
    assert terminal.read(until="never") == _LEAVE
    assert terminal.process.wait(30) == -signal.SIGTERM


def test_a_dumb_terminal_gets_one_table_below_the_other(declared):
    """Its cursor can't be moved."""
    started = Terminal("status", "--watch", term="dumb")
    try:
        written = started.read(until=declared)
    finally:
        started.close()
    assert declared in written
    assert "\x1b" not in written
