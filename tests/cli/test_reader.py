"""The reader of edge files, which returns values and places for any file, and never raises."""

import json
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from kvs_edge_preflight.files import FileCode, declared_file, edge_files, parse_file, read_file
from kvs_edge_preflight.files.builder import Builder
from kvs_edge_preflight.files.declared_file import MAX_FAULTS
from kvs_edge_preflight.files.deferred import DeferredLocated
from kvs_edge_preflight.files.json_reader import _Reader, read_json
from kvs_edge_preflight.files.location import Located, UnreadableError
from kvs_edge_preflight.files.text import MAX_BYTES, MAX_LINES, decode
from kvs_edge_preflight.files.yaml_reader import read_yaml

YAML, JSON = Path("site.yaml"), Path("site.json")
LAUGHS = "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 30))


def _first(file, text):
    fault = parse_file(file, text).faults[0]
    return fault.code, fault.place


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        ("streams:\n\t- a\n", FileCode.SYNTAX_NOT_UNDERSTOOD, (2, 1)),
        ("streams: [a\n", FileCode.SYNTAX_NOT_UNDERSTOOD, (1, 10)),
        ("streams: [*nobody]\n", FileCode.SYNTAX_NOT_UNDERSTOOD, (1, 11)),
        ("streams: &a\n  - *a\n", FileCode.SYNTAX_NOT_UNDERSTOOD, (2, 5)),
        ("streams: []\n---\nstreams: []\n", FileCode.SYNTAX_NOT_UNDERSTOOD, (2, 1)),
        ("streams: " + "[" * 1_000_000, FileCode.SYNTAX_NOT_UNDERSTOOD, (1, 59)),
        ("a: " * 60 + "b", FileCode.SYNTAX_NOT_UNDERSTOOD, (1, 5)),
        (LAUGHS, FileCode.ANCHORS_EXPAND_TOO_FAR, None),
        ("streams: []\nstreams: []\n", FileCode.KEY_TWICE, (2, 1)),
        ("streams: []\n1: a\n", FileCode.VALUE_NOT_ACCEPTED, (2, 1)),
        ("streams: []\n? [a]\n: b\n", FileCode.VALUE_NOT_ACCEPTED, (2, 3)),
        ("streams: []\n<<: 1\n", FileCode.VALUE_NOT_ACCEPTED, (2, 1)),
        ("streams: [1.5]\n", FileCode.VALUE_NOT_ACCEPTED, (1, 11)),
        ("streams: [2026-01-01]\n", FileCode.VALUE_NOT_ACCEPTED, (1, 11)),
        ("streams: [2026-13-41]\n", FileCode.VALUE_NOT_ACCEPTED, (1, 11)),
        ("streams: !!python/object:os.system []\n", FileCode.VALUE_NOT_ACCEPTED, (1, 10)),
        ("streams: [" + "9" * 5000 + "]\n", FileCode.VALUE_NOT_ACCEPTED, (1, 11)),
        ("", FileCode.VALUE_NOT_ACCEPTED, (1, 1)),
        ("- a\n", FileCode.VALUE_NOT_ACCEPTED, (1, 1)),
    ],
    ids=lambda value: repr(value)[:30],
)
def test_a_fault_of_yaml_has_its_code_and_place(text, code, place):
    found, where = _first(YAML, text)
    assert found == code
    assert place is None or where == place


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        ('{"streams": [],}', FileCode.SYNTAX_NOT_UNDERSTOOD, (1, 16)),
        ('{"streams": [1 2]}', FileCode.SYNTAX_NOT_UNDERSTOOD, (1, 16)),
        ('{"streams" []}', FileCode.SYNTAX_NOT_UNDERSTOOD, (1, 12)),
        ('{"streams": [NaN]}', FileCode.SYNTAX_NOT_UNDERSTOOD, (1, 14)),
        ('{"streams": ["a\n"]}', FileCode.SYNTAX_NOT_UNDERSTOOD, (1, 16)),
        ('{"streams": []} {}', FileCode.SYNTAX_NOT_UNDERSTOOD, (1, 17)),
        ("[" * 1_000_000, FileCode.SYNTAX_NOT_UNDERSTOOD, (1, 51)),
        ('{"streams": [],\n "streams": []}', FileCode.KEY_TWICE, (2, 2)),
        ('{"streams": [1e3]}', FileCode.VALUE_NOT_ACCEPTED, (1, 14)),
        ("", FileCode.SYNTAX_NOT_UNDERSTOOD, (1, 1)),
    ],
    ids=lambda value: repr(value)[:30],
)
def test_a_fault_of_json_has_its_code_and_place(text, code, place):
    assert _first(JSON, text) == (code, place)


