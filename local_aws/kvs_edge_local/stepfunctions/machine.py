"""State machine in moto with all properties of a template."""

import json
from collections.abc import Mapping
from typing import Any, Self, cast

from moto.stepfunctions import models
from moto.stepfunctions.models import StateMachine
from moto.stepfunctions.utils import cfn_to_api_tags

# Defaults of the API other than "nothing".
_NO_LOGGING = {"level": "OFF"}
_NO_TRACING = {"enabled": False}
_AWS_OWNED_KEY = {"type": "AWS_OWNED_KEY"}


class RunningStateMachine(StateMachine):
    """moto's model with the properties of AWS::StepFunctions::StateMachine that it ignores."""

    @classmethod
    def has_cfn_attr(cls, attr: str) -> bool:
        """Return True if Fn::GetAtt supports the attribute."""
        return attr in {"Arn", "Name", "StateMachineRevisionId"} or super().has_cfn_attr(attr)

    def get_cfn_attribute(self, attribute_name: str) -> Any:
        """Return the value of an attribute for Fn::GetAtt."""
        match attribute_name:
            case "Arn":
                return self.arn
            case "StateMachineRevisionId":
                return str(self.latest_version_number)
            case _:
                return super().get_cfn_attribute(attribute_name)

    @classmethod
    def create_from_cloudformation_json(
        cls,
        resource_name: str,
        cloudformation_json: dict[str, Any],
        account_id: str,
        region_name: str,
        **kwargs: Any,
    ) -> Self:
        """Create the state machine that a template declares."""
        del kwargs
        properties = cloudformation_json["Properties"]
        state_machine = models.stepfunctions_backends[account_id][region_name].create_state_machine(
            properties.get("StateMachineName", resource_name),
            _definition(properties),
            properties["RoleArn"],
            tags=cfn_to_api_tags(properties.get("Tags", [])),
            sm_type=properties.get("StateMachineType"),
            **_configurations(properties),
        )
        return cast("Self", state_machine)

    @classmethod
    def update_from_cloudformation_json(
        cls,
        original_resource: StateMachine,
        new_resource_name: str,
        cloudformation_json: dict[str, Any],
        account_id: str,
        region_name: str,
    ) -> StateMachine:
        """Update a state machine in place; removed properties return to their defaults.

        Running executions keep the definition that they started with.
        """
        del new_resource_name
        properties = cloudformation_json["Properties"]
        backend = models.stepfunctions_backends[account_id][region_name]
        arn = original_resource.arn
        backend.update_state_machine(arn, _definition(properties), properties["RoleArn"])
        original_resource.update(**_configurations(properties))
        backend.tagger.delete_all_tags_for_resource(arn)
        backend.tagger.tag_resource(arn, cfn_to_api_tags(properties.get("Tags", [])))
        return original_resource

    def is_created(self) -> bool:
        """Return True: a state machine exists as soon as it is created."""
        return True


def _definition(properties: Mapping[str, Any]) -> str:
    """Return the definition, in either form, after substitution."""
    if "DefinitionS3Location" in properties:
        raise NotImplementedError("DefinitionS3Location: the local AWS supports DefinitionString and Definition only")
    definition = str(properties.get("DefinitionString") or json.dumps(properties["Definition"]))
    for name, value in properties.get("DefinitionSubstitutions", {}).items():
        text = str(value).lower() if isinstance(value, bool) else str(value)
        definition = definition.replace(f"${{{name}}}", text)
    return definition


def _configurations(properties: Mapping[str, Any]) -> dict[str, Any]:
    def configuration(name: str, default: dict[str, Any]) -> Any:
        return _api_names(properties.get(name)) or default

    return {
        "loggingConfiguration": configuration("LoggingConfiguration", _NO_LOGGING),
        "tracingConfiguration": configuration("TracingConfiguration", _NO_TRACING),
        "encryptionConfiguration": configuration("EncryptionConfiguration", _AWS_OWNED_KEY),
    }


def _api_names(value: Any) -> Any:
    """Convert a template's PascalCase to the API's camelCase."""
    if isinstance(value, Mapping):
        return {name[:1].lower() + name[1:]: _api_names(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_api_names(item) for item in value]
    return value
