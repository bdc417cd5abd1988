"""Cloud assemblies: the directories, mostly cdk.out, into which the CDK synthesizes an app."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kvs_edge_preflight.files.environment import Environment
from kvs_edge_preflight.templates.errors import AssemblyError
from kvs_edge_preflight.templates.scope import mapping

MANIFEST = "manifest.json"
_KNOWN_SCHEMA = 55
"""Major version of the manifest's schema in aws-cdk-lib 2.275. Later versions mostly add fields."""
_SYNTHESIZE = "run cdk synth, and pass its output directory"
_UNKNOWN = {"unknown-account", "unknown-region"}


@dataclass(frozen=True, eq=False, kw_only=True)
class AssemblyStack:
    """Stack of an assembly.

    Attributes:
        template: Path of its template.
        name: Name of the stack in CloudFormation.
        construct_metadata: Metadata of its constructs by path, with their logical ids.
        assets: Files of the assembly by their key in the bucket of assets, which TemplateURL of a nested stack ends in.
    """

    template: Path
    name: str
    environment: Environment
    construct_metadata: Mapping[str, Any] = field(default_factory=dict)
    assets: Mapping[str, Path] = field(default_factory=dict)


def is_assembly(path: Path) -> bool:
    """Return whether a path is a cloud assembly."""
    return (path / MANIFEST).is_file()


def assembly_stacks(directory: Path) -> Iterator[AssemblyStack]:
    """Yield the stacks of an assembly and of the assemblies of its stages, in the order of the manifest.

    Raises:
        AssemblyError: The assembly is incomplete, or its schema is another.
    """
    manifest = _read(directory / MANIFEST)
    artifacts = manifest.get("artifacts", {})
    if not isinstance(artifacts, Mapping):
        raise AssemblyError(f"{directory / MANIFEST} has no mapping artifacts{_version_hint(manifest)}")
    for name, artifact in artifacts.items():
        kind, properties = mapping(artifact).get("type"), mapping(mapping(artifact).get("properties"))
        if kind == "aws:cloudformation:stack":
            yield _stack(directory, name, mapping(artifact), manifest)
        elif kind == "cdk:cloud-assembly":
            inner = directory / _text(properties, "directoryName", f"{directory / MANIFEST}: {name}", manifest)
            if not is_assembly(inner):
                raise AssemblyError(
                    f"{directory / MANIFEST} names the stage {inner}, which has no {MANIFEST}: {_AGAIN}"
                )
            yield from assembly_stacks(inner)


_AGAIN = "run cdk synth again"


def _stack(directory: Path, name: str, artifact: Mapping[str, Any], manifest: Mapping[str, Any]) -> AssemblyStack:
    where, properties = f"{directory / MANIFEST}: {name}", mapping(artifact.get("properties"))
    template = directory / _text(properties, "templateFile", where, manifest)
    if not template.is_file():
        raise AssemblyError(f"{directory / MANIFEST} names the template {template}, which does not exist: {_AGAIN}")
    metadata = mapping(artifact.get("metadata"))
    if isinstance(extra := artifact.get("additionalMetadataFile"), str) and (directory / extra).is_file():
        metadata = {**_read(directory / extra), **metadata}
    return AssemblyStack(
        template=template,
        name=str(properties.get("stackName") or artifact.get("displayName") or name),
        environment=_environment(str(artifact.get("environment", ""))),
        construct_metadata=metadata,
        assets=dict(_assets(directory, artifact, manifest)),
    )


def _assets(directory: Path, artifact: Mapping[str, Any], manifest: Mapping[str, Any]) -> Iterator[tuple[str, Path]]:
    for dependency in artifact.get("dependencies", ()):
        other = mapping(mapping(manifest.get("artifacts")).get(dependency))
        file = mapping(other.get("properties")).get("file")
        if other.get("type") != "cdk:asset-manifest" or not isinstance(file, str) or not (directory / file).is_file():
            continue
        for asset in mapping(_read(directory / file).get("files")).values():
            source = mapping(mapping(asset).get("source")).get("path")
            for destination in mapping(mapping(asset).get("destinations")).values():
                if isinstance(source, str) and (key := mapping(destination).get("objectKey")):
                    yield str(key), directory / source


def _environment(text: str) -> Environment:
    """Return the environment of ``aws://ACCOUNT/REGION``; the CDK writes unknown-account for a stack without one."""
    account, _, region = text.removeprefix("aws://").partition("/")
    known = [None if value in _UNKNOWN else value or None for value in (region, account)]
    return Environment(*known)


def _text(properties: Mapping[str, Any], name: str, where: str, manifest: Mapping[str, Any]) -> str:
    value = properties.get(name)
    if not isinstance(value, str):
        raise AssemblyError(f"{where} has no {name}{_version_hint(manifest)}")
    return value


def _version_hint(manifest: Mapping[str, Any]) -> str:
    version = str(manifest.get("version", ""))
    if version.split(".", maxsplit=1)[0].isdigit() and int(version.split(".", maxsplit=1)[0]) > _KNOWN_SCHEMA:
        return (
            f": it has the schema version {version:.40}, and this version of kvs-edge knows {_KNOWN_SCHEMA}: update"
            " cdk-kvs-edge"
        )
    return f": it is not a manifest of the CDK: {_SYNTHESIZE}"


def _read(file: Path) -> Mapping[str, Any]:
    try:
        content = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        reason = getattr(error, "strerror", None) or f"it is not JSON: {error}"
        raise AssemblyError(f"{file} cannot be read: {reason}: {_AGAIN}") from None
    if not isinstance(content, Mapping):
        raise AssemblyError(f"{file} is not a JSON object: {_AGAIN}")
    return content