@pytest.mark.parametrize(
    ("data", "code", "place"),
    [
        ("streams: []\n".encode("utf-16"), FileCode.ENCODING_NOT_UTF8, (1, 1)),
        ("streams: []\n".encode("utf-32"), FileCode.ENCODING_NOT_UTF8, (1, 1)),
        (b"# \xc3\xa9\nstreams: \xe9\n", FileCode.ENCODING_NOT_UTF8, (2, 10)),
        (b"\xef\xbb\xbf# \xe9\n", FileCode.ENCODING_NOT_UTF8, (1, 3)),
        (b"streams:\n  - \x07\n", FileCode.SYNTAX_NOT_UNDERSTOOD, (2, 5)),
        (b"- a\n" * (MAX_LINES + 1), FileCode.FILE_TOO_LARGE, (MAX_LINES + 1, 1)),
    ],
    ids=lambda value: repr(value)[:30],
)
def test_a_fault_of_the_bytes_has_its_code_and_place(tmp_path, data, code, place):
    file = tmp_path / "site.yaml"
    file.write_bytes(data)
    (fault,) = read_file(file).faults
    assert (fault.code, fault.place) == (code, place)


def test_a_byte_order_mark_of_utf_8_is_let_pass(tmp_path):
    for name, text in (("a.yaml", "streams: []\n"), ("a.json", '{"streams": []}')):
        (tmp_path / name).write_bytes(b"\xef\xbb\xbf" + text.encode())
        assert read_file(tmp_path / name).faults == []


def test_merged_and_aliased_values_have_the_place_where_they_stand():
    text = "a: &a {x: 1, y: 2}\nb: {<<: *a, y: 3}\nc: *a\n"
    root = read_yaml(text, Builder())
    assert root.value == yaml.safe_load(text)
    assert root.at(["b", "x"]) == (1, 11)
    assert root.at(["b", "y"]) == (2, 16)
    assert root.at(["c", "gone", "further"]) == (3, 1)


plain = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@pytest.mark.no_cover
@settings(max_examples=150, deadline=None)
@given(plain)
def test_json_is_read_as_the_standard_library_reads_it(value):
    for text in (json.dumps(value), json.dumps(value, indent=1, ensure_ascii=False)):
        builder = Builder()
        assert read_json(text, builder).value == value
        assert builder.faults == []


def _read_with_places(text):
    """Return the content and the faults of JSON that is read with all places at once."""
    builder = Builder()
    _Reader(text, builder).read()
    return builder.root, builder.faults


def _assert_same(deferred, located):
    assert deferred.value == located.value
    assert (deferred.place, deferred.key) == (located.place, located.key)
    assert [step for step, _ in deferred.items()] == [step for step, _ in located.items()]
    assert deferred.member("no such member") is None
    assert deferred.member(-1) is None
    for step, inner in deferred.items():
        assert (deferred.at([step]), deferred.key_at([step])) == (located.at([step]), located.key_at([step]))
        assert deferred.member(step).value == inner.value
        _assert_same(inner, located.member(step))


@pytest.mark.no_cover
@settings(max_examples=150, deadline=None)
@given(plain, st.sampled_from([None, 2]))
def test_json_without_faults_has_the_places_of_a_complete_reading(value, indent):
    text = json.dumps(value, indent=indent)
    deferred = read_json(text, Builder())
    assert isinstance(deferred, DeferredLocated)
    _assert_same(deferred, _read_with_places(text)[0])


def test_a_value_of_each_kind_has_its_place():
    """Mappings and lists, full and empty, and what has no inner values."""
    text = '{"mapping": {"a": 1, "none": {}},\n "list": [true, null, "text", []]}'
    _assert_same(read_json(text, Builder()), _read_with_places(text)[0])


