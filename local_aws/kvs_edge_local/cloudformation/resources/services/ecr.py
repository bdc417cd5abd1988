"""AWS::ECR::Repository."""

from collections.abc import Mapping
from typing import Any, ClassVar

from kvs_edge_local.cloudformation.resources.api_handler import ApiHandler
from kvs_edge_local.cloudformation.resources.handler import Provisioned, ResourceRequest, partially_created


class Repository(ApiHandler):
    """AWS::ECR::Repository."""

    resource_types: ClassVar = frozenset({"AWS::ECR::Repository"})
    attributes: ClassVar[frozenset[str]] = frozenset({"Arn", "RepositoryUri"})
    properties: ClassVar[frozenset[str]] = frozenset(
        {
            "EmptyOnDelete",
            "ImageScanningConfiguration",
            "ImageTagMutability",
            "LifecyclePolicy",
            "RepositoryName",
            "RepositoryPolicyText",
            "Tags",
        }
    )

    def create(self, request: ResourceRequest) -> Provisioned:
        """Create the repository."""
        scanning = request.properties.get("ImageScanningConfiguration", {})
        repository = self._api.call(
            "ecr",
            "CreateRepository",
            repositoryName=request.name("RepositoryName", 256).lower(),
            imageTagMutability=request.properties.get("ImageTagMutability"),
            imageScanningConfiguration={"scanOnPush": scanning.get("ScanOnPush", False)},
            tags=request.tag_list(),
        )["repository"]
        name = repository["repositoryName"]
        with partially_created(name):
            self._put_policies(name, request.properties)
        return Provisioned(name, {"Arn": repository["repositoryArn"], "RepositoryUri": repository["repositoryUri"]})

    def update(self, request: ResourceRequest, current: Provisioned, old: Mapping[str, Any]) -> Provisioned:
        """Change mutability and policies."""
        mutability = request.properties.get("ImageTagMutability", "MUTABLE")
        self._api.call(
            "ecr", "PutImageTagMutability", repositoryName=current.physical_id, imageTagMutability=mutability
        )
        self._put_policies(current.physical_id, request.properties)
        return current

    def delete(self, request: ResourceRequest, current: Provisioned) -> None:
        """Delete the repository."""
        force = request.properties.get("EmptyOnDelete", False)
        self._api.remove("ecr", "DeleteRepository", repositoryName=current.physical_id, force=force)

    def _put_policies(self, name: str, properties: Mapping[str, Any]) -> None:
        lifecycle = properties.get("LifecyclePolicy", {}).get("LifecyclePolicyText")
        if lifecycle is not None:
            self._api.call("ecr", "PutLifecyclePolicy", repositoryName=name, lifecyclePolicyText=lifecycle)
        if (policy := properties.get("RepositoryPolicyText")) is not None:
            self._api.call("ecr", "SetRepositoryPolicy", repositoryName=name, policyText=policy)
