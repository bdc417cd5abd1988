"""A definition is parsed once, for all executions of its state machine."""

import json

import pytest
from moto.stepfunctions.parser.asl.parse import asl_parser
from moto.stepfunctions.parser.asl.parse.asl_parser import AmazonStateLanguageParser, ASLParserException
from moto.stepfunctions.parser.asl.utils import json_path

from kvs_edge_local.moto_patches import Patches
from kvs_edge_local.stepfunctions.parsed_definitions import parse_once

ONE, OTHER = (
    json.dumps({"StartAt": name, "States": {name: {"Type": "Succeed"}}}) for name in ("Parsed once", "Another")
)


@pytest.fixture
def parsed(monkeypatch):
    """Return the definitions that are parsed while the patch is on."""
    texts, lexer = [], asl_parser.ASLLexer
    monkeypatch.setattr(asl_parser, "ASLLexer", lambda text: texts.append(str(text)) or lexer(text))
    replacements = Patches()
    parse_once(replacements)
    yield texts
    replacements.undo()


def test_executions_share_the_syntax_tree_and_not_the_program(parsed):
    """A program has a state of its own."""
    first, tree = AmazonStateLanguageParser.parse(ONE)
    second, same = AmazonStateLanguageParser.parse(ONE)
    AmazonStateLanguageParser.parse(OTHER)
    assert same is tree
    assert second is not first
    assert second.states is not first.states
    assert type(second) is type(first)
    assert parsed == [ONE, OTHER]


def test_a_wrong_definition_is_an_error_each_time(parsed):
    """The error is not kept."""
    for _ in range(2):
        with pytest.raises(ASLParserException):
            AmazonStateLanguageParser.parse("{")


def test_an_expression_is_parsed_once(parsed):
    """It finds different values in different data."""
    assert json_path.parse("$.a.b") is json_path.parse("$.a.b")
    assert [json_path.extract_json("$.a.b", {"a": {"b": value}}) for value in (1, 2)] == [1, 2]


def test_the_parser_is_motos_again_afterwards():
    """The patch ends with the local AWS."""
    before = AmazonStateLanguageParser.parse
    replacements = Patches()
    parse_once(replacements)
    assert AmazonStateLanguageParser.parse is not before
    replacements.undo()
    assert AmazonStateLanguageParser.parse is before
