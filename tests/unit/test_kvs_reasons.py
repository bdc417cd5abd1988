"""Reasons: what people read when a deployment failed."""

import inspect
import string
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from kvs_edge import messages, reasons, recording_messages
from kvs_edge.configuration import Stream
from kvs_edge.observed import CallFailure, CallFailureKind, Found, SyncStatus
from kvs_edge.operation import Relation
from kvs_edge.progress import Progress
from kvs_edge.reasons import MAX_CHARACTERS, FailureCode, Reason, detail, shortened, split_link
from kvs_edge.request import Request, RequestType

SEE_SERVICE_ERROR = "See https://cdk-kvs-edge.readthedocs.io/en/stable/runbook/#serviceerror"
HUB = "arn:aws:iot:eu-west-1:123456789012:thing/hub-a"
NEW_HUB = "arn:aws:iot:eu-west-1:123456789012:thing/hub-b"
REQUEST = Request(RequestType.UPDATE, Stream("front-door"), {"HubDeviceArn": NEW_HUB})
REPORT = {
    "RecorderStatus": "USER_ERROR",
    "JobStatusDetails": "401",
    "LastUpdatedTime": datetime(2026, 11, 23, 9, tzinfo=UTC),
}
FOUND = Found(SyncStatus.SYNC_FAILED, {"HubDeviceArn": HUB}, "the hub's own words", recorder=REPORT)
FAILURE = CallFailure(
    CallFailureKind.DENIED, "kinesisvideo:DescribeEdgeConfiguration", "AccessDenied", "the service's words"
)
PROGRESS = Progress(
    polls=42,
    status="SYNCING",
    status_since=100.0,
    relation=Relation.SUPERSEDED,
    stack_status="UPDATE_ROLLBACK_IN_PROGRESS",
    stack_error="AccessDenied: the policy's words",
    last_error="ResourceInUse: busy",
)

GIVEN = {
    "request": REQUEST,
    "observed": FOUND,
    "failure": FAILURE,
    "progress": PROGRESS,
    "now": 1200.0,
    "submitted": 60.0,
    "region": "af-south-1",
    "stream": "front-door",
    "text": "some text",
}

TELLS = {
    FailureCode.ACCESS_DENIED: ["stream front-door", "in the role of the tick function", "permissions boundaries"],
    FailureCode.CONFIGURATION_DELETED: ["stream front-door", "deleted outside of this stack", "deploy again"],
    FailureCode.DELETE_FAILED: [
        "stream front-door",
        "hub hub-a",
        "the hub's own words",
        "Check that the hub is online",
    ],
    FailureCode.HUB_MOVE_FORBIDDEN: ["stream front-door", "hub hub-a", "hub hub-b", "footage", "HubMove: ALLOWED"],
    FailureCode.INTERNAL_ERROR: ["front-door", "some text", "Deploy again"],
    FailureCode.INVALID_CONFIGURATION: ["stream front-door", "the service's words"],
    FailureCode.INVALID_PROPERTIES: ["nothing was changed", "some text"],
    FailureCode.NO_DATA_RETENTION: ["stream front-door", "0 hours", "DataRetentionInHours"],
    FailureCode.SERVICE_ERROR: ["stream front-door", "AccessDenied", "the service's words"],
    FailureCode.REGION_NOT_SUPPORTED: ["stream front-door", "af-south-1", "Deploy to a region"],
    FailureCode.RECORDING_FAILED: ["stream front-door", "hub hub-a", "USER_ERROR at", "401", "wait_for=WaitFor.SYNC"],
    FailureCode.STREAM_NOT_FOUND: ["stream front-door", "does not exist", "create it first"],
    FailureCode.SUPERSEDED: ["stream front-door", "changes nothing more", "outcome"],
    FailureCode.SYNC_FAILED: ["stream front-door", "hub hub-a", "the hub's own words", "secret"],
    FailureCode.TIMED_OUT: [
        "stream front-door",
        "hub hub-a",
        "SYNCING",
        "1100 of 1200 seconds",
        "Polled 42 times",
        "busy",
        "sync_timeout",
    ],
}


def _explanations():
    """Each explanation that is a Reason, made of the same request."""
    for module in (messages, recording_messages):
        for name, function in inspect.getmembers(module, inspect.isfunction):
            if function.__module__ == module.__name__ and function.__annotations__["return"] is Reason:
                given = {parameter: GIVEN[parameter] for parameter in inspect.signature(function).parameters}
                yield name, function(**given)


def test_each_code_is_given_by_an_explanation():
    """So that no section of the runbook is about nothing; three codes have several causes."""
    codes = [reason.code for _, reason in _explanations()]
    assert set(codes) == set(FailureCode)
    assert {code for code in codes if codes.count(code) > 1} == {
        FailureCode.ACCESS_DENIED,
        FailureCode.RECORDING_FAILED,
        FailureCode.SUPERSEDED,
    }


