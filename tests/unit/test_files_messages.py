"""Messages of bad files: what is wrong, the value as it is in the file, and the fix."""

import json
from pathlib import Path

import pytest

from kvs_edge_preflight.files import FileCode, parse_file
from kvs_edge_preflight.files.location import UnreadableError, short_path
from kvs_edge_preflight.files.text import decode
from kvs_edge_preflight.regions import EDGE_REGIONS

_YAML, _JSON = Path("site.yaml"), Path("site.json")
_GOOD = """\
region: eu-west-1
streams:
  - StreamName: gate
    DataRetentionInHours: 72
    EdgeConfig:
      HubDeviceArn: arn:aws:iot:eu-west-1:123456789012:thing/hub
      RecorderConfig:
        MediaSourceConfig:
          MediaUriSecretArn: arn:aws:secretsmanager:eu-west-1:123456789012:secret:gate-aBcDeF
          MediaUriType: RTSP_URI
        ScheduleConfig:
          ScheduleExpression: 0 0 9-16 * * ? *
          DurationInSeconds: 3599
      DeletionConfig:
        EdgeRetentionInHours: 24
        DeleteAfterUpload: true
        LocalSizeConfig:
          MaxLocalMediaSizeInMB: 2048
          StrategyOnFullSize: DENY_NEW_MEDIA
"""
_REGIONS = ", ".join(sorted(name for name in EDGE_REGIONS if not name.startswith(("us-gov-", "us-iso-"))))
_A_FILE = "an edge file is a mapping with streams: a list of StartEdgeConfigurationUpdate requests"
_IMPORT = "kvs-edge import --hub HUB writes a file of what is on a hub"
_NOT_A_FILE = "remove it from the paths, or name the folder of edge files"
_REQUEST = {"StreamName": "gate", "EdgeConfig": {}}


def _blocks():
    text = Path(__file__).with_name("bad_edge_files.txt").read_text("utf-8")
    return [block.splitlines() for block in text.strip().split("\n\n")[1:]]


def _messages(file, text):
    return [fault.message for fault in parse_file(file, text).faults]


def test_the_good_file_is_good():
    """Without it, no message below is about the replaced line."""
    assert _messages(_YAML, _GOOD) == []


@pytest.mark.parametrize("block", _blocks(), ids=lambda block: block[1])
def test_a_bad_value_has_one_message_at_its_field(block):
    """bad_edge_files.txt has the whole messages."""
    old, new, expected = block
    text = _GOOD.replace(old.removeprefix("- "), new.removeprefix("+ "), 1)
    assert text != _GOOD
    (fault,) = parse_file(_YAML, text).faults
    assert f"{fault.path or 'the file'} | {fault.message}".replace(_REGIONS, "REGIONS") == expected
    assert "None" not in fault.message


def test_there_are_enough_bad_values():
    """The table is the specification of the messages."""
    assert len(_blocks()) >= 60


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ([], f"the file is a list; {_A_FILE}: put the list under the key streams"),
        ([_REQUEST], f"the file is a list; {_A_FILE}: put the list under the key streams"),
        ("gate", f"the file is a single value; {_A_FILE}"),
        (_REQUEST, "the file is a single StartEdgeConfigurationUpdate request; put it in a list under the key streams"),
        ({**_REQUEST, "SyncStatus": "IN_SYNC"}, f"the file is an output of DescribeEdgeConfiguration; {_IMPORT}"),
        ({"EdgeConfigs": [], "NextToken": "a"}, f"the file is an output of ListEdgeAgentConfigurations; {_IMPORT}"),
        (
            {"HubDeviceArn": "a"},
            "the file is a single EdgeConfig; give it a StreamName, and put both in a list under the key streams",
        ),
        ({"Resources": {}}, f"the file is a CloudFormation template; {_A_FILE}"),
        (
            {"StreamName": "a"},
            "the file is a single StartEdgeConfigurationUpdate request; put it in a list under the key streams",
        ),
        ({"app": "python app.py", "context": {}}, f"the file has no field of an edge file; {_A_FILE}: {_NOT_A_FILE}"),
        ({"region": "eu-west-1"}, "streams is missing; it takes region, account, time_zone, defaults, hubs, streams"),
        (
            {"streams": [{**_REQUEST, "StreamARN": "a", "SyncStatus": "IN_SYNC", "CreationTime": "2026"}]},
            (
                "the entry is an output of DescribeEdgeConfiguration or ListEdgeAgentConfigurations; remove StreamARN,"
                f" CreationTime, SyncStatus, or use an import: {_IMPORT}"
            ),
        ),
        (
            {"streams": [{**_REQUEST, "LastUpdatedTime": "2026"}]},
            (
                "the entry is an output of DescribeEdgeConfiguration or ListEdgeAgentConfigurations; remove"
                f" LastUpdatedTime, or use an import: {_IMPORT}"
            ),
        ),
        ({"streams": None}, "has no value; give a list of StartEdgeConfigurationUpdate requests"),
        ({"streams": {}}, "{} is a mapping, not a list; give a list of StartEdgeConfigurationUpdate requests"),
        (
            {"streams": ["gate"]},
            (
                "'gate' is text, not a mapping; give a StartEdgeConfigurationUpdate request, with facts about the"
                " stream and its camera"
            ),
        ),
        (
            {"streams": [None]},
            "has no value; give a StartEdgeConfigurationUpdate request, with facts about the stream and its camera",
        ),
    ],
    ids=lambda value: json.dumps(value)[:40],
)
def test_another_document_is_named_with_what_to_do(content, message):
    """Outputs of AWS that were pasted, requests, templates: one message, in YAML and in JSON."""
    text = json.dumps(content)
    assert _messages(_YAML, text) == _messages(_JSON, text) == [message]


