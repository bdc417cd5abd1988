"""Clients for a state machine's tasks, with the credentials of their role."""

import os
import threading
from importlib import import_module
from typing import Any

import boto3
import botocore.session
from botocore.config import Config

from kvs_edge_local.assumed_roles import assume_role
from kvs_edge_local.clock import Clock
from kvs_edge_local.moto_patches import Patches

_TASKS = "moto.stepfunctions.parser.asl.component.state.exec"
# Modules of moto's interpreter that create a client for a task.
CALLERS = (
    f"{_TASKS}.state_map.item_reader.eval.resource_eval_s3",
    f"{_TASKS}.state_map.result_writer.resource_eval.resource_eval_s3",
    f"{_TASKS}.state_task.lambda_eval_utils",
    f"{_TASKS}.state_task.service.state_task_service_aws_sdk",
    f"{_TASKS}.state_task.service.state_task_service_batch",
    f"{_TASKS}.state_task.service.state_task_service_dynamodb",
    f"{_TASKS}.state_task.service.state_task_service_ecs",
    f"{_TASKS}.state_task.service.state_task_service_events",
    f"{_TASKS}.state_task.service.state_task_service_glue",
    f"{_TASKS}.state_task.service.state_task_service_sfn",
    f"{_TASKS}.state_task.service.state_task_service_sns",
    f"{_TASKS}.state_task.service.state_task_service_sqs",
    f"{_TASKS}.state_task.service.state_task_service_unsupported",
)
SESSION_NAME = "states"
# Without the developer's own AWS configuration: a missing profile would break every task.
_NO_CONFIGURATION = {
    "profile": (None, None, None, None),
    "config_file": (None, None, os.devnull, None),
    "credentials_file": (None, None, os.devnull, None),
}


class RoleClients:
    """boto3 clients by role, service and region, cached because creating one takes tens of milliseconds."""

    def __init__(self, clock: Clock, endpoint_url: str) -> None:
        self._clock = clock
        self._endpoint_url = endpoint_url
        self._lock = threading.Lock()
        self._clients: dict[tuple[str, str, str], Any] = {}

    def client_for(self, region: str, service: str, state_credentials: Any) -> Any:
        """Return the client with which a task calls a service."""
        key = (state_credentials.role_arn, region, service)
        with self._lock, self._clock.computing():
            if key not in self._clients:
                self._clients[key] = self._client(*key)
            return self._clients[key]

    def _client(self, role_arn: str, region: str, service: str) -> Any:
        credentials = assume_role(role_arn, SESSION_NAME, region)
        # The state machine does the retries; a task may run as long as its TimeoutSeconds. The shell's proxies do not
        # apply: the call stays on this machine.
        config = Config(parameter_validation=False, retries={"total_max_attempts": 1}, read_timeout=None, proxies={})
        return boto3.Session(botocore_session=botocore.session.Session(_NO_CONFIGURATION)).client(
            service,  # type: ignore[call-overload]
            region_name=region,
            endpoint_url=self._endpoint_url,
            aws_access_key_id=credentials.access_key_id,
            aws_secret_access_key=credentials.secret_access_key,
            aws_session_token=credentials.session_token,
            config=config,
        )


def call_as_role(clients: RoleClients, replacements: Patches) -> None:
    """Make every task call with its role's credentials; moto uses fake ones."""
    for caller in CALLERS:
        replacements.attribute(import_module(caller), "boto_client_for", clients.client_for)
