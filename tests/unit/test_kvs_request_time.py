"""The time of a request, read from its ResponseURL."""

from datetime import UTC, datetime

import pytest

from kvs_edge.request_time import MAX_REQUEST_SECONDS, RESPONSE_URL_SECONDS, sent_at

SENT = datetime(2025, 11, 22, 10, 0, 5, tzinfo=UTC).timestamp()
HOUR = 3600.0


def _event(query: str) -> dict[str, str]:
    return {"ResponseURL": f"https://cloudformation-custom-resource-response-euwest1.example/arn%3Aaws?{query}"}


def _expires(sent: float) -> str:
    return f"AWSAccessKeyId=key&Expires={sent + RESPONSE_URL_SECONDS:.0f}&Signature=presigned"


def test_the_date_of_the_signature_is_the_time_of_the_request():
    """It is in UTC, independent of the machine's zone."""
    query = "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Date=20251122T100005Z&X-Amz-Expires=7199&X-Amz-Signature=presigned"
    assert sent_at(_event(query), SENT + 3.2) == SENT


def test_a_url_that_gives_its_end_alone_began_two_hours_before_that():
    """The older form of a presigned URL has Expires only."""
    assert sent_at(_event(_expires(SENT)), SENT + 3.2) == SENT


def test_the_date_counts_where_both_are_given():
    """It is a stamp; the end gives the time only with an assumption."""
    assert sent_at(_event(f"X-Amz-Date=20251122T100005Z&{_expires(SENT - 60.0)}"), SENT) == SENT


@pytest.mark.parametrize(
    "query",
    [
        "",
        "X-Amz-Signature=presigned",
        "X-Amz-Date=",
        "X-Amz-Date=yesterday",
        "X-Amz-Date=20251122T100005",
        "X-Amz-Date=2025-11-22T10:00:05Z",
        "X-Amz-Date=20251322T100005Z",
        "X-Amz-Date=20251122T100005Z%0A",
        "Expires=soon",
        "Expires=-1763812805",
        "Expires=1763812805.5",
        "Expires=1e9",
        "Expires=" + "9" * 400,
    ],
)
def test_a_url_that_says_no_time_gives_none(query):
    """The entry function's own clock then has to do."""
    assert sent_at(_event(query), SENT) is None


@pytest.mark.parametrize("event", [{}, {"ResponseURL": ""}, {"ResponseURL": None}], ids=str)
def test_an_event_without_a_url_gives_none(event):
    """It cannot be answered, and is no crash here."""
    assert sent_at(event, SENT) is None


def test_a_date_that_cannot_be_read_leaves_the_end():
    """One of the two is enough."""
    assert sent_at(_event(f"X-Amz-Date=yesterday&{_expires(SENT)}"), SENT) == SENT


@pytest.mark.parametrize(
    ("late", "is_taken"),
    [
        pytest.param(0.0, True, id="at once"),
        pytest.param(6 * HOUR, True, id="as long as Lambda keeps an event"),
        pytest.param(6 * HOUR + 1.0, False, id="longer than Lambda keeps an event"),
        pytest.param(-0.5, True, id="the function's clock is a little behind"),
        pytest.param(-HOUR, True, id="the function's clock is an hour behind"),
        pytest.param(-HOUR - 1.0, False, id="signed in the future"),
    ],
)
def test_a_date_is_taken_if_it_can_be_this_requests(late, is_taken):
    """A stamp that cannot be is worse than none: budgets count from it."""
    assert sent_at(_event("X-Amz-Date=20251122T100005Z"), SENT + late) == (SENT if is_taken else None)


@pytest.mark.parametrize(
    ("late", "is_taken"),
    [
        pytest.param(0.0, True, id="at once"),
        pytest.param(MAX_REQUEST_SECONDS - 1.0, True, id="nearly the longest request"),
        pytest.param(MAX_REQUEST_SECONDS, False, id="the longest request"),
        pytest.param(-HOUR, True, id="an hour ahead"),
        pytest.param(-HOUR - 1.0, False, id="more than an hour ahead"),
    ],
)
def test_an_end_alone_is_taken_while_the_request_can_still_be_open(late, is_taken):
    """Past that the URL has another validity than the assumed one, and says nothing."""
    assert sent_at(_event(_expires(SENT)), SENT + late) == (SENT if is_taken else None)


def test_a_date_that_cannot_be_this_requests_is_not_made_up_for_by_the_end():
    """The URL is then not one that is understood."""
    assert sent_at(_event(f"X-Amz-Date=20241122T100005Z&{_expires(SENT)}"), SENT) is None
