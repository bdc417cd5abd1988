"""Environment of a worker's process: Lambda's variables, and none of the developer's shell."""

import sys
from dataclasses import dataclass
from pathlib import Path

from kvs_edge_local.assumed_roles import RoleCredentials
from kvs_edge_local.clock import Clock
from kvs_edge_local.lambdas.revision import Revision

VARIABLES_OF_EVERY_PROCESS = {"LANG": "en_US.UTF-8", "PATH": "/usr/local/bin:/usr/bin:/bin", "TZ": ":UTC"}


@dataclass(frozen=True)
class Host:
    """Local AWS as a worker needs it: its clock, its endpoint and its certificate authority."""

    clock: Clock
    ca_file: Path
    endpoint_url: str


def worker_environment(
    revision: Revision,
    host: Host,
    credentials: RoleCredentials,
    *,
    task_folder: Path,
    runtime_api: str,
    log_stream: str,
) -> dict[str, str]:
    """Return Lambda's variables [defined runtime environment variables] and the function's own."""
    python = f"python{sys.version_info.major}.{sys.version_info.minor}"
    return {
        **dict(revision.variables),
        **host.clock.environment(),
        "_HANDLER": revision.handler,
        "AWS_ACCESS_KEY_ID": credentials.access_key_id,
        "AWS_DEFAULT_REGION": revision.region,
        "AWS_ENDPOINT_URL": host.endpoint_url,
        "AWS_EXECUTION_ENV": f"AWS_Lambda_{python}",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(revision.memory_megabytes),
        "AWS_LAMBDA_FUNCTION_NAME": revision.name,
        "AWS_LAMBDA_FUNCTION_VERSION": revision.version,
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_LAMBDA_LOG_FORMAT": revision.log_format,
        "AWS_LAMBDA_LOG_GROUP_NAME": revision.log_group,
        "AWS_LAMBDA_LOG_STREAM_NAME": log_stream,
        "AWS_LAMBDA_RUNTIME_API": runtime_api,
        "AWS_REGION": revision.region,
        "AWS_SECRET_ACCESS_KEY": credentials.secret_access_key,
        "AWS_SESSION_TOKEN": credentials.session_token,
        "LAMBDA_TASK_ROOT": str(task_folder),
        "SSL_CERT_FILE": str(host.ca_file),
        **VARIABLES_OF_EVERY_PROCESS,
        **({"AWS_LAMBDA_LOG_LEVEL": revision.log_level} if revision.log_level else {}),
    }
