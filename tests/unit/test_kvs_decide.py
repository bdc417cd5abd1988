"""Each row of docs/lifecycle.md, as it stands there."""

from dataclasses import replace

import pytest

from kvs_edge import explain
from kvs_edge.configuration import Stream
from kvs_edge.decide import (
    LONGEST_SYNC,
    MAX_DELETES,
    PATIENCE_WHEN_DENIED,
    PATIENCE_WITH_NEW_STREAMS,
    PATIENCE_WITH_STALE_READS,
    Delete,
    Done,
    Fail,
    Start,
    Wait,
    deadline,
    decide,
    decide_refusal,
)
from kvs_edge.memory import Memory
from kvs_edge.observed import Absent, Found, Refusal, RefusalKind, StreamAbsent, SyncStatus
from kvs_edge.reasons import Code
from kvs_edge.request import Request, RequestType

SINCE = 1_000_000.0
LATER = SINCE + 300.0


def _config(hub: str, hours: int) -> dict:
    source = {
        "MediaUriSecretArn": "arn:aws:secretsmanager:eu-west-1:123456789012:secret:front-door-AbCdEf",
        "MediaUriType": "RTSP_URI",
    }
    return {
        "HubDeviceArn": f"arn:aws:iot:eu-west-1:123456789012:thing/{hub}",
        "RecorderConfig": {"MediaSourceConfig": source},
        "DeletionConfig": {"EdgeRetentionInHours": hours},
    }


DESIRED, ANOTHER, ELSEWHERE = _config("hub-a", 24), _config("hub-a", 48), _config("hub-b", 24)
MORE = {**DESIRED, "DeletionConfig": {**DESIRED["DeletionConfig"], "DeleteAfterUpload": False}}
UPDATE = Request(RequestType.UPDATE, Stream("front-door"), DESIRED, retain=False, physical_id="front-door")
CREATE = replace(UPDATE, type=RequestType.CREATE, physical_id="")
DELETE = replace(UPDATE, type=RequestType.DELETE)
MOVE = replace(UPDATE, hub_move_allowed=True)
WAY_BACK = replace(UPDATE, hub_before=ELSEWHERE["HubDeviceArn"])
NO_WAIT = replace(UPDATE, wait_for_sync=False)
RESTART = replace(UPDATE, restart=True)

NEW = Memory(since=SINCE, status_since=SINCE)
SENT = NEW.but(submitted=True, written_at=SINCE + 1.0)
BACK = NEW.but(rolling_back=True)
BACK_SENT = SENT.but(rolling_back=True)
OVERTAKEN = NEW.but(overtaken=True)
TRIED = NEW.but(deletes=MAX_DELETES)


def _found(status: str, config: dict = DESIRED, updated: str = "now") -> Found:
    return Found(SyncStatus(status), config, "the hub says no", "front-door", "arn", "created", updated)


def _row(text: str, request, observed, memory, expected, now: float = LATER):
    name = expected.value if isinstance(expected, Code) else expected.__name__
    return pytest.param(request, observed, memory, now, expected, id=f"{text} -> {name}")


def _assert_decided(decision, expected) -> None:
    if isinstance(expected, Code):
        assert isinstance(decision, Fail)
        assert decision.reason.code is expected
    else:
        assert type(decision) is expected


