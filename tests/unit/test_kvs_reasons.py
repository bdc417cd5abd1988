"""Reasons: what people read when a deployment failed."""

import inspect
import string

import pytest

from kvs_edge import explain, reasons
from kvs_edge.configuration import Stream
from kvs_edge.memory import Memory
from kvs_edge.observed import Found, Refusal, RefusalKind, SyncStatus
from kvs_edge.reasons import MAX_CHARACTERS, Code, Reason, detail, shortened
from kvs_edge.request import Request, RequestType

HUB = "arn:aws:iot:eu-west-1:123456789012:thing/hub-a"
NEW_HUB = "arn:aws:iot:eu-west-1:123456789012:thing/hub-b"
REQUEST = Request(RequestType.UPDATE, Stream("front-door"), {"HubDeviceArn": NEW_HUB})
FOUND = Found(SyncStatus.SYNC_FAILED, {"HubDeviceArn": HUB}, "the hub's own words")
REFUSAL = Refusal(RefusalKind.DENIED, "kinesisvideo:DescribeEdgeConfiguration", "AccessDenied", "the service's words")
MEMORY = Memory(since=0.0, status="SYNCING", status_since=100.0, looks=42, refusal="ResourceInUse: busy")

GIVEN = {
    "request": REQUEST,
    "observed": FOUND,
    "refusal": REFUSAL,
    "memory": MEMORY,
    "now": 1200.0,
    "region": "af-south-1",
    "stream": "front-door",
    "text": "some text",
}

TELLS = {
    Code.ACCESS_DENIED: ["stream front-door", "kinesisvideo:DescribeEdgeConfiguration", "Allow it", "service's words"],
    Code.CONFIGURATION_DELETED: ["stream front-door", "deleted by somebody else", "deploy again"],
    Code.DELETE_FAILED: ["stream front-door", "hub hub-a", "the hub's own words", "Check that the hub is online"],
    Code.HUB_MOVE_FORBIDDEN: ["stream front-door", "hub hub-a", "hub hub-b", "footage", "HubMove: ALLOWED"],
    Code.INTERNAL_FAULT: ["front-door", "some text", "Deploy again"],
    Code.INVALID_CONFIGURATION: ["stream front-door", "the service's words"],
    Code.INVALID_PROPERTIES: ["nothing was changed", "some text"],
    Code.NO_DATA_RETENTION: ["stream front-door", "0 hours", "DataRetentionInHours"],
    Code.REFUSED: ["stream front-door", "AccessDenied", "the service's words"],
    Code.REGION_NOT_SUPPORTED: ["stream front-door", "af-south-1", "Deploy to a region"],
    Code.STREAM_NOT_FOUND: ["stream front-door", "does not exist", "create it first"],
    Code.SUPERSEDED: ["stream front-door", "newer request", "newer one's outcome"],
    Code.SYNC_FAILED: ["stream front-door", "hub hub-a", "the hub's own words", "secret"],
    Code.TIMED_OUT: [
        "stream front-door",
        "hub hub-a",
        "SYNCING",
        "1100 of 1200 seconds",
        "42 looks",
        "busy",
        "sync_timeout",
    ],
}


def _explanations():
    """Each explanation that is a Reason, made of the same request."""
    for name, function in inspect.getmembers(explain, inspect.isfunction):
        if function.__module__ == explain.__name__ and function.__annotations__["return"] is Reason:
            yield (
                name,
                function(**{parameter: GIVEN[parameter] for parameter in inspect.signature(function).parameters}),
            )


def test_each_code_is_given_by_exactly_one_explanation():
    """So that the runbook's section fits whoever finds it."""
    assert sorted(reason.code for _, reason in _explanations()) == sorted(Code)


@pytest.mark.parametrize(("name", "reason"), list(_explanations()))
def test_an_explanation_names_what_happened_to_which_stream_and_the_fix(name, reason):
    """One or two sentences: what, which stream and hub, the value, the fix."""
    text = str(reason)
    assert text.startswith(f"{reason.code}: ")
    assert [word for word in TELLS[reason.code] if word not in text] == []
    assert ".." not in text


def test_a_time_out_without_a_look_or_a_refusal_says_just_that():
    """Nothing is known of a hub then, and a Delete has another remedy."""
    request = Request(RequestType.DELETE, Stream("front-door"), {})
    text = str(explain.timed_out(request, None, Memory(since=0.0), 60.0))
    assert "was not looked at yet for the last 60 of 60 seconds, in 0 looks. Check" in text
    assert "hub hub" not in text
    assert text.endswith("then delete again.")


@pytest.mark.parametrize("explanation", [explain.sync_failed, explain.delete_failed])
def test_a_failure_without_details_says_so(explanation):
    """The service need not give any."""
    assert "no details." in str(explanation(REQUEST, Found(SyncStatus.SYNC_FAILED, {"HubDeviceArn": HUB})))


def test_warnings_name_the_stream_and_the_hub():
    """They are a success's only words."""
    assert "stream front-door" in explain.rolled_back_unsynced(REQUEST, FOUND)
    assert "hub hub-a" in explain.rolled_back_unsynced(REQUEST, FOUND)
    assert "stream front-door" in explain.deleting_unconfirmed(REQUEST)


def test_a_reason_keeps_its_beginning_and_its_limit():
    """The code and the stream come first, so the end gives way."""
    text = str(Reason(Code.REFUSED, "x" * 5000))
    assert len(text) == MAX_CHARACTERS
    assert text.startswith("Refused: xxx")
    assert text.endswith("x...")
    assert str(Reason(Code.REFUSED, "short")) == "Refused: short"


def test_somebody_elses_text_leaves_room_for_ours():
    """The fix comes after it."""
    assert len(detail("x" * 5000)) == 401
    assert detail("  It failed. ") == "It failed."
    assert len(str(explain.access_denied(REQUEST, Refusal(RefusalKind.DENIED, "a", "b", "x" * 5000)))) < MAX_CHARACTERS


@pytest.mark.parametrize(
    "cut", [shortened, lambda text, _: detail(text), lambda text, _: str(Reason(Code.REFUSED, text))]
)
def test_no_secrets_name_and_no_presigned_url_is_told(cut):
    """Whoever reads the stack's events must not learn them."""
    text = (
        "denied on arn:aws:secretsmanager:eu-west-1:123456789012:secret:cameras/front-door-AbCdEf and"
        " https://cloudformation-custom-resource-response-euwest1.s3.amazonaws.com/a?X-Amz-Signature=abc&b=c too"
    )
    told = cut(text, 1000)
    assert "front-door" not in told
    assert "X-Amz" not in told
    assert "secret:..." in told
    assert "(a URL) too" in told


def test_codes_are_words_to_search_for():
    """They stand in the runbook's headings."""
    assert all(set(code) <= set(string.ascii_letters) for code in reasons.Code)
