"""The whole product of requests, statuses, memories and times: decide answers each, and breaks no promise."""

import itertools

import pytest

from kvs_edge.configuration import Stream, holds, hub_of
from kvs_edge.decide import MAX_DELETES, Delete, Done, Fail, Start, Wait, deadline, decide, decide_refusal
from kvs_edge.memory import Memory
from kvs_edge.observed import Absent, Found, Refusal, RefusalKind, StreamAbsent, SyncStatus
from kvs_edge.request import Request, RequestType

SINCE = 1_000_000.0
WRITTEN = SINCE + 100.0
TIMES = [SINCE + 1.0, WRITTEN + 1.0, WRITTEN + 200.0, SINCE + 10_000.0]
VERSIONS = [("IN_SYNC", "earlier"), None]


def _config(hub: str, hours: int) -> dict:
    return {"HubDeviceArn": f"arn:thing/{hub}", "DeletionConfig": {"EdgeRetentionInHours": hours}}


DESIRED = _config("hub-a", 24)
CONFIGS = [DESIRED, _config("hub-a", 48), _config("hub-b", 24)]
SEEN = [
    StreamAbsent(),
    Absent(),
    *[Found(status, config, updated="earlier") for status in SyncStatus for config in CONFIGS],
]
BOTH = [False, True]
REQUESTS = [
    Request(
        kind,
        Stream("s"),
        DESIRED,
        hub_move_allowed=move,
        wait_for_sync=wait,
        restart=restart,
        hub_before=hub,
        physical_id="s",
    )
    for kind, move, wait, restart, hub in itertools.product(
        RequestType, BOTH, BOTH, BOTH, ["arn:thing/hub-a", "arn:thing/hub-b"]
    )
]
MEMORIES = [
    Memory(
        since=SINCE,
        submitted=submitted,
        rolling_back=rolling_back,
        overtaken=overtaken,
        deletes=deletes,
        before=before,
        written_at=WRITTEN,
    )
    for submitted, rolling_back, overtaken, deletes, before in itertools.product(
        BOTH, [None, False, True], BOTH, range(MAX_DELETES + 1), VERSIONS
    )
]


def _broken_promises(request, observed, memory, now, decision):
    """The promises that a decision breaks, by name."""
    deleting = request.type is RequestType.DELETE
    writes = isinstance(decision, Start | Delete)
    config = observed.config if isinstance(observed, Found) else None
    moving = config is not None and hub_of(config) != hub_of(request.desired)
    way_back = config is not None and hub_of(config) == request.hub_before
    left_alone = moving and memory.rolling_back and not way_back and not request.hub_move_allowed
    yield "no write after submission", writes and memory.submitted and not deleting
    yield "no write when overtaken", writes and memory.overtaken
    yield "no wait when overtaken", isinstance(decision, Wait) and memory.overtaken
    yield (
        "no write and no wait after the deadline",
        (isinstance(decision, Start | Delete | Wait) and now >= deadline(request, memory)),
    )
    yield "no Start for a Delete", isinstance(decision, Start) and deleting
    yield "no Start onto another hub's configuration", isinstance(decision, Start) and moving
    yield (
        "no Start into a sync or a deletion",
        (
            isinstance(decision, Start)
            and isinstance(observed, Found)
            and (observed.status.syncing or observed.status.deleting)
        ),
    )
    yield (
        "no Delete unless asked for or in an allowed move",
        (
            isinstance(decision, Delete)
            and not deleting
            and not (moving and (request.hub_move_allowed or (memory.rolling_back and way_back)))
        ),
    )
    yield "no fourth Delete", isinstance(decision, Delete) and memory.deletes >= MAX_DELETES
    yield "no Delete of what is not there", isinstance(decision, Delete) and config is None
    yield (
        "no success without the configuration",
        (
            isinstance(decision, Done)
            and not deleting
            and not (config and holds(config, request.desired))
            and not left_alone
        ),
    )
    yield (
        "no success out of sync, but in a roll back or without waiting",
        (
            isinstance(decision, Done)
            and not deleting
            and isinstance(observed, Found)
            and observed.status is not SyncStatus.IN_SYNC
            and not (memory.rolling_back or (observed.status.syncing and not request.wait_for_sync))
        ),
    )
    yield (
        "no success of a Delete while the configuration is there, but in a roll back",
        (isinstance(decision, Done) and deleting and config is not None and not memory.rolling_back),
    )


@pytest.mark.parametrize("observed", SEEN, ids=lambda seen: f"{type(seen).__name__}-{getattr(seen, 'status', '')}")
def test_every_case_is_decided_and_no_promise_is_broken(observed):
    """Every request and memory at every time, for each thing that can be seen."""
    broken = {
        promise
        for request, memory, now in itertools.product(REQUESTS, MEMORIES, TIMES)
        for promise, is_broken in _broken_promises(
            request, observed, memory, now, decide(request, observed, memory, now)
        )
        if is_broken
    }
    assert not broken


@pytest.mark.parametrize("kind", RefusalKind)
def test_every_refusal_is_waited_out_or_fails(kind):
    """A refusal never leads to a write, to a success, or to waiting past the deadline."""
    refusal = Refusal(kind, "kinesisvideo:Some", "SomeException", "words")
    for observed, request, memory, now in itertools.product([None, *SEEN], REQUESTS[::5], MEMORIES[::7], TIMES):
        decision = decide_refusal(request, observed, refusal, memory, now)
        assert isinstance(decision, Wait | Fail)
        assert isinstance(decision, Fail) or (now < deadline(request, memory) and not memory.overtaken)
