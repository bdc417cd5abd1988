"""What must hold for any sequence of statuses, faults, duplicates and rivals: the end of docs/lifecycle.md."""

from typing import Any

from hypothesis import event as note
from hypothesis import given
from hypothesis import strategies as st

from kvs_edge.cloudformation import MAX_BODY_BYTES, response_body
from kvs_edge.configuration import holds, hub_of
from kvs_edge.decide import OFFLINE_HUB_SECONDS
from kvs_edge.decisions import MAX_DELETES
from kvs_edge.observed import Absent, Found, StreamAbsent
from kvs_edge.operation import Relation
from kvs_edge.request import MARKER
from kvs_edge.wait_for import WaitFor

SLACK = 180.0
"""Seconds between a request's timeout and CloudFormation's: the last pause and the last calls must fit."""

ROLLING_BACK = "UPDATE_ROLLBACK_IN_PROGRESS"

BEHAVIOURS = st.sampled_from(["online", "slow", "offline", "refusing"])
HUBS = st.fixed_dictionaries({"hub-a": BEHAVIOURS, "hub-b": BEHAVIOURS})
HABITS = st.fixed_dictionaries(
    {
        "delete_while_syncing": st.sampled_from(["accepted", "in use", "invalid"]),
        "start_on_delete_failed": st.sampled_from(["accepted", "in use"]),
        "offline_delete": st.sampled_from(["fails", "never ends"]),
        "updated_moves": st.sampled_from(["on a start", "on each change"]),
        "defaults": st.sampled_from(["shown", "not shown"]),
        "full_hub": st.sampled_from(["has room"] * 8 + ["says invalid", "says throttled"]),
        "schedule": st.sampled_from(["is fine"] * 8 + ["is refused", "fails later"]),
    }
)
KIND_HABITS = HABITS.map(lambda habits: {**habits, "full_hub": "has room", "schedule": "is fine"})
FAULTS = st.lists(
    st.sampled_from(["none", "none", "none", "throttled", "lost before", "lost after", "denied", "stale"]), max_size=30
)
CRASHES = st.lists(st.sampled_from(["none", "none", "none", "crash before", "crash after"]), max_size=12)
CONFIGS = st.tuples(st.sampled_from(["hub-a", "hub-b"]), st.sampled_from([24, 48, None]))
SOME_CONFIG = st.one_of(st.none(), CONFIGS)
OPTIONS = st.fixed_dictionaries(
    {
        "HubMove": st.sampled_from(["FORBIDDEN", "ALLOWED"]),
        "RemovalPolicy": st.sampled_from(["RETAIN", "DESTROY"]),
        "WaitFor": st.sampled_from(["NOTHING", "SYNC"]),
        "SyncTimeoutInSeconds": st.sampled_from([60, 1200]),
    }
)
REQUEST = st.fixed_dictionaries(
    {
        "type": st.sampled_from(["Create", "Update", "Delete"]),
        "config": CONFIGS,
        "old": CONFIGS,
        "token": st.booleans(),
        "options": OPTIONS,
        "id": st.sampled_from(["front-door", "front-door", f"{MARKER}front-door"]),
    }
)
RIVALS = st.lists(st.tuples(st.floats(0, 400), SOME_CONFIG), max_size=3)
"""Second writers: when each comes, and what it puts there; None deletes."""
STACK = st.sampled_from(["CREATE_IN_PROGRESS", "UPDATE_IN_PROGRESS", "ROLLBACK_IN_PROGRESS", ROLLING_BACK, None])


def _world(simulation, hubs, habits, faults=(), present=None, **fields) -> Any:
    """Return a world whose stream may have a configuration; earlier calls do not count."""
    world = simulation.World(hubs=dict(hubs), habits=dict(habits), faults=list(faults), **fields)
    if present:
        world.put("somebody", simulation.edge_config(*present))
        world.advance(1000.0)
        world.writes.clear()
    world.begin("UPDATE_IN_PROGRESS")
    return world


def _event(simulation, drawn) -> dict[str, Any]:
    options = drawn["options"] | ({"SyncToken": "again"} if drawn["token"] else {})
    old = simulation.edge_config(*drawn["old"]) if drawn["type"] == "Update" else None
    config = simulation.edge_config(*drawn["config"])
    return simulation.event(drawn["type"], config, physical_id=drawn["id"], old=old, **options)


def _send_rivals(simulation, world, rivals) -> None:
    for seconds, config in rivals:
        if config is None:
            world.at(seconds, lambda: isinstance(world.seen, Found) and world.remove("rival"))
        else:
            world.at(seconds, lambda config=config: world.put("rival", simulation.edge_config(*config)))


