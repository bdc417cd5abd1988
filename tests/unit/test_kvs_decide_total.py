"""The whole product of requests, statuses, memories and times: decide answers each, and breaks no promise."""

import itertools

import pytest

from kvs_edge.configuration import Stream, holds, hub_of
from kvs_edge.decide import deadline, decide, decide_failure
from kvs_edge.decisions import MAX_DELETES, Delete, Done, Fail, Start, Wait
from kvs_edge.observed import Absent, CallFailure, CallFailureKind, Found, StreamAbsent, SyncStatus
from kvs_edge.operation import Relation
from kvs_edge.progress import Progress
from kvs_edge.request import Request, RequestType
from kvs_edge.wait_for import WaitFor

pytestmark = pytest.mark.no_cover

SINCE = 1_000_000.0
WRITTEN = SINCE + 100.0
TIMES = [SINCE + 1.0, WRITTEN + 1.0, SINCE + 10_000.0]
BEFORE_IT, SINCE_IT = "1970-01-12T13:00:00.000+00:00", "1970-01-12T13:46:00.000+00:00"
BEGAN = SINCE - 60.0
"""When the operation began that a rollback undoes: between the two."""

VERSIONS = [("IN_SYNC", SINCE_IT), None]


def _config(hub: str, hours: int) -> dict:
    return {"HubDeviceArn": f"arn:thing/{hub}", "DeletionConfig": {"EdgeRetentionInHours": hours}}


DESIRED = _config("hub-a", 24)
CONFIGS = [DESIRED, _config("hub-a", 48), _config("hub-b", 24)]
SEEN = [
    StreamAbsent(),
    Absent(),
    *[
        Found(status, config, created=created, updated=updated)
        for status, config, (created, updated) in itertools.product(
            SyncStatus, CONFIGS, [(BEFORE_IT, BEFORE_IT), (BEFORE_IT, SINCE_IT), (SINCE_IT, SINCE_IT)]
        )
    ],
]
BOTH = [False, True]
REQUESTS = [
    Request(
        kind,
        Stream("s"),
        DESIRED,
        hub_move_allowed=move,
        wait_for=wait,
        restart=restart,
        hub_before=hub,
        physical_id=physical_id,
        sent_at=SINCE,
        received_at=SINCE,
    )
    for kind, move, wait, restart, hub, physical_id in [
        *itertools.product(
            [RequestType.CREATE, RequestType.UPDATE], BOTH, WaitFor, BOTH, ["arn:thing/hub-a", "arn:thing/hub-b"], ["s"]
        ),
        *itertools.product([RequestType.DELETE], [False], [WaitFor.SYNC], [False], [""], ["s", "invented"]),
    ]
]
MEMORIES = [
    Progress(
        relation=relation,
        began=BEGAN,
        submitted=submitted,
        deletes=deletes,
        before=before,
        written_at=WRITTEN,
        declared_elsewhere=elsewhere,
    )
    for relation, submitted, deletes, before, elsewhere in itertools.product(
        [None, *Relation], BOTH, [0, MAX_DELETES], VERSIONS, [None, True]
    )
]


