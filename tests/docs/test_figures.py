"""Figures and switches in the documents match the code."""

import re
import runpy
from dataclasses import fields
from enum import Enum
from importlib import import_module
from typing import get_type_hints

import pytest

from kvs_edge_local.edge.assumptions import Assumptions

_ROW = re.compile(r"^\| `(\w+)\.(\w+)` \| (\d+) \|", re.MULTILINE)
_SWITCH = re.compile(r"^\| (?:`(\w+)`)? *\| `([\w-]+)` \|", re.MULTILINE)


def test_budgets_are_those_of_the_code(documents):
    """Each row of the table of budgets has the value of the code."""
    rows = _ROW.findall(documents["docs/lifecycle.md"].section("Budgets"))
    assert rows
    for module, name, value in rows:
        assert getattr(import_module(f"kvs_edge.{module}"), name) == int(value), f"{module}.{name}"


@pytest.fixture
def switches(documents):
    """Return the documented values of each switch, in order."""
    found, switch = {}, ""
    for name, value in _SWITCH.findall(documents["docs/service-assumptions.md"].section("What no page says")):
        switch = name or switch  # only the first row of a switch names it
        found.setdefault(switch, []).append(value)
    return found


def test_each_open_question_is_documented_with_all_its_answers(switches):
    """The document has each switch of the local AWS with all its values, and no other switch."""
    types = get_type_hints(Assumptions)
    assert switches.keys() == types.keys()
    for name, answers in types.items():
        assert issubclass(answers, Enum)
        assert set(switches[name]) == {answer.value for answer in answers}


def test_the_first_answer_is_the_default(switches):
    """The first value in the document is the default of the local AWS."""
    assert {field.name: field.default.value for field in fields(Assumptions)} == {
        name: values[0] for name, values in switches.items()
    }


def test_the_costs_of_a_monitor_are_those_that_the_benchmark_computes(documents, root, capsys):
    """Each row of the table is a line of its output."""
    runpy.run_path(str(root / "benchmarks" / "monitor_costs.py"), run_name="__main__")
    rows = capsys.readouterr().out.splitlines()
    assert len(rows) == 5
    assert all(row in documents["docs/monitor.md"].text for row in rows)
