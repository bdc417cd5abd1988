"""Rules for the content of a camera's secret: JSON with the case-sensitive key MediaURI."""

import json
import re
from collections.abc import Iterable
from typing import Any, Final

from kvs_edge_preflight.media_secret.issue import Issue, IssueCode
from kvs_edge_preflight.media_secret.uri import judge_uri

KEY: Final = "MediaURI"
"""Key of the URI [Deploy the Edge Agent, Kinesis Video Streams developer guide]."""
_NEAR: Final = frozenset({"mediauri", "mediaurl", "uri", "url", "rtspuri", "rtspurl"})
_SEPARATORS: Final = re.compile(r"[\s_-]")


def judge_content(text: str, *, is_rtsp: bool = True) -> list[Issue]:
    """Return the issues of a secret's text; `is_rtsp` is False for the MediaUriType FILE_URI."""
    try:
        # The error holds the text, so it must not go on as the cause of another one.
        content: Any = json.loads(text)
    except (ValueError, RecursionError):
        return [_not_json()]
    if not isinstance(content, dict):
        return [_not_json()]
    if KEY not in content:
        return [_key_missing(content)]
    uri = content[KEY]
    if not isinstance(uri, str):
        return [Issue(IssueCode.URI_NOT_TEXT, f"the value of {KEY} is not a text: write the URI in quotes")]
    if not is_rtsp:
        return [Issue(IssueCode.URI_NOT_JUDGED, "the MediaUriType is FILE_URI: the URI itself is not judged")]
    return judge_uri(uri)


def _not_json() -> Issue:
    message = f'the secret is not a JSON object: write {{"{KEY}": "rtsp://..."}}'
    return Issue(IssueCode.SECRET_NOT_JSON, message)


def _key_missing(keys: Iterable[str]) -> Issue:
    """Return the issue with the key that was meant; other keys may be secret themselves."""
    near = [key for key in keys if _SEPARATORS.sub("", key).lower() in _NEAR]
    found = f", but {near[0]!r}" if near else ""
    return Issue(IssueCode.KEY_MISSING, f"the secret has no key {KEY}{found}: the agent reads {KEY} in this spelling")