def _broken_promises(request, observed, progress, now, decision):
    """Yield the promises that a decision breaks, by name."""
    deleting = request.type is RequestType.DELETE
    writes = isinstance(decision, Start | Delete)
    found = isinstance(observed, Found)
    config = observed.config if found else None
    moving = config is not None and hub_of(config) != hub_of(request.desired)
    way_back = config is not None and hub_of(config) == request.hub_before
    rolling_back = progress.relation is Relation.ROLLBACK
    older = found and observed.created == BEFORE_IT
    not_written_by_it = found and observed.updated == BEFORE_IT
    yield "no write after submission", writes and progress.submitted and not deleting
    yield "no write when superseded", writes and progress.relation is Relation.SUPERSEDED
    yield "no wait when superseded", isinstance(decision, Wait) and progress.relation is Relation.SUPERSEDED
    yield "no write while it is unknown what the stack does", writes and progress.relation is Relation.UNKNOWN
    yield (
        "no write of an Update or a Delete before the stack was asked",
        writes and progress.relation is None and request.type is not RequestType.CREATE,
    )
    yield (
        "no failure of an Update or a Delete that may be a roll back's, but in the end",
        isinstance(decision, Fail)
        and progress.relation in {None, Relation.UNKNOWN}
        and request.type is not RequestType.CREATE
        and now < deadline(request, progress),
    )
    yield (
        "no write and no wait after the deadline",
        (isinstance(decision, Start | Delete | Wait) and now >= deadline(request, progress)),
    )
    yield "no Start for a Delete", isinstance(decision, Start) and deleting
    yield "no Start onto another hub's configuration", isinstance(decision, Start) and moving
    yield (
        "no Start into a sync or a deletion",
        isinstance(decision, Start) and found and (observed.status.syncing or observed.status.deleting),
    )
    yield "no Delete of footage that is older, in a roll back", isinstance(decision, Delete) and rolling_back and older
    yield (
        "no other configuration over one that is older, in a roll back",
        isinstance(decision, Start) and rolling_back and not_written_by_it and not holds(config, request.desired),
    )
    yield (
        "no Delete unless asked for, in an allowed move or on its own way back",
        (
            isinstance(decision, Delete)
            and not deleting
            and not (moving and ((rolling_back and way_back) or (not rolling_back and request.hub_move_allowed)))
        ),
    )
    yield (
        "no Delete of what another resource declares",
        isinstance(decision, Delete) and deleting and (progress.declared_elsewhere is True),
    )
    yield (
        "no Delete for an invented id of what was not declared so",
        isinstance(decision, Delete) and request.physical_id == "invented" and not holds(config, request.desired),
    )
    yield "no fourth Delete", isinstance(decision, Delete) and progress.deletes >= MAX_DELETES
    yield "no Delete of what is not there", isinstance(decision, Delete) and config is None
    yield (
        "no success without the configuration, but with a warning in a roll back",
        isinstance(decision, Done)
        and not deleting
        and not (config and holds(config, request.desired))
        and not (rolling_back and decision.warning),
    )
    yield (
        "no success out of sync, but in a roll back or without waiting",
        (
            isinstance(decision, Done)
            and not deleting
            and found
            and observed.status is not SyncStatus.IN_SYNC
            and not (rolling_back or (observed.status.syncing and request.wait_for is WaitFor.NOTHING))
        ),
    )
    yield (
        "no success of a Delete while the configuration is there, but with a warning",
        isinstance(decision, Done) and deleting and config is not None and not decision.warning,
    )
    yield (
        "no verdict on a status that no model has",
        found and not observed.status.is_known and (writes or isinstance(decision, Done)),
    )


@pytest.mark.parametrize("observed", SEEN, ids=str)
def test_every_case_is_decided_and_no_promise_is_broken(observed):
    """Every request and memory at every time, for each thing that can be seen."""
    broken = {
        promise
        for request, progress, now in itertools.product(REQUESTS, MEMORIES, TIMES)
        for promise, is_broken in _broken_promises(
            request, observed, progress, now, decide(request, observed, progress, now)
        )
        if is_broken
    }
    assert not broken


@pytest.mark.parametrize("kind", CallFailureKind)
def test_every_refusal_is_waited_out_or_fails(kind):
    """A refusal never leads to a write, to a success, or to waiting past the deadline."""
    failure = CallFailure(kind, "kinesisvideo:Some", "SomeException", "words")
    for observed, request, progress, now in itertools.product([None, *SEEN], REQUESTS[::3], MEMORIES[::7], TIMES):
        decision = decide_failure(request, observed, failure, progress, now)
        assert isinstance(decision, Wait | Fail)
        assert isinstance(decision, Fail) or (
            now < deadline(request, progress) and progress.relation is not Relation.SUPERSEDED
        )