@pytest.mark.parametrize(("name", "reason"), list(_explanations()))
def test_an_explanation_names_what_happened_to_which_stream_and_the_fix(name, reason):
    """One or two sentences: what, which stream and hub, the value, the fix."""
    text = str(reason)
    assert text.startswith(f"{reason.code}: ")
    assert [word for word in TELLS[reason.code] if word not in text] == []
    assert ".." not in text
    assert text.count(" See http") == 1


def test_a_denied_call_is_named_with_the_services_words():
    """It is what has to be allowed."""
    text = str(messages.access_denied(REQUEST, FAILURE))
    assert "kinesisvideo:DescribeEdgeConfiguration" in text
    assert "the service's words." in text


def test_a_stack_that_may_not_be_asked_is_named_with_both_actions():
    """Nothing was changed, and either of the two would do."""
    text = str(messages.stack_unknown(REQUEST, PROGRESS))
    assert "cloudformation:DescribeStacks and cloudformation:DescribeStackEvents on this stack are denied" in text
    assert "the policy's words." in text


def test_a_stack_that_has_moved_on_is_named_with_its_status():
    """The request's own outcome does not count any more."""
    assert "the stack has moved on (UPDATE_ROLLBACK_IN_PROGRESS)" in str(
        messages.superseded_by_stack(REQUEST, PROGRESS)
    )


def test_a_time_out_without_a_look_or_a_refusal_says_just_that():
    """Nothing is known of a hub then, and a Delete has another remedy."""
    request = Request(RequestType.DELETE, Stream("front-door"), {})
    text = str(messages.timed_out(request, None, Progress(), 60.0))
    assert "was not polled yet for the last 60 of 60 seconds. Polled 0 times. Check" in text
    assert "hub hub" not in text
    assert "then delete again. See" in text


@pytest.mark.parametrize(
    ("status", "failure", "told"),
    [
        ("", "", "(unknown) does not fit the request. Check"),
        (
            "CREATE_COMPLETE",
            "Denied: no",
            "(CREATE_COMPLETE) does not fit the request. CloudFormation said: Denied: no.",
        ),
    ],
    ids=["nothing told", "a status that does not fit"],
)
def test_a_time_out_of_a_request_whose_operation_is_unknown_says_why_nothing_was_written(status, failure, told):
    """The hub is not to blame then."""
    progress = Progress(relation=Relation.UNKNOWN, stack_status=status, stack_error=failure)
    text = str(messages.timed_out(REQUEST, FOUND, progress, 60.0))
    assert f" Nothing was written, because the stack's status {told}" in text


@pytest.mark.parametrize(("late", "told"), [(0.0, False), (60.0, False), (60.6, True), (900.0, True)])
def test_a_time_out_of_a_request_that_was_delivered_late_says_so(late, told):
    """Its time ran out while Lambda had it."""
    request = replace(REQUEST, sent_at=1000.0, received_at=1000.0 + late)
    text = str(messages.timed_out(request, FOUND, Progress(), 2200.0))
    assert (f" The request was delivered {late:.0f} seconds late." in text) is told
    assert "of 1200 seconds" in text


@pytest.mark.parametrize("explanation", [messages.sync_failed, messages.delete_failed])
def test_a_failure_without_details_says_so(explanation):
    """The service need not give any."""
    assert "no details." in str(explanation(REQUEST, Found(SyncStatus.SYNC_FAILED, {"HubDeviceArn": HUB})))


MADE = Found(SyncStatus.SYNCING, {"HubDeviceArn": HUB}, created="2025-11-22T10:00:00Z", updated="2025-11-22T11:00:00Z")


@pytest.mark.parametrize(
    ("warning", "values"),
    [
        (messages.rolled_back_unsynced(REQUEST, MADE), ["hub hub-a", "may not have it yet (SYNCING)"]),
        (messages.deleting_unconfirmed(REQUEST), ["the service is deleting", "the hub may be offline"]),
        (messages.left_on_other_hub(REQUEST, MADE), ["hub hub-a", "outside of this stack", "delete its footage"]),
        (messages.left_as_it_was(REQUEST, MADE), ["hub hub-a", "last updated 2025-11-22T11:00:00Z", "left unchanged"]),
        (messages.left_with_footage(REQUEST, MADE), ["hub hub-a", "was created 2025-11-22T10:00:00Z", "left there"]),
        (messages.not_sent(REQUEST), ["has no edge configuration", "none was sent"]),
        (
            messages.not_cleaned_up(REQUEST, Reason(FailureCode.SERVICE_ERROR, "why.")),
            ["the failed update created, stays: ServiceError: why."],
        ),
        (messages.left_to_others(REQUEST), ["does not belong to this resource", "left unchanged"]),
        (messages.declared_elsewhere(REQUEST), ["another resource of this stack", "left unchanged"]),
        (messages.declared_but_absent(REQUEST), ["no edge configuration", "another resource", "another sync token"]),
        (
            messages.left_undetermined(REQUEST, CallFailure(CallFailureKind.DENIED, "cloudformation:A", "B", "why")),
            ["cloudformation:A failed with B", "another resource of this stack", "left unchanged"],
        ),
    ],
    ids=lambda value: value[:40] if isinstance(value, str) else "",
)
def test_a_warning_names_the_stream_and_what_was_left(warning, values):
    """It is a success's only words."""
    assert [value for value in ["stream front-door", *values] if value not in warning] == []