def _assert_answered_once_and_in_time(execution) -> None:
    budget = max(execution.request.sync_timeout, OFFLINE_HUB_SECONDS)
    response = execution.response
    assert execution.answered_at - execution.received_at <= budget + SLACK
    assert response.physical_id
    body = {"Reason": response.reason, "PhysicalResourceId": response.physical_id, "Data": dict(response.data)}
    assert len(response_body(body)) <= MAX_BODY_BYTES
    assert response.status == "SUCCESS" or ": " in response.reason


def _assert_success_was_seen(execution) -> None:
    request, progress, seen = execution.request, execution.progress, execution.port.last
    if request.type == "Delete" or execution.response.status == "FAILED":
        return
    assert isinstance(seen, Found)
    rolling_back = progress.relation is Relation.ROLLBACK
    if rolling_back and not holds(seen.config, request.desired):
        # What somebody else did before the operation is not undone, nor their move to another hub; and it is told.
        own_move = hub_of(seen.config) == request.hub_before and seen.is_created_since(progress.began)
        assert not seen.is_updated_since(progress.began) or (
            hub_of(seen.config) != hub_of(request.desired) and not own_move
        )
        assert execution.response.reason.startswith("rolled back: ")
        return
    accepted_is_enough = rolling_back or request.wait_for is WaitFor.NOTHING
    assert (
        seen.status == "IN_SYNC"
        or (accepted_is_enough and seen.status.syncing)
        or (rolling_back and seen.status == "SYNC_FAILED")
    )


def _assert_deletes_were_allowed(execution) -> None:
    deletes = [write for write in execution.world.writes if write[1:] == (execution.name, "Delete")]
    request = execution.request
    if request.type == "Delete":
        assert not (deletes and (request.retain or request.physical_id.startswith(MARKER)))
    else:
        is_way_back = execution.progress.relation is Relation.ROLLBACK and request.hub_before != hub_of(request.desired)
        assert not deletes or request.hub_move_allowed or is_way_back


@given(HUBS, HABITS, FAULTS, SOME_CONFIG, REQUEST, RIVALS, STACK, st.booleans(), st.booleans())
def test_any_request_is_answered_once_in_time_and_truthfully_whatever_the_service_does(
    simulation, hubs, habits, faults, present, drawn, rivals, stack, stays, exists
):
    """Invariants 1 to 4, for one request among faults, stale reads and second writers."""
    world = _world(simulation, hubs, habits, faults, present if exists else None, stream_exists=exists)
    world.begin(stack)
    if exists:
        _send_rivals(simulation, world, rivals)
    execution = simulation.Execution(world, _event(simulation, drawn), stays=stays)
    world.run_out()
    note(f"{drawn['type']} {execution.response.status} {execution.response.reason.partition(':')[0]}")

    _assert_answered_once_and_in_time(execution)
    _assert_success_was_seen(execution)
    _assert_deletes_were_allowed(execution)
    assert not execution.port.fought
    assert execution.progress.deletes <= MAX_DELETES


@given(HUBS, HABITS, CRASHES, SOME_CONFIG, REQUEST, STACK)
def test_a_tick_that_dies_and_is_run_again_still_leads_to_a_truthful_answer(
    simulation, hubs, habits, crashes, present, drawn, stack
):
    """Step Functions repeats a tick whose Lambda died, with the memory of the tick before."""
    world = _world(simulation, hubs, habits, crashes, present)
    world.begin(stack)
    execution = simulation.Execution(world, _event(simulation, drawn))
    world.run_out()

    _assert_success_was_seen(execution)
    _assert_deletes_were_allowed(execution)
    assert len(execution.responses) == 1


@given(HUBS, KIND_HABITS, FAULTS, CONFIGS, OPTIONS, st.booleans())
def test_a_create_that_fails_leaves_nothing_of_its_own_behind(simulation, hubs, habits, faults, config, options, stays):
    """Rolled back with the id that it reported, and with leave to delete, the stream is as it was before."""
    world = _world(simulation, hubs, habits, [fault for fault in faults if fault != "denied"])
    world.begin("CREATE_IN_PROGRESS")
    options = {**options, "RemovalPolicy": "DESTROY"}
    created = simulation.Execution(
        world, simulation.event("Create", simulation.edge_config(*config), **options), stays=stays
    )
    world.run_out()
    if created.response.status == "SUCCESS":
        return
    world.faults.clear()
    world.begin("ROLLBACK_IN_PROGRESS")
    again = simulation.event(
        "Delete", simulation.edge_config(*config), physical_id=created.response.physical_id, **options
    )
    deleted = simulation.Execution(world, again, "second", stays=stays)
    world.run_out()

    assert deleted.response.status == "SUCCESS"
    assert isinstance(world.seen, Absent) or not world.seen.status.syncing
    assert world.writes[-1][2] == "Delete" if world.writes else isinstance(world.seen, Absent)


