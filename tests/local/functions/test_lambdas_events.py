"""Events are delivered at least once, with Lambda's retries, and faults can be injected."""

from itertools import pairwise

import pytest
from botocore.exceptions import ClientError

from kvs_edge_local.lambdas import Fault

FAIL = "def handler(event, context): raise RuntimeError(event['why'])"
ANSWER = "def handler(event, context): return 'done'"
SIX_HOURS = 6 * 3600.0


def received(aws, count):
    """Wait for this many completed events."""
    aws.until(lambda: sum(event.answered_at is not None for event in aws.lambdas.received_events()) == count)
    return aws.lambdas.received_events()


def test_an_event_is_taken_over_and_delivered(aws):
    arn = aws.function(ANSWER)
    answer = aws.client("lambda").invoke(FunctionName=arn, InvocationType="Event", Payload=b'{"a": 1}')
    assert answer["StatusCode"] == 202
    (event,) = received(aws, 1)
    assert (event.payload, event.result) == ({"a": 1}, "done")


def test_an_event_that_fails_is_tried_twice_more_after_one_and_two_minutes(make_aws):
    """The request id stays the same, as in AWS."""
    aws = make_aws(scale=1000)
    request_id = aws.lambdas.invoke_async(aws.function(FAIL), {"why": "still"})
    events = received(aws, 3)
    assert {event.request_id for event in events} == {request_id}
    first, second, third = events
    assert second.time - first.answered_at >= 60
    assert third.time - second.answered_at >= 120
    assert len(aws.lambdas.received_events()) == 3


def test_the_number_of_retries_can_be_configured(make_aws):
    aws = make_aws(scale=1000)
    arn = aws.function(FAIL)
    aws.client("lambda").put_function_event_invoke_config(FunctionName=arn, MaximumRetryAttempts=0)
    aws.lambdas.invoke_async(arn, {"why": "still"})
    received(aws, 1)
    aws.clock.sleep(300)
    assert len(aws.lambdas.received_events()) == 1


def test_a_throttled_event_waits_for_its_turn(make_aws):
    aws = make_aws(scale=1000)
    arn = aws.function(ANSWER)
    aws.lambdas.fail_next("tick", 3, Fault.THROTTLE)
    aws.lambdas.invoke_async(arn, {})
    (event,) = received(aws, 1)
    assert event.result == "done"


@pytest.mark.parametrize("fault", [Fault.CODE_ARTIFACT_PENDING, Fault.RESOURCE_NOT_READY, Fault.RESOURCE_CONFLICT])
def test_an_event_waits_until_its_function_is_ready(make_aws, fault):
    """The fault lasts for a period; the one delivery follows it, as Lambda's queue backs off from 1 s."""
    aws = make_aws(scale=1000)
    arn = aws.function(ANSWER)
    ordered = aws.clock.now()
    aws.lambdas.fail_for("tick", 60, fault)
    aws.lambdas.invoke_async(arn, {})
    (event,) = received(aws, 1)
    assert event.result == "done"
    assert event.time - ordered >= 60


def test_events_past_the_accounts_concurrency_wait_and_are_all_delivered(make_aws):
    """[How Lambda handles errors and retries with asynchronous invocation] One at a time, each once."""
    aws = make_aws(scale=100)
    aws.lambdas.account_concurrency = 1
    arn = aws.function("import time\ndef handler(event, context): time.sleep(20)", Timeout=900)
    for number in range(4):
        aws.lambdas.invoke_async(arn, {"number": number})
    events = received(aws, 4)
    assert sorted(event.payload["number"] for event in events) == [0, 1, 2, 3]
    in_order = sorted(events, key=lambda event: event.time)
    assert all(later.time >= earlier.answered_at for earlier, later in pairwise(in_order))