ROWS = [
    _row("stream absent, a moment after the request", CREATE, StreamAbsent(), NEW, Wait, SINCE + 29.0),
    _row("stream absent", CREATE, StreamAbsent(), NEW, Code.STREAM_NOT_FOUND, SINCE + PATIENCE_WITH_NEW_STREAMS),
    _row("stream absent, submitted", UPDATE, StreamAbsent(), SENT, Code.STREAM_NOT_FOUND),
    _row("absent", CREATE, Absent(), NEW, Start),
    _row("absent, rolling back", UPDATE, Absent(), BACK, Start),
    _row("absent, submitted, the look may be stale", CREATE, Absent(), SENT, Wait, SINCE + 30.0),
    _row("absent, submitted", CREATE, Absent(), SENT, Code.CONFIGURATION_DELETED, SINCE + 31.0),
    _row(
        "absent, submitted over another",
        UPDATE,
        Absent(),
        SENT.but(before=("IN_SYNC", "earlier")),
        Code.CONFIGURATION_DELETED,
        SINCE + 2.0,
    ),
    *[
        row
        for status in ("SYNCING", "ACKNOWLEDGED")
        for row in (
            _row(f"{status}, as desired", UPDATE, _found(status), NEW, Wait),
            _row(f"{status}, as desired, submitted", UPDATE, _found(status), SENT, Wait),
            _row(f"{status}, as desired, rolling back", UPDATE, _found(status), BACK, Done),
            _row(f"{status}, as desired, submitted, rolling back", UPDATE, _found(status), BACK_SENT, Done),
            _row(f"{status}, as desired, without waiting", NO_WAIT, _found(status), NEW, Done),
            _row(f"{status}, as desired, submitted, without waiting", NO_WAIT, _found(status), SENT, Done),
            _row(f"{status}, another, not yet submitted", UPDATE, _found(status, ANOTHER), NEW, Wait),
            _row(f"{status}, another, rolling back", UPDATE, _found(status, ANOTHER), BACK, Wait),
            _row(f"{status}, another, submitted", UPDATE, _found(status, ANOTHER), SENT, Code.SUPERSEDED),
        )
    ],
    _row("IN_SYNC, as desired", CREATE, _found("IN_SYNC"), NEW, Done),
    _row("IN_SYNC, as desired, submitted", UPDATE, _found("IN_SYNC"), SENT, Done),
    _row("IN_SYNC, as desired, sync token changed", RESTART, _found("IN_SYNC"), NEW, Start),
    _row("IN_SYNC, as desired, sync token changed, submitted", RESTART, _found("IN_SYNC"), SENT, Done),
    _row("IN_SYNC, as desired, sync token changed back in a roll back", RESTART, _found("IN_SYNC"), BACK, Done),
    _row("IN_SYNC, another, same hub, not yet submitted", UPDATE, _found("IN_SYNC", ANOTHER), NEW, Start),
    _row("IN_SYNC, another, submitted", UPDATE, _found("IN_SYNC", ANOTHER), SENT, Code.SUPERSEDED),
    _row("IN_SYNC, on another hub, submitted", MOVE, _found("IN_SYNC", ELSEWHERE), SENT, Code.SUPERSEDED),
    _row("IN_SYNC, with a field that is no longer declared", UPDATE, _found("IN_SYNC", MORE), NEW, Start),
    _row(
        "IN_SYNC, with a field that only the service filled in, submitted", UPDATE, _found("IN_SYNC", MORE), SENT, Done
    ),
    _row("SYNCING, with a field that is no longer declared", NO_WAIT, _found("SYNCING", MORE), NEW, Wait),
    _row("SYNC_FAILED, as desired, submitted", UPDATE, _found("SYNC_FAILED"), SENT, Code.SYNC_FAILED),
    _row("SYNC_FAILED, as desired, submitted, rolling back", UPDATE, _found("SYNC_FAILED"), BACK_SENT, Done),
    _row("SYNC_FAILED, as desired, not submitted", UPDATE, _found("SYNC_FAILED"), NEW, Start),
    _row("SYNC_FAILED, another", UPDATE, _found("SYNC_FAILED", ANOTHER), NEW, Start),
    _row("SYNC_FAILED, another, rolling back", UPDATE, _found("SYNC_FAILED", ANOTHER), BACK, Start),
    _row("SYNC_FAILED, another, submitted", UPDATE, _found("SYNC_FAILED", ANOTHER), SENT, Code.SUPERSEDED),
    *[
        row
        for status in ("SYNCING", "ACKNOWLEDGED", "IN_SYNC", "SYNC_FAILED", "DELETE_FAILED")
        for row in (
            _row(f"{status} on another hub", UPDATE, _found(status, ELSEWHERE), NEW, Code.HUB_MOVE_FORBIDDEN),
            _row(f"{status} on another hub, move allowed", MOVE, _found(status, ELSEWHERE), NEW, Delete),
            _row(f"{status} on another hub, the way back", WAY_BACK, _found(status, ELSEWHERE), BACK, Delete),
            _row(f"{status} on another hub, by others, rolling back", UPDATE, _found(status, ELSEWHERE), BACK, Done),
            _row(f"{status} on another hub, by others, allowed", MOVE, _found(status, ELSEWHERE), BACK, Delete),
            _row(
                f"{status} on another hub, no roll back",
                WAY_BACK,
                _found(status, ELSEWHERE),
                NEW,
                Code.HUB_MOVE_FORBIDDEN,
            ),
            _row(f"{status} on another hub, three times", MOVE, _found(status, ELSEWHERE), TRIED, Code.DELETE_FAILED),
        )
    ],
    *[
        _row(f"{status}, {text}", MOVE, _found(status, config), memory, Wait)
        for status in ("DELETING", "DELETING_ACKNOWLEDGED")
        for text, config, memory in (
            ("same hub", DESIRED, NEW),
            ("in a move", ELSEWHERE, NEW.but(deletes=1)),
            ("submitted", DESIRED, SENT),
            ("rolling back", DESIRED, BACK),
        )
    ],
    _row("DELETE_FAILED, same hub", UPDATE, _found("DELETE_FAILED"), NEW, Start),
    _row("DELETE_FAILED, same hub, another", UPDATE, _found("DELETE_FAILED", ANOTHER), NEW, Start),
    _row("DELETE_FAILED, as desired, submitted", UPDATE, _found("DELETE_FAILED"), SENT, Code.SUPERSEDED),
    _row("overtaken, something to write", UPDATE, _found("IN_SYNC", ANOTHER), OVERTAKEN, Code.SUPERSEDED),
    _row("overtaken, something to delete", MOVE, _found("IN_SYNC", ELSEWHERE), OVERTAKEN, Code.SUPERSEDED),
    _row("overtaken, waiting", UPDATE, _found("SYNCING", ANOTHER), OVERTAKEN, Code.SUPERSEDED),
    _row("overtaken, yet fulfilled", UPDATE, _found("IN_SYNC"), OVERTAKEN, Done),
    _row("time used up, waiting", UPDATE, _found("SYNCING"), SENT, Code.TIMED_OUT, SINCE + 1200.0),
    _row("time used up, something to write", UPDATE, Absent(), NEW, Code.TIMED_OUT, SINCE + 1200.0),
    _row("time used up, something to delete", MOVE, _found("IN_SYNC", ELSEWHERE), NEW, Code.TIMED_OUT, SINCE + 1200.0),
    _row("time used up, yet fulfilled", UPDATE, _found("IN_SYNC"), SENT, Done, SINCE + 1200.0),
]

