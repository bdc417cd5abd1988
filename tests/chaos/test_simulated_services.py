"""The simulated services behave as AWS's documentation says, and answer in the shapes of botocore's model."""

import time
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError, ParamValidationError, ReadTimeoutError
from botocore.model import Shape

from chaos_campaign.aws_client import service_model
from chaos_campaign.errors import ServiceError
from chaos_campaign.faults import Faults
from chaos_campaign.hubs import Hub
from chaos_campaign.open_questions import OpenQuestions
from chaos_campaign.plan import Plan
from chaos_campaign.requests import Request
from chaos_campaign.scenario import declaration, edge_config
from chaos_campaign.scheduler import EPOCH, Killed, Scheduler, Signal
from chaos_campaign.world import HUBS, World
from plain_handlers import PlainHandler


@pytest.fixture
def world() -> World:
    """Return a world without faults, and a stream without a configuration."""
    hubs = {name: Hub(name) for name in HUBS}
    world = World(1, PlainHandler().handlers(), faults=Faults(), questions=OpenQuestions(), hubs=hubs)
    for stream in ("stream-0", "stream-0-renamed"):
        world.edge.add_stream(stream, EPOCH - 1.0, EPOCH - 1.0)
    return world


def _carry_out(world: World, plans: Sequence[Plan]) -> list[Request]:
    """Run one stack's plans; return the requests that CloudFormation sent."""
    world.scheduler.spawn(lambda: world.engine.carry_out("north", plans), "operations")
    world.run()
    return list(world.dispatch.requests.values())


def _in_world(world: World, act: Any) -> Any:
    """Return what an action returns that runs as an invocation would."""
    process = world.scheduler.spawn(act, "test")
    world.run()
    assert process.error is None
    return process.result


def _template(stream: str = "stream-0", hours: int = 24, policy: str = "DESTROY", **options: Any) -> dict[str, Any]:
    return {"Edge": declaration(stream, edge_config("hub-a", hours), policy, **options)}


def _assert_fits(value: Any, shape: Shape) -> None:
    match shape.type_name:
        case "structure":
            assert set(value) <= set(shape.members), f"{shape.name} has no {set(value) - set(shape.members)}"
            assert set(shape.required_members) <= set(value)
            for name, item in value.items():
                _assert_fits(item, shape.members[name])
        case "list":
            for item in value:
                _assert_fits(item, shape.member)
        case "timestamp":
            assert isinstance(value, datetime)
        case "integer":
            assert isinstance(value, int)
        case "boolean":
            assert isinstance(value, bool)
        case _:
            assert isinstance(value, str), shape.name


@pytest.mark.parametrize(
    ("operation", "parameters"),
    [
        ("DescribeStacks", {"StackName": "north"}),
        ("DescribeStackEvents", {"StackName": "north"}),
        ("DescribeEvents", {"StackName": "north"}),
        ("ListStackResources", {"StackName": "north"}),
        ("DescribeStackResources", {"StackName": "north"}),
        ("DescribeStackResource", {"StackName": "north", "LogicalResourceId": "Edge"}),
    ],
)
def test_cloudformation_answers_in_the_shape_of_botocores_model(world, operation, parameters):
    """Each member is one that boto3 would return, with its type."""
    _carry_out(world, [Plan("create", _template()), Plan("update", _template(hours=48), sibling_fails="last")])
    answer = world.queries.answer(operation, parameters, world.scheduler.now)
    _assert_fits(answer, service_model("cloudformation").operation_model(operation).output_shape)


def test_the_edge_service_answers_in_the_shape_of_botocores_model(world):
    """Start and Describe return what the API's model says."""
    model = service_model("kinesisvideo")
    started = world.edge.start({"StreamName": "stream-0", "EdgeConfig": edge_config("hub-a", 24)}, "1")
    _assert_fits(started, model.operation_model("StartEdgeConfigurationUpdate").output_shape)
    described = world.edge.describe({"StreamName": "stream-0"})
    _assert_fits(described, model.operation_model("DescribeEdgeConfiguration").output_shape)


