"""Parsing of JSON and YAML templates; a `TemplateError` describes what is wrong."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import yaml

from kvs_edge_local.cloudformation.errors import TemplateError
from kvs_edge_local.cloudformation.yaml_tags import TemplateLoader

# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
MAXIMUM_INLINE_BYTES = 51_200
MAXIMUM_BYTES = 1_000_000
MAXIMUM_RESOURCES = 500

SECTIONS = frozenset(
    {
        "AWSTemplateFormatVersion",
        "Conditions",
        "Description",
        "Mappings",
        "Metadata",
        "Outputs",
        "Parameters",
        "Resources",
        "Rules",
    }
)
RESOURCE_MEMBERS = frozenset(
    {"Condition", "DeletionPolicy", "DependsOn", "Metadata", "Properties", "Type", "UpdateReplacePolicy"}
)
RETAIN = "Retain"
RETAIN_EXCEPT_ON_CREATE = "RetainExceptOnCreate"
DELETE = "Delete"
POLICIES = {
    "DeletionPolicy": (DELETE, RETAIN, RETAIN_EXCEPT_ON_CREATE),
    "UpdateReplacePolicy": (DELETE, RETAIN),
}


@dataclass(frozen=True)
class ResourceDefinition:
    """Resource as declared in the template."""

    logical_id: str
    type: str
    properties: Mapping[str, Any]
    depends_on: tuple[str, ...] = ()
    condition: str | None = None
    deletion_policy: str = DELETE
    update_replace_policy: str = DELETE
    metadata: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def is_custom(self) -> bool:
        """True if a function behind a ServiceToken provisions this resource."""
        return self.type.startswith("Custom::") or self.type == "AWS::CloudFormation::CustomResource"


@dataclass(frozen=True)
class Template:
    """Parsed template; `body` is its original text."""

    body: str
    document: Mapping[str, Any]
    resources: Mapping[str, ResourceDefinition]

    def section(self, name: str) -> Mapping[str, Any]:
        """Return a section of the template; empty if absent."""
        return self.document.get(name) or {}

    @property
    def description(self) -> str | None:
        """Description of the template."""
        return self.document.get("Description")


def parse_template(body: str, *, inline: bool) -> Template:
    """Parse a template; `inline` means TemplateBody, with a limit of 51,200 bytes instead of 1 MB."""
    _refuse_size(body, MAXIMUM_INLINE_BYTES if inline else MAXIMUM_BYTES)
    document = _read(body)
    if unknown := sorted(set(document) - SECTIONS):
        raise TemplateError(f"Invalid template property or properties [{', '.join(unknown)}]{_transform_hint(unknown)}")
    for path in _nulls(document, ""):
        raise TemplateError(f"[{path}] 'null' values are not allowed in templates")
    declared = document.get("Resources")
    if not isinstance(declared, dict) or not declared:
        raise TemplateError("Template format error: At least one Resources member must be defined.")
    if len(declared) > MAXIMUM_RESOURCES:
        raise TemplateError(
            f"Template format error: Number of resources, {len(declared)}, is greater than maximum allowed, "
            f"{MAXIMUM_RESOURCES}"
        )
    return Template(body, document, {name: _resource(name, given) for name, given in declared.items()})


def _refuse_size(body: str, maximum: int) -> None:
    size = len(body.encode())
    if size > maximum:
        hint = "; put it into S3 and give its TemplateURL" if maximum == MAXIMUM_INLINE_BYTES else ""
        raise TemplateError(f"The template is {size} bytes long; the maximum is {maximum}{hint}")


def _read(body: str) -> Mapping[str, Any]:
    try:
        # S506: TemplateLoader is a SafeLoader.
        document = json.loads(body) if body.lstrip().startswith("{") else yaml.load(body, Loader=TemplateLoader)  # noqa: S506
    except (ValueError, yaml.YAMLError) as error:
        raise TemplateError(f"Template format error: {error}") from error
    if not isinstance(document, dict):
        raise TemplateError("Template format error: unsupported structure.")
    return document


def _transform_hint(sections: list[str]) -> str:
    return ": the local AWS does not run macros; give the transformed template" if "Transform" in sections else ""


def _nulls(value: object, path: str) -> Iterator[str]:
    if value is None:
        yield path
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _nulls(item, f"{path}/{key}")
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _nulls(item, f"{path}/{index}")


def _resource(logical_id: str, given: object) -> ResourceDefinition:
    where = f"Template format error: [/Resources/{logical_id}]"
    if not logical_id.isalnum():
        raise TemplateError(f"Template format error: Resource name {logical_id} is non alphanumeric.")
    if not isinstance(given, dict) or not isinstance(given.get("Type"), str):
        raise TemplateError(f"{where} Every Resources object must contain a Type member.")
    if unknown := sorted(set(given) - RESOURCE_MEMBERS):
        raise TemplateError(f"{where} the local AWS does not support {', '.join(unknown)}: leave it out")
    depends_on = given.get("DependsOn", ())
    return ResourceDefinition(
        logical_id=logical_id,
        type=given["Type"],
        properties=given.get("Properties", {}),
        depends_on=(depends_on,) if isinstance(depends_on, str) else tuple(depends_on),
        condition=given.get("Condition"),
        deletion_policy=_policy(where, given, "DeletionPolicy"),
        update_replace_policy=_policy(where, given, "UpdateReplacePolicy"),
        metadata=given.get("Metadata", {}),
    )


def _policy(where: str, given: Mapping[str, Any], name: str) -> str:
    policy = given.get(name, DELETE)
    if policy not in POLICIES[name]:
        raise TemplateError(f"{where} {name} {policy!r}: the local AWS supports {', '.join(POLICIES[name])}")
    return str(policy)
