"""Each row of docs/lifecycle.md."""

from dataclasses import replace

import pytest

from kvs_edge import messages
from kvs_edge.configuration import Stream
from kvs_edge.decide import (
    DENIED_GRACE_SECONDS,
    OFFLINE_HUB_SECONDS,
    ROLLBACK_DENIED_GRACE_SECONDS,
    deadline,
    decide,
    decide_failure,
)
from kvs_edge.decide_delete import RESOURCES_ACTION, RESOURCES_GRACE_SECONDS
from kvs_edge.decide_forward import NEW_STREAM_GRACE_SECONDS
from kvs_edge.decisions import MAX_DELETES, STALE_GRACE_SECONDS, Delete, Done, Fail, Start, Wait
from kvs_edge.observed import Absent, CallFailure, CallFailureKind, Found, StreamAbsent, SyncStatus
from kvs_edge.operation import MISSING_GRACE_SECONDS, ROLLBACK_GRACE_SECONDS, Relation
from kvs_edge.progress import Progress
from kvs_edge.reasons import FailureCode
from kvs_edge.request import UNCONFIRMED, Request, RequestType
from kvs_edge.wait_for import WaitFor

SINCE = 1_000_000.0
LATER = SINCE + 300.0
BEGAN = SINCE - 60.0
"""When the operation began that a rollback undoes."""

BEFORE_IT, SINCE_IT = "1970-01-12T13:00:00.000+00:00", "1970-01-12T13:46:00.000+00:00"
"""Times before and after that; SINCE is 13:46:40 on that day."""

AFTER_IT = "1970-01-12T13:46:50.000+00:00"
"""A time after the request."""


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
UPDATE = Request(
    RequestType.UPDATE,
    Stream("front-door"),
    DESIRED,
    retain=False,
    physical_id="front-door",
    sent_at=SINCE,
    received_at=SINCE,
)
CREATE = replace(UPDATE, type=RequestType.CREATE, physical_id="")
DELETE = replace(UPDATE, type=RequestType.DELETE)
MOVE = replace(UPDATE, hub_move_allowed=True)
WAY_BACK = replace(UPDATE, hub_before=ELSEWHERE["HubDeviceArn"])
NO_WAIT = replace(UPDATE, wait_for=WaitFor.NOTHING)
RESTART = replace(UPDATE, restart=True)

UNASKED = Progress(status_since=SINCE)
NEW = UNASKED.replace(relation=Relation.FORWARD)
SENT = NEW.replace(submitted=True, written_at=SINCE + 1.0)
BACK = NEW.replace(relation=Relation.ROLLBACK, began=BEGAN)
BACK_SENT = SENT.replace(relation=Relation.ROLLBACK, began=BEGAN)
SUPERSEDED = NEW.replace(relation=Relation.SUPERSEDED, stack_status="UPDATE_ROLLBACK_IN_PROGRESS")
UNKNOWN = NEW.replace(relation=Relation.UNKNOWN)
STACK_DENIED = UNKNOWN.replace(stack_denied_since=LATER)
TRIED = NEW.replace(deletes=MAX_DELETES)
CRASHED = NEW.replace(crashed=True)
LATE_CREATE = replace(CREATE, received_at=SINCE + 100.0)
RENAME = replace(UPDATE, old_stream=Stream("front-door-2"), old_retain=False, physical_id="front-door-2")


def _next_write(config: dict) -> type[Start] | type[Delete]:
    return Delete if config is ELSEWHERE else Start


def _found(status: str, config: dict = DESIRED, updated: str = SINCE_IT, created: str = SINCE_IT) -> Found:
    return Found(SyncStatus(status), config, "the hub says no", "front-door", "arn", created, updated)


def _older(status: str, config: dict = DESIRED) -> Found:
    """Return a configuration that is older than the operation."""
    return _found(status, config, BEFORE_IT, BEFORE_IT)


def _row(text: str, request, observed, progress, expected, now: float = LATER):
    name = expected.value if isinstance(expected, FailureCode) else expected.__name__
    return pytest.param(request, observed, progress, now, expected, id=f"{text} -> {name}")


def _assert_decided(decision, expected) -> None:
    if isinstance(expected, FailureCode):
        assert isinstance(decision, Fail)
        assert decision.reason.code is expected
    else:
        assert type(decision) is expected


