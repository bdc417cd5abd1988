"""Resource types that create nothing in an account."""

from collections.abc import Mapping
from typing import Any, ClassVar

from kvs_edge_local.cloudformation.resources.api_handler import ApiHandler
from kvs_edge_local.cloudformation.resources.handler import Provisioned, ResourceRequest


class NoOp(ApiHandler):
    """AWS::CDK::Metadata and AWS::CloudFormation::WaitConditionHandle: no-ops."""

    resource_types: ClassVar = frozenset({"AWS::CDK::Metadata", "AWS::CloudFormation::WaitConditionHandle"})

    def create(self, request: ResourceRequest) -> Provisioned:
        """Return a physical id."""
        return Provisioned(request.generated_name())

    def update(self, request: ResourceRequest, current: Provisioned, old: Mapping[str, Any]) -> Provisioned:
        """Return the resource unchanged."""
        return current

    def delete(self, request: ResourceRequest, current: Provisioned) -> None:
        """Do nothing."""