def test_an_offline_hub_is_tried_for_fifteen_minutes(world):
    """Then the configuration is SYNC_FAILED, with details."""
    world.hubs["hub-a"].offline_from = EPOCH - 1.0
    configuration = world.edge.put("stream-0", edge_config("hub-a", 24), "1")
    world.run()
    ended = world.edge.streams["stream-0"].history[-1]
    assert configuration.status == "SYNCING"
    assert ended[0] == EPOCH + 900.0
    assert ended[1].status == "SYNC_FAILED"
    assert ended[1].details == "The hub hub-a was not reached for 15 minutes"


def test_a_delete_destroys_the_streams_footage_on_its_hub(world):
    """Footage is there from the first sync on, and gone when the hub has deleted it."""
    world.edge.put("stream-0", edge_config("hub-a", 24), "1")
    world.run()
    assert world.edge.footage.oldest("stream-0", "hub-a") == EPOCH + 4.0
    world.edge.remove("stream-0", "1")
    world.run()
    assert world.edge.footage.oldest("stream-0", "hub-a") is None
    assert world.edge.streams["stream-0"].configuration is None


def test_a_sixth_look_in_a_second_is_throttled(world):
    """Five Describes a second are admitted for a stream."""
    world.edge.put("stream-0", edge_config("hub-a", 24), "1")

    def act() -> str:
        for _ in range(5):
            world.edge.describe({"StreamName": "stream-0"})
        with pytest.raises(Exception, match="ClientLimitExceededException"):
            world.edge.describe({"StreamName": "stream-0"})
        return "throttled"

    assert _in_world(world, act) == "throttled"


def test_a_client_checks_its_input_by_botocores_model(world):
    """A request that boto3 would not send is not sent here either."""

    def act() -> str:
        with pytest.raises(ParamValidationError, match="Missing required parameter in input"):
            boto3.client("kinesisvideo").start_edge_configuration_update(StreamName="stream-0")
        return "refused"

    assert _in_world(world, act) == "refused"


def test_a_client_raises_the_services_exceptions(world):
    """An error has its code, its HTTP status and its class."""

    def act() -> tuple[str, int]:
        client = boto3.client("stepfunctions")
        client.start_execution(stateMachineArn="arn", name="once", input="{}")
        with pytest.raises(ClientError) as caught:
            client.start_execution(stateMachineArn="arn", name="once", input='{"other": 1}')
        assert isinstance(caught.value, client.exceptions.ExecutionAlreadyExists)
        return caught.value.response["Error"]["Code"], caught.value.response["ResponseMetadata"]["HTTPStatusCode"]

    assert _in_world(world, act) == ("ExecutionAlreadyExists", 400)


def test_a_lost_answer_takes_the_read_timeout(world):
    """The call has taken effect by then."""
    world.faults.answer_lost = 1.0
    config = type("Config", (), {"connect_timeout": 5, "read_timeout": 15, "retries": {"total_max_attempts": 1}})

    def act() -> float:
        client = boto3.client("cloudformation", config=config)
        with pytest.raises(ReadTimeoutError):
            client.describe_stacks(StackName="north")
        return world.scheduler.now - EPOCH

    world.queries.answer = lambda operation, parameters, time: {}
    assert 15.0 < _in_world(world, act) < 15.5


def test_a_rolled_back_update_is_sent_with_old_and_new_swapped(world):
    """Scalars are strings, and the physical id stays."""
    plans = [Plan("create", _template()), Plan("update", _template(hours=48), sibling_fails="last")]
    _, update, undo = _carry_out(world, plans)
    assert (update.phase, undo.phase) == ("forward", "rollback")
    assert undo.event["ResourceProperties"] == update.event["OldResourceProperties"]
    assert undo.event["OldResourceProperties"] == update.event["ResourceProperties"]
    assert update.event["ResourceProperties"]["EdgeConfig"]["DeletionConfig"] == {"EdgeRetentionInHours": "48"}
    assert undo.event["ResourceProperties"]["SyncTimeoutInSeconds"] == "1200"
    assert world.engine.stacks["north"].status == "UPDATE_ROLLBACK_COMPLETE"


def test_a_creation_that_never_answered_is_deleted_by_an_id_that_is_made_up(world):
    """A sibling fails before the handler has answered."""
    create, delete = _carry_out(world, [Plan("create", _template(), sibling_fails=1.0)])
    assert create.outcome == "CANCELLED"
    assert (delete.type, delete.phase) == ("Delete", "rollback")
    assert delete.physical_id.startswith("north-Edge-")


