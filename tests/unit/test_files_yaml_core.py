"""Plain scalars of YAML 1.1 and 1.2: what both read alike passes, everything else is a fault with the fix."""

import io
import re
from datetime import date

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from kvs_edge_gitops.commands.import_.renderings.yaml import render
from kvs_edge_preflight.files.builder import Builder
from kvs_edge_preflight.files.yaml_core import ambiguity, core_value
from kvs_edge_preflight.files.yaml_reader import read_yaml

_ALIKE = ["gate", "0", "24", "-24", "+24", "0x1F", "true", "True", "FALSE", "null", "~", "", "RTSP_URI", "a:b", "1.2.3"]
_APART = [
    *("024", "-024", "010", "08", "0o24", "0b11", "7_2", "1_000", "0x_1", "1:00:00", "1:30", "0123456789"),
    *("yes", "Yes", "NO", "on", "Off", "ON", "y", "Y", "n", "N"),
    *("1e3", "1E3", "1.5e3", "1e-3", "1_0.5", "1:30.5", "-.5", "-.5e1", "2026-01-01", "2026-01-01T00:00:00Z"),
]
_EXTENSIONS = re.compile(r"_|0b|^[-+](\.|0[xo])|^\.[0-9]+[eE][0-9]")
"""Where ruamel.yaml is not the core schema (findings/ruamel-yaml-core-schema.sh); it also reads dates."""
_SCALARS = st.one_of(
    st.sampled_from(_ALIKE + _APART),
    st.text("0123456789_.:-+eExobnfNIaAyYTtrRuUlLsSzZ ", min_size=1, max_size=12),
    st.from_regex(r"[-+]?(0[xob]?)?[0-9_.]+([eE][-+]?[0-9]+)?", fullmatch=True),
    st.from_regex(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt ][0-9:.]{5,10}Z?)?", fullmatch=True),
)


def _read(text):
    builder = Builder()
    return read_yaml(f"key: {text}\n", builder).value["key"], [fault.message for fault in builder.faults]


def _by_editors(text):
    """Return the value by YAML 1.2, with an independent reader; fail for text that is no plain scalar."""
    reader = YAML(typ="safe", pure=True)
    reader.version = (1, 2)
    return reader.load(io.StringIO(f"key: {text}\n"))["key"]


@pytest.mark.parametrize("text", _ALIKE)
def test_what_both_versions_read_alike_passes(text):
    """The value is that of both."""
    assert _read(text) == (yaml.safe_load(f"key: {text}")["key"], [])
    assert ambiguity(text, yaml.safe_load(text)) is None


@pytest.mark.parametrize("text", _APART)
def test_what_they_read_differently_is_a_fault_that_quotes_the_text(text):
    """The value is the text, so that other rules do not judge a number that is not in the file."""
    value, (fault,) = _read(text)
    assert value == text
    assert fault.startswith(f"{text} is ")
    assert f'write "{text}" in quotes' in fault


@pytest.mark.parametrize("text", _APART)
def test_the_fix_passes(text):
    """Each number or word that a fault offers, and the text in quotes, have one value in both versions."""
    _, (fault,) = _read(text)
    _, *fixes = fault.split("write ")
    offered = [fix.partition(";")[0].removesuffix(" in quotes") for fix in fixes]
    for literal in [each for fix in offered for each in fix.split(" or ")]:
        assert _read(literal) == (_by_editors(literal), []), literal


