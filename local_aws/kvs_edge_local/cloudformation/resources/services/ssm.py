"""AWS::SSM::Parameter."""

from collections.abc import Mapping
from typing import Any, ClassVar

from kvs_edge_local.cloudformation.resources.api_handler import ApiHandler
from kvs_edge_local.cloudformation.resources.handler import Provisioned, ResourceRequest


class Parameter(ApiHandler):
    """AWS::SSM::Parameter."""

    resource_types: ClassVar = frozenset({"AWS::SSM::Parameter"})
    attributes: ClassVar[frozenset[str]] = frozenset({"Type", "Value"})
    properties: ClassVar[frozenset[str]] = frozenset(
        {"AllowedPattern", "DataType", "Description", "Name", "Tags", "Tier", "Type", "Value"}
    )

    def create(self, request: ResourceRequest) -> Provisioned:
        """Put the parameter."""
        return self._put(request, request.name("Name", 1011), overwrite=False)

    def update(self, request: ResourceRequest, current: Provisioned, old: Mapping[str, Any]) -> Provisioned:
        """Put the new value."""
        return self._put(request, current.physical_id, overwrite=True)

    def delete(self, request: ResourceRequest, current: Provisioned) -> None:
        """Delete the parameter."""
        self._api.remove("ssm", "DeleteParameter", Name=current.physical_id)

    def _put(self, request: ResourceRequest, name: str, *, overwrite: bool) -> Provisioned:
        given = {key: value for key, value in request.properties.items() if key not in {"Name", "Tags"}}
        self._api.call("ssm", "PutParameter", Name=name, Overwrite=overwrite, **given)
        return Provisioned(name, {"Type": given.get("Type", "String"), "Value": given["Value"]})