@pytest.mark.parametrize("text", ["", "\n", "# nothing yet\n", "---\n"])
def test_an_empty_file_says_so(text):
    """Comments are nothing."""
    assert _messages(_YAML, text) == [f"the file is empty; {_A_FILE}"]


def test_an_empty_json_file_says_so():
    """As a YAML file does."""
    assert _messages(_JSON, " \n") == [f"the file is empty; {_A_FILE}"]


def test_numbers_of_an_output_are_no_further_faults():
    """DescribeEdgeConfiguration has times as fractions."""
    text = '{"SyncStatus": "IN_SYNC", "CreationTime": 1767225600.5, "EdgeConfig": {}}'
    assert _messages(_JSON, text) == [f"the file is an output of DescribeEdgeConfiguration; {_IMPORT}"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{'streams': []}", "a key in double quotes is missing; use double quotes"),
        ('{"streams": [],}', "a key in double quotes is missing; remove the comma before it"),
        ('{"streams": [1,]}', "a value is missing; remove the comma before it"),
        ("{streams: []}", "a key in double quotes is missing"),
        ('{"streams": []', "a comma or } is missing"),
        ('{"a": [] // b\n}', "a comma or } is missing; JSON has no comments: remove them, or name the file .yaml"),
        ('{"streams": [024]}', "a comma or ] is missing; a number has no leading zeros"),
        ('{"streams": [True]}', "a value is missing; write true, false or null"),
        ('{"streams": [.5]}', "a value is missing; a number starts with a digit or a minus sign"),
        ('{"streams": ["a\nb"]}', "text has a line break or a control character; close its quote, or write an escape"),
        ('{"streams": ["\\q"]}', "text has an unknown escape; write \\\\ for a backslash"),
        ('{"streams": ["\\u12"]}', "text has an incomplete escape; write four hexadecimal digits after \\u"),
        ('{"streams": ["a]}', "the text that starts here has no closing quote"),
        ("streams: []\n", "a value is missing; if it is YAML, name the file .yaml"),
        ('{"streams": []}\n{}', "there is text after its end; a file has one value"),
    ],
)  # fmt: skip
def test_a_fault_of_json_has_a_hint(text, message):
    """By what is in place of the expected character."""
    (fault,) = parse_file(_JSON, text).faults
    assert (fault.code, fault.message) == (FileCode.SYNTAX_NOT_UNDERSTOOD, f"is not JSON: {message}")


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le"])
def test_wide_characters_without_a_byte_order_mark_are_named(encoding):
    """Not as control characters."""
    with pytest.raises(UnreadableError, match="is UTF-16 or UTF-32 without a byte order mark; save it as UTF-8"):
        decode("streams: []\n".encode(encoding))


def test_a_secret_that_is_no_text_is_not_shown():
    """It may hold what it should refer to."""
    text = _GOOD.replace("MediaUriSecretArn: arn:", "MediaUriSecretArn: [hunter2] # arn:")
    (message,) = _messages(_YAML, text)
    assert message.startswith("the value is a list, not text; give the ARN of a Secrets Manager secret")


def test_long_values_are_cut_off():
    """A message is one line in a pipeline's log."""
    (message,) = _messages(_YAML, _GOOD.replace("StreamName: gate", f"StreamName: {'a' * 300}"))
    assert "a" * 119 + "..." in message
    assert len(message) < 300


def test_a_misspelt_field_hides_only_its_own_absence():
    """Another missing field is reported beside it."""
    text = _GOOD.replace("HubDeviceArn:", "HubDeviceARN :").replace("RecorderConfig:", "colour:")
    found = _messages(_YAML, text)
    assert found[0].startswith("HubDeviceArn, RecorderConfig are missing; ")
    assert [message.partition(";")[0] for message in found[1:]] == [
        "HubDeviceARN is not known here",
        "colour is not known here",
    ]


def test_a_path_in_a_message_has_the_files_folder():
    """The folders above differ between machines."""
    assert [short_path(Path(file)) for file in ("a.yaml", "edge/a.yaml", "/opt/app/edge/a.yaml", "./a.yaml")] == [
        "a.yaml",
        "edge/a.yaml",
        "edge/a.yaml",
        "a.yaml",
    ]
