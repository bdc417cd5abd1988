"""`kvs-edge schema` in the language servers of editors: what they underline, complete and show.

One session of each server serves all tests. yaml-language-server is that of VS Code's YAML extension, Neovim and
others; vscode-json-languageservice is that of VS Code.
"""

import json
import subprocess
from pathlib import Path

import pytest

from kvs_edge_preflight.files import editor_schema, standard_schema
from kvs_edge_preflight.files.editor_hints import EDITOR_KEYWORDS
from support.language_server import language_server

ROOT = Path(__file__).parents[2]
MODULES = ROOT / "node_modules"
HUB = "arn:aws:iot:us-west-2:123456789012:thing/hub"
STREAM = "arn:aws:kinesisvideo:us-west-2:123456789012:stream/gate/1234567890123"
SECRET = "arn:aws:secretsmanager:us-west-2:123456789012:secret:gate-aBcDeF"
VALID = f"""\
streams:
  - StreamName: gate
    hub: yard-hub
    EdgeConfig:
      RecorderConfig:
        MediaSourceConfig:
          MediaUriSecretArn: {SECRET}
          MediaUriType: RTSP_URI
"""
EITHER_HUB = "Give either hub or EdgeConfig.HubDeviceArn, not both."
A_HUB = "Give the hub: its name as an IoT thing, like warehouse-hub, or its ARN, arn:aws:iot:REGION:ACCOUNT:thing/NAME."
A_SECRET = (
    "Give the ARN of a Secrets Manager secret whose name has no '/': arn:aws:secretsmanager:REGION:ACCOUNT:secret:NAME."
)
NAME = "Give a stream's name: 1 to 256 letters, digits, dots, hyphens and underscores; an ARN goes into StreamARN."
WRONG = {
    "two hubs": ("EdgeConfig:\n", f"EdgeConfig:\n      HubDeviceArn: {HUB}\n", "hub", EITHER_HUB),
    "no hub": ("    hub: yard-hub\n", "", "EdgeConfig", "Give the hub: hub, or EdgeConfig.HubDeviceArn."),
    "hub's name": (
        "yard-hub",
        "yard hub",
        "yard hub",
        A_HUB,
    ),
    "stream's name": ("StreamName: gate", "StreamName: g/te", "g/te", NAME),
    "type of the stream's name": ("StreamName: gate", "StreamName: [1]", "[1]", None),
    "two names": (
        "gate\n",
        f"gate\n    StreamARN: {STREAM}\n",
        "StreamARN",
        "Give either StreamName or StreamARN, not both.",
    ),
    "secret": (
        SECRET,
        "arn:aws:secretsmanager:gate",
        "arn:aws:secretsmanager:gate",
        A_SECRET,
    ),
    "code": (
        "    hub: yard-hub\n",
        "    hub: yard-hub\n    acknowledge: [{code: FileUriInDout, reason: tried}]\n",
        "FileUriInDout",
        None,
    ),
    "account": (
        "streams:",
        "account: 123456789012\nstreams:",
        "123456789012",
        'Give the account of the file\'s streams, hubs and stack: 12 digits in quotes, like "123456789012".',
    ),
    "region": (
        "streams:",
        "region: Ireland\nstreams:",
        "Ireland",
        "Give the region of the file's streams, hubs and stack, like eu-west-1.",
    ),
    "hub of the defaults": (
        "streams:",
        f"defaults: {{hub: h, EdgeConfig: {{HubDeviceArn: '{HUB}'}}}}\nstreams:",
        "hub",
        EITHER_HUB,
    ),
    "hub with facts": (
        "streams:",
        f"hubs: [{{hub: h, HubDeviceArn: '{HUB}'}}]\nstreams:",
        "HubDeviceArn",
        "Give either hub or HubDeviceArn, not both.",
    ),
    "reference": (
        "yard-hub",
        "{Ref: a, 'Fn::ImportValue': b}",
        "'Fn::ImportValue'",
        "Give either Ref or Fn::ImportValue, not both.",
    ),
    "over a default": (
        "streams:\n",
        "defaults: {camera_bit_rate: 1}\nstreams:\n  - {StreamName: dock, camera_bit_rate: x}\n",
        "x",
        "Give the average rate of the camera, in bits per second, a whole number like 2000000.",
    ),
}
"""Mistakes in the valid file: what is replaced and by what, the underlined text, and the message if it is ours."""


@pytest.fixture(scope="module")
def editor(tmp_path_factory):
    """Return a session with the YAML language server, in which the schema is that of all files in edge/."""
    folder = tmp_path_factory.mktemp("editor")
    schema = folder / "edge.schema.json"
    schema.write_text(json.dumps(editor_schema()))
    settings = {
        "schemas": {schema.as_uri(): "edge/*.yaml"},
        "validate": True,
        "completion": True,
        "hover": True,
        "schemaStore": {"enable": False},
    }
    command = [str(MODULES / ".bin/yaml-language-server"), "--stdio"]
    with language_server(command, folder, {"yaml": settings}) as server:
        yield server


@pytest.fixture
def opened(editor):
    """Return a function that shows a text in the editor: what is underlined, with its message."""

    def show(text):
        lines = text.split("\n")
        found = []
        for one in editor.diagnostics(text):
            start, end = one["range"]["start"], one["range"]["end"]
            last = end["character"] if start["line"] == end["line"] else None
            found.append((lines[start["line"]][start["character"] : last], one["message"]))
        return found

    return show


