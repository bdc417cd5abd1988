"""Commands in the documents exist."""

import re
import shlex

import pytest

from kvs_edge_gitops.cli import main as kvs_edge
from kvs_edge_local.cli import main
from kvs_edge_local.control import HUB_STATES, ROUTES
from kvs_edge_schedules import tzdata_release

_MAKE = re.compile(r"^(?:\$ )?make ((?:[a-z][a-z-]*\s?)+)", re.MULTILINE)
_TARGET = re.compile(r"^([a-z][a-z-]*):", re.MULTILINE)
_LOCAL = re.compile(r"\bkvs-edge-local ([a-z]+)")


@pytest.fixture(scope="module")
def code(documents):
    """Return all code of the documents."""
    return [code for document in documents.values() for code in document.code]


def test_make_targets_exist(code, root):
    """Each `make TARGET` in the documents is a target of the Makefile."""
    named = {target for piece in code for targets in _MAKE.findall(piece) for target in targets.split()}
    assert {"deploy-local", "test"} <= named
    assert named <= set(_TARGET.findall((root / "Makefile").read_text("utf-8")))


def test_subcommands_of_the_local_aws_exist(code, capsys):
    """Each `kvs-edge-local SUBCOMMAND` in the documents has a help text."""
    named = {subcommand for piece in code for subcommand in _LOCAL.findall(piece)}
    assert {"hub", "up"} <= named
    for subcommand in sorted(named):
        with pytest.raises(SystemExit) as ended:
            main([subcommand, "--help"])
        assert ended.value.code == 0, capsys.readouterr().err


def test_what_kvs_edge_says_is_what_the_tour_shows(documents, root, monkeypatch, capsys):
    """Each `kvs-edge` command of the tour prints exactly the output there, with this machine's release of tzdata."""
    monkeypatch.chdir(root)
    shown = [block for block in documents["docs/tour.md"].blocks("console") if block.startswith("$ kvs-edge ")]
    assert [block.split()[2] for block in shown] == ["validate", "schedule", "cron"]
    for block in shown:
        command, _, output = block.partition("\n")
        assert kvs_edge(shlex.split(command)[2:]) == 0
        assert capsys.readouterr().out == output.replace("tzdata 2025b", f"tzdata {tzdata_release()}")


def test_the_readmes_commands_work_in_a_checkout(readme, root, monkeypatch, capsys):
    """Each `.venv/bin/kvs-edge` command ends with 0."""
    monkeypatch.chdir(root)
    prefix = ".venv/bin/kvs-edge "
    commands = [code.removeprefix(prefix) for code in readme.code if code.startswith(prefix)]
    assert len(commands) == 2
    for command in commands:
        assert kvs_edge(shlex.split(command)) == 0, capsys.readouterr().err


def test_no_document_installs_from_an_index_that_lacks_the_package(documents):
    """It is not on PyPI yet."""
    found = [name for name, document in documents.items() for code in document.code if "pip install cdk-kvs" in code]
    found += [name for name, document in documents.items() for code in document.code if "install 'cdk-kvs" in code]
    assert found == []


@pytest.fixture(scope="module")
def control(documents):
    """Return the section about controlling the local AWS."""
    return documents["docs/local-aws.md"].section("Hubs and faults")


def test_the_control_api_is_documented_whole(control):
    """Each request of the local AWS's control API has a row, and each row a request."""
    assert set(re.findall(r"^\| `([A-Z]+) ([a-z-]+)", control, re.MULTILINE)) == set(ROUTES)


def test_hub_states_are_documented_whole(control):
    """Each hub state has a row."""
    assert set(re.findall(r"^\| `([a-z]+)` \|", control, re.MULTILINE)) == set(HUB_STATES)
