"""A worker's time is the scaled clock's, in pure Python code."""

import pytest

SCALE = 600


@pytest.fixture
def fast(make_aws):
    return make_aws(scale=SCALE)


def test_a_worker_reads_the_scaled_clock(fast):
    arn = fast.function("import time\ndef handler(event, context): return [time.time(), time.time_ns() / 1e9]")
    before = fast.clock.now()
    seen = fast.lambdas.invoke(arn, {}).value
    assert all(before <= instant <= fast.clock.now() for instant in seen)


def test_an_hours_sleep_is_over_in_seconds(fast):
    arn = fast.function(
        """
        import time
        real = time.perf_counter
        def handler(event, context):
            started, monotonic, began = time.time(), time.monotonic(), real()
            time.sleep(600)
            return [time.time() - started, time.monotonic() - monotonic, real() - began]
        """,
        Timeout=900,
    )
    wall, monotonic, real = fast.lambdas.invoke(arn, {}).value
    assert wall >= 600
    assert monotonic >= 600
    assert real < 600


@pytest.mark.parametrize(
    "wait",
    [
        "threading.Event().wait(300)",
        "next(iter([timer.start(), timer.join()]), None)",
        "outcome(lambda: queue.Queue().get(timeout=300))",
    ],
    ids=["event", "timer", "queue"],
)
def test_waits_of_threading_are_scaled_too(fast, wait):
    """An example is crhelper, which guards its function's timeout with a timer."""
    arn = fast.function(
        f"""
        import queue, threading, time
        real = time.perf_counter
        def outcome(call):
            try: return call()
            except queue.Empty: return None
        def handler(event, context):
            timer = threading.Timer(300, lambda: None)
            started, began = time.time(), real()
            {wait}
            return [time.time() - started, real() - began]
        """,
        Timeout=900,
    )
    scaled, real = fast.lambdas.invoke(arn, {}).value
    assert scaled >= 300
    assert real < 300


def test_the_remaining_time_is_counted_on_the_scaled_clock(fast):
    arn = fast.function(
        """
        import time
        def handler(event, context):
            before = context.get_remaining_time_in_millis()
            time.sleep(400)
            return [before, context.get_remaining_time_in_millis()]
        """,
        Timeout=900,
    )
    before, after = fast.lambdas.invoke(arn, {}).value
    assert before <= 900_000
    assert after <= before - 400_000


def test_signed_calls_work_at_any_speed(fast):
    arn = fast.function(
        "import boto3\ndef handler(event, context): return boto3.client('sts').get_caller_identity()['Account']",
        Timeout=900,
    )
    assert fast.lambdas.invoke(arn, {}).value == fast.account


def test_logs_have_the_times_of_the_scaled_clock(make_aws):
    """The times may be more than two hours ahead, which CloudWatch Logs would reject on the machine's clock."""
    aws = make_aws(scale=10_000)
    logs = aws.client("logs")
    logs.create_log_group(logGroupName="/aws/lambda/tick")
    arn = aws.function("def handler(event, context): print('seen')", Timeout=900)
    aws.clock.sleep(4 * 3600)
    before = aws.clock.now()
    aws.lambdas.invoke(arn, {})

    [event] = logs.filter_log_events(logGroupName="/aws/lambda/tick")["events"]

    assert int(before * 1000) <= event["timestamp"] <= aws.clock.now() * 1000
    assert int(before * 1000) <= event["ingestionTime"] <= aws.clock.now() * 1000


def test_time_is_real_while_the_handler_computes(fast):
    """A busy machine makes a computation longer; a scaled clock would make minutes of it."""
    arn = fast.function(
        """
        import time
        real = time.perf_counter
        def handler(event, context):
            started, began = time.time(), real()
            while real() - began < 0.2: pass
            return [time.time() - started, real() - began]
        """,
    )
    scaled, real = fast.lambdas.invoke(arn, {}).value
    assert scaled < SCALE / 10 * real


def test_a_handler_that_computes_too_long_times_out_all_the_same(make_aws):
    aws = make_aws(scale=2.0)
    arn = aws.function("def handler(event, context):\n    while True: pass", Timeout=1)
    assert "timed out after 1.00 seconds" in str(aws.lambdas.invoke(arn, {}).value)