def test_a_stream_that_is_renamed_is_a_replacement(world):
    """The cleanup deletes the resource of the old id, with the old properties."""
    plans = [Plan("create", _template()), Plan("update", _template("stream-0-renamed"))]
    _, update, delete = _carry_out(world, plans)
    assert (update.physical_id, update.answer.physical_id) == ("stream-0", "stream-0-renamed")
    assert (delete.type, delete.phase, delete.physical_id) == ("Delete", "cleanup", "stream-0")
    assert delete.event["ResourceProperties"]["StreamName"] == "stream-0"


@pytest.mark.parametrize(("policy", "types"), [("RETAIN", ["Create"]), ("DESTROY", ["Create", "Delete"])])
def test_a_policy_decides_if_a_delete_is_sent(world, policy, types):
    """RETAIN sends none, neither in a rollback nor when the stack goes."""
    requests = _carry_out(world, [Plan("create", _template(policy=policy)), Plan("delete", {})])
    assert [request.type for request in requests] == types
    assert world.engine.stacks["north"].status == "DELETE_COMPLETE"


def test_a_rollback_is_an_operation_of_its_own(world):
    """Its events carry another OperationId, and LastOperations has it first."""
    _carry_out(world, [Plan("create", _template()), Plan("update", _template(hours=48), sibling_fails="last")])
    stack = world.queries.answer("DescribeStacks", {"StackName": "north"}, world.scheduler.now)["Stacks"][0]
    kinds = [operation["OperationType"] for operation in stack["LastOperations"]]
    assert kinds == ["ROLLBACK", "UPDATE_STACK"]
    events = world.queries.answer("DescribeStackEvents", {"StackName": "north"}, world.scheduler.now)["StackEvents"]
    assert events[0]["ResourceStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert events[0]["OperationId"] == stack["LastOperations"][0]["OperationId"]


def test_a_process_that_is_killed_ends_where_it_sleeps():
    """It releases what it holds back, and runs nothing else."""
    scheduler, steps = Scheduler(), []

    def run() -> None:
        try:
            scheduler.sleep(10.0)
            steps.append("slept")
        finally:
            steps.append("released")

    process = scheduler.spawn(run, "test")
    scheduler.after(3.0, process.kill)
    scheduler.run()
    assert steps == ["released"]
    assert isinstance(process.error, Killed)
    assert scheduler.now == EPOCH + 3.0


def test_a_signal_wakes_who_waits_and_lets_others_time_out():
    """A wait tells if the signal came."""
    scheduler, heard = Scheduler(), []
    signal = Signal(scheduler)
    scheduler.spawn(lambda: heard.append(("patient", signal.wait(10.0))), "patient")
    scheduler.spawn(lambda: heard.append(("hasty", signal.wait(1.0))), "hasty")
    scheduler.after(5.0, signal.set)
    scheduler.run()
    assert heard == [("hasty", False), ("patient", True)]


def test_a_stack_that_is_deleted_in_its_rollback_sends_its_deletes_again(world):
    """The rollback's Delete is cancelled; the deletion's has the same id and properties."""
    world.engine.deleted_in_rollback = 2.0
    world.hubs["hub-a"].sync = 30.0
    create, first, second = _carry_out(world, [Plan("create", _template(), sibling_fails="last")])
    assert (create.outcome, first.outcome, second.outcome) == ("SUCCESS", "CANCELLED", "SUCCESS")
    assert (first.phase, second.phase) == ("rollback", "delete")
    assert first.physical_id == second.physical_id == "stream-0"
    assert world.engine.stacks["north"].status == "DELETE_COMPLETE"


def test_a_stack_that_is_deleted_in_an_updates_rollback_deletes_all_that_it_has(world):
    """Both streams of a rename that was not taken back, and nothing is left."""
    world.engine.deleted_in_update_rollback = 1.0
    renamed = Plan("update", _template("stream-0-renamed"), sibling_fails="last")
    requests = _carry_out(world, [Plan("create", _template()), renamed])
    assert (requests[1].type, requests[1].phase) == ("Update", "forward")
    assert world.engine.stacks["north"].status == "DELETE_COMPLETE"
    deleted = {request.physical_id for request in requests if request.phase == "delete"}
    assert deleted == {"stream-0", "stream-0-renamed"}


def test_a_stream_that_is_created_again_has_another_arn_and_no_configuration(world):
    """A replica that lags shows the old stream for some seconds."""
    world.edge.put("stream-0", edge_config("hub-a", 24), "person")
    before = world.edge.streams["stream-0"].arn
    world.scheduler.after(100.0, lambda: world.person_deletes_stream("stream-0"))
    world.scheduler.after(103.0, lambda: world.person_creates_stream("stream-0"))

    def describe(at: float, lag: float) -> str:
        time.sleep(EPOCH + at - time.time())
        try:
            return str(world.edge.describe({"StreamName": "stream-0"}, lag)["StreamARN"])
        except ServiceError as error:
            return error.code

    seen = _in_world(world, lambda: [describe(*when) for when in ((101, 0), (104, 0), (106, 7), (107, 5), (108, 0))])
    missing, absent = "ResourceNotFoundException", "StreamEdgeConfigurationNotFoundException"
    assert seen == [missing, missing, before, missing, absent]
    assert world.edge.streams["stream-0"].arn != before
    assert world.edge.footage.oldest("stream-0", "hub-a") is None


@pytest.mark.parametrize(("loses_jobs", "status"), [(False, "IN_SYNC"), (True, "SYNC_FAILED")])
@pytest.mark.parametrize("refusal", ["", "InvalidArgumentException"])
def test_a_hub_that_is_registered_again_has_no_footage(world, loses_jobs, status, refusal):
    """The job in progress may be lost with the old device, and the hub's name is unknown in between."""
    world.hubs["hub-a"].loses_jobs, world.hubs["hub-a"].refusal_when_removed = loses_jobs, refusal
    world.edge.put("stream-0", edge_config("hub-a", 24), "person")
    world.scheduler.after(60.0, lambda: world.edge.put("stream-0", edge_config("hub-a", 48), "person"))
    world.scheduler.after(61.0, lambda: world.person_replaces_hub("hub-a", 30.0))

    def start() -> str:
        time.sleep(70.0)
        try:
            config = edge_config("hub-a", 24)
            world.edge.start({"StreamName": "stream-0-renamed", "EdgeConfig": config}, "person")
        except ServiceError as error:
            return error.code
        return ""

    assert _in_world(world, start) == refusal
    assert world.edge.streams["stream-0"].configuration.status == status
    recorded = world.edge.footage.oldest("stream-0", "hub-a")
    assert recorded is None if loses_jobs else recorded >= EPOCH + 91.0


def test_an_invocation_whose_result_is_lost_continues(world):
    """Step Functions sees an error of its client, and the tick responds all the same."""
    world.faults.result_lost = 1.0
    (create,) = _carry_out(world, [Plan("create", _template())])
    assert create.outcome == "SUCCESS"
    assert world.machine.failed == ["Lambda.SdkClientException: "]


def test_withdrawn_permissions_come_back(world):
    """A call in the gap is denied, and one after it is not."""
    world.faults.permission_gap = (EPOCH, EPOCH + 60.0)

    def codes() -> Any:
        client = boto3.client("kinesisvideo")
        world.scheduler.running.locals["request"] = "some request"
        for seconds in (30.0, 60.0):
            world.scheduler.sleep(seconds)
            with pytest.raises(ClientError) as caught:
                client.describe_edge_configuration(StreamName="stream-0")
            yield caught.value.response["Error"]["Code"]

    assert _in_world(world, lambda: list(codes())) == [
        "AccessDeniedException",
        "StreamEdgeConfigurationNotFoundException",
    ]


def test_each_invocation_has_a_clock_of_its_own(world):
    """Within the difference that the handler assumes."""
    world.faults.clock_skew = 0.1
    seen: list[float] = []
    world.lambdas._tick = lambda payload, context: seen.append(time.time() - world.scheduler.now) or {}
    _in_world(world, lambda: [world.lambdas.invoke({}, 60.0) for _ in range(9)])
    assert len(set(seen)) == 9
    assert all(abs(skew) <= 0.1 for skew in seen)