ROWS = [
    _row("stream absent, a moment after the request", CREATE, StreamAbsent(), NEW, Wait, SINCE + 29.0),
    _row("stream absent", CREATE, StreamAbsent(), NEW, FailureCode.STREAM_NOT_FOUND, SINCE + NEW_STREAM_GRACE_SECONDS),
    _row("stream absent, submitted", UPDATE, StreamAbsent(), SENT, FailureCode.STREAM_NOT_FOUND),
    _row("absent", CREATE, Absent(), NEW, Start),
    _row("absent, rolling back", UPDATE, Absent(), BACK, Start),
    _row("absent, rolling back, the rename itself, at first", RENAME, Absent(), BACK, Wait, SINCE + 29.0),
    _row("absent, rolling back, the rename itself", RENAME, Absent(), BACK, Done, SINCE + STALE_GRACE_SECONDS),
    _row(
        "absent, rolling back, a rename that was sent", RENAME, Absent(), BACK_SENT, FailureCode.CONFIGURATION_DELETED
    ),
    _row("absent, submitted, the look may be stale", CREATE, Absent(), SENT, Wait, SINCE + 30.0),
    _row("absent, submitted", CREATE, Absent(), SENT, FailureCode.CONFIGURATION_DELETED, SINCE + 31.0),
    _row(
        "absent, submitted over another",
        UPDATE,
        Absent(),
        SENT.replace(before=("IN_SYNC", "earlier")),
        Wait,
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
            _row(f"{status}, another, submitted", UPDATE, _found(status, ANOTHER), SENT, FailureCode.SUPERSEDED),
        )
    ],
    _row("IN_SYNC, as desired", CREATE, _found("IN_SYNC"), NEW, Done),
    _row("IN_SYNC, as desired, submitted", UPDATE, _found("IN_SYNC"), SENT, Done),
    _row("IN_SYNC, as desired, sync token changed", RESTART, _found("IN_SYNC"), NEW, Start),
    _row("IN_SYNC, as desired, sync token changed, submitted", RESTART, _found("IN_SYNC"), SENT, Done),
    _row(
        "IN_SYNC, as desired, sync token changed, a crashed tick sent it",
        RESTART,
        _found("IN_SYNC", updated="1970-01-12T13:46:41.000+00:00"),
        CRASHED,
        Done,
    ),
    _row(
        "IN_SYNC, as desired, sync token changed, sent by another since",
        RESTART,
        _found("IN_SYNC", updated="1970-01-12T13:46:41.000+00:00"),
        NEW,
        Start,
    ),
    _row("IN_SYNC, as before, sync token changed, a tick crashed", RESTART, _older("IN_SYNC"), CRASHED, Start),
    _row("IN_SYNC, as desired, the stack's answer may lag", UPDATE, _found("IN_SYNC"), NEW, Wait, SINCE + 9.0),
    _row("IN_SYNC, as desired, a Create", CREATE, _found("IN_SYNC"), NEW, Done, SINCE + 1.0),
    _row("IN_SYNC, as desired, sync token changed back in a roll back", RESTART, _found("IN_SYNC"), BACK, Done),
    _row("IN_SYNC, as desired, rolling back, a write may be under way", UPDATE, _found("IN_SYNC"), BACK, Wait, SINCE),
    _row(
        "IN_SYNC, as desired, rolling back, no write can be under way",
        UPDATE,
        _found("IN_SYNC"),
        BACK,
        Done,
        SINCE + STALE_GRACE_SECONDS,
    ),
    _row("IN_SYNC, another, rolling back", UPDATE, _found("IN_SYNC", ANOTHER), BACK, Start),
    _row(
        "IN_SYNC, another, rolling back, the look may be stale",
        UPDATE,
        _found("IN_SYNC", ANOTHER),
        BACK.replace(before=("IN_SYNC", SINCE_IT), written_at=LATER),
        Wait,
    ),
    _row("IN_SYNC, another, from before the operation", UPDATE, _older("IN_SYNC", ANOTHER), BACK, Done),
    _row("IN_SYNC, another, without a time", UPDATE, _found("IN_SYNC", ANOTHER, ""), BACK, Done),
    _row("IN_SYNC, as desired, submitted, rolling back", UPDATE, _found("IN_SYNC"), BACK_SENT, Done),
    _row(
        "IN_SYNC, another, submitted, rolling back",
        UPDATE,
        _found("IN_SYNC", ANOTHER),
        BACK_SENT,
        FailureCode.SUPERSEDED,
    ),
    _row("IN_SYNC, another, same hub, not yet submitted", UPDATE, _found("IN_SYNC", ANOTHER), NEW, Start),
    _row("IN_SYNC, another, submitted", UPDATE, _found("IN_SYNC", ANOTHER), SENT, FailureCode.SUPERSEDED),
    _row("IN_SYNC, on another hub, submitted", MOVE, _found("IN_SYNC", ELSEWHERE), SENT, FailureCode.SUPERSEDED),
    _row("IN_SYNC, with a field that is no longer declared", UPDATE, _found("IN_SYNC", MORE), NEW, Start),
    _row(
        "IN_SYNC, with a field that only the service filled in, submitted", UPDATE, _found("IN_SYNC", MORE), SENT, Done
    ),
    _row("SYNCING, with a field that is no longer declared", NO_WAIT, _found("SYNCING", MORE), NEW, Wait),
    _row("SYNC_FAILED, as desired, submitted", UPDATE, _found("SYNC_FAILED"), SENT, FailureCode.SYNC_FAILED),
    _row("SYNC_FAILED, as desired, submitted, rolling back", UPDATE, _found("SYNC_FAILED"), BACK_SENT, Done),
    _row("SYNC_FAILED, as desired, not submitted", UPDATE, _found("SYNC_FAILED"), NEW, Start),
    _row("SYNC_FAILED, another", UPDATE, _found("SYNC_FAILED", ANOTHER), NEW, Start),
    _row("SYNC_FAILED, as desired, not submitted, rolling back", UPDATE, _older("SYNC_FAILED"), BACK, Done),
    _row("SYNC_FAILED, another, rolling back", UPDATE, _found("SYNC_FAILED", ANOTHER), BACK, Start),
    _row("SYNC_FAILED, another, submitted", UPDATE, _found("SYNC_FAILED", ANOTHER), SENT, FailureCode.SUPERSEDED),
    *[
        row
        for status in ("SYNCING", "ACKNOWLEDGED", "IN_SYNC", "SYNC_FAILED", "DELETE_FAILED")
        for row in (
            _row(f"{status} on another hub", UPDATE, _found(status, ELSEWHERE), NEW, FailureCode.HUB_MOVE_FORBIDDEN),
            _row(f"{status} on another hub, move allowed", MOVE, _found(status, ELSEWHERE), NEW, Delete),
            _row(
                f"{status} on another hub, move allowed, the stack's answer may lag",
                MOVE,
                _found(status, ELSEWHERE),
                NEW,
                Wait,
                SINCE + ROLLBACK_GRACE_SECONDS - 0.1,
            ),
            _row(
                f"{status} on another hub, a Create's move",
                replace(CREATE, hub_move_allowed=True),
                _found(status, ELSEWHERE),
                NEW,
                Delete,
                SINCE + 1.0,
            ),
            _row(f"{status} on another hub, the way back", WAY_BACK, _found(status, ELSEWHERE), BACK, Delete),
            _row(f"{status} on a third hub, rolling back", UPDATE, _found(status, ELSEWHERE), BACK, Done),
            _row(f"{status} on a third hub, rolling back, allowed", MOVE, _found(status, ELSEWHERE), BACK, Done),
            _row(f"{status} on another hub, before the operation", WAY_BACK, _older(status, ELSEWHERE), BACK, Done),
            _row(
                f"{status} on another hub, sent again in the operation, with footage from before",
                WAY_BACK,
                _found(status, ELSEWHERE, created=BEFORE_IT),
                BACK,
                Done,
            ),
            _row(
                f"{status} on another hub, as soon as the roll back begins",
                UPDATE,
                _older(status, ELSEWHERE),
                BACK,
                Wait,
                SINCE + 29.0,
            ),
            _row(
                f"{status} on another hub, rolling back, no write can be under way",
                UPDATE,
                _older(status, ELSEWHERE),
                BACK,
                Done,
                SINCE + STALE_GRACE_SECONDS,
            ),
            _row(
                f"{status} on another hub, the stack's answer can lag no more",
                UPDATE,
                _found(status, ELSEWHERE),
                NEW,
                FailureCode.HUB_MOVE_FORBIDDEN,
                SINCE + ROLLBACK_GRACE_SECONDS,
            ),
            _row(
                f"{status} on another hub, the stack's answer may lag",
                UPDATE,
                _found(status, ELSEWHERE),
                NEW,
                Wait,
                SINCE + ROLLBACK_GRACE_SECONDS - 0.1,
            ),
            _row(
                f"{status} on another hub, a Create has no roll back to wait for",
                CREATE,
                _found(status, ELSEWHERE),
                NEW,
                FailureCode.HUB_MOVE_FORBIDDEN,
                SINCE + 1.0,
            ),
            _row(
                f"{status} on another hub, no roll back",
                WAY_BACK,
                _found(status, ELSEWHERE),
                NEW,
                FailureCode.HUB_MOVE_FORBIDDEN,
            ),
            _row(
                f"{status} on another hub, three times",
                MOVE,
                _found(status, ELSEWHERE),
                TRIED,
                FailureCode.DELETE_FAILED,
            ),
        )
    ],
    *[
        _row(f"{status}, {text}", MOVE, _found(status, config), progress, Wait)
        for status in ("DELETING", "DELETING_ACKNOWLEDGED")
        for text, config, progress in (
            ("same hub", DESIRED, NEW),
            ("in a move", ELSEWHERE, NEW.replace(deletes=1)),
            ("submitted", DESIRED, SENT),
            ("rolling back", DESIRED, BACK),
        )
    ],
    *[
        row
        for text, config in (("another", ANOTHER), ("another hub", ELSEWHERE))
        for row in (
            _row(
                f"{text}, after a crash",
                MOVE,
                _found("IN_SYNC", config, created=AFTER_IT),
                CRASHED,
                FailureCode.SUPERSEDED,
            ),
            _row(
                f"{text}, after a crash, in sync, older", MOVE, _older("IN_SYNC", config), CRASHED, _next_write(config)
            ),
            _row(f"{text}, after a crash, older", MOVE, _found("DELETE_FAILED", config), CRASHED, _next_write(config)),
            _row(
                f"{text}, after a crash, its own Delete failed",
                MOVE,
                _found("DELETE_FAILED", config, created=AFTER_IT),
                CRASHED,
                _next_write(config),
            ),
            _row(f"{text}, no crash", MOVE, _found("IN_SYNC", config, created=AFTER_IT), NEW, _next_write(config)),
        )
    ],
    _row("as desired, after a crash", UPDATE, _found("IN_SYNC", created=AFTER_IT), CRASHED, Done),
    _row("DELETE_FAILED, same hub", UPDATE, _found("DELETE_FAILED"), NEW, Start),
    _row("DELETE_FAILED, same hub, another", UPDATE, _found("DELETE_FAILED", ANOTHER), NEW, Start),
    _row("DELETE_FAILED, as desired, submitted", UPDATE, _found("DELETE_FAILED"), SENT, FailureCode.SUPERSEDED),
    _row("DELETE_FAILED, as desired, rolling back", UPDATE, _older("DELETE_FAILED"), BACK, Start),
    _row(
        "DELETE_FAILED, as desired, submitted, rolling back",
        UPDATE,
        _found("DELETE_FAILED"),
        BACK_SENT,
        FailureCode.SUPERSEDED,
    ),
    _row("a status that no model has", UPDATE, _found("UNKNOWN"), NEW, Wait),
    _row(
        "a status that no model has, time used up",
        UPDATE,
        _found("UNKNOWN"),
        NEW,
        FailureCode.TIMED_OUT,
        SINCE + 1200.0,
    ),
    _row("unknown stack, a Create's write", CREATE, Absent(), UNKNOWN, Wait),
    _row("unknown stack, a Create that is fulfilled", CREATE, _found("IN_SYNC"), UNKNOWN, Done),
    _row(
        "unknown stack, a Create that fails",
        CREATE,
        _found("IN_SYNC", ELSEWHERE),
        UNKNOWN,
        FailureCode.HUB_MOVE_FORBIDDEN,
    ),
    _row("unknown stack, a late Create that is fulfilled", LATE_CREATE, _found("IN_SYNC"), UNKNOWN, Wait),
    _row("stack not asked, a Create's write", CREATE, Absent(), UNASKED, Start),
    _row("stack not asked, an Update's write", UPDATE, Absent(), UNASKED, Wait),
    _row("stack not asked, an Update that is fulfilled", UPDATE, _found("IN_SYNC"), UNASKED, Wait),
    _row("unknown stack, an Update's write", UPDATE, _found("IN_SYNC", ANOTHER), UNKNOWN, Wait),
    _row("unknown stack, a move", MOVE, _found("IN_SYNC", ELSEWHERE), UNKNOWN, Wait),
    _row("unknown stack, an Update that would fail", UPDATE, _found("IN_SYNC", ELSEWHERE), UNKNOWN, Wait),
    _row("unknown stack, an Update with nothing to do", UPDATE, _found("IN_SYNC"), UNKNOWN, Done),
    _row(
        "unknown stack, an Update with nothing to do, at first", UPDATE, _found("IN_SYNC"), UNKNOWN, Wait, SINCE + 29.0
    ),
    _row(
        "unknown stack, an Update with nothing to do, after a while",
        UPDATE,
        _found("IN_SYNC"),
        UNKNOWN,
        Done,
        SINCE + STALE_GRACE_SECONDS,
    ),
    _row(
        "unknown stack, an Update that was sent",
        UPDATE,
        _found("IN_SYNC"),
        UNKNOWN.replace(submitted=True, written_at=SINCE + 1.0),
        Done,
        SINCE + 2.0,
    ),
    _row(
        "unknown stack, an Update with nothing to do, whose other stream may be left behind",
        replace(UPDATE, old_stream=Stream("front-door-2"), old_retain=False),
        _found("IN_SYNC"),
        UNKNOWN,
        Wait,
    ),
    _row("unknown stack, time used up", UPDATE, Absent(), UNKNOWN, FailureCode.TIMED_OUT, SINCE + 1200.0),
    _row(
        "stack denied, at first",
        CREATE,
        Absent(),
        STACK_DENIED,
        Wait,
        LATER + DENIED_GRACE_SECONDS - 1.0,
    ),
    _row("stack denied", CREATE, Absent(), STACK_DENIED, FailureCode.ACCESS_DENIED, LATER + DENIED_GRACE_SECONDS),
    _row(
        "stack denied, perhaps in a rollback, at first",
        UPDATE,
        Absent(),
        STACK_DENIED,
        Wait,
        LATER + ROLLBACK_DENIED_GRACE_SECONDS - 1.0,
    ),
    _row(
        "stack denied, perhaps in a rollback",
        DELETE,
        _found("IN_SYNC"),
        STACK_DENIED,
        FailureCode.ACCESS_DENIED,
        LATER + ROLLBACK_DENIED_GRACE_SECONDS,
    ),
    _row("stack denied, yet fulfilled", CREATE, _found("IN_SYNC"), STACK_DENIED, Done),
    _row(
        "superseded by the stack, something to write",
        UPDATE,
        _found("IN_SYNC", ANOTHER),
        SUPERSEDED,
        FailureCode.SUPERSEDED,
    ),
    _row(
        "superseded by the stack, something to delete",
        MOVE,
        _found("IN_SYNC", ELSEWHERE),
        SUPERSEDED,
        FailureCode.SUPERSEDED,
    ),
    _row("superseded by the stack, waiting", UPDATE, _found("SYNCING", ANOTHER), SUPERSEDED, FailureCode.SUPERSEDED),
    _row("superseded by the stack, yet fulfilled", UPDATE, _found("IN_SYNC"), SUPERSEDED, Done),
    _row(
        "superseded by the stack, fulfilled, perhaps rejected before",
        LATE_CREATE,
        _found("IN_SYNC"),
        SUPERSEDED,
        FailureCode.SUPERSEDED,
    ),
    _row("time used up, waiting", UPDATE, _found("SYNCING"), SENT, FailureCode.TIMED_OUT, SINCE + 1200.0),
    _row("time used up, something to write", UPDATE, Absent(), NEW, FailureCode.TIMED_OUT, SINCE + 1200.0),
    _row(
        "time used up, something to delete",
        MOVE,
        _found("IN_SYNC", ELSEWHERE),
        NEW,
        FailureCode.TIMED_OUT,
        SINCE + 1200.0,
    ),
    _row("time used up, yet fulfilled", UPDATE, _found("IN_SYNC"), SENT, Done, SINCE + 1200.0),
]

