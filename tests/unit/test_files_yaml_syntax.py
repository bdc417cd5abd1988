"""Syntax errors of YAML: the place where the broken part starts, and the fix."""

from pathlib import Path

import pytest
import yaml

from kvs_edge_preflight.files import FileCode, parse_file, yaml_events

_YAML = Path("site.yaml")
_SITE = """\
region: "eu-west-1"
streams:
  - StreamName: "gate"
    hub: 'gate-hub'
    EdgeConfig:
      RecorderConfig:
        MediaSourceConfig: {MediaUriSecretArn: {"Ref": "gate-secret"}, MediaUriType: "RTSP_URI"}
        ScheduleConfig:
          ScheduleExpression: "0 0 9-16 * * ? *"
          DurationInSeconds: 3599
    acknowledge: [{code: "FileUriInDoubt", reason: "it works"}]
  - StreamName: yard
    hub: "yard-hub"
    EdgeConfig: {RecorderConfig: {MediaSourceConfig: {MediaUriSecretArn: {Ref: yard}, MediaUriType: RTSP_URI}}}
"""
_TAB = "the line is indented with a tab; use spaces"
_NO_COLON = "the line has no colon with a space after it; write KEY: VALUE"
_TEXT_AFTER = "there is text after the end of a value; put the whole value in quotes, and double a quote inside"
_BELOW_A_VALUE = "the line is indented below a value; align it with the key of that value"
_SECOND_COLON = "the line has a second colon before a space; put the value in quotes, or start a new line"
_NOT_ALIGNED = "the indentation of the line fits no line above; align it with the keys beside it"
_ANCHOR = "& starts an anchor, and * an alias; put text that starts with it in quotes"
_OPEN = "is not closed, or a comma is missing, before line 2, column 2"
_OPEN_AT_END = "is not closed, or a comma is missing, before line 2, column 1"
_ITEM = "start it with a hyphen and a space, or indent it otherwise"
_TEMPLATE = "of a template; fill the template in first, or put the text in quotes"
_SEPARATOR = "ends a line in YAML 1.1 and is text in YAML 1.2; remove it, or write it as an escape in double quotes"


@pytest.fixture(params=["CSafeLoader", "SafeLoader"])
def loader(request, monkeypatch):
    """Read with libyaml, and with PyYAML's own parser, which has other words."""
    monkeypatch.setattr(yaml_events, "_LOADER", getattr(yaml, request.param))


@pytest.mark.usefixtures("loader")
@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ('a: "x\nb: 1\nc: 2\n', (1, 4), "the quote that opens here is not closed; close it"),
        ('a: "x\nb: "y"\n', (1, 4), "the quote that opens here is closed only in line 2; close it in its own line"),
        ("a: 'it's\nb: 1\n", (1, 8), _TEXT_AFTER),
        ('a: "x" y\n', (1, 8), _TEXT_AFTER),
        ("a: 1\n b: 2\n", (2, 3), _BELOW_A_VALUE),
        ("a: x\n  b: 1\n", (2, 4), _BELOW_A_VALUE),
        ("a: b: c\n", (1, 5), _SECOND_COLON),
        ("# c\n\na\nb: 1\n", (3, 1), _NO_COLON),
        ("a:1\nb: 2\n", (1, 1), _NO_COLON),
        ("a:\n- b\nc\n", (3, 1), "the line has no colon; write KEY: VALUE"),
        ("a:\n  b: 1\n c: 2\n", (3, 2), _NOT_ALIGNED),
        ("- a: 1\n  - b\n", (2, 3), _NOT_ALIGNED),
        ("a:\n\tb: 1\n", (2, 1), _TAB),
        ("a: 1\n  \tb: 1\n", (2, 3), _TAB),
        ("a: @x\n", (1, 4), "text cannot start with @; put it in quotes"),
        ("a: `x`\n", (1, 4), "text cannot start with `; put it in quotes"),
        ("a: %x\n", (1, 4), "text cannot start with %; put it in quotes"),
        ("a: * 0 9 * * ?\n", (1, 4), _ANCHOR),
        ("a: & b\n", (1, 4), _ANCHOR),
        ("a: |x\n", (1, 4), "| and > start text on the next lines; put text that starts with it in quotes"),
        ("a: !x!y z\n", (1, 4), "! starts a tag; put text that starts with it in quotes"),
        ("a: ]\n", (1, 4), "a value is missing before ]"),
        ("{% if x %}\na: 1\n", (1, 1), f"the line has {{% {_TEMPLATE}"),
        ("a: b: ${X}\n", (1, 7), f"the line has ${{ {_TEMPLATE}"),
    ],
)  # fmt: skip
def test_a_syntax_error_is_where_the_broken_part_starts(text, place, message):
    """With each parser."""
    (fault,) = parse_file(_YAML, text).faults
    assert (fault.code, fault.place, fault.message) == (
        FileCode.SYNTAX_NOT_UNDERSTOOD,
        place,
        f"is not YAML: {message}",
    )


