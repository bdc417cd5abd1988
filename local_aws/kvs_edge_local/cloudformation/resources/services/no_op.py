"""Resource types that create nothing in an account."""

from collections.abc import Mapping
from typing import Any, ClassVar

from kvs_edge_local.cloudformation.resources.api_handler import ApiHandler
from kvs_edge_local.cloudformation.resources.handler import Provisioned, ResourceRequest


class NoOp(ApiHandler):
    """AWS::CDK::Metadata and AWS::CloudFormation::WaitConditionHandle: nothing in an account stands for them."""

    resource_types: ClassVar = frozenset({"AWS::CDK::Metadata", "AWS::CloudFormation::WaitConditionHandle"})

    def create(self, request: ResourceRequest) -> Provisioned:
        """Give it a physical id."""
        return Provisioned(request.generated_name())

    def update(self, request: ResourceRequest, current: Provisioned, old: Mapping[str, Any]) -> Provisioned:
        """Nothing to change."""
        return current

    def delete(self, request: ResourceRequest, current: Provisioned) -> None:
        """Nothing to remove."""
