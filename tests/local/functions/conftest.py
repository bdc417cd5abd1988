"""A moto server with running Lambdas and state machines, and helpers to deploy to it."""

import io
import json
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from textwrap import dedent
from typing import Any

import boto3
import pytest
from botocore.config import Config
from moto.core.base_backend import BackendDict
from moto.moto_server.threaded_moto_server import ThreadedMotoServer
from moto.stepfunctions.models import stepfunctions_backends

from kvs_edge_local import lambdas, stepfunctions
from kvs_edge_local.clock import Clock
from kvs_edge_local.lambdas.processes import Processes

REGION = "eu-west-1"
ACCOUNT = "123456789012"


class Aws:
    """AWS of one test."""

    region = REGION
    account = ACCOUNT

    def __init__(self, endpoint_url: str, clock: Clock, ca_file: Path, account_concurrency: int, processes: Processes):
        self.endpoint_url = endpoint_url
        self.clock = clock
        self.lambdas = lambdas.install(
            clock, ca_file, endpoint_url, account_concurrency=account_concurrency, processes=processes
        )
        self.stepfunctions = stepfunctions.install(clock, endpoint_url)

    def client(self, service: str) -> Any:
        return _client(self.endpoint_url, service)

    def role(self, name: str) -> str:
        policy = json.dumps({"Version": "2012-10-17", "Statement": []})
        return self.client("iam").create_role(RoleName=name, AssumeRolePolicyDocument=policy)["Role"]["Arn"]

    def function(self, source: str, name: str = "tick", **configuration: Any) -> str:
        """Create a function from the source of its module `app`, and return its ARN."""
        return self.client("lambda").create_function(
            **{
                "FunctionName": name,
                "Runtime": "python3.13",
                "Handler": "app.handler",
                "Role": self.role(f"{name}-role"),
                "Code": {"ZipFile": self.zipped(source)},
                "Timeout": 30,
                **configuration,
            }
        )["FunctionArn"]

    def zipped(self, source: str, **modules: str) -> bytes:
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w") as opened:
            for module, text in {"app": source, **modules}.items():
                opened.writestr(f"{module}.py", dedent(text))
        return archive.getvalue()

    def state_machine(self, states: dict[str, Any], name: str = "machine", **definition: Any) -> str:
        """Create a state machine that starts at the first of its states, and return its ARN."""
        return self.client("stepfunctions").create_state_machine(
            name=name,
            roleArn=self.role(f"{name}-role"),
            definition=json.dumps({"StartAt": next(iter(states)), "States": states, **definition}),
        )["stateMachineArn"]

    def execution(self, state_machine: str, **call: Any) -> str:
        """Start an execution, and return its ARN."""
        states = self.client("stepfunctions")
        return states.start_execution(stateMachineArn=state_machine, **call)["executionArn"]

    def ended(self, execution: str) -> dict[str, Any]:
        """Wait for an execution's end; return its description."""
        # moto's state in this process takes a hundredth of a request.
        states = stepfunctions_backends[ACCOUNT][REGION]
        self.until(lambda: states.describe_execution(execution).status != "RUNNING")
        return self.client("stepfunctions").describe_execution(executionArn=execution)

    def history(self, execution: str) -> list[dict[str, Any]]:
        return self.client("stepfunctions").get_execution_history(executionArn=execution)["events"]

    def until(self, condition: Callable[[], object]) -> None:
        """Wait until the condition holds, at most half a minute of real time."""
        deadline = time.monotonic() + 30
        while not condition():
            assert time.monotonic() < deadline, "still not so after 30 seconds"
            time.sleep(0.01)

    def stop(self) -> None:
        self.stepfunctions.stop()
        self.lambdas.stop()
        BackendDict.reset()


@cache
def _client(endpoint_url: str, service: str) -> Any:
    """Return a client; to make one takes longer than several requests."""
    return boto3.client(
        service,
        region_name=REGION,
        endpoint_url=endpoint_url,
        aws_access_key_id="testing",
        aws_secret_access_key="testing",
        config=Config(retries={"max_attempts": 0}, parameter_validation=False),
    )


@pytest.fixture(scope="session")
def endpoint_url() -> Iterator[str]:
    server = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    server.start()
    yield f"http://localhost:{server.get_host_and_port()[1]}"
    server.stop()


@pytest.fixture(scope="session")
def processes() -> Iterator[Processes]:
    """Provide the fork server of all tests."""
    processes = Processes()
    yield processes
    processes.close()


@pytest.fixture
def make_aws(endpoint_url: str, processes: Processes, tmp_path: Path) -> Iterator[Callable[..., Aws]]:
    """Return a function that starts an AWS on a clock of a given scale, for the duration of the test."""
    with ExitStack() as stack:

        def make(scale: float = 1.0, account_concurrency: int = 1000, processes: Processes = processes) -> Aws:
            ca_file = tmp_path / "ca.pem"
            ca_file.touch()
            aws = Aws(endpoint_url, Clock(scale), ca_file, account_concurrency, processes)
            stack.callback(aws.stop)
            return aws

        yield make


@pytest.fixture
def aws(make_aws: Callable[..., Aws]) -> Aws:
    """Start an AWS in real time."""
    return make_aws()
