"""The runbook has each failure reason, and its queries match the log."""

import ast
import json
import re
from dataclasses import fields
from pathlib import Path

import pytest

import kvs_edge
from kvs_edge.log import Log
from kvs_edge.reasons import FailureCode
from kvs_edge.response import Response

_FAILURES = "My deployment failed with ..."
_FOLLOWING = "Nothing happens: how to follow a deployment"
_WORDS = {"and", "or", "not", "like", "as", "asc", "desc", "in", "fields", "filter", "sort", "limit", "display"}
_MODULES = sorted(Path(kvs_edge.__file__).parent.glob("*.py"))


def _write_calls():
    """Yield each call of Log.write in the handler."""
    for module in _MODULES:
        for node in ast.walk(ast.parse(module.read_text("utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in {"log.write", "self.write"}:
                yield node


@pytest.fixture(scope="module")
def events():
    """Return the events that a line of the log may have."""
    return {call.args[0].value for call in _write_calls()}


@pytest.fixture
def logged(capsys):
    """Return the fields that a line of the log may have."""
    event = dict.fromkeys(["StackId", "LogicalResourceId", "RequestId", "RequestType"], "")
    Log(event).write("polled")
    always = set(json.loads(capsys.readouterr().out))
    keywords = [keyword for call in _write_calls() for keyword in call.keywords]
    assert "response.to_json()" in [ast.unparse(one.value) for one in keywords if one.arg is None]
    return always | {one.arg for one in keywords if one.arg} | {field.name for field in fields(Response)}


def test_each_reason_has_a_section_and_each_section_a_reason(runbook):
    """The sections are the codes, in alphabetical order."""
    titles = re.findall(r"^### (.+)$", runbook.section(_FAILURES), re.MULTILINE)
    assert titles == sorted(map(str, FailureCode))


def test_no_section_is_empty(runbook):
    """Each section has text: the meaning of the code, and the fix."""
    short = [code for code in FailureCode if len(runbook.section(code).split()) < 20]
    assert not short


def test_queries_ask_for_fields_that_are_logged(runbook, logged):
    """Each field in a query is a field of the handler's log; names with @ are CloudWatch's own."""
    queries = runbook.blocks("logs-insights")
    assert queries
    for query in queries:
        bare = re.sub(r'"[^"]*"|@\w+', "", query)
        asked = set(re.findall(r"[A-Za-z_]\w*", bare)) - _WORDS
        assert asked
        assert asked <= logged


def test_events_in_the_table_are_those_that_are_logged(runbook, events):
    """The table of events has exactly the events of the handler."""
    assert set(re.findall(r"^\| `([^`]+)` \|", runbook.section(_FOLLOWING), re.MULTILINE)) == events