@pytest.mark.parametrize("file", ["edge/warehouse.yaml", "examples/gitlab/edge/shop.yaml", "tour"])
def test_nothing_is_underlined_in_a_valid_file(opened, file):
    assert opened(VALID if file == "tour" else (ROOT / file).read_text("utf-8")) == []


@pytest.mark.parametrize("mistake", WRONG)
def test_a_mistake_is_underlined_once_with_a_sentence(opened, mistake):
    """Where the server's own message says what is valid, it stays."""
    old, new, underlined, message = WRONG[mistake]
    assert VALID.count(old)
    (found,) = opened(VALID.replace(old, new, 1))
    assert found[0] == underlined
    assert message in {None, found[1]}


@pytest.mark.parametrize(
    ("text", "inserted"),
    [
        ("", {"region": "region: ", "account": "account: "}),
        (
            "streams:\n  - ",
            {
                "StreamName": "StreamName: ${1:dock}",
                "hub": "hub: ${1:warehouse-hub}",
                "create_stream": "create_stream: ",
            },
        ),
        ("defaults:\n  ", {"hub": "hub: ${1:warehouse-hub}", "EdgeConfig": "EdgeConfig:\n  "}),
        (
            "defaults:\n  hub: h\nstreams:\n  - StreamName: a\n    ",
            {"EdgeConfig": "EdgeConfig:\n  ", "removal_policy": "removal_policy: "},
        ),
        ("hubs:\n  - ", {"hub": "hub: ${1:warehouse-hub}", "time_zone": "time_zone: "}),
    ],
    ids=["file", "stream", "defaults", "stream with defaults", "hub"],
)
def test_a_field_is_completed_with_its_colon(editor, text, inserted):
    offers = editor.completions(text)
    assert {label: offers.get(label) for label in inserted} == inserted


def test_streams_are_completed_with_what_a_stream_needs(editor):
    """The text without placeholders is a valid file, but for the secret."""
    text = editor.completions("")["streams"]
    assert "StreamName: ${1:dock}\n    hub: ${2:warehouse-hub}\n    EdgeConfig:" in text
    assert editor.completions("streams:\n  - StreamName: a\n    EdgeConfig:\n      ")["RecorderConfig"].endswith(
        "MediaUriType: $2"
    )


def test_codes_of_findings_are_completed(editor):
    offers = editor.completions("streams:\n  - StreamName: a\n    acknowledge:\n      - code: ")
    assert {"FileUriInDoubt", "FootageExpiresBeforeUpload"} <= set(offers)


def test_a_field_is_explained_with_a_link(editor):
    """The link of AWS's fields goes to the API reference."""
    shown = editor.hover(VALID, 3, 6)
    assert "The edge configuration" in shown.replace("&nbsp;", " ")
    assert "API_EdgeConfig.html" in shown


@pytest.fixture(scope="module")
def json_service():
    """Return the answers of the JSON language service; it fails if ajv does not compile the schemas in strict mode."""
    valid = json.loads((ROOT / "edge/shop.json").read_text("utf-8"))
    (first, *_) = valid["streams"]
    hubs = {**first, "hub": "h", "EdgeConfig": {**first["EdgeConfig"], "HubDeviceArn": HUB}}
    asked = {
        "schema": editor_schema(),
        "standard": standard_schema(),
        "vocabulary": sorted(EDITOR_KEYWORDS),
        "documents": {
            "valid": json.dumps(valid),
            "code": json.dumps({**valid, "streams": [{**first, "acknowledge": [{"code": "No", "reason": "-"}]}]}),
            "name": json.dumps({**valid, "streams": [{**first, "StreamName": "a/b"}]}),
            "hubs": json.dumps({**valid, "streams": [hubs]}),
        },
        "completions": {
            "file": "{|}",
            "stream": '{"streams": [{|}]}',
            "over defaults": '{"defaults": {}, "streams": [{|}]}',
            "config": '{"streams": [{"EdgeConfig": {|}}]}',
        },
    }
    program = Path(__file__).parents[1] / "support/json_language_service.cjs"
    done = subprocess.run(["node", str(program)], input=json.dumps(asked).encode(), capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return json.loads(done.stdout)


def test_the_json_service_underlines_the_same(json_service):
    found = json_service["diagnostics"]
    assert found["valid"] == []
    assert [text for text, _ in found["code"]] == ['"No"']
    assert found["name"] == [['"a/b"', NAME]]
    assert found["hubs"] == [['"hub"', EITHER_HUB]]


@pytest.mark.parametrize("where", ["file", "stream", "over defaults", "config"])
def test_the_json_service_completes_each_field_with_its_colon(json_service, where):
    offers = json_service["completions"][where]
    assert len(offers) > 3
    assert {label: text for label, text in offers.items() if not text.startswith(f'"{label}": ')} == {}


def test_the_json_service_completes_a_stream(json_service):
    text = json_service["completions"]["file"]["streams"]
    assert {"StreamName", "hub", "EdgeConfig", "MediaUriSecretArn"} <= set(text.split('"'))