NAMELESS = replace(DELETE, physical_id="an-id-of-cloudformation")
DELETE_ROWS = [
    _row("an invented id, another's configuration", NAMELESS, _found("IN_SYNC", ANOTHER), NEW, Done),
    _row("an invented id, as desired", NAMELESS, _found("IN_SYNC"), NEW, Delete),
    _row("an invented id, nothing desired", replace(NAMELESS, desired={}), _found("IN_SYNC"), NEW, Done),
    _row("absent", DELETE, Absent(), NEW, Done),
    _row("stream absent", DELETE, StreamAbsent(), NEW, Done),
    *[
        _row(f"{status}, {text}", DELETE, _found(status, config), NEW, Delete)
        for status in ("IN_SYNC", "SYNC_FAILED", "SYNCING", "ACKNOWLEDGED", "DELETE_FAILED")
        for text, config in (("as desired", DESIRED), ("another", ANOTHER), ("another hub", ELSEWHERE))
    ],
    *[
        row
        for status in ("DELETING", "DELETING_ACKNOWLEDGED")
        for row in (
            _row(status, DELETE, _found(status), NEW, Wait),
            _row(f"{status}, rolling back", DELETE, _found(status), BACK, Done),
        )
    ],
    _row("DELETE_FAILED, twice", DELETE, _found("DELETE_FAILED"), NEW.but(deletes=2), Delete),
    _row("DELETE_FAILED, three times", DELETE, _found("DELETE_FAILED"), TRIED, Code.DELETE_FAILED),
    _row("time used up", DELETE, _found("DELETING"), NEW, Code.TIMED_OUT, SINCE + 1200.0),
]


@pytest.mark.parametrize(("request_", "observed", "memory", "now", "expected"), ROWS)
def test_create_and_update(request_, observed, memory, now, expected):
    """The table "Create and Update" of docs/lifecycle.md, with roll back, time-out and newer requests."""
    _assert_decided(decide(request_, observed, memory, now), expected)


@pytest.mark.parametrize(("request_", "observed", "memory", "now", "expected"), DELETE_ROWS)
def test_delete(request_, observed, memory, now, expected):
    """The table "Delete" of docs/lifecycle.md."""
    _assert_decided(decide(request_, observed, memory, now), expected)


STALE = SENT.but(before=("IN_SYNC", "earlier"), written_at=LATER)


@pytest.mark.parametrize(
    ("observed", "seconds", "expected"),
    [
        pytest.param(_found("IN_SYNC", ANOTHER, "earlier"), 0.0, Wait, id="as before the write -> look again"),
        pytest.param(
            _found("IN_SYNC", ANOTHER, "earlier"),
            PATIENCE_WITH_STALE_READS,
            Code.SUPERSEDED,
            id="still as before -> believed in the end",
        ),
        pytest.param(_found("SYNCING", DESIRED, "now"), 0.0, Wait, id="changed -> believed"),
        pytest.param(_found("IN_SYNC", ANOTHER, "now"), 0.0, Code.SUPERSEDED, id="changed to another -> superseded"),
        pytest.param(_found("IN_SYNC", DESIRED, "now"), 0.0, Done, id="in sync already -> done"),
    ],
)
def test_a_look_that_may_be_older_than_the_write_is_not_believed_at_once(observed, seconds, expected):
    """The service promises no read after write."""
    _assert_decided(decide(UPDATE, observed, STALE, LATER + seconds), expected)