NAMELESS = replace(DELETE, physical_id="an-id-of-cloudformation")
UNSURE = replace(DELETE, physical_id=f"{UNCONFIRMED}front-door")
DELETE_ROWS = [
    _row("an invented id, another's configuration", NAMELESS, _found("IN_SYNC", ANOTHER), NEW, Done),
    _row("an invented id, as desired", NAMELESS, _found("IN_SYNC"), NEW, Delete),
    _row("an invented id, nothing desired", replace(NAMELESS, desired={}), _found("IN_SYNC"), NEW, Done),
    _row("an invented id, another's, at first", NAMELESS, _found("IN_SYNC", ANOTHER), NEW, Wait, SINCE + 29.0),
    _row("an invented id, from before the operation", NAMELESS, _older("IN_SYNC"), BACK, Done),
    _row("an unconfirmed id, as desired", UNSURE, _found("SYNCING"), BACK, Delete),
    _row("an unconfirmed id, another's configuration", UNSURE, _found("SYNCING", ANOTHER), BACK, Done),
    _row("absent", DELETE, Absent(), NEW, Done),
    _row("absent, at first", DELETE, Absent(), NEW, Wait, SINCE + 29.0),
    _row("absent, after a while", DELETE, Absent(), NEW, Done, SINCE + STALE_GRACE_SECONDS),
    _row("absent, at first, after a Delete", DELETE, Absent(), NEW.replace(deletes=1), Done, SINCE + 2.0),
    _row("absent, the stack was not asked", DELETE, Absent(), UNASKED, Wait),
    _row("absent, unknown stack", DELETE, Absent(), UNKNOWN, Done),
    _row("stream absent", DELETE, StreamAbsent(), NEW, Done),
    _row("there, unknown stack", DELETE, _found("IN_SYNC"), UNKNOWN, Wait),
    _row("there, superseded by the stack", DELETE, _found("IN_SYNC"), SUPERSEDED, FailureCode.SUPERSEDED),
    _row("from before the operation, rolling back", DELETE, _older("IN_SYNC"), BACK, Done),
    _row("from before the operation, rolling back, at first", DELETE, _older("IN_SYNC"), BACK, Wait, SINCE + 29.0),
    _row(
        "sent again in the operation, with footage from before, rolling back",
        DELETE,
        _found("IN_SYNC", created=BEFORE_IT),
        BACK,
        Done,
    ),
    _row("without a time, rolling back", DELETE, _found("IN_SYNC", created=""), BACK, Done),
    _row("without a time", DELETE, _found("IN_SYNC", created=""), NEW, Delete),
    _row("made in the operation, rolling back", DELETE, _found("IN_SYNC", updated=""), BACK, Delete),
    _row("declared by another resource", DELETE, _found("IN_SYNC"), NEW.replace(declared_elsewhere=True), Done),
    _row("absent, declared by another resource", DELETE, Absent(), BACK.replace(declared_elsewhere=True), Done),
    _row("declared by no other resource", DELETE, _found("IN_SYNC"), NEW.replace(declared_elsewhere=False), Delete),
    _row("a status that no model has, Delete", DELETE, _found("UNKNOWN"), NEW, Wait),
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
    _row("DELETE_FAILED, twice", DELETE, _found("DELETE_FAILED"), NEW.replace(deletes=2), Delete),
    _row("DELETE_FAILED, three times", DELETE, _found("DELETE_FAILED"), TRIED, FailureCode.DELETE_FAILED),
    _row("time used up", DELETE, _found("DELETING"), NEW, FailureCode.TIMED_OUT, SINCE + 1200.0),
]