def test_there_is_a_test_for_each_warning():
    """A warning is an explanation that is not a Reason."""
    functions = inspect.getmembers(messages, inspect.isfunction)
    public = [function for name, function in functions if not name.startswith("_")]
    own = [function for function in public if function.__module__ == messages.__name__]
    assert len([function for function in own if function.__annotations__["return"] is str]) == 11


def test_a_reason_keeps_its_beginning_and_its_limit():
    """The code and the stream come first, so the end gives way."""
    text = str(Reason(FailureCode.SERVICE_ERROR, "x" * 5000))
    assert len(text) == MAX_CHARACTERS - 1
    assert text.startswith("ServiceError: xxx")
    assert text.endswith("x... " + SEE_SERVICE_ERROR)
    assert str(Reason(FailureCode.SERVICE_ERROR, "short")) == "ServiceError: short. " + SEE_SERVICE_ERROR
    assert str(Reason(FailureCode.SERVICE_ERROR, "short.")) == "ServiceError: short. " + SEE_SERVICE_ERROR


@pytest.mark.parametrize("code", list(FailureCode))
def test_a_reason_ends_with_the_link_to_its_section_of_the_runbook(code):
    """The anchor is the code in lower case."""
    for text in ("short", "x" * 5000):
        reason = str(Reason(code, text))
        link = f" See https://cdk-kvs-edge.readthedocs.io/en/stable/runbook/#{code.lower()}"
        assert reason.endswith(link)
        assert split_link(reason) == (reason.removesuffix(link), link)


def test_a_text_without_a_link_has_none_to_split():
    """Warnings carry no link."""
    assert split_link("rolled back: See nothing") == ("rolled back: See nothing", "")


def test_another_owners_text_leaves_room_for_ours():
    """The fix comes after it."""
    assert len(detail("x" * 5000)) == 401
    assert detail("  It failed. ") == "It failed."
    assert (
        len(str(messages.access_denied(REQUEST, CallFailure(CallFailureKind.DENIED, "a", "b", "x" * 5000))))
        < MAX_CHARACTERS
    )


@pytest.mark.parametrize(
    "cut", [shortened, lambda text, _: detail(text), lambda text, _: str(Reason(FailureCode.SERVICE_ERROR, text))]
)
def test_no_secrets_name_and_no_presigned_url_is_told(cut):
    """Readers of the stack's events must not see them."""
    text = (
        "denied on arn:aws:secretsmanager:eu-west-1:123456789012:secret:cameras/front-door-AbCdEf and"
        " https://cloudformation-custom-resource-response-euwest1.s3.amazonaws.com/a?X-Amz-Signature=abc&b=c too"
    )
    told = cut(f"{text}, rtsp://admin:hunter2@10.0.0.7/live", 1000)
    assert "front-door" not in told
    assert "X-Amz" not in told
    assert "hunter2" not in told
    assert "rtsp://...@10.0.0.7/live" in told
    assert "secret:..." in told
    assert "(a URL) too" in told


def test_codes_are_words_to_search_for():
    """They stand in the runbook's headings."""
    assert all(set(code) <= set(string.ascii_letters) for code in reasons.FailureCode)


@pytest.mark.parametrize(
    ("kind", "relation", "submitted", "rollback", "offer"),
    [
        (RequestType.UPDATE, Relation.FORWARD, True, True, True),
        (RequestType.CREATE, None, True, False, True),
        (RequestType.UPDATE, Relation.FORWARD, False, False, False),
        (RequestType.UPDATE, Relation.ROLLBACK, True, False, False),
    ],
)
def test_a_hub_that_is_not_in_sync_says_what_a_rollback_does(kind, relation, submitted, rollback, offer):
    """Only where the configuration was sent, and only where there is a previous one."""
    request = replace(REQUEST, type=kind)
    reasons = [messages.timed_out(request, FOUND, Progress(relation=relation, submitted=submitted), 60.0)]
    if submitted and relation is not Relation.ROLLBACK:
        reasons.append(messages.sync_failed(request, FOUND))
    for text in map(str, reasons):
        assert ("A rollback restores the previous configuration." in text) is rollback
        assert ("set wait_for=WaitFor.NOTHING (property WaitFor: NOTHING)." in text) is offer
        assert len(text) <= MAX_CHARACTERS
