"""The edge service without HTTP: responses, errors, limits, faults, and each open question with each answer."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from kvs_edge_local.edge import (
    Assumptions,
    Failing,
    Fault,
    JobStatus,
    LocalEdgeService,
    Offline,
    Online,
    Settings,
    Slow,
    SyncStatus,
)
from kvs_edge_local.edge.assumptions import (
    BadSchedule,
    DeletedStream,
    DeleteWhileSyncing,
    DescribedDefaults,
    FullHub,
    LastUpdated,
    OfflineDelete,
    StartOnAnotherHub,
    StartOnDeleteFailed,
    StartWhileDeleting,
)
from kvs_edge_local.edge.errors import AnswerLost, EdgeServiceError
from kvs_edge_local.edge.history import DELETE, DESCRIBE, LIST, START
from kvs_edge_local.edge.streams import Caller, StreamInfo

CALLER = Caller("123456789012", "eu-central-1", "arn:aws:iam::123456789012:user/anna")
QUARTER = 15 * 60


class ManualClock:
    """Clock that a test advances."""

    def __init__(self):
        self.time = 1_700_000_000.0

    def now(self):
        return self.time

    def tick(self, seconds):
        self.time += seconds


class FakeStreams:
    """Streams of any account and region, by name."""

    def __init__(self):
        self.known = {}

    def add(self, name, hours=24, status="ACTIVE", created=1):
        arn = f"arn:aws:kinesisvideo:eu-central-1:123456789012:stream/{name}/{created}"
        self.known[name] = StreamInfo(name, arn, status, hours)
        return arn

    def find(self, _caller, name, arn):
        return next((s for s in self.known.values() if name == s.name or arn == s.arn), None)


@pytest.fixture
def clock():
    return ManualClock()


@pytest.fixture
def streams():
    streams = FakeStreams()
    streams.add("cam-1")
    return streams


@pytest.fixture
def service(clock, streams):
    return LocalEdgeService(clock, streams)


@pytest.fixture
def call(service):
    return lambda operation, **request: service.call(operation, CALLER, request)


@pytest.fixture
def assume(service):
    def change(**switches):
        service.settings = replace(service.settings, assumptions=Assumptions(**switches))

    return change


@pytest.fixture
def unlimited(service):
    service.settings = replace(service.settings, limits_enforced=False)


def hub_arn(name):
    return f"arn:aws:iot:eu-central-1:123456789012:thing/{name}"


def config(hub="hub-1", **members):
    source = {
        "MediaUriSecretArn": "arn:aws:secretsmanager:eu-central-1:123456789012:secret:cam-AbCdEf",
        "MediaUriType": "RTSP_URI",
    }
    return {"HubDeviceArn": hub_arn(hub), "RecorderConfig": {"MediaSourceConfig": source}} | members


def scheduled(expression):
    schedule = {"ScheduleExpression": expression, "DurationInSeconds": 60}
    return config(UploaderConfig={"ScheduleConfig": schedule})


def refusal(call, operation, **request):
    with pytest.raises(EdgeServiceError) as caught:
        call(operation, **request)
    return caught.value


def code(call, operation, **request):
    return refusal(call, operation, **request).code


def status(call, stream="cam-1"):
    return call(DESCRIBE, StreamName=stream)["SyncStatus"]


def test_a_start_answers_syncing_and_describe_follows_the_hub(call, clock):
    assert call(START, StreamName="cam-1", EdgeConfig=config())["SyncStatus"] == "SYNCING"
    clock.tick(1)
    assert status(call) == "ACKNOWLEDGED"
    clock.tick(2)
    assert status(call) == "IN_SYNC"


def test_a_stream_may_be_named_by_its_arn(call, streams):
    arn = streams.known["cam-1"].arn
    call(START, StreamARN=arn, EdgeConfig=config())
    assert call(DESCRIBE, StreamARN=arn)["StreamName"] == "cam-1"


def test_a_start_while_one_is_syncing_is_refused(call, clock):
    call(START, StreamName="cam-1", EdgeConfig=config())
    clock.tick(2)
    assert code(call, START, StreamName="cam-1", EdgeConfig=config()) == "ResourceInUseException"


def test_sending_the_same_again_syncs_again_and_keeps_the_creation_time(call, clock):
    first = call(START, StreamName="cam-1", EdgeConfig=config())
    clock.tick(5)
    again = call(START, StreamName="cam-1", EdgeConfig=config())
    assert again["SyncStatus"] == "SYNCING"
    assert again["CreationTime"] == first["CreationTime"]
    assert again["LastUpdatedTime"] > first["LastUpdatedTime"]


def test_a_failed_sync_can_be_started_again(call, clock, service):
    service.set_hub("hub-1", Failing("no space left"))
    call(START, StreamName="cam-1", EdgeConfig=config())
    clock.tick(3)
    assert call(DESCRIBE, StreamName="cam-1")["FailedStatusDetails"] == "no space left"
    service.set_hub("hub-1", Online())
    clock.tick(60)
    assert status(call) == "SYNC_FAILED"
    call(START, StreamName="cam-1", EdgeConfig=config())
    clock.tick(3)
    assert status(call) == "IN_SYNC"


def test_a_hub_that_goes_offline_after_the_acknowledgement_fails_the_sync(call, clock, service):
    service.set_hub("hub-1", Slow(60))
    call(START, StreamName="cam-1", EdgeConfig=config())
    clock.tick(30)
    service.set_hub("hub-1", Offline())
    clock.tick(QUARTER)
    answer = call(DESCRIBE, StreamName="cam-1")
    assert answer["SyncStatus"] == "SYNC_FAILED"
    assert "acknowledged" in answer["FailedStatusDetails"]


def test_a_deleted_configuration_is_gone_and_can_be_made_on_another_hub(call, clock):
    call(START, StreamName="cam-1", EdgeConfig=config("hub-1"))
    clock.tick(3)
    assert call(DELETE, StreamName="cam-1") == {}
    assert status(call) == "DELETING"
    clock.tick(3)
    assert code(call, DESCRIBE, StreamName="cam-1") == "StreamEdgeConfigurationNotFoundException"
    assert code(call, DELETE, StreamName="cam-1") == "StreamEdgeConfigurationNotFoundException"
    assert call(START, StreamName="cam-1", EdgeConfig=config("hub-2"))["SyncStatus"] == "SYNCING"


def test_deleting_twice_is_a_no_op(call, clock, service):
    call(START, StreamName="cam-1", EdgeConfig=config())
    clock.tick(3)
    call(DELETE, StreamName="cam-1")
    clock.tick(2)
    call(DELETE, StreamName="cam-1")
    clock.tick(1)
    assert service.history("cam-1").status is SyncStatus.GONE


def test_a_failed_delete_can_be_tried_again(call, clock, service):
    call(START, StreamName="cam-1", EdgeConfig=config())
    clock.tick(3)
    service.set_hub("hub-1", Failing("media in use"))
    call(DELETE, StreamName="cam-1")
    clock.tick(3)
    assert status(call) == "DELETE_FAILED"
    service.set_hub("hub-1", Online())
    call(DELETE, StreamName="cam-1")
    clock.tick(3)
    assert code(call, DESCRIBE, StreamName="cam-1") == "StreamEdgeConfigurationNotFoundException"


@pytest.mark.parametrize("operation", [START, DESCRIBE, DELETE])
def test_a_stream_that_does_not_exist_is_not_found(call, operation):
    members = {"EdgeConfig": config()} if operation == START else {}
    assert code(call, operation, StreamName="nobody", **members) == "ResourceNotFoundException"


@pytest.mark.parametrize("named", [{}, {"StreamName": "cam-1", "StreamARN": "ARN"}], ids=["neither", "both"])
def test_a_stream_is_named_by_name_or_arn_and_not_both(call, streams, named):
    if "StreamARN" in named:
        named = named | {"StreamARN": streams.known["cam-1"].arn}
    assert code(call, DESCRIBE, **named) == "InvalidArgumentException"


def test_a_stream_that_keeps_nothing_is_refused(call, streams):
    streams.add("cam-1", hours=0)
    assert code(call, START, StreamName="cam-1", EdgeConfig=config()) == "NoDataRetentionException"


def test_a_stream_that_is_not_active_is_in_use(call, streams):
    streams.add("cam-1", status="CREATING")
    error = refusal(call, START, StreamName="cam-1", EdgeConfig=config())
    assert error.code == "ResourceInUseException"
    assert "CREATING" in error.message


def test_the_edge_operations_are_not_offered_in_af_south_1(service):
    elsewhere = replace(CALLER, region="af-south-1")
    with pytest.raises(EdgeServiceError, match="not offered in the region af-south-1"):
        service.call(DESCRIBE, elsewhere, {"StreamName": "cam-1"})


@pytest.mark.parametrize(("operation", "stream_limit"), [(START, 1), (DESCRIBE, 5), (DELETE, 1)])
def test_each_stream_has_its_calls_a_second_and_no_more(call, clock, operation, stream_limit):
    def codes(calls):
        members = {"EdgeConfig": config()} if operation == START else {}
        return [code(call, operation, StreamName="nobody", **members) for _ in range(calls)]

    assert codes(stream_limit + 1) == [*["ResourceNotFoundException"] * stream_limit, "ClientLimitExceededException"]
    clock.tick(1)
    assert codes(1) == ["ResourceNotFoundException"]


@pytest.mark.parametrize(("operation", "account_limit"), [(START, 10), (DESCRIBE, 50), (DELETE, 10), (LIST, 50)])
def test_each_account_has_its_calls_a_second_and_no_more(call, clock, service, operation, account_limit):
    def throttled(number):
        if operation == LIST:
            request = {"HubDeviceArn": hub_arn("hub-1")}
        else:
            request = {"StreamName": f"nobody-{number}"} | ({"EdgeConfig": config()} if operation == START else {})
        try:
            call(operation, **request)
        except EdgeServiceError as error:
            return error.code == "ClientLimitExceededException"
        return False

    assert [throttled(number) for number in range(account_limit + 1)] == [False] * account_limit + [True]
    clock.tick(0.5)
    assert throttled(account_limit + 1), "a call that was refused must not make room"
    clock.tick(0.5)
    assert not throttled(account_limit + 2)


def test_another_region_has_limits_of_its_own(call, service):
    for number in range(10):
        code(call, DELETE, StreamName=f"nobody-{number}")
    elsewhere = replace(CALLER, region="us-east-1")
    with pytest.raises(EdgeServiceError) as caught:
        service.call(DELETE, elsewhere, {"StreamName": "nobody"})
    assert caught.value.code == "ResourceNotFoundException"


def test_calls_from_many_threads_are_counted_one_by_one(call, service, streams):
    for number in range(20):
        streams.add(f"many-{number}")
    with ThreadPoolExecutor(20) as pool:
        started = [
            pool.submit(call, START, StreamName=f"many-{number}", EdgeConfig=config(f"hub-{number}"))
            for number in range(20)
        ]
    assert sum(start.exception() is None for start in started) == 10
    assert len(service.writes()) == len(service.histories()) == 10


def test_limits_can_be_switched_off(call, unlimited):
    call(START, StreamName="cam-1", EdgeConfig=config())
    assert [status(call) for _ in range(60)] == ["SYNCING"] * 60


def fill_hub(call, streams, hub="hub-1", number=16):
    for index in range(number):
        streams.add(f"full-{index}")
        call(START, StreamName=f"full-{index}", EdgeConfig=config(hub))


@pytest.mark.parametrize(
    ("switch", "expected"),
    [
        (FullHub.INVALID_ARGUMENT, "InvalidArgumentException"),
        (FullHub.CLIENT_LIMIT_EXCEEDED, "ClientLimitExceededException"),
    ],
)
@pytest.mark.usefixtures("unlimited")
def test_the_17th_stream_on_a_hub_is_refused(call, assume, streams, switch, expected):
    assume(full_hub=switch)
    fill_hub(call, streams)
    error = refusal(call, START, StreamName="cam-1", EdgeConfig=config())
    assert error.code == expected
    assert "16 is the limit" in error.message


def test_a_full_hub_takes_updates_of_the_streams_that_it_has(call, clock, streams, unlimited):
    fill_hub(call, streams)
    clock.tick(3)
    assert call(START, StreamName="full-0", EdgeConfig=config())["SyncStatus"] == "SYNCING"


@pytest.mark.parametrize(
    ("switch", "expected"),
    [
        (DeleteWhileSyncing.RESOURCE_IN_USE, "ResourceInUseException"),
        (DeleteWhileSyncing.INVALID_ARGUMENT, "InvalidArgumentException"),
    ],
)
@pytest.mark.parametrize("after", [0, 2], ids=["SYNCING", "ACKNOWLEDGED"])
def test_a_delete_while_syncing_may_be_refused(call, clock, assume, *, switch, expected, after):
    assume(delete_while_syncing=switch)
    call(START, StreamName="cam-1", EdgeConfig=config())
    clock.tick(after)
    assert code(call, DELETE, StreamName="cam-1") == expected


def test_a_delete_while_syncing_may_be_accepted(call, assume):
    assume(delete_while_syncing=DeleteWhileSyncing.ACCEPTED)
    call(START, StreamName="cam-1", EdgeConfig=config())
    call(DELETE, StreamName="cam-1")
    assert status(call) == "DELETING"


def delete_under_way(call, clock):
    call(START, StreamName="cam-1", EdgeConfig=config())
    clock.tick(3)
    call(DELETE, StreamName="cam-1")


def test_a_start_while_deleting_may_be_refused(call, clock, assume):
    assume(start_while_deleting=StartWhileDeleting.RESOURCE_IN_USE)
    delete_under_way(call, clock)
    assert code(call, START, StreamName="cam-1", EdgeConfig=config()) == "ResourceInUseException"


def test_a_start_while_deleting_may_be_accepted(call, clock, assume):
    assume(start_while_deleting=StartWhileDeleting.ACCEPTED)
    delete_under_way(call, clock)
    call(START, StreamName="cam-1", EdgeConfig=config())
    clock.tick(3)
    assert status(call) == "IN_SYNC"


def failed_delete(call, clock, service):
    service.set_hub("hub-1", Failing("media in use"))
    delete_under_way(call, clock)
    clock.tick(3)
    assert status(call) == "DELETE_FAILED"


def test_a_start_on_a_failed_delete_may_be_accepted(call, clock, service, assume):
    assume(start_on_delete_failed=StartOnDeleteFailed.ACCEPTED)
    failed_delete(call, clock, service)
    assert call(START, StreamName="cam-1", EdgeConfig=config())["SyncStatus"] == "SYNCING"


def test_a_start_on_a_failed_delete_may_be_refused(call, clock, service, assume):
    assume(start_on_delete_failed=StartOnDeleteFailed.RESOURCE_IN_USE)
    failed_delete(call, clock, service)
    assert code(call, START, StreamName="cam-1", EdgeConfig=config()) == "ResourceInUseException"


def test_a_start_on_another_hub_may_be_refused(call, clock, assume):
    assume(start_on_another_hub=StartOnAnotherHub.INVALID_ARGUMENT)
    call(START, StreamName="cam-1", EdgeConfig=config("hub-1"))
    clock.tick(3)
    error = refusal(call, START, StreamName="cam-1", EdgeConfig=config("hub-2"))
    assert error.code == "InvalidArgumentException"
    assert hub_arn("hub-1") in error.message


def test_a_start_on_another_hub_may_move_the_stream_silently(call, clock, assume):
    assume(start_on_another_hub=StartOnAnotherHub.MOVED)
    call(START, StreamName="cam-1", EdgeConfig=config("hub-1"))
    clock.tick(3)
    call(START, StreamName="cam-1", EdgeConfig=config("hub-2"))
    assert call(LIST, HubDeviceArn=hub_arn("hub-1"))["EdgeConfigs"] == []
    assert [
        configuration["StreamName"] for configuration in call(LIST, HubDeviceArn=hub_arn("hub-2"))["EdgeConfigs"]
    ] == ["cam-1"]


@pytest.mark.parametrize(
    ("switch", "expected"),
    [(OfflineDelete.DELETE_FAILED, "DELETE_FAILED"), (OfflineDelete.DELETING_FOREVER, "DELETING")],
)
def test_a_delete_that_the_hub_does_not_hear_of_ends_after_15_minutes_or_never(
    call, clock, service, assume, *, switch, expected
):
    assume(offline_delete=switch)
    call(START, StreamName="cam-1", EdgeConfig=config())
    clock.tick(3)
    service.set_hub("hub-1", Offline())
    call(DELETE, StreamName="cam-1")
    clock.tick(QUARTER - 1)
    assert status(call) == "DELETING"
    clock.tick(1)
    assert status(call) == expected


@pytest.mark.parametrize(("switch", "moved"), [(LastUpdated.ON_START, 0), (LastUpdated.ON_STATUS_CHANGE, 3)])
def test_the_last_update_is_the_start_or_the_last_change_of_status(call, clock, assume, switch, moved):
    assume(last_updated=switch)
    started = call(START, StreamName="cam-1", EdgeConfig=config())["LastUpdatedTime"]
    clock.tick(100)
    updated = call(DESCRIBE, StreamName="cam-1")["LastUpdatedTime"]
    assert (updated - started).total_seconds() == moved


def test_describe_may_fill_in_defaults(call, assume):
    assume(described_defaults=DescribedDefaults.FILLED_IN)
    call(START, StreamName="cam-1", EdgeConfig=config(DeletionConfig={"EdgeRetentionInHours": 15}))
    described = call(DESCRIBE, StreamName="cam-1")["EdgeConfig"]
    assert described["DeletionConfig"] == {"EdgeRetentionInHours": 15, "DeleteAfterUpload": True}


def test_describe_may_answer_only_what_was_sent(call, assume):
    assume(described_defaults=DescribedDefaults.ONLY_AS_SENT)
    call(START, StreamName="cam-1", EdgeConfig=config())
    assert call(DESCRIBE, StreamName="cam-1")["EdgeConfig"] == config()


@pytest.mark.parametrize(("switch", "left"), [(DeletedStream.BOTH_GO, []), (DeletedStream.ORPHANED, ["cam-1"])])
def test_a_deleted_stream_takes_its_configuration_along_or_orphans_it(call, service, streams, assume, *, switch, left):
    assume(deleted_stream=switch)
    call(START, StreamName="cam-1", EdgeConfig=config())
    service.stream_deleted(streams.known.pop("cam-1").arn)
    assert code(call, DESCRIBE, StreamName="cam-1") == "ResourceNotFoundException"
    assert [
        configuration["StreamName"] for configuration in call(LIST, HubDeviceArn=hub_arn("hub-1"))["EdgeConfigs"]
    ] == left


def test_a_stream_recreated_has_no_configuration_even_if_the_old_one_was_orphaned(call, service, streams, assume):
    assume(deleted_stream=DeletedStream.ORPHANED)
    call(START, StreamName="cam-1", EdgeConfig=config())
    service.stream_deleted(streams.known.pop("cam-1").arn)
    streams.add("cam-1", created=2)
    assert code(call, DESCRIBE, StreamName="cam-1") == "StreamEdgeConfigurationNotFoundException"


def test_a_bad_schedule_may_be_refused_at_once(call, assume):
    assume(bad_schedule=BadSchedule.INVALID_ARGUMENT)
    error = refusal(call, START, StreamName="cam-1", EdgeConfig=scheduled("0 0 25 * * ? *"))
    assert error.code == "InvalidArgumentException"
    assert "'25' is not a valid hours" in error.message


def test_a_bad_schedule_may_be_refused_by_the_hub(call, clock, assume):
    assume(bad_schedule=BadSchedule.SYNC_FAILED)
    call(START, StreamName="cam-1", EdgeConfig=scheduled("0 0 25 * * ? *"))
    clock.tick(3)
    answer = call(DESCRIBE, StreamName="cam-1")
    assert answer["SyncStatus"] == "SYNC_FAILED"
    assert "'25' is not a valid hours" in answer["FailedStatusDetails"]


def test_list_pages_by_five_by_default(call, streams, unlimited):
    fill_hub(call, streams, number=12)
    request, pages = {"HubDeviceArn": hub_arn("hub-1")}, []
    while True:
        answer = call(LIST, **request)
        pages.append([configuration["StreamName"] for configuration in answer["EdgeConfigs"]])
        if "NextToken" not in answer:
            break
        request["NextToken"] = answer["NextToken"]
    assert [len(page) for page in pages] == [5, 5, 2]
    assert len({name for page in pages for name in page}) == 12
    assert len(call(LIST, HubDeviceArn=hub_arn("hub-1"), MaxResults=10)["EdgeConfigs"]) == 10


def test_a_full_last_page_has_no_token(call, streams, unlimited):
    fill_hub(call, streams, number=5)
    assert "NextToken" not in call(LIST, HubDeviceArn=hub_arn("hub-1"))


@pytest.mark.parametrize("most", [0, 11])
def test_a_page_has_1_to_10_configurations(call, most):
    assert code(call, LIST, HubDeviceArn=hub_arn("hub-1"), MaxResults=most) == "InvalidArgumentException"


def test_a_made_up_token_is_refused(call):
    assert code(call, LIST, HubDeviceArn=hub_arn("hub-1"), NextToken="abc") == "InvalidArgumentException"


def test_list_shows_only_the_callers_own_account_and_region(call, service):
    call(START, StreamName="cam-1", EdgeConfig=config())
    elsewhere = replace(CALLER, account="111122223333")
    assert service.call(LIST, elsewhere, {"HubDeviceArn": hub_arn("hub-1")}) == {"EdgeConfigs": []}


def test_describe_shows_the_status_of_the_hubs_jobs_and_list_does_not(call, service, clock):
    call(START, StreamName="cam-1", EdgeConfig=config())
    assert "EdgeAgentStatus" not in call(DESCRIBE, StreamName="cam-1")
    service.set_agent_status("cam-1", recorder=JobStatus("USER_ERROR", "no such camera", clock.now()))
    shown = call(DESCRIBE, StreamName="cam-1")["EdgeAgentStatus"]
    assert shown["LastRecorderStatus"]["RecorderStatus"] == "USER_ERROR"
    assert "LastUploaderStatus" not in shown
    assert "EdgeAgentStatus" not in call(LIST, HubDeviceArn=hub_arn("hub-1"))["EdgeConfigs"][0]


def test_jobs_of_a_stream_without_a_configuration_are_refused(service):
    with pytest.raises(ValueError, match="'cam-1' has no edge configuration"):
        service.set_agent_status("cam-1", recorder=JobStatus("SUCCESS"))


def test_a_fault_hits_the_next_calls_of_its_operation_and_stream_only(call, service, streams):
    streams.add("cam-2")
    service.inject(Fault(DELETE, "AccessDenied", times=2, stream="cam-1"))
    not_there = "StreamEdgeConfigurationNotFoundException"
    assert code(call, DESCRIBE, StreamName="cam-1") == not_there
    assert code(call, DELETE, StreamName="cam-2") == not_there
    assert code(call, DELETE, StreamName="cam-1") == "AccessDeniedException"
    assert code(call, DELETE, StreamName="cam-1") == "AccessDeniedException"
    assert code(call, DELETE, StreamName="cam-1") == not_there


def test_a_faulty_call_changes_nothing_unless_only_its_answer_is_lost(call, service, clock):
    service.inject(Fault(START, "InternalFailure"))
    assert refusal(call, START, StreamName="cam-1", EdgeConfig=config()).status == 500
    assert service.writes() == ()
    service.inject(Fault(START, "ConnectionDropped", takes_effect=True))
    with pytest.raises(AnswerLost):
        call(START, StreamName="cam-1", EdgeConfig=config())
    assert status(call) == "SYNCING"
    assert [(write.operation, write.error) for write in service.writes()] == [(START, "ConnectionDropped")]


def test_a_fault_of_an_unknown_operation_or_for_no_call_is_refused(service):
    with pytest.raises(ValueError, match="'StopEdge' does not exist: give one of StartEdgeConfigurationUpdate"):
        service.inject(Fault("StopEdge", "AccessDenied"))
    with pytest.raises(ValueError, match="give 1 or more"):
        Fault(START, "AccessDenied", times=0)


def test_every_call_is_recorded_with_time_caller_and_outcome(call, service, clock):
    code(call, DESCRIBE, StreamName="cam-1")
    clock.tick(7)
    call(START, StreamName="cam-1", EdgeConfig=config())
    looked, started = service.calls()
    assert (looked.operation, looked.error, looked.accepted) == (
        DESCRIBE,
        "StreamEdgeConfigurationNotFoundException",
        False,
    )
    assert (started.stream, started.caller, started.error) == ("cam-1", CALLER.principal, None)
    assert started.time - looked.time == 7
    assert service.calls(START) == (started,)
    assert service.calls(stream="cam-2") == ()


def test_the_writes_are_the_accepted_starts_and_deletes_in_order(call, service, clock):
    call(START, StreamName="cam-1", EdgeConfig=config())
    code(call, START, StreamName="cam-1", EdgeConfig=config())
    clock.tick(3)
    call(DELETE, StreamName="cam-1")
    assert [write.operation for write in service.writes("cam-1")] == [START, DELETE]


def test_a_history_tells_the_statuses_their_times_and_the_looks_since_the_start(call, service, clock):
    call(START, StreamName="cam-1", EdgeConfig=config())
    began = clock.now()
    for _ in range(4):
        status(call)
        clock.tick(1)
    history = service.history("cam-1")
    assert history.reached == (
        (SyncStatus.SYNCING, began),
        (SyncStatus.ACKNOWLEDGED, began + 1),
        (SyncStatus.IN_SYNC, began + 3),
    )
    assert (history.polls, history.sync_took, history.started_by) == (4, 3, CALLER.principal)
    assert history.edge_config == config()


def test_each_start_has_a_history_of_its_own(call, service, clock):
    call(START, StreamName="cam-1", EdgeConfig=config())
    clock.tick(3)
    status(call)
    call(START, StreamName="cam-1", EdgeConfig=config())
    assert [history.polls for history in service.histories()] == [1, 0]
    assert service.history("cam-1").sync_took is None


def test_a_reset_forgets_everything_but_the_settings(call, service):
    service.settings = Settings(limits_enforced=False)
    service.set_hub("hub-1", Offline())
    call(START, StreamName="cam-1", EdgeConfig=config())
    service.reset()
    assert (service.calls(), service.histories(), dict(service.hubs())) == ((), (), {})
    assert not service.settings.limits_enforced
    assert code(call, DESCRIBE, StreamName="cam-1") == "StreamEdgeConfigurationNotFoundException"
