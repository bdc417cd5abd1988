"""AWS::KMS::Key and AWS::KMS::Alias."""

from collections.abc import Mapping
from typing import Any, ClassVar

from kvs_edge_local.cloudformation.resources.api_handler import ApiHandler
from kvs_edge_local.cloudformation.resources.handler import Provisioned, ResourceRequest, partially_created


class Key(ApiHandler):
    """AWS::KMS::Key."""

    resource_types: ClassVar = frozenset({"AWS::KMS::Key"})
    attributes: ClassVar[frozenset[str]] = frozenset({"Arn", "KeyId"})
    properties: ClassVar[frozenset[str]] = frozenset(
        {"Description", "EnableKeyRotation", "KeyPolicy", "KeySpec", "KeyUsage", "PendingWindowInDays", "Tags"}
    )

    def create(self, request: ResourceRequest) -> Provisioned:
        """Create the key."""
        key = self._api.call(
            "kms",
            "CreateKey",
            Policy=request.properties.get("KeyPolicy"),
            Description=request.properties.get("Description"),
            KeySpec=request.properties.get("KeySpec"),
            KeyUsage=request.properties.get("KeyUsage"),
            Tags=[{"TagKey": name, "TagValue": value} for name, value in request.tags().items()],
        )["KeyMetadata"]
        with partially_created(key["KeyId"]):
            self._rotate(key["KeyId"], request.properties)
        return Provisioned(key["KeyId"], {"Arn": key["Arn"], "KeyId": key["KeyId"]})

    def update(self, request: ResourceRequest, current: Provisioned, old: Mapping[str, Any]) -> Provisioned:
        """Change the policy, the description and the rotation."""
        key, properties = current.physical_id, request.properties
        self._api.call("kms", "UpdateKeyDescription", KeyId=key, Description=properties.get("Description", ""))
        if "KeyPolicy" in properties:
            policy = properties["KeyPolicy"]
            self._api.call("kms", "PutKeyPolicy", KeyId=key, PolicyName="default", Policy=policy)
        self._rotate(key, properties)
        return current

    def delete(self, request: ResourceRequest, current: Provisioned) -> None:
        """Schedule the key's deletion."""
        days = request.properties.get("PendingWindowInDays")
        self._api.remove("kms", "ScheduleKeyDeletion", KeyId=current.physical_id, PendingWindowInDays=days)

    def _rotate(self, key: str, properties: Mapping[str, Any]) -> None:
        wanted = str(properties.get("EnableKeyRotation", False)).lower() == "true"
        self._api.call("kms", "EnableKeyRotation" if wanted else "DisableKeyRotation", KeyId=key)


class Alias(ApiHandler):
    """AWS::KMS::Alias."""

    resource_types: ClassVar = frozenset({"AWS::KMS::Alias"})
    properties: ClassVar[frozenset[str]] = frozenset({"AliasName", "TargetKeyId"})

    def create(self, request: ResourceRequest) -> Provisioned:
        """Create the alias."""
        self._api.call("kms", "CreateAlias", **request.properties)
        return Provisioned(request.properties["AliasName"])

    def update(self, request: ResourceRequest, current: Provisioned, old: Mapping[str, Any]) -> Provisioned:
        """Point the alias to another key."""
        self._api.call("kms", "UpdateAlias", **request.properties)
        return current

    def delete(self, request: ResourceRequest, current: Provisioned) -> None:
        """Delete the alias."""
        self._api.remove("kms", "DeleteAlias", AliasName=current.physical_id)