@pytest.mark.parametrize(("request_", "observed", "progress", "now", "expected"), ROWS)
def test_create_and_update(request_, observed, progress, now, expected):
    """The table "Create and Update" of docs/lifecycle.md, with rollback, timeout and newer requests."""
    _assert_decided(decide(request_, observed, progress, now), expected)


@pytest.mark.parametrize(("request_", "observed", "progress", "now", "expected"), DELETE_ROWS)
def test_delete(request_, observed, progress, now, expected):
    """The table "Delete" of docs/lifecycle.md."""
    _assert_decided(decide(request_, observed, progress, now), expected)


STALE = SENT.replace(before=("IN_SYNC", "1970-01-12T13:46:30"), written_at=LATER)


@pytest.mark.parametrize(
    ("observed", "seconds", "expected"),
    [
        pytest.param(
            _found("IN_SYNC", ANOTHER, "1970-01-12T13:46:30"), 0.0, Wait, id="as before the write -> look again"
        ),
        pytest.param(
            _found("IN_SYNC", ANOTHER, "1970-01-12T13:46:30"),
            STALE_GRACE_SECONDS,
            FailureCode.SUPERSEDED,
            id="still as before -> believed in the end",
        ),
        pytest.param(_found("SYNCING", DESIRED, "1970-01-12T13:46:50"), 0.0, Wait, id="changed -> believed"),
        pytest.param(
            _found("IN_SYNC", ANOTHER, "1970-01-12T13:46:50"),
            0.0,
            FailureCode.SUPERSEDED,
            id="changed to another -> superseded",
        ),
        pytest.param(_found("IN_SYNC", DESIRED, "1970-01-12T13:46:50"), 0.0, Done, id="in sync already -> done"),
    ],
)
def test_a_poll_that_may_be_older_than_the_write_is_not_believed_at_once(observed, seconds, expected):
    """The service promises no read after write."""
    _assert_decided(decide(UPDATE, observed, STALE, LATER + seconds), expected)