@given(HUBS, HABITS, FAULTS, CONFIGS, CONFIGS, OPTIONS)
def test_a_create_that_fails_leaves_another_owners_configuration_alone(
    simulation, hubs, habits, faults, present, config, options
):
    """Where a configuration was in place, a failed Create and its Delete cost no footage that a move did not."""
    world = _world(simulation, hubs, habits, faults, present)
    world.begin("CREATE_IN_PROGRESS")
    options = {**options, "HubMove": "FORBIDDEN", "RemovalPolicy": "DESTROY"}
    desired = simulation.edge_config(*config)
    created = simulation.Execution(world, simulation.event("Create", desired, **options))
    world.run_out()
    if created.response.status == "FAILED":
        world.begin("ROLLBACK_IN_PROGRESS")
        simulation.Execution(
            world, simulation.event("Delete", desired, physical_id=created.response.physical_id, **options), "second"
        )
        world.run_out()

    assert all(action != "Delete" for _, _, action in world.writes) or created.response.status == "SUCCESS"
    assert isinstance(world.seen, Found)


@given(HUBS, HABITS, FAULTS, SOME_CONFIG, REQUEST.filter(lambda drawn: not drawn["token"]))
def test_after_a_success_the_same_request_again_writes_nothing_and_answers_the_same(
    simulation, hubs, habits, faults, present, drawn
):
    """Invariants 5 and 6, for an event whose second delivery was not recognised."""
    faults = [fault for fault in faults if fault != "stale"]
    world = _world(simulation, hubs, habits, faults, present)
    if drawn["type"] == "Delete":
        world.begin("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS")
    event = _event(simulation, drawn)
    first = simulation.Execution(world, event)
    world.run_out()
    if first.response.status == "FAILED" or not (drawn["type"] == "Delete" or first.port.last.status == "IN_SYNC"):
        return
    world.faults.clear()
    writes = len(world.writes)
    again = simulation.Execution(world, event, "again")
    world.run_out()

    assert len(world.writes) == writes
    assert again.response == first.response


@given(HUBS, KIND_HABITS, CONFIGS, OPTIONS, st.floats(0, 30))
def test_two_deliveries_at_a_time_of_one_event_do_no_harm(simulation, hubs, habits, config, options, later):
    """Invariant 5: both executions agree, and the configuration is sent once."""
    hubs = {hub: "online" if behaviour == "refusing" else behaviour for hub, behaviour in hubs.items()}
    options = {**options, "SyncTimeoutInSeconds": 1200}
    world = _world(simulation, hubs, habits)
    event = simulation.event("Create", simulation.edge_config(*config), **options)
    first = simulation.Execution(world, event, stays=False)
    others: list[Any] = []
    world.at(later, lambda: others.append(simulation.Execution(world, event, "second", stays=False)))
    world.run_out()

    if first.response.status == "SUCCESS":
        assert [action for _, _, action in world.writes] == ["Start"]
        assert others[0].response.status == "SUCCESS"
        assert others[0].response.physical_id == first.response.physical_id


@given(HUBS, KIND_HABITS, st.floats(1, 1000), OPTIONS, st.booleans(), st.booleans(), st.booleans())
def test_an_update_that_was_cancelled_never_writes_against_the_rollback(
    simulation, hubs, habits, cancelled, options, stays, busy, touched
):
    """CloudFormation does not stop the old execution: it must stop itself; and the rollback is not wedged."""
    world = _world(simulation, hubs, habits, present=("hub-a", 24))
    before, wanted = simulation.edge_config("hub-a", 24), simulation.edge_config("hub-a", 48)
    if busy:
        world.put("somebody", simulation.edge_config("hub-a", 72 if touched else 24))
        world.writes.clear()
        world.advance(0.5)
        world.begin("UPDATE_IN_PROGRESS")
    update = simulation.Execution(
        world, simulation.event("Update", wanted, old=before, **options), "cancelled", stays=stays
    )
    rolled_back: list[Any] = []

    def cancel() -> None:
        world.begin(ROLLING_BACK)
        back = simulation.event("Update", before, old=wanted, **options)
        rolled_back.append(simulation.Execution(world, back, "roll back", stays=False))

    world.at(cancelled, cancel)
    world.run_out()

    began = rolled_back[0].received_at
    assert not [write for write in world.writes if write[1] == "cancelled" and write[0] > began]
    assert len(update.responses) == 1
    assert rolled_back[0].response.status == "SUCCESS"
    assert isinstance(world.seen, Found)
    if busy and touched and not world.writes:
        # Somebody else's change, from before the update: it is left, and the response says so.
        assert "is left unchanged" in rolled_back[0].response.reason
    else:
        assert holds(world.seen.config, before)


