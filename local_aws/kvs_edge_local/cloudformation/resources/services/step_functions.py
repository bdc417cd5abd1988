"""AWS::StepFunctions::StateMachine."""

import json
import re
from collections.abc import Mapping
from typing import Any, ClassVar

from kvs_edge_local.cloudformation.resources.api_handler import ApiHandler
from kvs_edge_local.cloudformation.resources.handler import (
    Provisioned,
    ResourceFailedError,
    ResourceRequest,
)

CONFIGURATIONS = ("EncryptionConfiguration", "LoggingConfiguration", "TracingConfiguration")
SUBSTITUTION = re.compile(r"\$\{([A-Za-z0-9_]+)\}")


class StateMachine(ApiHandler):
    """AWS::StepFunctions::StateMachine with its definition after substitution."""

    resource_types: ClassVar = frozenset({"AWS::StepFunctions::StateMachine"})
    attributes: ClassVar[frozenset[str]] = frozenset({"Arn", "Name"})
    properties: ClassVar[frozenset[str]] = frozenset(
        {
            *CONFIGURATIONS,
            "Definition",
            "DefinitionString",
            "DefinitionSubstitutions",
            "RoleArn",
            "StateMachineName",
            "StateMachineType",
            "Tags",
        }
    )

    def create(self, request: ResourceRequest) -> Provisioned:
        """Create the state machine."""
        name = request.name("StateMachineName", 80)
        arn = self._api.call(
            "stepfunctions",
            "CreateStateMachine",
            name=name,
            type=request.properties.get("StateMachineType"),
            tags=[{"key": key, "value": value} for key, value in request.tags().items()] or None,
            **_definition(request.properties),
        )["stateMachineArn"]
        return Provisioned(arn, {"Arn": arn, "Name": name})

    def update(self, request: ResourceRequest, current: Provisioned, old: Mapping[str, Any]) -> Provisioned:
        """Change definition, role and configurations; running executions keep the old ones."""
        self._api.call(
            "stepfunctions",
            "UpdateStateMachine",
            stateMachineArn=current.physical_id,
            **_definition(request.properties),
        )
        return current

    def delete(self, request: ResourceRequest, current: Provisioned) -> None:
        """Delete the state machine."""
        self._api.remove("stepfunctions", "DeleteStateMachine", stateMachineArn=current.physical_id)


def _definition(properties: Mapping[str, Any]) -> dict[str, Any]:
    configurations = {
        name[0].lower() + name[1:]: _lower_camel(properties[name]) for name in CONFIGURATIONS if name in properties
    }
    return {"definition": _substituted(properties), "roleArn": properties["RoleArn"], **configurations}


def _substituted(properties: Mapping[str, Any]) -> str:
    text: str = properties.get("DefinitionString") or json.dumps(properties.get("Definition"))
    substitutions: Mapping[str, Any] = properties.get("DefinitionSubstitutions", {})
    unknown = sorted(set(substitutions) - set(SUBSTITUTION.findall(text)))
    if unknown:
        raise ResourceFailedError(f"DefinitionSubstitutions {', '.join(unknown)} do not occur in the definition")

    def substitute(match: re.Match[str]) -> str:
        name = match.group(1)
        return str(substitutions[name]) if name in substitutions else match.group(0)

    return SUBSTITUTION.sub(substitute, text)


def _lower_camel(value: Any) -> Any:
    """Convert a member's name from CloudFormation's case to the API's."""
    if isinstance(value, Mapping):
        return {key[0].lower() + key[1:]: _lower_camel(item) for key, item in value.items()}
    return [_lower_camel(item) for item in value] if isinstance(value, list) else value