@pytest.mark.parametrize(
    ("text", "older", "newer", "fix"),
    [
        ("024", "20", "24", 'write 20 or 24; for text, write "024" in quotes'),
        ("1:00:00", "3600", "text", 'write 3600; for text, write "1:00:00" in quotes'),
        ("yes", "true", "text", 'write true; for text, write "yes" in quotes'),
        ("n", "false", "text", 'write false; for text, write "n" in quotes'),
        ("0o24", "text", "20", 'write 20; for text, write "0o24" in quotes'),
        ("1e3", "text", "1000", 'write 1000; for text, write "1e3" in quotes'),
        ("2026-01-01", "a date", "text", 'write "2026-01-01" in quotes'),
        ("1e-3", "text", "the number 0.001", 'write "1e-3" in quotes'),
        ("-.5", "text", "the number -0.5", 'write "-.5" in quotes'),
        ("!!int 024", "20", "24", 'write 20 or 24; for text, write "024" in quotes'),
        ("!!bool yes", "true", "text", 'write true; for text, write "yes" in quotes'),
    ],
)
def test_a_fault_says_what_each_version_reads_and_the_fix(text, older, newer, fix):
    """The text is quoted as it is in the file."""
    shown = text.split()[-1]
    assert _read(text)[1] == [f"{shown} is {older} in YAML 1.1, and {newer} in YAML 1.2, which editors read; {fix}"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("1.0", "1.0 is not a whole number; write 1, or text in quotes"),
        (".5", ".5 is not a whole number; write a whole number, or text in quotes"),
        (".inf", ".inf is not a whole number; write a whole number, or text in quotes"),
        (".nan", ".nan is not a whole number; write a whole number, or text in quotes"),
        ("!!timestamp 2026-01-01", "2026-01-01 has the tag of a date, which no field takes; remove the tag"),
        ("2026-13-41", "'2026-13-41' is not a valid timestamp; put text in quotes"),
        ("=", '= is not text in YAML 1.1; write "=" in quotes'),
        ("<<", '<< is not text in YAML 1.1; write "<<" in quotes'),
    ],
)
def test_a_value_that_no_field_takes_is_a_fault(text, message):
    """Fractions, dates, and YAML's special values."""
    assert _read(text)[1] == [message]


@pytest.mark.parametrize("key", ["on", "no", "024", "2026-01-01", "1e3", "y"])
def test_a_key_is_text_in_both_versions_only_in_quotes(key):
    """A key is always text, so quotes are the only fix."""
    builder = Builder()
    read_yaml(f"{key}: 1\n", builder)
    (fault,) = builder.faults
    assert fault.message.endswith(f', which editors read; write "{key}" in quotes')
    builder = Builder()
    assert read_yaml(f'"{key}": 1\n', builder).value == {key: 1}
    assert builder.faults == []


def test_quoted_text_is_text():
    """Whatever is in the quotes."""
    for text in _APART:
        assert _read(f'"{text}"') == (text, [])
        assert _read(f"!!str {text}") == (text, [])


@pytest.mark.no_cover
@settings(max_examples=200, deadline=None)
@given(_SCALARS)
def test_no_plain_scalar_has_two_values(text):
    """An accepted scalar has the same value in PyYAML, in an independent reader of YAML 1.2, and here."""
    try:
        older, newer = yaml.safe_load(f"key: {text}\n")["key"], _by_editors(text)
    except Exception:  # not a scalar, or not a date: one of the readers refuses it
        return
    value, faults = _read(text)
    if not faults and not _EXTENSIONS.search(text):
        assert (type(older), older) == (type(newer), newer) == (type(value), value)


@pytest.mark.no_cover
@settings(max_examples=200, deadline=None)
@given(_SCALARS)
def test_the_core_schema_is_that_of_an_independent_reader(text):
    """By repr, because NaN is not equal to itself."""
    try:
        expected = _by_editors(text)
    except Exception:  # not a scalar
        return
    if not _EXTENSIONS.search(text) and not isinstance(expected, date | dict | list):
        assert repr(core_value(text.strip())) == repr(expected)


def _assert_stay_text(names):
    streams = [{"StreamName": name} for name in names]
    builder = Builder()
    assert read_yaml(render({"region": "eu-west-1", "streams": streams}, []), builder).value["streams"] == streams
    assert builder.faults == []


def test_an_imported_file_has_no_null_number_or_boolean_for_a_name():
    """A stream may have the name null or 024."""
    _assert_stay_text(["null", "~", "024", "24", "yes", "true"])


@pytest.mark.no_cover
@settings(max_examples=60, deadline=None)
@given(st.lists(_SCALARS | st.text(max_size=10), min_size=1, max_size=4))
def test_an_imported_file_has_no_ambiguous_text(names):
    """`kvs-edge import` quotes names that the versions read differently."""
    _assert_stay_text(names)