def test_a_failed_delete_that_looks_the_same_is_not_repeated_before_it_can_have_failed_again():
    """Else three Deletes would be spent in as many seconds."""
    progress = NEW.replace(deletes=1, before=("DELETE_FAILED", SINCE_IT), written_at=LATER)
    _assert_decided(decide(DELETE, _found("DELETE_FAILED"), progress, LATER + 1.0), Wait)
    _assert_decided(decide(DELETE, _found("DELETE_FAILED"), progress, LATER + STALE_GRACE_SECONDS), Delete)


@pytest.mark.parametrize(
    ("request_", "progress", "seconds"),
    [
        pytest.param(replace(UPDATE, sync_timeout=60.0), NEW, 60.0, id="the user's"),
        pytest.param(replace(UPDATE, sync_timeout=60.0), BACK, OFFLINE_HUB_SECONDS, id="a rollback has a whole sync"),
        pytest.param(replace(UPDATE, sync_timeout=1800.0), BACK, 1800.0, id="a rollback has the user's if longer"),
        pytest.param(replace(DELETE, sync_timeout=60.0), NEW, OFFLINE_HUB_SECONDS, id="a Delete has a whole sync"),
        pytest.param(
            replace(UPDATE, sync_timeout=60.0), UNKNOWN, OFFLINE_HUB_SECONDS, id="an Update may be a rollback's"
        ),
        pytest.param(replace(CREATE, sync_timeout=60.0), UNKNOWN, 60.0, id="a Create is none"),
        pytest.param(
            replace(UPDATE, sync_timeout=60.0, received_at=SINCE + 50.0), NEW, 60.0, id="however late it was delivered"
        ),
    ],
)
def test_deadline(request_, progress, seconds):
    """A rollback and a Delete have never less than the service itself takes."""
    assert deadline(request_, progress) == SINCE + seconds


