"""Lambda function in moto with all properties of a template."""

import base64
from collections.abc import Mapping
from typing import Any, Self, cast

from moto.awslambda.exceptions import InvalidParameterValueException
from moto.awslambda.models import LambdaFunction
from moto.awslambda.utils import get_backend

# Properties of AWS::Lambda::Function with the same name in CreateFunction.
_SAME_NAME = (
    "Architectures",
    "CodeSigningConfigArn",
    "DeadLetterConfig",
    "Description",
    "Environment",
    "EphemeralStorage",
    "Handler",
    "ImageConfig",
    "Layers",
    "LoggingConfig",
    "MemorySize",
    "PackageType",
    "ReservedConcurrentExecutions",
    "Role",
    "Runtime",
    "Timeout",
    "TracingConfig",
    "VpcConfig",
)


class RunningFunction(LambdaFunction):
    """moto's model with the properties that it drops, and with updates that remove settings."""

    def __init__(self, account_id: str, spec: dict[str, Any], region: str, version: str | int = 1) -> None:
        super().__init__(account_id, spec, region, version)
        self.logging_config: Mapping[str, Any] = spec.get("LoggingConfig") or {}
        self.dead_letter_config: Mapping[str, Any] = spec.get("DeadLetterConfig") or {}
        self.recursive_loop: str = spec.get("RecursiveLoop", "Terminate")

    def _set_function_code(self, updated_spec: dict[str, Any]) -> None:
        """Set the code; refuse an object that is not in its bucket, which moto accepts."""
        super()._set_function_code(updated_spec)
        if "S3Key" in updated_spec and not self.code_bytes:
            raise InvalidParameterValueException(
                "Error occurred while GetObject. S3 Error Code: NoSuchKey. S3 Error Message: "
                f"The specified key does not exist: {updated_spec['S3Key']}."
            )

    @property
    def vpc_config(self) -> dict[str, Any] | None:
        """The value of moto's model, which fails on a configuration without security groups."""
        if not self._vpc_config:
            return None
        return {"SecurityGroupIds": [], **self._vpc_config, "VpcId": "vpc-123abc"}

    def get_configuration(self, on_create: bool = False) -> dict[str, Any]:
        """Answer GetFunctionConfiguration."""
        logging = {"LogFormat": "Text", "LogGroup": self.logs_group_name, **self.logging_config}
        dead_letters = {"DeadLetterConfig": self.dead_letter_config} if self.dead_letter_queue else {}
        return {**super().get_configuration(on_create), "LoggingConfig": logging, **dead_letters}

    @property
    def dead_letter_queue(self) -> str | None:
        """ARN of the queue for events that could not be handled; None without one."""
        return self.dead_letter_config.get("TargetArn") or None

    def update_configuration(self, config_updates: dict[str, Any]) -> dict[str, Any]:
        """Answer UpdateFunctionConfiguration, with the settings that moto ignores."""
        if "LoggingConfig" in config_updates:
            self.logging_config = config_updates["LoggingConfig"] or {}
        if "DeadLetterConfig" in config_updates:
            self.dead_letter_config = config_updates["DeadLetterConfig"] or {}
        if "KMSKeyArn" in config_updates:
            self.kms_key_arn = config_updates["KMSKeyArn"] or None
        if "TracingConfig" in config_updates:
            self.tracing_config = config_updates["TracingConfig"]
        environment = config_updates.get("Environment")
        if environment is not None:
            # moto requires the variables, which are optional in the API.
            config_updates = {
                **config_updates,
                "Environment": {"Variables": environment.get("Variables") or {}},
            }
        return super().update_configuration(config_updates)

    @classmethod
    def create_from_cloudformation_json(
        cls,
        resource_name: str,
        cloudformation_json: dict[str, Any],
        account_id: str,
        region_name: str,
        **kwargs: Any,
    ) -> Self:
        """Create the function that a template declares."""
        del kwargs
        spec = cls._specification(resource_name, cloudformation_json["Properties"])
        return cast("Self", get_backend(account_id, region_name).create_function(spec))

    @classmethod
    def update_from_cloudformation_json(
        cls,
        original_resource: LambdaFunction,
        new_resource_name: str,
        cloudformation_json: dict[str, Any],
        account_id: str,
        region_name: str,
    ) -> LambdaFunction:
        """Update a function in place; removed properties return to their defaults."""
        del new_resource_name, account_id, region_name
        spec = cls._specification(original_resource.function_name, cloudformation_json["Properties"])
        defaults: dict[str, Any] = {
            "DeadLetterConfig": {},
            "Description": "",
            "Environment": {},
            "KMSKeyArn": None,
            "Layers": [],
            "LoggingConfig": {},
            "MemorySize": 128,
            "Timeout": 3,
            "TracingConfig": {"Mode": "PassThrough"},
            "VpcConfig": None,
        }
        original_resource.update_configuration({**defaults, **spec})
        original_resource.reserved_concurrency = spec.get("ReservedConcurrentExecutions")
        original_resource.tags = spec["Tags"]
        original_resource.architectures = spec.get("Architectures", original_resource.architectures)
        original_resource.update_function_code(spec["Code"])
        return original_resource

    @classmethod
    def delete_from_cloudformation_json(
        cls, resource_name: str, cloudformation_json: dict[str, Any], account_id: str, region_name: str
    ) -> None:
        """Delete the function with that name."""
        del cloudformation_json
        get_backend(account_id, region_name).delete_function(resource_name)

    def is_created(self) -> bool:
        """Return True: a function exists as soon as it is created."""
        return True

    @classmethod
    def _specification(cls, name: str, properties: Mapping[str, Any]) -> dict[str, Any]:
        """Convert a template's properties to CreateFunction's parameters."""
        code = dict(properties["Code"])
        if "ZipFile" in code:
            # A template contains the source itself.
            code["ZipFile"] = base64.b64encode(cls._create_zipfile_from_plaintext_code(code["ZipFile"])).decode()
        return {
            **{key: properties[key] for key in _SAME_NAME if key in properties},
            "Code": code,
            "FunctionName": name,
            "KMSKeyArn": properties.get("KmsKeyArn"),
            "RecursiveLoop": properties.get("RecursiveLoop", "Terminate"),
            "Tags": {tag["Key"]: tag["Value"] for tag in properties.get("Tags", [])},
        }
