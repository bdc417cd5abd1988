"""Resource types that one or two API calls make: a repository, a parameter, a secret, a thing, a key."""

from collections.abc import Mapping
from typing import Any, ClassVar

from kvs_edge_local.cloudformation.resources.api import Api
from kvs_edge_local.cloudformation.resources.handler import (
    Provisioned,
    ResourceHandler,
    ResourceRequest,
    half_made,
)


class ApiHandler(ResourceHandler):
    """A handler that calls an API."""

    def __init__(self, api: Api) -> None:
        self._api = api


class Repository(ApiHandler):
    """AWS::ECR::Repository."""

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
            tags=_tag_list(request),
        )["repository"]
        name = repository["repositoryName"]
        with half_made(name):
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


class Parameter(ApiHandler):
    """AWS::SSM::Parameter."""

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


class Secret(ApiHandler):
    """AWS::SecretsManager::Secret."""

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
            Tags=_tag_list(request),
        )["ARN"]
        return Provisioned(arn, {"Id": arn})

    def update(self, request: ResourceRequest, current: Provisioned, old: Mapping[str, Any]) -> Provisioned:
        """Change the description, the key, the value."""
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
        """Delete the secret at once: CloudFormation asks for no recovery window."""
        self._api.remove(
            "secretsmanager", "DeleteSecret", SecretId=current.physical_id, ForceDeleteWithoutRecovery=True
        )

    def _value(self, properties: Mapping[str, Any]) -> str | None:
        if "GenerateSecretString" not in properties:
            return properties.get("SecretString")
        password: str = self._api.call("secretsmanager", "GetRandomPassword")["RandomPassword"]
        return password


class Thing(ApiHandler):
    """AWS::IoT::Thing."""

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


class Key(ApiHandler):
    """AWS::KMS::Key."""

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
        with half_made(key["KeyId"]):
            self._rotate(key["KeyId"], request.properties)
        return Provisioned(key["KeyId"], {"Arn": key["Arn"], "KeyId": key["KeyId"]})

    def update(self, request: ResourceRequest, current: Provisioned, old: Mapping[str, Any]) -> Provisioned:
        """Change the policy, the description, the rotation."""
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

    properties: ClassVar[frozenset[str]] = frozenset({"AliasName", "TargetKeyId"})

    def create(self, request: ResourceRequest) -> Provisioned:
        """Create the alias."""
        self._api.call("kms", "CreateAlias", **request.properties)
        return Provisioned(request.properties["AliasName"])

    def update(self, request: ResourceRequest, current: Provisioned, old: Mapping[str, Any]) -> Provisioned:
        """Let the alias point to another key."""
        self._api.call("kms", "UpdateAlias", **request.properties)
        return current

    def delete(self, request: ResourceRequest, current: Provisioned) -> None:
        """Delete the alias."""
        self._api.remove("kms", "DeleteAlias", AliasName=current.physical_id)


class Nothing(ResourceHandler):
    """AWS::CDK::Metadata and AWS::CloudFormation::WaitConditionHandle: they stand for nothing in an account."""

    def create(self, request: ResourceRequest) -> Provisioned:
        """Give it a physical id."""
        return Provisioned(request.generated_name())

    def update(self, request: ResourceRequest, current: Provisioned, old: Mapping[str, Any]) -> Provisioned:
        """Nothing to change."""
        return current

    def delete(self, request: ResourceRequest, current: Provisioned) -> None:
        """Nothing to remove."""


def _tag_list(request: ResourceRequest) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in request.tags().items()]


def _attribute_payload(request: ResourceRequest) -> dict[str, Any] | None:
    payload = request.properties.get("AttributePayload")
    return None if payload is None else {"attributes": payload.get("Attributes", {})}