def _refusal(kind: CallFailureKind) -> CallFailure:
    return CallFailure(kind, "kinesisvideo:StartEdgeConfigurationUpdate", "SomeException", "the service's own words")


@pytest.mark.parametrize(
    ("kind", "observed", "seconds", "expected"),
    [
        pytest.param(CallFailureKind.THROTTLED, None, 300.0, Wait, id="ClientLimitExceeded, any throttle -> Wait"),
        pytest.param(CallFailureKind.LOST, Absent(), 300.0, Wait, id="5xx, a dropped connection -> Wait"),
        pytest.param(CallFailureKind.IN_USE, Absent(), 300.0, Wait, id="ResourceInUse -> Wait"),
        pytest.param(CallFailureKind.NOT_FOUND, _found("IN_SYNC"), 300.0, Wait, id="not found on a write -> Wait"),
        pytest.param(
            CallFailureKind.NO_RETENTION, Absent(), 1.0, FailureCode.NO_DATA_RETENTION, id="NoDataRetention -> Fail"
        ),
        pytest.param(
            CallFailureKind.INVALID, Absent(), 1.0, FailureCode.INVALID_CONFIGURATION, id="InvalidArgument -> Fail"
        ),
        pytest.param(
            CallFailureKind.INVALID, None, 1.0, FailureCode.INVALID_CONFIGURATION, id="InvalidArgument, look -> Fail"
        ),
        pytest.param(
            CallFailureKind.INVALID,
            _found("SYNCING"),
            1.0,
            Wait,
            id="InvalidArgument for a Delete while syncing -> Wait",
        ),
        pytest.param(
            CallFailureKind.INVALID,
            _found("IN_SYNC"),
            1.0,
            FailureCode.INVALID_CONFIGURATION,
            id="InvalidArgument for a configuration in sync -> Fail",
        ),
        pytest.param(CallFailureKind.OTHER, None, 1.0, FailureCode.SERVICE_ERROR, id="anything else -> Fail"),
        pytest.param(CallFailureKind.IN_USE, Absent(), 1200.0, FailureCode.TIMED_OUT, id="the time is used up -> Fail"),
    ],
)
def test_errors_from_the_service(kind, observed, seconds, expected):
    """The table "When the service refuses a call" of docs/lifecycle.md."""
    _assert_decided(decide_failure(UPDATE, observed, _refusal(kind), NEW, SINCE + seconds), expected)