def test_a_failed_delete_that_looks_the_same_is_not_repeated_before_it_can_have_failed_again():
    """Else three Deletes would be spent in as many seconds."""
    memory = NEW.but(deletes=1, before=("DELETE_FAILED", "now"), written_at=LATER)
    _assert_decided(decide(DELETE, _found("DELETE_FAILED"), memory, LATER + 1.0), Wait)
    _assert_decided(decide(DELETE, _found("DELETE_FAILED"), memory, LATER + PATIENCE_WITH_STALE_READS), Delete)


@pytest.mark.parametrize(
    ("request_", "memory", "seconds"),
    [
        pytest.param(replace(UPDATE, sync_timeout=60.0), NEW, 60.0, id="the user's"),
        pytest.param(replace(UPDATE, sync_timeout=60.0), BACK, LONGEST_SYNC, id="a roll back has a whole sync"),
        pytest.param(replace(UPDATE, sync_timeout=1800.0), BACK, 1800.0, id="a roll back has the user's if longer"),
        pytest.param(replace(DELETE, sync_timeout=60.0), NEW, LONGEST_SYNC, id="a Delete has a whole sync"),
    ],
)
def test_deadline(request_, memory, seconds):
    """A roll back and a Delete have never less than the service itself takes."""
    assert deadline(request_, memory) == SINCE + seconds


def _refusal(kind: RefusalKind) -> Refusal:
    return Refusal(kind, "kinesisvideo:StartEdgeConfigurationUpdate", "SomeException", "the service's own words")


@pytest.mark.parametrize(
    ("kind", "observed", "seconds", "expected"),
    [
        pytest.param(RefusalKind.THROTTLED, None, 300.0, Wait, id="ClientLimitExceeded, any throttle -> Wait"),
        pytest.param(RefusalKind.LOST, Absent(), 300.0, Wait, id="5xx, a dropped connection -> Wait"),
        pytest.param(RefusalKind.IN_USE, Absent(), 300.0, Wait, id="ResourceInUse -> Wait"),
        pytest.param(RefusalKind.NOT_FOUND, _found("IN_SYNC"), 300.0, Wait, id="not found on a write -> Wait"),
        pytest.param(RefusalKind.DENIED, None, 59.0, Wait, id="AccessDenied, first minute -> Wait"),
        pytest.param(
            RefusalKind.DENIED, None, PATIENCE_WHEN_DENIED, Code.ACCESS_DENIED, id="AccessDenied, later -> Fail"
        ),
        pytest.param(RefusalKind.NO_RETENTION, Absent(), 1.0, Code.NO_DATA_RETENTION, id="NoDataRetention -> Fail"),
        pytest.param(RefusalKind.INVALID, Absent(), 1.0, Code.INVALID_CONFIGURATION, id="InvalidArgument -> Fail"),
        pytest.param(RefusalKind.INVALID, None, 1.0, Code.INVALID_CONFIGURATION, id="InvalidArgument, look -> Fail"),
        pytest.param(
            RefusalKind.INVALID, _found("SYNCING"), 1.0, Wait, id="InvalidArgument for a Delete while syncing -> Wait"
        ),
        pytest.param(RefusalKind.OTHER, None, 1.0, Code.REFUSED, id="anything else -> Fail"),
        pytest.param(RefusalKind.IN_USE, Absent(), 1200.0, Code.TIMED_OUT, id="the time is used up -> Fail"),
    ],
)
def test_errors_from_the_service(kind, observed, seconds, expected):
    """The table "When the service refuses a call" of docs/lifecycle.md."""
    _assert_decided(decide_refusal(UPDATE, observed, _refusal(kind), NEW, SINCE + seconds), expected)


@pytest.mark.parametrize("kind", RefusalKind)
def test_an_overtaken_request_does_not_outlast_a_refusal(kind):
    """Whatever the service refuses, the newer request's outcome is the one that counts."""
    decision = decide_refusal(UPDATE, _found("SYNCING"), _refusal(kind), OVERTAKEN, SINCE + 1.0)
    assert isinstance(decision, Fail)


def test_done_says_what_getatt_offers():
    """The attributes are those of the configuration that was seen."""
    decision = decide(UPDATE, _found("IN_SYNC"), SENT, LATER)
    assert decision == Done(
        {
            "SyncStatus": "IN_SYNC",
            "CreationTime": "created",
            "LastUpdatedTime": "now",
            "StreamName": "front-door",
            "StreamARN": "arn",
        }
    )


def test_a_roll_back_that_did_not_wait_warns():
    """Its success is not the hub's, and somebody should know."""
    synced = _found("SYNC_FAILED")
    assert decide(UPDATE, synced, BACK_SENT, LATER).warning == explain.rolled_back_unsynced(UPDATE, synced)
    assert decide(DELETE, _found("DELETING"), BACK, LATER).warning == explain.deleting_unconfirmed(DELETE)
    assert decide(NO_WAIT, _found("SYNCING"), SENT, LATER).warning == ""
