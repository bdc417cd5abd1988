"""AWS::Logs::LogGroup."""

from collections.abc import Mapping
from typing import Any, ClassVar

from kvs_edge_local.cloudformation.resources.api_handler import ApiHandler
from kvs_edge_local.cloudformation.resources.handler import Provisioned, ResourceRequest, partially_created


class LogGroup(ApiHandler):
    """AWS::Logs::LogGroup with its retention and key."""

    resource_types: ClassVar = frozenset({"AWS::Logs::LogGroup"})
    attributes: ClassVar[frozenset[str]] = frozenset({"Arn"})
    properties: ClassVar[frozenset[str]] = frozenset({"KmsKeyId", "LogGroupName", "RetentionInDays", "Tags"})

    def create(self, request: ResourceRequest) -> Provisioned:
        """Create the log group."""
        name = request.name("LogGroupName", 512)
        self._api.call(
            "logs",
            "CreateLogGroup",
            logGroupName=name,
            kmsKeyId=request.properties.get("KmsKeyId"),
            tags=request.tags() or None,
        )
        with partially_created(name):
            self._retain(name, request.properties)
        stack = request.stack
        # Unlike elsewhere, Fn::GetAtt returns the ARN with ":*" at its end.
        arn = f"arn:{stack.partition}:logs:{stack.region}:{stack.account}:log-group:{name}:*"
        return Provisioned(name, {"Arn": arn})

    def update(self, request: ResourceRequest, current: Provisioned, old: Mapping[str, Any]) -> Provisioned:
        """Change retention and key."""
        name, key = current.physical_id, request.properties.get("KmsKeyId")
        self._retain(name, request.properties)
        if key is not None:
            self._api.call("logs", "AssociateKmsKey", logGroupName=name, kmsKeyId=key)
        elif "KmsKeyId" in old:
            self._api.call("logs", "DisassociateKmsKey", logGroupName=name)
        return current

    def delete(self, request: ResourceRequest, current: Provisioned) -> None:
        """Delete the log group."""
        self._api.remove("logs", "DeleteLogGroup", logGroupName=current.physical_id)

    def _retain(self, name: str, properties: Mapping[str, Any]) -> None:
        if "RetentionInDays" in properties:
            days = properties["RetentionInDays"]
            self._api.call("logs", "PutRetentionPolicy", logGroupName=name, retentionInDays=days)
        else:
            self._api.call("logs", "DeleteRetentionPolicy", logGroupName=name)