@pytest.mark.parametrize(
    ("request_", "progress", "grace"),
    [
        pytest.param(CREATE, NEW.replace(relation=None), DENIED_GRACE_SECONDS, id="a Create before the stack is known"),
        pytest.param(CREATE, NEW.replace(crashed=True), ROLLBACK_DENIED_GRACE_SECONDS, id="a Create after a crash"),
        pytest.param(UPDATE, NEW, DENIED_GRACE_SECONDS, id="a forward Update"),
        pytest.param(DELETE, NEW, DENIED_GRACE_SECONDS, id="a forward Delete"),
        pytest.param(UPDATE, BACK, ROLLBACK_DENIED_GRACE_SECONDS, id="a rollback's Update"),
        pytest.param(DELETE, BACK, ROLLBACK_DENIED_GRACE_SECONDS, id="a rollback's Delete"),
    ],
)
@pytest.mark.parametrize(
    ("kind", "code"),
    [
        (CallFailureKind.DENIED, FailureCode.ACCESS_DENIED),
        (CallFailureKind.UNEXPECTED_RESPONSE, FailureCode.SERVICE_ERROR),
    ],
)
def test_a_denial_fails_a_request_only_if_it_lasts(request_, progress, grace, kind, code):
    """The grace counts from the first denial, however old the request is."""
    denied = progress.replace(denied_since=LATER)
    early, late = (
        decide_failure(request_, Absent(), _refusal(kind), denied, LATER + seconds) for seconds in (grace - 1.0, grace)
    )
    _assert_decided(early, Wait)
    _assert_decided(late, code)


@pytest.mark.parametrize("progress", [NEW, BACK])
def test_a_denial_at_the_deadline_is_named(progress):
    """A request without time for the whole grace does not blame the hub."""
    denied = progress.replace(denied_since=SINCE + 1199.0)
    decision = decide_failure(UPDATE, None, _refusal(CallFailureKind.DENIED), denied, SINCE + 1200.0)
    _assert_decided(decision, FailureCode.ACCESS_DENIED)


@pytest.mark.parametrize(("seconds", "expected"), [(29.0, Wait), (30.0, FailureCode.INVALID_CONFIGURATION)])
def test_a_rollback_does_not_fail_on_a_poll_that_may_be_old(seconds, expected):
    """It saw nothing, and there is a configuration on another hub: to fail would wedge the stack."""
    decision = decide_failure(UPDATE, Absent(), _refusal(CallFailureKind.INVALID), BACK, SINCE + seconds)
    _assert_decided(decision, expected)


@pytest.mark.parametrize("kind", CallFailureKind)
def test_a_superseded_request_does_not_outlast_a_refusal(kind):
    """Only the newer request's outcome counts."""
    decision = decide_failure(UPDATE, _found("SYNCING"), _refusal(kind), SUPERSEDED, SINCE + 1.0)
    assert isinstance(decision, Fail)


@pytest.mark.parametrize(
    ("kind", "observed", "seconds", "expected"),
    [
        pytest.param(CallFailureKind.LOST, _found("IN_SYNC"), 299.0, Wait, id="lost"),
        pytest.param(CallFailureKind.THROTTLED, _found("IN_SYNC"), RESOURCES_GRACE_SECONDS, Done, id="throttled"),
        pytest.param(CallFailureKind.THROTTLED, Absent(), 59.0, Wait, id="throttled, nothing there, first minute"),
        pytest.param(CallFailureKind.THROTTLED, Absent(), 60.0, Done, id="throttled, nothing there"),
    ],
)
def test_a_rollback_that_is_not_shown_the_stacks_resources_leaves_the_stream(kind, observed, seconds, expected):
    """It neither deletes what another resource may declare nor wedges the stack."""
    failure = CallFailure(kind, RESOURCES_ACTION, "SomeException", "words")
    _assert_decided(decide_failure(DELETE, observed, failure, BACK, SINCE + seconds), expected)


