"""Revision of a function: any change makes its workers obsolete."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from moto.awslambda.models import LambdaFunction

DEFAULT_TIMEOUT_SECONDS = 3
DEFAULT_MEMORY_MEGABYTES = 128


@dataclass(frozen=True)
class Revision:
    """Code and configuration of a function at one time."""

    arn: str
    name: str
    version: str
    account: str
    region: str
    handler: str
    role: str
    timeout_seconds: int
    memory_megabytes: int
    variables: tuple[tuple[str, str], ...]
    code_digest: str
    log_group: str
    log_format: str
    log_level: str | None

    @classmethod
    def of(cls, function: LambdaFunction) -> Self:
        """Return the function's current revision in moto; numbers may be strings, as in templates."""
        logging: Mapping[str, Any] = getattr(function, "logging_config", None) or {}
        return cls(
            arn=function.function_arn,
            name=function.function_name,
            version=str(function.version),
            account=function.account_id,
            region=function.region,
            handler=str(function.handler),
            role=function.role,
            timeout_seconds=int(function.timeout or DEFAULT_TIMEOUT_SECONDS),
            memory_megabytes=int(function.memory_size or DEFAULT_MEMORY_MEGABYTES),
            variables=tuple(sorted((name, str(value)) for name, value in function.environment_vars.items())),
            code_digest=function.code_digest,
            log_group=logging.get("LogGroup") or function.logs_group_name,
            log_format=logging.get("LogFormat") or "Text",
            log_level=logging.get("ApplicationLogLevel"),
        )