@pytest.mark.parametrize(
    "text",
    [
        '{"a": 1, "a": 2}',
        '[{"b": {"a": 1, "a": 1}}]',
        "[1.5]",
        "[1e3]",
        "[1234567890123456789]",
        "[-123456789012345678]",
    ],
)
def test_json_with_a_fault_is_read_with_all_places_at_once(text):
    builder = Builder()
    found = read_json(text, builder)
    complete, faults = _read_with_places(text)
    assert type(found) is Located
    assert found.value == complete.value
    assert builder.faults == faults
    assert faults


@pytest.mark.parametrize("depth", [50, 51])
@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a":', "}")])
def test_json_has_the_depth_limit_of_a_complete_reading(depth, opening, closing):
    text = opening * (depth - 1) + ("[]" if opening == "[" else "{}") + closing * (depth - 1)
    if depth == 50:
        assert read_json(text, Builder()).value == json.loads(text)
    else:
        with pytest.raises(UnreadableError, match="nested more than 50 levels deep"):
            read_json(text, Builder())


def test_json_with_many_values_is_counted_exactly():
    """A text with so many separators may exceed the limit, but these are in one string."""
    text = json.dumps({"streams": ":" * 1_000_000})
    assert type(found := read_json(text, Builder())) is Located
    assert found.value == json.loads(text)


@pytest.mark.no_cover
@settings(max_examples=150, deadline=None)
@given(plain)
def test_yaml_is_read_as_pyyaml_reads_it(value):
    """Except for plain text that YAML 1.2 reads otherwise, such as n and 012: PyYAML writes it without quotes."""
    text = yaml.safe_dump(value, allow_unicode=False)
    builder = Builder()
    found = read_yaml(text, builder).value
    assert builder.faults or found == yaml.safe_load(text)
    assert all("in YAML 1.1" in fault.message for fault in builder.faults)


@pytest.mark.no_cover
@settings(max_examples=300, deadline=None)
@given(st.text(st.sampled_from('{}[]",:0123-.eEtrufalsn \n\t\\')))
def test_what_is_json_is_settled_as_the_standard_library_settles_it(text):
    def standard():
        try:
            json.loads(text, parse_constant=int)
        except ValueError:
            return False
        return True

    def ours():
        try:
            read_json(text, Builder())
        except UnreadableError:
            return False
        return True

    assert ours() == standard()


MOLD = "streams:\n- StreamName: a\n  EdgeConfig: &e {HubDeviceArn: x, RecorderConfig: [*e, 1.5, !t z]}\n  <<: *e\n"


@pytest.mark.no_cover
@settings(max_examples=400, deadline=None)
@given(
    st.binary(max_size=200)
    | st.text(st.sampled_from("streams:EdgeConfig-&*<!|>?%@'\"{}[],#\n\t ~0.")).map(str.encode)
    | st.tuples(st.integers(0, len(MOLD)), st.binary(max_size=6), st.integers(0, 8)).map(
        lambda cut: MOLD.encode()[: cut[0]] + cut[1] + MOLD.encode()[cut[0] + cut[2] :]
    )
)
def test_any_bytes_are_answered_with_placed_faults_and_never_with_an_exception(tmp_path_factory, data):
    directory = tmp_path_factory.getbasetemp()
    for name in ("fuzz.yaml", "fuzz.json"):
        file = directory / name
        file.write_bytes(data)
        declared = read_file(file)
        lines = data.decode("utf-8", "replace").splitlines() or [""]
        assert all(1 <= fault.place.line <= len(lines) + 1 and fault.place.column >= 1 for fault in declared.faults)
        assert declared.faults or declared.root is not None


def test_what_the_standard_reader_refuses_is_refused_here():
    """The verdicts of yaml.safe_load, which read these files before places were known, hold."""
    for text in (
        "a: b: c",
        "'",
        "a:\n b\n  c: d",
        "%",
        "@a",
        "a: `b`",
        "[a, b",
        "{a",
        "- a\nb",
        "!!int x",
        "!!float x",
    ):
        with pytest.raises((yaml.YAMLError, ValueError)):
            yaml.safe_load(text)
        assert parse_file(YAML, text).faults


