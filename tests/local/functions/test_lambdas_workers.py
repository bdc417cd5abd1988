"""Workers start and stop with load, and with their function's revision."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from botocore.exceptions import ClientError

PID = "import os, time\ndef handler(event, context): time.sleep(event.get('seconds', 0)); return os.getpid()"


def test_an_idle_worker_is_used_again(aws):
    arn = aws.function(PID)
    assert aws.lambdas.invoke(arn, {}).value == aws.lambdas.invoke(arn, {}).value


def test_events_at_the_same_time_have_workers_of_their_own(aws):
    # Each waits for the other's file, so neither can finish before both run.
    arn = aws.function(
        """
        import os, pathlib, time
        def handler(event, context):
            pathlib.Path(event["folder"], event["mine"]).touch()
            while not pathlib.Path(event["folder"], event["theirs"]).exists(): time.sleep(0.01)
            return os.getpid()
        """
    )
    folder = aws.lambdas.invoke(
        aws.function("import tempfile\ndef handler(e, c): return tempfile.mkdtemp()", "tmp"), {}
    )
    events = [{"folder": folder.value, "mine": a, "theirs": b} for a, b in ("xy", "yx")]
    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(lambda event: aws.lambdas.invoke(arn, event).value, events)
    assert first != second


def _during_one_invocation(aws, arn, act):
    """Call `act` during the function's first event."""
    running = threading.Thread(target=aws.lambdas.invoke, args=(arn, {"seconds": 60}))
    running.start()
    aws.until(aws.lambdas.received_events)
    try:
        return act()
    finally:
        running.join()


def test_past_the_accounts_concurrency_lambda_throttles(make_aws):
    aws = make_aws(scale=60, account_concurrency=1)
    arn = aws.function(PID, Timeout=900)
    with pytest.raises(ClientError) as throttled:
        _during_one_invocation(aws, arn, lambda: aws.client("lambda").invoke(FunctionName=arn))
    response = throttled.value.response
    assert response["Error"]["Code"] == "TooManyRequestsException"
    assert response["ResponseMetadata"]["HTTPStatusCode"] == 429
    assert response["Reason"] == "ConcurrentInvocationLimitExceeded"
    assert aws.lambdas.invoke(arn, {}).function_error is None


def test_past_its_reserved_concurrency_a_function_is_throttled(make_aws):
    aws = make_aws(scale=60)
    arn = aws.function(PID, Timeout=900)
    aws.client("lambda").put_function_concurrency(FunctionName=arn, ReservedConcurrentExecutions=1)
    with pytest.raises(ClientError, match="TooManyRequestsException"):
        _during_one_invocation(aws, arn, lambda: aws.client("lambda").invoke(FunctionName=arn))


def test_new_code_replaces_the_workers(aws):
    arn = aws.function("def handler(event, context): return 'old'")
    assert aws.lambdas.invoke(arn, {}).value == "old"
    aws.client("lambda").update_function_code(
        FunctionName=arn, ZipFile=aws.zipped("def handler(event, context): return 'new'")
    )
    assert aws.lambdas.invoke(arn, {}).value == "new"


def test_new_configuration_replaces_the_workers(aws):
    arn = aws.function("import os\ndef handler(event, context): return os.environ.get('A')")
    assert aws.lambdas.invoke(arn, {}).value is None
    aws.client("lambda").update_function_configuration(FunctionName=arn, Environment={"Variables": {"A": "1"}})
    assert aws.lambdas.invoke(arn, {}).value == "1"


def test_an_event_in_progress_ends_on_the_code_that_it_began_on(make_aws):
    aws = make_aws(scale=60)
    arn = aws.function("import time\ndef handler(event, context): time.sleep(60); return 'old'", Timeout=900)
    code = aws.zipped("def handler(event, context): return 'new'")

    def deploy_and_invoke():
        aws.client("lambda").update_function_code(FunctionName=arn, ZipFile=code)
        return aws.lambdas.invoke(arn, {}).value

    assert _during_one_invocation(aws, arn, deploy_and_invoke) == "new"
    assert [event.result for event in aws.lambdas.received_events()] == ["old", "new"]


def test_a_deleted_function_is_gone_with_its_workers(aws):
    """A new function of the same name starts without state."""
    arn = aws.function(PID)
    aws.lambdas.invoke(arn, {})
    aws.client("lambda").delete_function(FunctionName=arn)
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        aws.client("lambda").invoke(FunctionName=arn)
    aws.client("iam").delete_role(RoleName="tick-role")
    aws.lambdas.invoke(aws.function(PID), {})
    assert [event.cold_start for event in aws.lambdas.received_events()] == [True, True]
