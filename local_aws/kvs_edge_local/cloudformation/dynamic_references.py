"""Dynamic references in a template, {{resolve:SERVICE:KEY}}: parsing and validation. Pure.

[Get values stored in other services using dynamic references] and its pages for each service.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from kvs_edge_local.cloudformation.errors import TemplateError

PATTERN = re.compile(r"\{\{resolve:([^:{}]+):([^{}]*)\}\}")
MAXIMUM_PER_TEMPLATE = 60
SSM, SSM_SECURE, SECRETS_MANAGER = "ssm", "ssm-secure", "secretsmanager"
SECURE = frozenset({SSM_SECURE, SECRETS_MANAGER})
# [Get a secure string value from Systems Manager Parameter Store], resources that support secure strings.
SSM_SECURE_PROPERTIES = frozenset(
    {
        "AWS::DirectoryService::MicrosoftAD/Properties/Password",
        "AWS::DirectoryService::SimpleAD/Properties/Password",
        "AWS::ElastiCache::ReplicationGroup/Properties/AuthToken",
        "AWS::IAM::User/Properties/LoginProfile/Password",
        "AWS::KinesisFirehose::DeliveryStream/Properties/RedshiftDestinationConfiguration/Password",
        "AWS::OpsWorks::App/Properties/AppSource/Password",
        "AWS::OpsWorks::Stack/Properties/CustomCookbooksSource/Password",
        "AWS::OpsWorks::Stack/Properties/RdsDbInstances/DbPassword",
        "AWS::RDS::DBCluster/Properties/MasterUserPassword",
        "AWS::RDS::DBInstance/Properties/MasterUserPassword",
        "AWS::Redshift::Cluster/Properties/MasterUserPassword",
    }
)
ARN_PARTS = 7


@dataclass(frozen=True)
class Parameter:
    """Parameter in Parameter Store; without a version the latest."""

    name: str
    version: str | None = None

    @property
    def selector(self) -> str:
        """Name in the form that GetParameter takes."""
        return self.name if self.version is None else f"{self.name}:{self.version}"


@dataclass(frozen=True)
class SecretValue:
    """Secret in Secrets Manager, or the value of one of its JSON keys."""

    secret_id: str
    json_key: str | None = None
    version_stage: str | None = None
    version_id: str | None = None


@dataclass(frozen=True)
class DynamicReference:
    """Reference and its location."""

    text: str
    service: str
    target: Parameter | SecretValue
    path: str


def dynamic_references(value: Any, path: str = "") -> Iterator[DynamicReference]:
    """Return the references in a value; raise TemplateError for one that cannot be parsed."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from dynamic_references(item, f"{path}/{key}")
    elif isinstance(value, list):
        for item in value:
            # AWS's paths omit an item's index.
            yield from dynamic_references(item, path)
    elif isinstance(value, str):
        for found in PATTERN.finditer(value):
            yield _reference(found, path)


def resolved(value: Any, read: Callable[[DynamicReference], str]) -> Any:
    """Replace each reference by the result of `read`."""
    if isinstance(value, Mapping):
        return {key: resolved(item, read) for key, item in value.items()}
    if isinstance(value, list):
        return [resolved(item, read) for item in value]
    if isinstance(value, str):
        return PATTERN.sub(lambda found: read(_reference(found, "")), value)
    return value


def misplaced(resource_type: str, properties: Mapping[str, Any], *, custom: bool) -> str | None:
    """Return which references CloudFormation does not resolve in such a resource, or None."""
    found = list(dynamic_references(properties, f"{resource_type}/Properties"))
    if custom and (secure := sorted({each.text for each in found if each.service in SECURE})):
        return (
            f"CloudFormation does not resolve {', '.join(secure)} in a custom resource, it sends the text: pass "
            "the name or the ARN, and read the value in the function"
        )
    unsupported = [each.path for each in found if each.service == SSM_SECURE and each.path not in SSM_SECURE_PROPERTIES]
    return f"SSM Secure reference is not supported in: [{','.join(unsupported)}]" if unsupported else None


def refuse_elsewhere(template: Mapping[str, Any]) -> None:
    """Raise a TemplateError for references outside of resource properties, and for too many of them."""
    # Parameters and mappings reach resource properties, where they are resolved.
    elsewhere = {"Conditions", "Metadata", "Outputs", "Rules"}
    sections = {name: section for name, section in template.items() if name in elsewhere}
    resources = {
        name: {member: value for member, value in resource.items() if member != "Properties"}
        for name, resource in template.get("Resources", {}).items()
    }
    outside = sorted({each.path for each in dynamic_references({**sections, "Resources": resources})})
    if outside:
        raise TemplateError(
            f"Template format error: dynamic references in [{', '.join(outside)}]: the local AWS resolves them in "
            "resource properties only"
        )
    count = sum(1 for _ in dynamic_references(template))
    if count > MAXIMUM_PER_TEMPLATE:
        raise TemplateError(
            f"Template format error: the template has {count} dynamic references; the maximum is {MAXIMUM_PER_TEMPLATE}"
        )


def _reference(found: re.Match[str], path: str) -> DynamicReference:
    text, service, key = found[0], found[1], found[2]
    match service:
        case "ssm" | "ssm-secure":
            return DynamicReference(text, service, _parameter(text, key), path)
        case "secretsmanager":
            return DynamicReference(text, service, _secret_value(text, key), path)
        case _:
            raise TemplateError(
                f"Template format error: {text} names the service {service}: CloudFormation supports "
                f"{SSM}, {SSM_SECURE} and {SECRETS_MANAGER}"
            )


def _parameter(text: str, key: str) -> Parameter:
    name, rest = _identifier(key)
    if not name or len(rest) > 1 or any(not version.isdigit() for version in rest):
        raise TemplateError(f"Template format error: {text} is not {{{{resolve:ssm:NAME}}}} or ...:NAME:VERSION")
    return Parameter(name, *rest)


def _secret_value(text: str, key: str) -> SecretValue:
    secret_id, rest = _identifier(key)
    kind, json_key, stage, version, *more = [*rest, "", "", "", ""]
    if not secret_id or kind not in {"", "SecretString"} or any(more):
        raise TemplateError(
            f"Template format error: {text} is not {{{{resolve:secretsmanager:ID:SecretString:KEY:STAGE:VERSION}}}}; "
            "everything after ID is optional"
        )
    if stage and version:
        raise TemplateError(f"Template format error: {text} has a version stage and a version id: give one of them")
    return SecretValue(secret_id, json_key or None, stage or None, version or None)


def _identifier(key: str) -> tuple[str, list[str]]:
    parts = key.split(":")
    length = ARN_PARTS if parts[0] == "arn" else 1
    if parts[0] == "arn" and ":ssm:" in key:
        # A parameter's ARN has its name after a slash.
        length -= 1
    return ":".join(parts[:length]), parts[length:]