@pytest.mark.parametrize(
    ("fault", "code", "status"),
    [
        (Fault.THROTTLE, "TooManyRequestsException", 429),
        (Fault.SERVICE_EXCEPTION, "ServiceException", 500),
        (Fault.CODE_ARTIFACT_PENDING, "CodeArtifactUserPendingException", 409),
        (Fault.RESOURCE_NOT_READY, "ResourceNotReadyException", 502),
        (Fault.RESOURCE_CONFLICT, "ResourceConflictException", 409),
    ],
)
def test_an_ordered_error_of_lambdas_comes_before_the_function_sees_the_event(aws, fault, code, status):
    arn = aws.function(ANSWER)
    aws.lambdas.fail_next("tick", 1, fault)
    with pytest.raises(ClientError) as refused:
        aws.client("lambda").invoke(FunctionName=arn)
    response = refused.value.response
    assert (response["Error"]["Code"], response["ResponseMetadata"]["HTTPStatusCode"]) == (code, status)
    assert aws.lambdas.received_events() == []
    assert aws.lambdas.invoke(arn, {}).value == "done"


def test_a_worker_that_crashes_leaves_nothing_done(aws, tmp_path):
    arn = aws.function("import pathlib\ndef handler(event, context): pathlib.Path(event['path']).touch()")
    aws.lambdas.fail_next("tick", 1, Fault.CRASH)
    assert aws.lambdas.invoke(arn, {"path": str(tmp_path / "done")}).value["errorType"] == "Runtime.ExitError"
    assert not (tmp_path / "done").exists()


def test_a_worker_that_crashes_afterwards_has_done_its_work(aws, tmp_path):
    """The caller still receives a failure: a retry repeats the work."""
    arn = aws.function("import pathlib\ndef handler(event, context): pathlib.Path(event['path']).touch()")
    aws.lambdas.fail_next("tick", 1, Fault.CRASH_AFTER)
    assert aws.lambdas.invoke(arn, {"path": str(tmp_path / "done")}).value["errorType"] == "Runtime.ExitError"
    assert (tmp_path / "done").exists()


def test_an_ordered_timeout_takes_the_functions_whole_timeout(make_aws):
    aws = make_aws(scale=1000)
    arn = aws.function(ANSWER, Timeout=300)
    aws.lambdas.fail_next("tick", 1, Fault.TIMEOUT)
    assert aws.lambdas.invoke(arn, {}).value["errorType"] == "Sandbox.Timedout"
    (event,) = aws.lambdas.received_events()
    assert event.answered_at - event.time >= 300


def test_a_period_of_faults_needs_seconds(aws):
    with pytest.raises(ValueError, match="0 seconds for tick to fail"):
        aws.lambdas.fail_for("tick", 0, Fault.THROTTLE)


def test_faults_need_a_number_of_invocations(aws):
    with pytest.raises(ValueError, match="0 invocations of tick to fail"):
        aws.lambdas.fail_next("tick", 0, Fault.CRASH)


@pytest.fixture
def dead_letters(make_aws):
    """Return an AWS, and functions that create a function with a dead-letter queue and return its messages."""
    # Six hours in about a second.
    aws = make_aws(scale=20_000)
    sqs = aws.client("sqs")
    url = sqs.create_queue(QueueName="dead-letters")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]

    def create(source):
        return aws.function(source, DeadLetterConfig={"TargetArn": arn})

    def messages():
        return sqs.receive_message(QueueUrl=url, MessageAttributeNames=["All"]).get("Messages", [])

    return aws, create, messages


def test_an_event_that_failed_three_times_goes_to_the_dead_letter_queue(dead_letters):
    """Unchanged, with the id of its request."""
    aws, create, messages = dead_letters
    request_id = aws.lambdas.invoke_async(create(FAIL), {"why": "still"})
    received(aws, 3)
    found = []
    aws.until(lambda: found.extend(messages()) or found)
    (message,) = found
    assert message["Body"] == '{"why": "still"}'
    assert message["MessageAttributes"]["RequestID"]["StringValue"] == request_id


def test_an_event_that_is_throttled_for_six_hours_goes_to_the_dead_letter_queue(dead_letters):
    """It is not tried again after that."""
    aws, create, messages = dead_letters
    arn = create(ANSWER)
    aws.client("lambda").put_function_concurrency(FunctionName=arn, ReservedConcurrentExecutions=0)
    aws.lambdas.invoke_async(arn, {})
    aws.clock.sleep(SIX_HOURS)
    found = []
    aws.until(lambda: found.extend(messages()) or found)
    assert aws.lambdas.received_events() == []


def test_a_handled_event_is_no_dead_letter(dead_letters):
    aws, create, messages = dead_letters
    aws.lambdas.invoke_async(create(ANSWER), {})
    received(aws, 1)
    assert messages() == []
