"""Pages of findings: the example has the finding with its message, and the fix removes it."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from kvs_edge_preflight.files import FileCode, parse_file
from kvs_edge_preflight.footage import Acknowledgement, FindingCode, Hub, PlannedStream, analyse
from support.declarations import hub_arn, media_source

_PAGES = Path(__file__).parents[2] / "docs" / "findings"
_START = datetime(2026, 1, 5, tzinfo=UTC)
_HUB = hub_arn()
_SOURCE = media_source()
_BLOCK = re.compile(r"```(yaml|text)\n(.*?)```", re.DOTALL)


def _found(example):
    streams = [_stream(f"stream-{place}", one) for place, one in enumerate(example.get("streams", [{}]))]
    facts = {"time_zone": example.get("time_zone"), **example.get("hubs", [{}])[0]}
    if "cloud_secrets" in facts:
        facts["cloud_secrets"] = tuple(facts["cloud_secrets"])
    return analyse(streams, start=_START, hubs=[Hub(arn=_HUB, **facts)]).findings


def _stream(name, facts):
    config = {"HubDeviceArn": _HUB, **facts.get("EdgeConfig", {})}
    recorder = config.get("RecorderConfig", {})
    config["RecorderConfig"] = {**recorder, "MediaSourceConfig": {**_SOURCE, **recorder.get("MediaSourceConfig", {})}}
    return PlannedStream(
        name=name,
        config=config,
        camera_bit_rate=facts.get("camera_bit_rate"),
        data_retention_in_hours=facts.get("DataRetentionInHours"),
        acknowledgements=tuple(Acknowledgement(**one) for one in facts.get("acknowledge", [])),
    )


def _blocks(code):
    text = (_PAGES / f"{code}.md").read_text(encoding="utf-8")
    (_, example), (_, message), (_, fix) = _BLOCK.findall(text)
    return yaml.safe_load(example), message.strip(), yaml.safe_load(fix)


def test_each_code_has_a_page_and_each_page_a_code():
    """Each code has its page, and no page is about a removed code."""
    assert {page.stem for page in _PAGES.glob("*.md")} == {"index", *FindingCode}


@pytest.mark.parametrize("code", list(FindingCode))
def test_the_examples_have_the_fields_of_a_file(code):
    """Example and fix are valid files, except for the omitted names, ARNs and sources."""
    example, _, fix = _blocks(code)
    for content in (example, fix):
        faults = parse_file(Path("page.json"), json.dumps({"streams": [{}], **content})).faults
        odd = [fault.message for fault in faults if fault.code is FileCode.VALUE_NOT_ACCEPTED]
        assert not [message for message in odd if not re.search("(is|are) missing|exactly one", message)]


@pytest.mark.parametrize("code", list(FindingCode))
def test_the_example_is_found(code):
    """A page's example has the finding once, with the severity of the registry and the message on the page."""
    example, message, _ = _blocks(code)
    (finding,) = [one for one in _found(example) if one.code is code]
    assert (finding.message, finding.severity) == (message, code.severity)
    assert (_PAGES.parents[1] / finding.page).is_file()


@pytest.mark.parametrize("code", list(FindingCode))
def test_the_fix_removes_it(code):
    """A page's fix removes the finding without a new error or warning."""
    _, _, fix = _blocks(code)
    found = _found(fix)
    assert not [one for one in found if one.code is code or one.severity != "info"]


@pytest.mark.parametrize("code", list(FindingCode))
def test_a_page_says_how_severe_and_what_it_is(code):
    """A page starts with the code, its severity and its summary."""
    severity = f"**{code.severity}**" + (", or warning" if code.is_warning_if_assumed else "")
    text = (_PAGES / f"{code}.md").read_text(encoding="utf-8")
    assert text.startswith(f"# {code}\n\n{severity}: {code.summary}\n")


def test_the_list_holds_each_code():
    """The list in index.md is the registry."""
    rows = re.findall(
        r"^\| \[(\w+)\]\(\1\.md\) \| ([a-z ]+) \| (.+) \|$", (_PAGES / "index.md").read_text(), re.MULTILINE
    )
    assert rows == [
        (code, code.severity + (" or warning" if code.is_warning_if_assumed else ""), code.summary)
        for code in FindingCode
    ]


def test_codes_are_words_in_one_style():
    """A code is a CamelCase name, as the reasons of a failed deployment are."""
    assert not [code for code in FindingCode if not re.fullmatch(r"([A-Z][a-z]+)+", code)]
