"""A worker sees the same as a function in AWS: its zip, the runtime's packages, and no more."""

import os
import threading
from pathlib import Path

import pytest

IMPORT = """
import importlib, sys
def handler(event, context):
    try:
        module = importlib.import_module(event["module"])
    except ModuleNotFoundError as missing:
        return f"no {missing.name}"
    return getattr(module, "__file__", None)
"""


@pytest.mark.parametrize(
    "module",
    [
        "aws_cdk",
        "constructs",
        "crhelper",
        "fastjsonschema",
        "jsonschema",
        "kvs_edge",
        "kvs_edge_local",
        "moto",
        "pytest",
    ],
)
def test_what_is_installed_here_but_not_in_the_zip_is_missing(aws, module):
    arn = aws.function(IMPORT)
    assert aws.lambdas.invoke(arn, {"module": module}).value == f"no {module}"


@pytest.mark.parametrize(
    "module", ["awslambdaric", "boto3", "botocore", "dateutil", "jmespath", "json", "s3transfer", "six", "urllib3"]
)
def test_what_the_runtime_offers_is_there(aws, module):
    arn = aws.function(IMPORT)
    assert aws.lambdas.invoke(arn, {"module": module}).value.endswith(".py")


def test_the_zips_own_packages_win_over_the_runtimes(aws):
    code = aws.zipped("import boto3\ndef handler(event, context): return boto3.OURS", boto3="OURS = True")
    assert aws.lambdas.invoke(aws.function("", Code={"ZipFile": code}), {}).value is True


def test_nothing_of_the_shells_environment_gets_in(aws, monkeypatch):
    arn = aws.function("import os\ndef handler(event, context): return dict(os.environ)")
    monkeypatch.setenv("AWS_PROFILE", "somebody")
    monkeypatch.setenv("PYTHONPATH", "/somewhere")
    monkeypatch.setenv("HTTP_PROXY", "http://proxy.example.com")
    seen = aws.lambdas.invoke(arn, {}).value
    assert not {"AWS_PROFILE", "PYTHONPATH", "HTTP_PROXY", "HOME", "USER"} & seen.keys()
    assert seen["PATH"] != os.environ["PATH"]


def test_the_functions_variables_and_lambdas_own_are_set(aws):
    arn = aws.function(
        "import os\ndef handler(event, context): return dict(os.environ)",
        Environment={"Variables": {"STATE_MACHINE_ARN": "arn", "AWS_REGION": "elsewhere"}},
        MemorySize=128,
    )
    seen = aws.lambdas.invoke(arn, {}).value
    assert seen["STATE_MACHINE_ARN"] == "arn"
    assert seen["AWS_REGION"] == aws.region
    assert seen["AWS_LAMBDA_FUNCTION_NAME"] == "tick"
    assert seen["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"] == "128"
    assert seen["AWS_ENDPOINT_URL"] == aws.endpoint_url
    assert seen["SSL_CERT_FILE"].endswith("ca.pem")


def test_a_function_calls_with_its_roles_credentials(aws):
    arn = aws.function(
        "import boto3\ndef handler(event, context): return boto3.client('sts').get_caller_identity()['Arn']"
    )
    assert aws.lambdas.invoke(arn, {}).value == f"arn:aws:sts::{aws.account}:assumed-role/tick-role/tick"


@pytest.mark.filterwarnings("error::pytest.PytestUnhandledThreadExceptionWarning")
def test_stop_in_the_middle_of_an_event_is_quiet(aws):
    arn = aws.function("import time\ndef handler(event, context): time.sleep(60)", Timeout=90)
    request_id = aws.lambdas.invoke_async(arn, {})
    aws.until(aws.lambdas.received_events)
    aws.stop()
    aws.until(lambda: not any(request_id in thread.name for thread in threading.enumerate()))
    (event,) = aws.lambdas.received_events()
    assert event.error["errorType"] == "Runtime.ExitError"


def test_stop_kills_the_workers_and_removes_their_folders(aws):
    arn = aws.function("import os\ndef handler(event, context): return [os.getpid(), os.getcwd()]")
    process, folder = aws.lambdas.invoke(arn, {}).value
    assert Path(folder).is_dir()
    aws.stop()
    assert not Path(folder).exists()
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)
