"""`kvs-edge completion`: scripts that real shells run."""

import shutil
import subprocess

import pytest

from kvs_edge_gitops.cli import COMMANDS

_COMPLETE = """
{script}
COMP_WORDS=({words}) COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1))
_kvs_edge
printf '%s\\n' "${{COMPREPLY[@]}}"
"""


@pytest.fixture
def complete(run):
    """Return a function that completes words in a real bash."""
    script = run("completion", "bash").out

    def call(words):
        program = _COMPLETE.format(script=script, words=words)
        done = subprocess.run(["bash", "-uc", program], capture_output=True, text=True, check=True)
        assert done.stderr == ""
        return done.stdout.split()

    return call


@pytest.mark.parametrize(
    ("words", "completed"),
    [
        ("kvs-edge ''", [*COMMANDS, "--help", "--version"]),
        ("kvs-edge pl", ["plan"]),
        ("kvs-edge validate --fo", ["--format"]),
        ("kvs-edge validate --format ''", ["text", "json", "sarif", "github", "gitlab", "junit"]),
        ("kvs-edge validate ed", ["edge"]),
        ("kvs-edge plan -o ''", ["edge"]),
        ("kvs-edge completion f", ["fish"]),
        ("kvs-edge nonsense ''", []),
    ],
)
def test_bash_completes_commands_options_values_and_paths(complete, site, words, completed):
    assert complete(words) == completed


@pytest.mark.parametrize(
    ("shell", "check"), [("bash", ["bash", "-n"]), ("zsh", ["zsh", "-n"]), ("fish", ["fish", "-n"])]
)
def test_each_script_is_valid_and_has_each_command(run, tmp_path, shell, check):
    ended = run("completion", shell)
    assert (ended.code, ended.err) == (0, "")
    assert all(name in ended.out for name in COMMANDS)
    if shutil.which(shell):
        file = tmp_path / "script"
        file.write_text(ended.out)
        subprocess.run([*check, str(file)], check=True, capture_output=True)