@pytest.mark.usefixtures("loader")
@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("a: [1, 2\nb: 3\n", (1, 4), f"the [ that opens here {_OPEN}; close it with ], or add the comma"),
        ("a: {x: 1\nb: 3\n", (1, 4), f"the {{ that opens here {_OPEN}; close it with }}, or add the comma"),
        ("a: [\n", (1, 4), f"the [ that opens here {_OPEN_AT_END}; close it with ], or add the comma"),
        ("a: [{b: c},\n", (1, 4), f"the [ that opens here {_OPEN_AT_END}; close it with ], or add the comma"),
        ("a: {b: [\n", (1, 8), f"the [ that opens here {_OPEN_AT_END}; close it with ], or add the comma"),
        ("a: {\n", (1, 4), f"the {{ that opens here {_OPEN_AT_END}; close it with }}, or add the comma"),
        ("a: &x {\n", (1, 4), f"the {{ that opens here {_OPEN_AT_END}; close it with }}, or add the comma"),
        ("a: [1, }\n", (1, 8), "a value is missing before }"),
        ("a: [1, , 2]\n", (1, 8), "a value is missing before ,"),
        ("- a\nb: 1\n", (2, 1), f"the line is not an item of the list above; {_ITEM}"),
    ],
)  # fmt: skip
def test_an_open_list_or_mapping_is_where_it_opens(text, place, message):
    """The message names the place where the parser gave up, too."""
    (fault,) = parse_file(_YAML, text).faults
    assert fault.place == place
    assert fault.message == f"is not YAML: {message}"


@pytest.mark.usefixtures("loader")
def test_an_unknown_escape_names_both_fixes():
    """A path of Windows, say."""
    (fault,) = parse_file(_YAML, 'a: "C:\\quay"\n').faults
    assert fault.place.line == 1
    assert fault.message.endswith("a backslash in double quotes starts an escape; use single quotes, or write \\\\")


@pytest.mark.usefixtures("loader")
def test_an_error_without_an_explanation_has_the_parsers_words():
    """YAML 2.0 does not exist."""
    (fault,) = parse_file(_YAML, "%YAML 2.0\n---\na: 1\n").faults
    assert fault.message.startswith("is not YAML: found incompatible YAML document")


@pytest.mark.usefixtures("loader")
@pytest.mark.parametrize("offset", [at for at, character in enumerate(_SITE) if character in "\"'"])
def test_a_missing_quote_is_found_in_its_own_line(offset):
    """Each quote of a file, left out once; the parser gives up some lines later, or at the end.

    Without its opening quote, text can be valid: it ends in a quote.
    """
    assert parse_file(_YAML, _SITE).faults == []
    line = _SITE[:offset].count("\n") + 1
    faults = parse_file(_YAML, _SITE[:offset] + _SITE[offset + 1 :]).faults
    assert [fault.place.line for fault in faults[:1]] in ([line], [])


@pytest.mark.parametrize("character", ["\x85", "\u2028", "\u2029"])
def test_a_line_break_of_yaml_1_1_alone_is_a_fault(character):
    """YAML 1.2 reads it as text."""
    (fault,) = parse_file(_YAML, f"streams: []\r\n# a{character}b\n").faults
    assert fault.place == (2, 4)
    assert fault.message == f"has the character U+{ord(character):04X}, which {_SEPARATOR}"


@pytest.mark.usefixtures("loader")
def test_lines_that_end_in_a_carriage_return_alone_count():
    """As libyaml counts them."""
    (fault,) = parse_file(_YAML, "a: 1\rb\rc: 2\r").faults
    assert (fault.place, fault.message) == ((2, 1), "is not YAML: the line has no colon; write KEY: VALUE")
