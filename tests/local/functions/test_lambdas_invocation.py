"""Functions run their own zip, and respond as Lambda does."""

import base64
import json

import pytest
from botocore.exceptions import ClientError


def test_a_function_gets_its_event_and_its_answer_comes_back(aws):
    arn = aws.function("def handler(event, context): return {'got': event}")
    answer = aws.client("lambda").invoke(FunctionName=arn, Payload=json.dumps({"a": 1}))
    assert answer["StatusCode"] == 200
    assert "FunctionError" not in answer
    assert answer["ExecutedVersion"] == "$LATEST"
    assert json.load(answer["Payload"]) == {"got": {"a": 1}}


def test_the_context_says_what_lambda_says(aws):
    arn = aws.function(
        """
        def handler(event, context):
            left = context.get_remaining_time_in_millis()
            return [context.function_name, context.function_version, context.memory_limit_in_mb,
                    context.invoked_function_arn, context.log_group_name, 29000 < left <= 30000]
        """,
        MemorySize=256,
        LoggingConfig={"LogGroup": "one-for-all"},
    )
    result = aws.lambdas.invoke(arn, {})
    assert result.value == ["tick", "$LATEST", "256", arn, "one-for-all", True]


def test_an_error_of_the_handler_is_an_unhandled_function_error(aws):
    """Its payload names type and message, as Step Functions reads them."""
    arn = aws.function("def handler(event, context): raise KeyError('no stream')")
    answer = aws.client("lambda").invoke(FunctionName=arn)
    assert answer["FunctionError"] == "Unhandled"
    payload = json.load(answer["Payload"])
    assert payload["errorType"] == "KeyError"
    assert payload["errorMessage"] == "'no stream'"
    assert "app.py" in payload["stackTrace"][0]


def test_a_worker_survives_an_error_of_the_handler(aws):
    arn = aws.function("def handler(event, context): raise ValueError")
    for _ in range(2):
        aws.lambdas.invoke(arn, {})
    assert [event.cold_start for event in aws.lambdas.received_events()] == [True, False]


def test_a_handler_that_cannot_be_imported_is_an_import_module_error(aws):
    arn = aws.function("import not_in_the_zip")
    result = aws.lambdas.invoke(arn, {})
    assert result.function_error == "Unhandled"
    assert result.value["errorType"] == "Runtime.ImportModuleError"
    assert "No module named 'not_in_the_zip'" in result.value["errorMessage"]
    assert aws.lambdas.received_events() == []


def test_a_process_that_ends_in_the_middle_is_an_exit_error(aws):
    arn = aws.function("import os\ndef handler(event, context): os._exit(3)")
    result = aws.lambdas.invoke(arn, {})
    assert result.value == {
        "errorType": "Runtime.ExitError",
        "errorMessage": f"RequestId: {result.request_id} Error: Runtime exited with error: exit status 3",
    }


def test_a_function_over_its_timeout_is_killed(make_aws):
    """The timeout is on the scaled clock: three seconds take a fraction of a real second."""
    aws = make_aws(scale=100)
    arn = aws.function("import time\ndef handler(event, context): time.sleep(3000)", Timeout=3)
    result = aws.lambdas.invoke(arn, {})
    assert result.function_error == "Unhandled"
    assert result.value["errorType"] == "Sandbox.Timedout"
    assert result.value["errorMessage"].endswith("Task timed out after 3.00 seconds")


def test_the_worker_after_a_timeout_is_a_new_one(make_aws):
    aws = make_aws(scale=100)
    source = "import time\ndef handler(event, context): time.sleep(event['seconds'])"
    arn = aws.function(source, Timeout=3)
    aws.lambdas.invoke(arn, {"seconds": 3000})
    assert aws.lambdas.invoke(arn, {"seconds": 0}).function_error is None
    assert [event.cold_start for event in aws.lambdas.received_events()] == [True, True]


def test_a_dry_run_runs_nothing(aws):
    arn = aws.function("def handler(event, context): return 1")
    assert aws.client("lambda").invoke(FunctionName=arn, InvocationType="DryRun")["StatusCode"] == 204
    assert aws.lambdas.received_events() == []


def test_the_log_tail_is_returned_on_request(aws):
    arn = aws.function("def handler(event, context): print('look here')")
    answer = aws.client("lambda").invoke(FunctionName=arn, LogType="Tail")
    assert base64.b64decode(answer["LogResult"]) == b"look here"
    assert "LogResult" not in aws.client("lambda").invoke(FunctionName=arn)


@pytest.mark.parametrize(
    ("call", "code"),
    [
        ({"FunctionName": "nobody"}, "ResourceNotFoundException"),
        ({"FunctionName": "tick", "Payload": b"{"}, "InvalidRequestContentException"),
    ],
)
def test_a_call_that_cannot_be_served_has_the_error_of_lambdas_api(aws, call, code):
    aws.function("def handler(event, context): return 1")
    with pytest.raises(ClientError) as refused:
        aws.client("lambda").invoke(**call)
    assert refused.value.response["Error"]["Code"] == code


def test_another_language_is_refused_by_name(aws):
    arn = aws.function("", Runtime="nodejs24.x")
    with pytest.raises(ClientError, match=r"tick has the runtime nodejs24\.x"):
        aws.client("lambda").invoke(FunctionName=arn)


def test_what_a_function_received_and_answered_is_written_down(aws):
    arn = aws.function("def handler(event, context): return 1 / event['by']")
    good, bad = (aws.lambdas.invoke(arn, {"by": by}) for by in (2, 0))
    first, second = aws.lambdas.received_events()
    assert (first.function_name, first.request_id, first.payload) == ("tick", good.request_id, {"by": 2})
    assert (first.result, first.error) == (0.5, None)
    assert first.time <= first.answered_at <= second.time
    assert (second.request_id, second.result) == (bad.request_id, None)
    assert second.error["errorType"] == "ZeroDivisionError"


def test_json_logs_can_be_read_line_by_line(aws):
    arn = aws.function(
        """
        import logging
        def handler(event, context): logging.getLogger().info("looked", extra={"decision": "Wait"})
        """,
        LoggingConfig={"LogFormat": "JSON", "ApplicationLogLevel": "INFO"},
    )
    result = aws.lambdas.invoke(arn, {})
    (line,) = (line.as_json() for line in aws.lambdas.logs("tick"))
    assert (line["message"], line["decision"], line["requestId"]) == ("looked", "Wait", result.request_id)


@pytest.mark.parametrize("exists", [True, False])
def test_logs_go_to_the_configured_group_if_it_exists(aws, exists):
    """A function's role may not create log groups, so a missing group stays missing."""
    logs = aws.client("logs")
    if exists:
        logs.create_log_group(logGroupName="all-of-them")
    arn = aws.function("def handler(event, context): print('seen')", LoggingConfig={"LogGroup": "all-of-them"})
    aws.lambdas.invoke(arn, {})
    assert [group["logGroupName"] for group in logs.describe_log_groups()["logGroups"]] == ["all-of-them"] * exists
    if exists:
        events = logs.filter_log_events(logGroupName="all-of-them")["events"]
        assert [event["message"] for event in events] == ["seen"]