@given(HUBS, KIND_HABITS, CONFIGS, OPTIONS, st.floats(1, 200), st.sampled_from(["throttled", "lost before", "none"]))
def test_a_create_that_is_rolled_back_while_it_runs_leaves_nothing(
    simulation, hubs, habits, config, options, cancelled, fault
):
    """CloudFormation may send the Delete with an id of its own while the Create is still at work."""
    world = _world(simulation, hubs, habits, [fault] * 6)
    world.begin("CREATE_IN_PROGRESS")
    options = {**options, "RemovalPolicy": "DESTROY"}
    desired = simulation.edge_config(*config)
    create = simulation.Execution(world, simulation.event("Create", desired, **options), "create", stays=False)
    deletes: list[Any] = []

    def cancel() -> None:
        world.begin("ROLLBACK_IN_PROGRESS")
        event = simulation.event("Delete", desired, physical_id="an-id-of-cloudformation", **options)
        deletes.append(simulation.Execution(world, event, "delete", stays=False))

    world.at(cancelled, cancel)
    world.run_out()

    began = deletes[0].received_at
    assert not [write for write in world.writes if write[1] == "create" and write[0] > began]
    assert len(create.responses) == 1
    assert deletes[0].response.status == "SUCCESS"
    assert isinstance(world.seen, Absent) or not world.seen.status.syncing


@given(HUBS, KIND_HABITS, st.booleans())
def test_a_failed_update_rolls_back_however_the_hub_behaves(simulation, hubs, habits, stays):
    """With a hub offline, a rollback that waited for it would wedge the stack in UPDATE_ROLLBACK_FAILED."""
    world = _world(simulation, hubs, habits, present=("hub-a", 24))
    before, wanted = simulation.edge_config("hub-a", 24), simulation.edge_config("hub-a", 48)
    update = simulation.Execution(world, simulation.event("Update", wanted, old=before), stays=stays)
    world.run_out()
    world.begin(ROLLING_BACK)
    back = simulation.Execution(world, simulation.event("Update", before, old=wanted), "roll back", stays=stays)
    world.run_out()

    assert update.response.physical_id == back.response.physical_id == "front-door"
    assert back.response.status == "SUCCESS"
    assert isinstance(world.seen, Found)
    assert holds(world.seen.config, before)


@given(CONFIGS, CONFIGS, OPTIONS, st.sampled_from(["online", "slow"]))
def test_a_move_goes_through_a_delete_only_if_it_is_allowed(simulation, present, config, options, behaviour):
    """Between hubs that work, an allowed move succeeds and a forbidden one writes nothing."""
    options = {**options, "SyncTimeoutInSeconds": 1200}
    world = _world(simulation, {"hub-a": behaviour, "hub-b": behaviour}, simulation.QUIET, present=present)
    desired = simulation.edge_config(*config)
    event = simulation.event("Update", desired, old=simulation.edge_config(*present), **options)
    execution = simulation.Execution(world, event)
    world.run_out()

    actions = [action for _, _, action in world.writes]
    moved = hub_of(desired) != hub_of(simulation.edge_config(*present))
    if moved and options["HubMove"] == "FORBIDDEN":
        assert (execution.response.status, actions) == ("FAILED", [])
        assert execution.response.reason.startswith("HubMoveForbidden")
    else:
        assert execution.response.status == "SUCCESS"
        assert actions == (["Delete", "Start"] if moved else ["Start"] if config != present else [])


@given(st.floats(0, 60))
def test_a_stream_that_is_gone_fails_a_create_and_does_not_hold_up_a_delete(simulation, started):
    """Absent streams are an outcome, not a fault."""
    world = simulation.World(stream_exists=False)
    world.advance(started)
    create = simulation.Execution(world, simulation.event("Create", simulation.edge_config()))
    world.run_out()
    world.begin("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS")
    delete = simulation.Execution(
        world, simulation.event("Delete", simulation.edge_config(), RemovalPolicy="DESTROY"), "second"
    )
    world.run_out()

    assert create.response.reason.startswith("StreamNotFound")
    assert create.response.physical_id == f"{MARKER}front-door"
    assert delete.response.status == "SUCCESS"
    assert isinstance(world.seen, StreamAbsent)
