"""Hints of the editor schema: what language servers show and insert, without effect on validity."""

from collections.abc import Mapping
from typing import Any, Final

from kvs_edge.documentation import page_url
from kvs_edge_preflight.footage import FindingCode
from kvs_edge_preflight.footage.codes import ABOUT_ACKNOWLEDGEMENTS

EDITOR_KEYWORDS: Final = frozenset(
    {
        "defaultSnippets",
        "doNotSuggest",
        "enumDescriptions",
        "errorMessage",
        "markdownDescription",
        "patternErrorMessage",
    }
)
"""Keywords of VS Code's JSON and YAML language servers, which JSON Schema does not have."""

UNSEEN: Final[Mapping[str, Any]] = {"doNotSuggest": True}
"""For a field of a condition: editors would offer it a second time, without description and value."""

KNOWN_CODES: Final = sorted(code for code in FindingCode if code not in ABOUT_ACKNOWLEDGEMENTS)
"""Codes that can be acknowledged."""

_ARN = "arn:aws:{}:eu-west-1:123456789012:{}".format
_EXAMPLES: Final[Mapping[str, str]] = {
    "StreamName": "dock",
    "StreamARN": _ARN("kinesisvideo", "stream/dock/1700000000000"),
    "hub": "warehouse-hub",
    "HubDeviceArn": _ARN("iot", "thing/warehouse-hub"),
    "MediaUriSecretArn": _ARN("secretsmanager", "secret:dock-camera-aBcDeF"),
}
"""Values of fields that also take a reference: for two types, the JSON language server inserts no colon without one."""

_API: Final = "https://docs.aws.amazon.com/kinesisvideostreams/latest/dg/API_{}.html"


def example(name: str) -> dict[str, Any]:
    """Return the keyword `examples` for a field that has one."""
    return {"examples": [_EXAMPLES[name]]} if name in _EXAMPLES else {}


def streams_snippet() -> dict[str, Any]:
    """Return the snippet that an editor inserts for `streams`: one stream, with the fields that it needs."""
    source = {"MediaUriSecretArn": "$3", "MediaUriType": "${4:RTSP_URI}"}
    stream = {
        "StreamName": "${1:dock}",
        "hub": "${2:warehouse-hub}",
        "EdgeConfig": {"RecorderConfig": {"MediaSourceConfig": source}},
    }
    return {"label": "stream", "description": "A stream with its camera", "body": [stream]}


def code_descriptions() -> list[str]:
    """Return a sentence for each known code, in their order."""
    return [f"{code.severity.value}: {code.summary}." for code in KNOWN_CODES]


def linked(text: str, name: str, *, is_of_aws: bool) -> str:
    """Return a description in Markdown, with a link to the API reference of a definition or to the page on files."""
    page = _API.format(name) if is_of_aws else page_url("cli", "what-a-file-holds")
    return f"{text}\n\n[{name if is_of_aws else 'Edge files'}]({page})"
