"""The whole product of requests, statuses, memories and times: decide answers each, and breaks no promise."""

import functools
import itertools
from dataclasses import dataclass

import pytest

from kvs_edge.configuration import EdgeConfig, Stream, holds, hub_of
from kvs_edge.decide import deadline, decide, decide_failure
from kvs_edge.decisions import MAX_DELETES, Delete, Done, Fail, Start, Wait
from kvs_edge.observed import Absent, CallFailure, CallFailureKind, Found, Observed, StreamAbsent, SyncStatus
from kvs_edge.operation import Relation
from kvs_edge.progress import Progress
from kvs_edge.request import Request, RequestType
from kvs_edge.wait_for import WaitFor
from support.thoroughness import IS_CAMPAIGN

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
HUBS = ["arn:thing/hub-a", "arn:thing/hub-b"]
DELETES = [0, MAX_DELETES]
ELSEWHERE = [None, True]
Case = tuple[Request, Progress]


def _request(kind, wait=WaitFor.SYNC, *, move=False, restart=False, hub="", physical_id="s") -> Request:
    return Request(
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


def _progress(relation, submitted, deletes, before, elsewhere) -> Progress:
    return Progress(
        relation=relation,
        began=BEGAN,
        submitted=submitted,
        deletes=deletes,
        before=before,
        written_at=WRITTEN,
        declared_elsewhere=elsewhere,
    )


MEMORIES = list(itertools.starmap(_progress, itertools.product([None, *Relation], BOTH, DELETES, VERSIONS, ELSEWHERE)))
DELETIONS = [_request(RequestType.DELETE, physical_id=physical_id) for physical_id in ("s", "invented")]


def _fourths() -> list[list[Case]]:
    """Return the Creates and Updates with their memories in four parts, each a fair sample of the whole product.

    A part has each wait with each relation, and with both any values of any four of the eight members of two values:
    the parts are the cosets of a fractional factorial design, 2^(8-2) of resolution V, with the generators below.
    """
    parts: list[list[Case]] = [[], [], [], []]
    for levels in itertools.product((0, 1), repeat=8):
        a, b, c, d, e, f, g, h = levels
        part = parts[2 * ((a + b + c + d + g) % 2) + (a + b + e + f + h) % 2]
        request = functools.partial(
            _request, [RequestType.CREATE, RequestType.UPDATE][a], move=BOTH[b], restart=BOTH[c], hub=HUBS[d]
        )
        progress = (BOTH[e], DELETES[f], VERSIONS[g], ELSEWHERE[h])
        part += [
            (request(wait=wait), _progress(relation, *progress))
            for wait, relation in itertools.product(WaitFor, [None, *Relation])
        ]
    return parts


FOURTHS = _fourths()
WHOLE = list(itertools.chain.from_iterable(FOURTHS))


def _cases(number: int) -> list[Case]:
    """Return the cases for the thing that is seen with this number: in a campaign all, otherwise a fourth in turn."""
    return [*(WHOLE if IS_CAMPAIGN else FOURTHS[number % 4]), *itertools.product(DELETIONS, MEMORIES)]


@dataclass(frozen=True)
class Facts:
    """Facts that the promises of a decision are about."""

    request: Request
    progress: Progress
    observed: Observed
    is_over: bool
    """The deadline has passed."""

    @property
    def deleting(self) -> bool:
        return self.request.type is RequestType.DELETE

    @property
    def config(self) -> EdgeConfig | None:
        return self.observed.config if isinstance(self.observed, Found) else None

    @property
    def moving(self) -> bool:
        return self.config is not None and hub_of(self.config) != hub_of(DESIRED)

    @property
    def as_desired(self) -> bool:
        return self.config is not None and holds(self.config, DESIRED)

    @property
    def rolling_back(self) -> bool:
        return self.progress.relation is Relation.ROLLBACK


def _broken_by_any(facts, decision):
    """Yield the promises that a decision of any kind breaks, by name; so do the other functions for their kind."""
    relation, request, observed = facts.progress.relation, facts.request, facts.observed
    writes, waits = isinstance(decision, Start | Delete), isinstance(decision, Wait)
    yield "no wait when superseded", waits and relation is Relation.SUPERSEDED
    yield "no write and no wait after the deadline", (writes or waits) and facts.is_over
    yield (
        "no failure of an Update or a Delete that may be a roll back's, but in the end",
        isinstance(decision, Fail)
        and relation in {None, Relation.UNKNOWN}
        and request.type is not RequestType.CREATE
        and not facts.is_over,
    )
    yield (
        "no verdict on a status that no model has",
        isinstance(observed, Found) and not observed.status.is_known and (writes or isinstance(decision, Done)),
    )


def _broken_by_a_write(facts):
    relation, request = facts.progress.relation, facts.request
    yield "no write after submission", facts.progress.submitted and not facts.deleting
    yield "no write when superseded", relation is Relation.SUPERSEDED
    yield "no write while it is unknown what the stack does", relation is Relation.UNKNOWN
    yield (
        "no write of an Update or a Delete before the stack was asked",
        relation is None and request.type is not RequestType.CREATE,
    )


def _broken_by_a_start(facts):
    observed = facts.observed
    found = isinstance(observed, Found)
    yield "no Start for a Delete", facts.deleting
    yield "no Start onto another hub's configuration", facts.moving
    yield "no Start into a sync or a deletion", found and (observed.status.syncing or observed.status.deleting)
    yield (
        "no other configuration over one that is older, in a roll back",
        facts.rolling_back and found and observed.updated == BEFORE_IT and not facts.as_desired,
    )


def _broken_by_a_delete(facts):
    request, progress, observed = facts.request, facts.progress, facts.observed
    way_back = facts.config is not None and hub_of(facts.config) == request.hub_before
    allowed = way_back if facts.rolling_back else request.hub_move_allowed
    yield (
        "no Delete of footage that is older, in a roll back",
        facts.rolling_back and isinstance(observed, Found) and observed.created == BEFORE_IT,
    )
    yield (
        "no Delete unless asked for, in an allowed move or on its own way back",
        not facts.deleting and not (facts.moving and allowed),
    )
    yield "no Delete of what another resource declares", facts.deleting and progress.declared_elsewhere is True
    yield (
        "no Delete for an invented id of what was not declared so",
        request.physical_id == "invented" and not facts.as_desired,
    )
    yield "no fourth Delete", progress.deletes >= MAX_DELETES
    yield "no Delete of what is not there", facts.config is None


def _broken_by_a_success(facts, warning):
    request, observed = facts.request, facts.observed
    yield (
        "no success without the configuration, but with a warning in a roll back",
        not facts.deleting and not facts.as_desired and not (facts.rolling_back and warning),
    )
    yield (
        "no success out of sync, but in a roll back or without waiting",
        not facts.deleting
        and isinstance(observed, Found)
        and observed.status is not SyncStatus.IN_SYNC
        and not (facts.rolling_back or (observed.status.syncing and request.wait_for is WaitFor.NOTHING)),
    )
    yield (
        "no success of a Delete while the configuration is there, but with a warning",
        facts.deleting and facts.config is not None and not warning,
    )


def _broken_promises(facts, decision):
    """Yield the promises that a decision breaks, by name."""
    yield from _broken_by_any(facts, decision)
    match decision:
        case Start():
            yield from (*_broken_by_a_write(facts), *_broken_by_a_start(facts))
        case Delete():
            yield from (*_broken_by_a_write(facts), *_broken_by_a_delete(facts))
        case Done(warning=warning):
            yield from _broken_by_a_success(facts, warning)


def test_a_fourth_of_the_product_has_each_combination_of_four_members():
    """Counted, for each part; with each wait and relation."""
    for part in FOURTHS:
        rows = [
            (
                (request.wait_for, progress.relation),
                (
                    *(request.type, request.hub_move_allowed, request.restart, request.hub_before),
                    *(progress.submitted, progress.deletes, progress.before, progress.declared_elsewhere),
                ),
            )
            for request, progress in part
        ]
        for four in itertools.combinations(range(8), 4):
            assert len({(head, *(levels[at] for at in four)) for head, levels in rows}) == 3 * 5 * 2**4
    assert len(WHOLE) == len({repr(case) for case in WHOLE}) == 3 * 5 * 2**8


@pytest.mark.parametrize(("number", "observed"), list(enumerate(SEEN)), ids=map(str, SEEN))
def test_every_case_is_decided_and_no_promise_is_broken(number, observed):
    """Requests and memories at every time, for each thing that can be seen."""
    broken = {
        promise
        for (request, progress), now in itertools.product(_cases(number), TIMES)
        for promise, is_broken in _broken_promises(
            Facts(request, progress, observed, is_over=now >= deadline(request, progress)),
            decide(request, observed, progress, now),
        )
        if is_broken
    }
    assert not broken


@pytest.mark.parametrize("kind", CallFailureKind)
def test_every_refusal_is_waited_out_or_fails(kind):
    """A refusal never leads to a write, to a success, or to waiting past the deadline."""
    failure = CallFailure(kind, "kinesisvideo:Some", "SomeException", "words")
    every = 1 if IS_CAMPAIGN else 16
    for number, observed in enumerate([None, *SEEN]):
        for (request, progress), now in itertools.product(_cases(number)[number % every :: every], TIMES):
            decision = decide_failure(request, observed, failure, progress, now)
            assert isinstance(decision, Wait | Fail)
            assert isinstance(decision, Fail) or (
                now < deadline(request, progress) and progress.relation is not Relation.SUPERSEDED
            )
