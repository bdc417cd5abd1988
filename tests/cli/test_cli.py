"""The command line as a program: help that costs nothing, and an end to everything."""

import json
import os
import pty
import re
import select
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from kvs_edge_gitops.cli import COMMANDS

HEAVY = {"aws_cdk", "boto3", "botocore", "constructs", "fastjsonschema", "jsii", "jsonschema", "yaml"}


HELP = [["--help"], ["--version"], *([name, "--help"] for name in COMMANDS)]


@pytest.fixture(scope="module")
def helps():
    """Return the code, the output and the imported packages after each help; a process prints all of them.

    A package stays imported, so the helps before it cannot hide what one imports.
    """
    program = (
        "import contextlib, io, json, sys; from kvs_edge_gitops.cli import main\n"
        "for arguments in json.loads(sys.argv[1]):\n"
        "    with contextlib.redirect_stdout(io.StringIO()) as out: code = main(arguments)\n"
        "    print(json.dumps([code, out.getvalue(), sorted({name.partition('.')[0] for name in sys.modules})]))"
    )
    command = [sys.executable, "-c", program, json.dumps(HELP)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.parametrize("arguments", HELP, ids=" ".join)
def test_help_imports_nothing_heavy(helps, arguments):
    """The cost of help is that of its imports; benchmarks/ has figures."""
    code, out, imported = helps[HELP.index(arguments)]
    assert code == 0
    assert out
    assert "kvs_edge_gitops" in imported
    assert not HEAVY & set(imported)


@pytest.mark.parametrize("command", ["secret", "camera"])
def test_a_missing_default_folder_is_not_a_site_without_faults(run, tmp_path, monkeypatch, command):
    monkeypatch.chdir(tmp_path)
    ended = run(command)
    assert (ended.code, ended.out) == (2, "")
    assert "edge does not exist; name a stream, a file, or a directory" in ended.err


def test_validate_never_imports_the_cdk_or_an_aws_client(site):
    site("a.yaml", "streams: []\n")
    program = "import sys; from kvs_edge_gitops.cli import main; main(['validate']); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    modules = {name.partition(".")[0] for name in done.stdout.split()}
    assert "yaml" in modules
    assert not (HEAVY - {"yaml", "jsonschema"}) & modules


def test_an_unknown_command_or_none_is_wrong_usage(run):
    assert (run("nonsense").code, run().code) == (2, 2)


def test_a_message_cannot_move_the_cursor(run):
    """It quotes the name of a path with its control characters escaped."""
    ended = run("validate", "no\x1b[2J\nsuch")
    assert (ended.code, ended.err.count("\n")) == (2, 1)
    assert ended.err.startswith("kvs-edge: no\\x1b[2J\\nsuch does not exist")


def test_help_names_every_command_and_the_exit_codes(run):
    ended = run("--help")
    assert ended.code == 0
    assert all(name in ended.out for name in COMMANDS)
    assert "exit codes" in ended.out


def test_a_reader_that_goes_away_ends_it_without_a_word():
    line = b'{"expr": "* * * * * ?", "count": 10000}\n'
    command = [sys.executable, "-m", "kvs_edge_gitops", "cron", "--stdin"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        process.stdout.close()
        process.stdin.write(line * 3)
        process.stdin.close()
        assert process.wait(30) == 141
        assert process.stderr.read() == b""


def test_ctrl_c_ends_it_with_130_and_without_a_traceback():
    command = [sys.executable, "-m", "kvs_edge_gitops", "cron", "--stdin"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        process.stdin.write(b'{"expr": "0 0 9 * * ?"}\n')
        process.stdin.flush()
        assert process.stdout.readline()  # it is past its start, and waits for the next line
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 130
        assert process.stderr.read() == b""


def _at_a_terminal(arguments, **environment):
    """Return a terminal that is both standard output and standard error."""
    parent, child = pty.openpty()
    command = [sys.executable, "-m", "kvs_edge_gitops", *arguments]
    variables = {**os.environ, "TERM": "xterm", **environment}
    with subprocess.Popen(command, stdin=child, stdout=child, stderr=child, env=variables) as process:
        os.close(child)
        written = b""
        while select.select([parent], [], [], 60)[0]:
            try:
                part = os.read(parent, 65536)
            except OSError:  # how Linux says that the other end is closed
                break
            if not part:
                break
            written += part
        process.wait(60)
    os.close(parent)
    return written.decode()


def test_colours_are_for_a_terminal_without_no_color(site):
    site("a.yaml", "streams: [1]\n")
    coloured = _at_a_terminal(["validate"])
    plain = _at_a_terminal(["validate"], NO_COLOR="1")
    assert "\x1b[31merror\x1b[0m" in coloured
    assert "\x1b" not in plain
    assert re.sub(r"\x1b\[\d*m", "", coloured) == plain


def test_the_bar_shows_how_far_it_is_and_is_taken_away(monkeypatch):
    from kvs_edge_gitops.terminal import Progress

    class Terminal:
        """A standard error that is a terminal."""

        text = ""

        def isatty(self):
            return True

        def write(self, text):
            self.text += text

        def flush(self):
            pass

    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    progress = Progress(wait_seconds=0, redraw_seconds=0)
    progress.show("reading files", 1, 2)
    progress.clear()
    assert terminal.text == f"\r\x1b[2Kreading files [{'#' * 15}{'-' * 15}] 1/2\r\x1b[2K"
    monkeypatch.setenv("NO_COLOR", "1")
    Progress(wait_seconds=0).show("reading files", 1, 2)
    assert terminal.text.count("reading") == 1


def test_the_page_of_the_command_line_lists_every_fault_of_a_file():
    from kvs_edge_preflight.files import FileCode

    page = (Path(__file__).parents[2] / "docs" / "cli.md").read_text()
    assert [code for code in FileCode if f"| `{code}` |" not in page] == []


def test_no_code_of_a_file_is_a_code_of_footage_with_another_meaning():
    from kvs_edge_preflight.files import FileCode
    from kvs_edge_preflight.footage import FindingCode

    summaries = {code.value: code.summary for code in FindingCode}
    assert all(summaries.get(code.value, code.summary) == code.summary for code in FileCode)
