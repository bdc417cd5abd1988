"""AWS::Lambda::Function, AWS::Lambda::Permission and AWS::Lambda::EventInvokeConfig."""

import io
import zipfile
from collections.abc import Mapping
from typing import Any, ClassVar

from kvs_edge_local.cloudformation.resources.api_handler import ApiHandler
from kvs_edge_local.cloudformation.resources.handler import Provisioned, ResourceRequest, partially_created

# Properties with the same shape in CreateFunction and UpdateFunctionConfiguration.
CONFIGURATION = (
    "DeadLetterConfig",
    "Description",
    "Environment",
    "EphemeralStorage",
    "FileSystemConfigs",
    "Handler",
    "KmsKeyArn",
    "Layers",
    "LoggingConfig",
    "MemorySize",
    "Role",
    "Runtime",
    "SnapStart",
    "Timeout",
    "TracingConfig",
    "VpcConfig",
)
# Parameters with another name than their property.
API_NAMES: Mapping[str, str] = {"KmsKeyArn": "KMSKeyArn"}
# Values for properties that the template no longer has.
CONFIGURATION_DEFAULTS: Mapping[str, Any] = {
    "DeadLetterConfig": {},
    "Description": "",
    "Environment": {"Variables": {}},
    "KmsKeyArn": "",
    "Layers": [],
    "MemorySize": 128,
    "Timeout": 3,
}


class Function(ApiHandler):
    """AWS::Lambda::Function with code from S3, or a few lines of Python in the template."""

    resource_types: ClassVar = frozenset({"AWS::Lambda::Function"})
    attributes: ClassVar[frozenset[str]] = frozenset({"Arn"})
    properties: ClassVar[frozenset[str]] = frozenset(
        {
            *CONFIGURATION,
            "Architectures",
            "Code",
            "FunctionName",
            "PackageType",
            "ReservedConcurrentExecutions",
            "Tags",
        }
    )

    def problem(self, request: ResourceRequest) -> str | None:
        """Refuse every runtime but Python."""
        runtime = str(request.properties.get("Runtime", "none: a container image"))
        if not runtime.startswith("python"):
            return f"the local AWS runs Python functions only; the Runtime is {runtime}"
        return super().problem(request)

    def create(self, request: ResourceRequest) -> Provisioned:
        """Create the function."""
        properties = request.properties
        created = self._api.call(
            "lambda",
            "CreateFunction",
            FunctionName=request.name("FunctionName"),
            Code=_code(properties["Code"]),
            Architectures=properties.get("Architectures"),
            Tags=request.tags() or None,
            **_parameters({name: properties[name] for name in CONFIGURATION if name in properties}),
        )
        name = created["FunctionName"]
        with partially_created(name):
            self._reserve(name, {}, properties)
        return Provisioned(name, {"Arn": created["FunctionArn"]})

    def update(self, request: ResourceRequest, current: Provisioned, old: Mapping[str, Any]) -> Provisioned:
        """Change the code, the configuration and the reserved concurrency where they differ."""
        properties, name = request.properties, current.physical_id
        if any(properties.get(key) != old.get(key) for key in ("Code", "Architectures")):
            self._api.call(
                "lambda",
                "UpdateFunctionCode",
                FunctionName=name,
                Architectures=properties.get("Architectures"),
                **_code(properties["Code"]),
            )
        changed = [key for key in CONFIGURATION if properties.get(key) != old.get(key)]
        if changed:
            values = {key: properties.get(key, CONFIGURATION_DEFAULTS.get(key)) for key in changed}
            self._api.call("lambda", "UpdateFunctionConfiguration", FunctionName=name, **_parameters(values))
        self._reserve(name, old, properties)
        return current

    def delete(self, request: ResourceRequest, current: Provisioned) -> None:
        """Delete the function."""
        self._api.remove("lambda", "DeleteFunction", FunctionName=current.physical_id)

    def _reserve(self, name: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> None:
        before, after = (given.get("ReservedConcurrentExecutions") for given in (old, new))
        if after is not None and after != before:
            self._api.call("lambda", "PutFunctionConcurrency", FunctionName=name, ReservedConcurrentExecutions=after)
        elif before is not None and after is None:
            self._api.remove("lambda", "DeleteFunctionConcurrency", FunctionName=name)


class Permission(ApiHandler):
    """AWS::Lambda::Permission: a statement of a function's resource policy. Any change replaces it."""

    resource_types: ClassVar = frozenset({"AWS::Lambda::Permission"})
    properties: ClassVar[frozenset[str]] = frozenset(
        {"Action", "EventSourceToken", "FunctionName", "Principal", "PrincipalOrgID", "SourceAccount", "SourceArn"}
    )

    def create(self, request: ResourceRequest) -> Provisioned:
        """Add the statement."""
        statement = request.generated_name(100)
        self._api.call("lambda", "AddPermission", StatementId=statement, **request.properties)
        return Provisioned(statement)

    def update(self, request: ResourceRequest, current: Provisioned, old: Mapping[str, Any]) -> Provisioned:
        """Remove the statement and add the new one."""
        self.delete(request, current)
        return self.create(request)

    def delete(self, request: ResourceRequest, current: Provisioned) -> None:
        """Remove the statement."""
        function = request.properties["FunctionName"]
        self._api.remove("lambda", "RemovePermission", FunctionName=function, StatementId=current.physical_id)


class EventInvokeConfig(ApiHandler):
    """AWS::Lambda::EventInvokeConfig: retries and maximum age of asynchronous events."""

    resource_types: ClassVar = frozenset({"AWS::Lambda::EventInvokeConfig"})
    properties: ClassVar[frozenset[str]] = frozenset(
        {
            "DestinationConfig",
            "FunctionName",
            "MaximumEventAgeInSeconds",
            "MaximumRetryAttempts",
            "Qualifier",
        }
    )

    def create(self, request: ResourceRequest) -> Provisioned:
        """Set the configuration."""
        self._api.call("lambda", "PutFunctionEventInvokeConfig", **_qualified(request))
        return Provisioned(request.generated_name())

    def update(self, request: ResourceRequest, current: Provisioned, old: Mapping[str, Any]) -> Provisioned:
        """Set the new configuration."""
        self._api.call("lambda", "PutFunctionEventInvokeConfig", **_qualified(request))
        return current

    def delete(self, request: ResourceRequest, current: Provisioned) -> None:
        """Restore Lambda's defaults."""
        given = _qualified(request)
        names = {key: given[key] for key in ("FunctionName", "Qualifier") if key in given}
        self._api.remove("lambda", "DeleteFunctionEventInvokeConfig", **names)


def _qualified(request: ResourceRequest) -> dict[str, Any]:
    properties = dict(request.properties)
    if properties.get("Qualifier") == "$LATEST":
        del properties["Qualifier"]
    return properties


def _parameters(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {API_NAMES.get(name, name): value for name, value in properties.items()}


def _code(code: Mapping[str, Any]) -> dict[str, Any]:
    """Convert a template's Code to the API's: source text becomes a zip with index.py."""
    if "ZipFile" not in code:
        return {key: code[key] for key in ("S3Bucket", "S3Key", "S3ObjectVersion") if key in code}
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("index.py", code["ZipFile"])
    return {"ZipFile": packed.getvalue()}
