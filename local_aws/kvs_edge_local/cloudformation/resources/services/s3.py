"""AWS::S3::Bucket and AWS::S3::BucketPolicy."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from kvs_edge_local.cloudformation.resources.api_handler import ApiHandler
from kvs_edge_local.cloudformation.resources.handler import (
    Provisioned,
    ResourceFailedError,
    ResourceRequest,
    partially_created,
)

# The one region that CreateBucket does not accept as a location.
DEFAULT_REGION = "us-east-1"
SECURE_TRANSPORT = "aws:SecureTransport"
LIFECYCLE_RULE_MEMBERS = frozenset(
    {"AbortIncompleteMultipartUpload", "ExpirationInDays", "Id", "NoncurrentVersionExpiration", "Prefix", "Status"}
)


class Bucket(ApiHandler):
    """AWS::S3::Bucket with the properties of CDK's bootstrap template."""

    resource_types: ClassVar = frozenset({"AWS::S3::Bucket"})
    attributes: ClassVar[frozenset[str]] = frozenset({"Arn", "DomainName", "RegionalDomainName"})
    properties: ClassVar[frozenset[str]] = frozenset(
        {
            "AccessControl",
            "BucketEncryption",
            "BucketName",
            "LifecycleConfiguration",
            "OwnershipControls",
            "PublicAccessBlockConfiguration",
            "Tags",
            "VersioningConfiguration",
        }
    )

    def create(self, request: ResourceRequest) -> Provisioned:
        """Create the bucket and configure it."""
        name = request.name("BucketName", 63).lower()
        region = request.stack.region
        self._api.call(
            "s3",
            "CreateBucket",
            Bucket=name,
            CreateBucketConfiguration=None if region == DEFAULT_REGION else {"LocationConstraint": region},
        )
        with partially_created(name):
            self._configure(name, request, {})
        return Provisioned(
            name,
            {
                "Arn": f"arn:{request.stack.partition}:s3:::{name}",
                "DomainName": f"{name}.s3.amazonaws.com",
                "RegionalDomainName": f"{name}.s3.{region}.amazonaws.com",
            },
        )

    def update(self, request: ResourceRequest, current: Provisioned, old: Mapping[str, Any]) -> Provisioned:
        """Apply the configuration."""
        self._configure(current.physical_id, request, old)
        return current

    def delete(self, request: ResourceRequest, current: Provisioned) -> None:
        """Delete the bucket; S3 refuses if it is not empty."""
        self._api.remove("s3", "DeleteBucket", Bucket=current.physical_id)

    def _configure(self, name: str, request: ResourceRequest, old: Mapping[str, Any]) -> None:
        for property_name, (operation, parameter, convert, undo) in CONFIGURATIONS.items():
            given = request.properties.get(property_name)
            if given is not None:
                self._api.call("s3", operation, Bucket=name, **{parameter: convert(given)})
            elif property_name in old and undo is not None:
                self._api.call("s3", undo, Bucket=name)
        if tags := request.tags():
            tag_set = [{"Key": key, "Value": value} for key, value in tags.items()]
            self._api.call("s3", "PutBucketTagging", Bucket=name, Tagging={"TagSet": tag_set})


class BucketPolicy(ApiHandler):
    """AWS::S3::BucketPolicy without its statements on unencrypted connections: the local AWS has no others."""

    resource_types: ClassVar = frozenset({"AWS::S3::BucketPolicy"})
    properties: ClassVar[frozenset[str]] = frozenset({"Bucket", "PolicyDocument"})

    def create(self, request: ResourceRequest) -> Provisioned:
        """Put the policy."""
        bucket, document = request.properties["Bucket"], request.properties["PolicyDocument"]
        statements = [each for each in _as_list(document["Statement"]) if not _is_about_encryption(each)]
        if statements:
            self._api.call("s3", "PutBucketPolicy", Bucket=bucket, Policy={**document, "Statement": statements})
        else:
            self._api.remove("s3", "DeleteBucketPolicy", Bucket=bucket)
        return Provisioned(bucket)

    def update(self, request: ResourceRequest, current: Provisioned, old: Mapping[str, Any]) -> Provisioned:
        """Put the new policy."""
        return self.create(request)

    def delete(self, request: ResourceRequest, current: Provisioned) -> None:
        """Delete the policy."""
        self._api.remove("s3", "DeleteBucketPolicy", Bucket=current.physical_id)


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _is_about_encryption(statement: Mapping[str, Any]) -> bool:
    return statement["Effect"] == "Deny" and SECURE_TRANSPORT in statement.get("Condition", {}).get("Bool", {})


def _encryption(given: Mapping[str, Any]) -> dict[str, Any]:
    rules = [
        {
            "ApplyServerSideEncryptionByDefault": rule["ServerSideEncryptionByDefault"],
            "BucketKeyEnabled": rule.get("BucketKeyEnabled", False),
        }
        for rule in given["ServerSideEncryptionConfiguration"]
    ]
    return {"Rules": rules}


def _lifecycle(given: Mapping[str, Any]) -> dict[str, Any]:
    return {"Rules": [_lifecycle_rule(rule) for rule in given["Rules"]]}


def _lifecycle_rule(rule: Mapping[str, Any]) -> dict[str, Any]:
    if unknown := sorted(set(rule) - LIFECYCLE_RULE_MEMBERS):
        raise ResourceFailedError(f"the local AWS does not support {', '.join(unknown)} in a lifecycle rule")
    converted = {
        "ID": rule.get("Id"),
        "Status": rule["Status"],
        "Filter": {"Prefix": rule.get("Prefix", "")},
        "Expiration": {"Days": rule["ExpirationInDays"]} if "ExpirationInDays" in rule else None,
        "NoncurrentVersionExpiration": rule.get("NoncurrentVersionExpiration"),
        "AbortIncompleteMultipartUpload": rule.get("AbortIncompleteMultipartUpload"),
    }
    return {key: value for key, value in converted.items() if value is not None}


def _same(given: Any) -> Any:
    return given


# Property: the operation that sets it, its parameter, the conversion of the value, the operation that resets it.
CONFIGURATIONS: Mapping[str, tuple[str, str, Callable[[Any], Any], str | None]] = {
    "BucketEncryption": (
        "PutBucketEncryption",
        "ServerSideEncryptionConfiguration",
        _encryption,
        "DeleteBucketEncryption",
    ),
    "LifecycleConfiguration": (
        "PutBucketLifecycleConfiguration",
        "LifecycleConfiguration",
        _lifecycle,
        "DeleteBucketLifecycle",
    ),
    "OwnershipControls": (
        "PutBucketOwnershipControls",
        "OwnershipControls",
        _same,
        "DeleteBucketOwnershipControls",
    ),
    "PublicAccessBlockConfiguration": (
        "PutPublicAccessBlock",
        "PublicAccessBlockConfiguration",
        _same,
        "DeletePublicAccessBlock",
    ),
    "VersioningConfiguration": ("PutBucketVersioning", "VersioningConfiguration", _same, None),
}