@pytest.mark.parametrize(("limit", "fields"), [(20, 1), pytest.param(MAX_FAULTS, 50, marks=pytest.mark.no_cover)])
def test_a_file_with_faults_without_end_tells_the_first_of_them(monkeypatch, limit, fields):
    """For a wrong file, a list of a million lines does not help."""
    monkeypatch.setattr(declared_file, "MAX_FAULTS", limit)
    unknown = ", ".join(f"Unknown{number}: 1" for number in range(fields))
    hubs = f"  - {{{unknown}}}\n" * (limit // fields + 5)
    found = parse_file(YAML, f"hubs:\n{hubs}  - hub: h\nstreams:\n  - {{Unknown: 1}}\n")
    assert len(found.faults) == limit + 1
    assert found.faults[-1].message == f"there are more than {limit} faults; the others are not listed"
    assert found.hubs == [], "what follows is not read"


def test_bytes_beyond_the_limit_are_refused_unread():
    """A video in the wrong folder, say."""
    with pytest.raises(UnreadableError) as caught:
        decode(b"#" * (MAX_BYTES + 1))
    assert caught.value.fault.code is FileCode.FILE_TOO_LARGE


def test_a_character_that_yaml_has_no_place_for_is_a_fault():
    """Its parser tells no line of it."""
    assert _first(YAML, "streams: \x01")[0] is FileCode.SYNTAX_NOT_UNDERSTOOD


def test_a_scalar_with_the_tag_of_no_type_is_text():
    """As YAML has it."""
    assert parse_file(YAML, "time_zone: ! 12\n").time_zone == "12"


def test_a_scalar_that_is_named_is_the_same_wherever_it_is_referred_to():
    """One time zone for the file and for a hub."""
    arn = "arn:aws:iot:us-west-2:123456789012:thing/hub"
    found = parse_file(
        YAML, f"time_zone: &zone Europe/Berlin\nhubs: [{{HubDeviceArn: '{arn}', time_zone: *zone}}]\nstreams: []\n"
    )
    assert [hub.located.value["time_zone"] for hub in found.hubs] == ["Europe/Berlin"]


def test_a_tag_that_no_field_takes_is_a_fault():
    """A file is data: it makes no objects."""
    assert "tag" in parse_file(YAML, "time_zone: !!python/name:os.system x\n").faults[0].message


def test_files_are_found_by_name_or_by_folder_each_once(tmp_path):
    """A missing path is an error."""
    file = tmp_path / "site.yaml"
    file.write_text("streams: []\n")
    assert edge_files([file, tmp_path]) == [file]
    with pytest.raises(FileNotFoundError, match="does not exist"):
        edge_files([tmp_path / "other.yaml"])


@pytest.mark.parametrize(
    "name",
    [
        ".#dock.yaml",
        "._dock.yaml",
        ".dock.yaml",
        "dock.yaml~",
        "#dock.yaml#",
        "#dock.yaml",
        "~dock.yaml",
        ".a.yaml.swp",
    ],
)
def test_leftovers_of_editors_and_hidden_files_are_skipped(tmp_path, name):
    """A directory with nothing else has no file."""
    (tmp_path / name).write_text("streams: []\n")
    with pytest.raises(FileNotFoundError, match=r"has no \.yaml, \.yml or \.json file"):
        edge_files([tmp_path])
    (tmp_path / "dock.yaml").write_text("streams: []\n")
    assert edge_files([tmp_path]) == [tmp_path / "dock.yaml"]


@pytest.mark.parametrize("name", ["dock.YAML", "dock.YML", "dock.Json"])
def test_a_suffix_counts_in_any_case(tmp_path, name):
    """As Windows writes it; JSON is JSON."""
    (tmp_path / name).write_text('{"streams":\t[]}\n')
    assert edge_files([tmp_path]) == [tmp_path / name]
    assert read_file(tmp_path / name).faults == []


def test_a_hidden_file_is_read_by_its_name(tmp_path):
    """A name on the command line is a choice."""
    file = tmp_path / ".dock.yaml"
    file.write_text("streams: []\n")
    assert edge_files([file]) == [file]
