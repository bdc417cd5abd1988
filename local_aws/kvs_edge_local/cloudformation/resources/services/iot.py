"""AWS::IoT::Thing."""

from collections.abc import Mapping
from typing import Any, ClassVar

from kvs_edge_local.cloudformation.resources.api_handler import ApiHandler
from kvs_edge_local.cloudformation.resources.handler import Provisioned, ResourceRequest


class Thing(ApiHandler):
    """AWS::IoT::Thing."""

    resource_types: ClassVar = frozenset({"AWS::IoT::Thing"})
    attributes: ClassVar[frozenset[str]] = frozenset({"Arn", "Id"})
    properties: ClassVar[frozenset[str]] = frozenset({"AttributePayload", "ThingName"})

    def create(self, request: ResourceRequest) -> Provisioned:
        """Create the thing."""
        thing = self._api.call(
            "iot",
            "CreateThing",
            thingName=request.name("ThingName", 128),
            attributePayload=_attribute_payload(request),
        )
        return Provisioned(thing["thingName"], {"Arn": thing["thingArn"], "Id": thing["thingId"]})

    def update(self, request: ResourceRequest, current: Provisioned, old: Mapping[str, Any]) -> Provisioned:
        """Change the attributes."""
        payload = _attribute_payload(request) or {"attributes": {}}
        self._api.call("iot", "UpdateThing", thingName=current.physical_id, attributePayload=payload)
        return current

    def delete(self, request: ResourceRequest, current: Provisioned) -> None:
        """Delete the thing."""
        self._api.remove("iot", "DeleteThing", thingName=current.physical_id)


def _attribute_payload(request: ResourceRequest) -> dict[str, Any] | None:
    payload = request.properties.get("AttributePayload")
    return None if payload is None else {"attributes": payload.get("Attributes", {})}
