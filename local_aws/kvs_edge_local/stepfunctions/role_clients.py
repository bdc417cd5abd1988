"""Clients for a state machine's tasks, with the credentials of their role."""

from importlib import import_module
from typing import Any

from kvs_edge_local.clock import Clock
from kvs_edge_local.moto_patches import Patches
from kvs_edge_local.role_calls import RoleCalls

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


class RoleClients:
    """boto3 clients by role, service and region, for moto's interpreter."""

    def __init__(self, clock: Clock, endpoint_url: str) -> None:
        # The state machine does the retries; a task may run as long as its TimeoutSeconds.
        self._calls = RoleCalls(clock, endpoint_url, SESSION_NAME)

    def client_for(self, region: str, service: str, state_credentials: Any) -> Any:
        """Return the client with which a task calls a service."""
        return self._calls.client(state_credentials.role_arn, region, service)


def call_as_role(clients: RoleClients, replacements: Patches) -> None:
    """Make every task call with its role's credentials; moto uses fake ones."""
    for caller in CALLERS:
        replacements.attribute(import_module(caller), "boto_client_for", clients.client_for)
