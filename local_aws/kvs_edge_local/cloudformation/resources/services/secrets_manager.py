"""AWS::SecretsManager::Secret."""

from collections.abc import Mapping
from typing import Any, ClassVar

from kvs_edge_local.cloudformation.resources.api_handler import ApiHandler
from kvs_edge_local.cloudformation.resources.handler import Provisioned, ResourceRequest


class Secret(ApiHandler):
    """AWS::SecretsManager::Secret."""

    resource_types: ClassVar = frozenset({"AWS::SecretsManager::Secret"})
    attributes: ClassVar[frozenset[str]] = frozenset({"Id"})
    properties: ClassVar[frozenset[str]] = frozenset(
        {"Description", "GenerateSecretString", "KmsKeyId", "Name", "SecretString", "Tags"}
    )

    def create(self, request: ResourceRequest) -> Provisioned:
        """Create the secret."""
        arn = self._api.call(
            "secretsmanager",
            "CreateSecret",
            Name=request.name("Name", 512),
            Description=request.properties.get("Description"),
            KmsKeyId=request.properties.get("KmsKeyId"),
            SecretString=self._value(request.properties),
            Tags=request.tag_list(),
        )["ARN"]
        return Provisioned(arn, {"Id": arn})

    def update(self, request: ResourceRequest, current: Provisioned, old: Mapping[str, Any]) -> Provisioned:
        """Change the description, the key and the value."""
        properties = request.properties
        source = ("SecretString", "GenerateSecretString")
        changed = any(properties.get(key) != old.get(key) for key in source)
        self._api.call(
            "secretsmanager",
            "UpdateSecret",
            SecretId=current.physical_id,
            Description=properties.get("Description"),
            KmsKeyId=properties.get("KmsKeyId"),
            SecretString=self._value(properties) if changed else None,
        )
        return current

    def delete(self, request: ResourceRequest, current: Provisioned) -> None:
        """Delete the secret at once: CloudFormation does not use a recovery window."""
        self._api.remove(
            "secretsmanager", "DeleteSecret", SecretId=current.physical_id, ForceDeleteWithoutRecovery=True
        )

    def _value(self, properties: Mapping[str, Any]) -> str | None:
        if "GenerateSecretString" not in properties:
            return properties.get("SecretString")
        password: str = self._api.call("secretsmanager", "GetRandomPassword")["RandomPassword"]
        return password
