"""A measured rate in an edge file: one line changes, comments and line ends stay."""

import difflib
from pathlib import Path

import pytest

from kvs_edge_gitops.commands.camera.rates import with_rate
from kvs_edge_preflight.files import parse_file

ARN = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:dock-camera-aBcDeF"
CONFIG = f"""EdgeConfig:
      HubDeviceArn: arn:aws:iot:eu-west-1:123456789012:thing/hub
      RecorderConfig:
        MediaSourceConfig: {{MediaUriSecretArn: "{ARN}", MediaUriType: RTSP_URI}}"""
FLOW = (
    '{HubDeviceArn: "arn:aws:iot:eu-west-1:123456789012:thing/hub", RecorderConfig: {MediaSourceConfig:'
    f' {{MediaUriSecretArn: "{ARN}", MediaUriType: RTSP_URI}}}}}}'
)
JSON = FLOW
for _name in ("HubDeviceArn", "RecorderConfig", "MediaSourceConfig", "MediaUriSecretArn", "MediaUriType"):
    JSON = JSON.replace(f"{_name}:", f'"{_name}":')
JSON = JSON.replace("RTSP_URI", '"RTSP_URI"')


def change(text, suffix=".yaml", stream="dock", rate=1_234_567):
    """Return the lines that an edit removes and adds."""
    edited = with_rate(Path(f"site{suffix}"), text, stream, rate)
    assert edited is not None
    return [line for line in difflib.ndiff(text.splitlines(True), edited.splitlines(True)) if line[0] in "+-"]


DEFAULTS = "defaults:\n  camera_bit_rate: 5\n"
NEW = "+     camera_bit_rate: 1234567\n"


@pytest.mark.parametrize(
    ("text", "changes"),
    [
        (f"# a site\nstreams:\n  - StreamName: dock # the dock\n    # about it\n    {CONFIG}\n", [NEW]),
        (f"streams:\n  - {CONFIG}\n    StreamName: dock\n", [NEW]),
        (f"streams:\n  - {CONFIG}\n    StreamName: dock", ["-     StreamName: dock", "+     StreamName: dock\n", NEW]),
        (f"streams:\n  - StreamName:\n      Ref: dock\n    {CONFIG}\n", [NEW]),
        (
            f"streams:\n  - StreamName: dock\n    camera_bit_rate: 5 # guess\n    {CONFIG}\n",
            ["-     camera_bit_rate: 5 # guess\n", "+     camera_bit_rate: 1234567 # guess\n"],
        ),
        (
            f"{DEFAULTS}streams:\n  - camera_bit_rate: null\n    StreamName: dock\n    {CONFIG}\n",
            ["-   - camera_bit_rate: null\n", "+   - camera_bit_rate: 1234567\n"],
        ),
        (f"{DEFAULTS}streams:\n  - StreamName: dock\n    {CONFIG}\n", [NEW]),
        (
            f"streams:\n  - {{StreamName: dock, EdgeConfig: {FLOW}}}\n",
            [
                f"-   - {{StreamName: dock, EdgeConfig: {FLOW}}}\n",
                f"+   - {{StreamName: dock, camera_bit_rate: 1234567, EdgeConfig: {FLOW}}}\n",
            ],
        ),
    ],
)
def test_one_line_of_yaml_changes(text, changes):
    assert [line for line in change(text) if line[0] != "?"] == changes


@pytest.mark.parametrize(
    ("text", "changes"),
    [
        (
            f'{{"streams": [\n  {{\n    "StreamName": "dock",\n    "EdgeConfig": {JSON}\n  }}\n]}}\n',
            ['+     "camera_bit_rate": 1234567,\n'],
        ),
        (
            f'{{"streams": [\n  {{\n    "EdgeConfig": {JSON},\n    "StreamName": "dock"\n  }}\n]}}\n',
            ['+     "camera_bit_rate": 1234567,\n'],
        ),
    ],
)
def test_one_line_of_json_changes(text, changes):
    assert [line for line in change(text, ".json") if line[0] != "?"] == changes


def test_line_ends_stay():
    text = f"streams:\n  - StreamName: dock\n    {CONFIG}\n".replace("\n", "\r\n")
    edited = with_rate(Path("site.yaml"), text, "dock", 7)
    assert edited.count("\r\n") == edited.count("\n") == text.count("\n") + 1


def test_json_on_one_line_changes_as_well():
    text = f'{{"streams": [{{"StreamName": "dock", "EdgeConfig": {JSON}}}]}}'
    edited = with_rate(Path("site.json"), text, "dock", 7)
    assert edited == text.replace('"EdgeConfig"', '"camera_bit_rate": 7, "EdgeConfig"')


@pytest.mark.parametrize(
    "text",
    [
        # The rate would change for both streams.
        (
            f"streams:\n  - &a\n    StreamName: dock\n    camera_bit_rate: &rate 5\n    {CONFIG}\n"
            f"  - StreamName: gate\n    camera_bit_rate: *rate\n    {CONFIG}\n"
        ),
        f"streams:\n  - StreamName: dock\n    camera_bit_rate:\n    {CONFIG}\n",
        f"streams:\n  - StreamName: gate\n    {CONFIG}\n",
        "streams: [",
    ],
)
def test_a_file_that_cannot_be_edited_safely_is_left_to_its_author(text):
    assert with_rate(Path("site.yaml"), text, "dock", 7) is None


def test_several_rates_go_into_one_file():
    text = "streams:\n" + "".join(f"  - StreamName: cam-{number}\n    {CONFIG}\n" for number in range(3))
    for number in (2, 0, 1):
        text = with_rate(Path("site.yaml"), text, f"cam-{number}", number + 1)
    streams = parse_file(Path("site.yaml"), text).streams
    assert [stream.fact("camera_bit_rate") for stream in streams] == [1, 2, 3]