def test_a_rollback_that_may_not_see_the_stacks_resources_waits_from_the_first_denial():
    """The permission may be withdrawn for a moment only."""
    failure = CallFailure(CallFailureKind.DENIED, RESOURCES_ACTION, "AccessDenied", "words")
    denied = BACK.replace(denied_since=LATER)
    seen = _found("IN_SYNC")
    _assert_decided(decide_failure(DELETE, seen, failure, denied, LATER + MISSING_GRACE_SECONDS - 1.0), Wait)
    _assert_decided(decide_failure(DELETE, seen, failure, denied, LATER + MISSING_GRACE_SECONDS), Done)


def test_a_delete_that_may_not_see_the_stacks_resources_fails_outside_a_rollback():
    """Nothing is wedged, and what stays would not be noticed."""
    failure = CallFailure(CallFailureKind.DENIED, RESOURCES_ACTION, "AccessDenied", "words")
    denied = NEW.replace(denied_since=LATER)
    decision = decide_failure(DELETE, _found("IN_SYNC"), failure, denied, LATER + DENIED_GRACE_SECONDS)
    _assert_decided(decision, FailureCode.ACCESS_DENIED)


def test_done_says_what_getatt_offers():
    """The attributes are those of the configuration that was seen."""
    decision = decide(UPDATE, _found("IN_SYNC"), SENT, LATER)
    assert decision == Done(
        {
            "SyncStatus": "IN_SYNC",
            "CreationTime": SINCE_IT,
            "LastUpdatedTime": SINCE_IT,
            "StreamName": "front-door",
            "StreamARN": "arn",
            "RecordingStatus": "NOT_CHECKED",
            "NextRecordingTime": "",
        }
    )


def test_a_rollback_that_did_not_wait_warns():
    """The success does not mean that the hub has it, so the warning says so."""
    synced = _found("SYNC_FAILED")
    assert decide(UPDATE, synced, BACK_SENT, LATER).warning == messages.rolled_back_unsynced(UPDATE, synced)
    assert decide(DELETE, _found("DELETING"), BACK, LATER).warning == messages.deleting_unconfirmed(DELETE)
    assert decide(NO_WAIT, _found("SYNCING"), SENT, LATER).warning == ""


@pytest.mark.parametrize(
    ("request_", "observed", "progress", "warning"),
    [
        (UPDATE, _older("IN_SYNC", ANOTHER), BACK, messages.left_as_it_was),
        (UPDATE, _found("IN_SYNC", ELSEWHERE), BACK, messages.left_on_other_hub),
        (DELETE, _older("IN_SYNC"), BACK, messages.left_with_footage),
    ],
)
def test_what_a_rollback_leaves_is_told(request_, observed, progress, warning):
    """CloudFormation assumes that the previous configuration is restored, so the warning says that it is not."""
    assert decide(request_, observed, progress, LATER).warning == warning(request_, observed)


def test_a_roll_backs_delete_that_cannot_have_been_seen_to_end_warns():
    """The poll may be older than the configuration that was deleted."""
    deleted = BACK.replace(deletes=1, written_at=SINCE + 40.0)
    early, later = (decide(DELETE, Absent(), deleted, SINCE + seconds) for seconds in (41.0, 70.0))
    assert (early.warning, later.warning) == (messages.deleting_unconfirmed(DELETE), "")
    assert decide(DELETE, Absent(), NEW.replace(deletes=1, written_at=SINCE + 40.0), SINCE + 41.0).warning == ""


def test_only_a_rollback_warns_of_a_stream_that_another_resource_declares_and_that_has_nothing():
    """Outside a rollback, CloudFormation has sent the other resource a request of its own."""
    back, forward = (progress.replace(declared_elsewhere=True) for progress in (BACK, NEW))
    assert decide(DELETE, Absent(), back, LATER).warning == messages.declared_but_absent(DELETE)
    assert decide(DELETE, Absent(), forward, LATER).warning == ""


def test_what_a_delete_leaves_to_others_is_told():
    """The stack is gone, and the stream goes on recording."""
    assert decide(NAMELESS, _found("IN_SYNC", ANOTHER), NEW, LATER).warning == messages.left_to_others(NAMELESS)
    elsewhere = NEW.replace(declared_elsewhere=True)
    assert decide(DELETE, _found("IN_SYNC"), elsewhere, LATER).warning == messages.declared_elsewhere(DELETE)


def test_a_time_out_says_what_stood_in_the_way():
    """A status that no model has, a stack that did not tell, a delivery that was late: each by its name."""
    late = replace(UPDATE, received_at=SINCE + 400.0)
    progress = UNKNOWN.replace(
        status="PAUSED", stack_status="UPDATE_COMPLETE", stack_error="Throttling: Rate exceeded", last_error="X: no"
    )
    reason = str(decide(late, _found("UNKNOWN"), progress, SINCE + 1300.0).reason)
    assert "was PAUSED for the last" in reason
    assert "the stack's status (UPDATE_COMPLETE) does not fit the request" in reason
    assert "CloudFormation said: Throttling: Rate exceeded." in reason
    assert "delivered 400 seconds late" in reason
    assert "Last error: X: no." in reason
    silent = str(decide(UPDATE, Absent(), UNKNOWN, SINCE + 1300.0).reason)
    assert "the stack's status (unknown) does not fit the request. Check" in silent
