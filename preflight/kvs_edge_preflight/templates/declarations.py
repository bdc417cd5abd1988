"""Declared streams of a template, in the shape that edge files have."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from kvs_edge import schema
from kvs_edge.errors import Fault
from kvs_edge.wait_for import HUB_TIME_ZONE, zone_faults
from kvs_edge_preflight.faults import find_faults
from kvs_edge_preflight.files.codes import FileCode
from kvs_edge_preflight.files.declared_file import DeclaredFile
from kvs_edge_preflight.files.entries import DeclaredStream, hubs_of
from kvs_edge_preflight.files.environment import Environment
from kvs_edge_preflight.files.location import FileFault, Step, dotted
from kvs_edge_preflight.files.origin import Origin
from kvs_edge_preflight.files.references import REFERABLE, Reference
from kvs_edge_preflight.files.semantic_rules import entry_violations, region_violations
from kvs_edge_preflight.templates.file_facts import FileFacts, acknowledged, subject_of
from kvs_edge_preflight.templates.resources import ACKNOWLEDGE_METADATA, EDGE_TYPE, STREAM_TYPE
from kvs_edge_preflight.templates.scope import mapping
from kvs_edge_preflight.templates.template import Template
from kvs_edge_schedules import ScheduleError, time_zone

_CLOUDFORMATIONS_OWN = frozenset({"ServiceToken", "ServiceTimeout"})
_FACTS = {
    "RemovalPolicy": "removal_policy",
    "HubMove": "hub_move",
    "WaitFor": "wait_for",
    "WaitForSync": "wait_for_sync",
    "SyncToken": "sync_token",
    HUB_TIME_ZONE: "hub_time_zone",
}
"""Names of options: of the custom resource, and in edge files.

No file has wait_for_sync, a deprecated option, nor hub_time_zone: a file states the time zone of a hub as time_zone.
"""
_Path = tuple[Step, ...]


@dataclass(eq=False)
class CreatedStreams:
    """Streams that the templates of an app create, with their data retention in hours; a `Reference` if unknown."""

    by_name: dict[tuple[Environment, str], Any] = field(default_factory=dict)

    def add(self, template: Template) -> None:
        """Add the streams of a template that have a name."""
        for logical_id, resource in template.resources(STREAM_TYPE):
            name = template.evaluate({"Ref": logical_id})
            if isinstance(name, str):
                self.by_name[template.environment, name] = _retention(template, resource)

    def facts(self, template: Template, subject: Any, raw: Any) -> dict[str, Any]:
        """Return create_stream and DataRetentionInHours of a stream.

        Args:
            template: Template with the edge configuration.
            subject: Name of the stream, or a reference.
            raw: The value in the template.
        """
        match raw:
            case {"Ref": str(logical_id)} if template.intrinsics.scope.resource(logical_id).get("Type") == STREAM_TYPE:
                hours = _retention(template, template.intrinsics.scope.resource(logical_id))
            case _ if (key := (template.environment, subject)) in self.by_name:
                hours = self.by_name[key]
            case _:
                return {"create_stream": False}
        return {"create_stream": True, "DataRetentionInHours": hours}


def declarations(template: Template, created: CreatedStreams) -> DeclaredFile:
    """Return the streams of a template, with their faults and with notes on what is unknown."""
    found = DeclaredFile(template.file, template.root, template.environment, stack=template.stack)
    facts = FileFacts.of(template)
    found.hub_facts.extend(facts.hubs)
    for logical_id, resource in template.resources(EDGE_TYPE):
        found.entries += 1
        _Declaration(template, logical_id, resource, created, facts).add_to(found)
    if found.entries:
        rules = (violation.rule for violation in region_violations(template.environment.region))
        found.faults.extend(FileFault(FileCode.VALUE_NOT_ACCEPTED, rule) for rule in rules)
    found.notes.extend(_loops(template))
    return found


class _Declaration:
    """One custom resource."""

    def __init__(
        self,
        template: Template,
        logical_id: str,
        resource: Mapping[str, Any],
        created: CreatedStreams,
        facts: FileFacts,
    ) -> None:
        self._template, self._logical_id, self._created, self._facts = template, logical_id, created, facts
        raw = mapping(resource.get("Properties"))
        self._raw = _named_stream(template, raw)
        self._condition = resource.get("Condition")
        self._acknowledged = list(acknowledged(mapping(resource.get("Metadata")).get(ACKNOWLEDGE_METADATA)))
        self._path: _Path = ("Resources", logical_id, "Properties")

    def add_to(self, found: DeclaredFile) -> None:
        """Add the stream, or its faults."""
        evaluated = mapping(self._template.evaluate(self._raw))
        properties = schema.typed({name: evaluated[name] for name in evaluated if name not in _CLOUDFORMATIONS_OWN})
        faults = [*find_faults(properties, unknown_yet=_is_unknown), *_zone_faults(properties)]
        entry = self._entry(properties)
        wrong = [(_steps(fault.path), fault.message) for fault in faults] or [
            (violation.path, violation.rule) for violation in entry_violations(entry.values, self._template.environment)
        ]
        if wrong:
            found.faults.extend(self._fault(entry, path, rule) for path, rule in wrong)
            found.refused.extend(hubs_of(entry.values, self._template.environment)[:1])
            return
        found.streams.append(entry)
        if entry.unknown:
            found.notes.append(self._note(entry))

    def _entry(self, properties: Mapping[str, Any]) -> DeclaredStream:
        subject = properties.get("StreamName")
        facts = {_FACTS[name]: value for name, value in properties.items() if name in _FACTS}
        created = self._created.facts(self._template, subject, self._raw.get("StreamName"))
        values = {name: properties[name] for name in ("StreamName", "StreamARN", "EdgeConfig") if name in properties}
        known, unknown = split_unknown({**values, **facts, **self._stated(properties), **created})
        if isinstance(config := properties.get("EdgeConfig"), Reference):
            known["EdgeConfig"] = {"HubDeviceArn": config.as_value}
            unknown["EdgeConfig", "HubDeviceArn"] = config
        if self._condition is not None and self._template.holds(str(self._condition)) is None:
            unknown["Condition",] = Reference("Condition", str(self._condition))
        file, root = self._template.file, self._template.root
        resource = (root.member("Resources") or root).member(self._logical_id) or root
        return DeclaredStream(
            file=file,
            path=self._path,
            located=resource.member("Properties") or resource,
            values=known,
            environment=self._template.environment,
            origin=Origin(
                logical_id=self._logical_id,
                construct=self._template.construct(self._logical_id),
                stack=self._template.stack,
                unknown=unknown,
            ),
        )

    def _stated(self, properties: Mapping[str, Any]) -> dict[str, Any]:
        """Return the facts in the Metadata of the template, with the findings that the construct acknowledges."""
        stated = self._facts.streams.get(subject_of(properties), {})
        return {**stated, "acknowledge": [*stated.get("acknowledge", ()), *self._acknowledged]}

    def _fault(self, entry: DeclaredStream, path: _Path, rule: str) -> FileFault:
        name = entry.values.get("StreamName")
        return self._about(entry, FileCode.VALUE_NOT_ACCEPTED, rule, path, name if isinstance(name, str) else None)

    def _note(self, entry: DeclaredStream) -> FileFault:
        """Return a note that names all unknown values, with what they prevent."""
        effect = "" if entry.is_analysable else "; the footage of this stream is not analysed"
        message = f"known only at deployment: {', '.join(entry.unknown_values)}{effect}"
        return self._about(entry, FileCode.VALUE_UNKNOWN, message, next(iter(entry.unknown)), entry.stream_name)

    def _about(self, entry: DeclaredStream, code: FileCode, message: str, path: _Path, stream: str | None) -> FileFault:
        return FileFault(
            code,
            message,
            entry.place(*path),
            dotted((*self._path, *path)),
            stream=stream,
            construct=self._template.construct(self._logical_id),
        )


def split_unknown(values: Mapping[str, Any]) -> tuple[dict[str, Any], dict[_Path, Reference]]:
    """Return the values without those that are unknown, and the unknown ones by path.

    A reference stays where an edge file accepts one.
    """
    unknown: dict[_Path, Reference] = {}

    def known_of(value: Mapping[str, Any], path: _Path) -> dict[str, Any]:
        known: dict[str, Any] = {}
        for name, member in value.items():
            if isinstance(member, Reference):
                unknown[*path, name] = member
                if name in REFERABLE:
                    known[name] = member.as_value
            elif isinstance(member, Mapping):
                known[name] = known_of(member, (*path, name))
            else:
                known[name] = member
        return known

    return known_of(values, ()), unknown


def _zone_faults(properties: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield the fault of a missing time zone, or of one that does not exist."""
    yield from zone_faults(properties)
    name = properties.get(HUB_TIME_ZONE)
    if isinstance(name, str) and not _is_unknown(name):
        try:
            time_zone(name)
        except ScheduleError as error:
            yield Fault(HUB_TIME_ZONE, name, str(error))


def _named_stream(template: Template, properties: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the properties; a stream of the template by its name, because its ARN has the time of its creation."""
    match properties.get("StreamARN"):
        case {"Fn::GetAtt": [str(logical_id), "Arn"]} if _is_stream(template, logical_id):
            pass
        case {"Fn::GetAtt": str(text)} if text.endswith(".Arn") and _is_stream(template, text.removesuffix(".Arn")):
            logical_id = text.removesuffix(".Arn")
        case _:
            return properties
    rest = {name: value for name, value in properties.items() if name != "StreamARN"}
    return {"StreamName": {"Ref": logical_id}, **rest}


def _is_stream(template: Template, logical_id: str) -> bool:
    return template.intrinsics.scope.resource(logical_id).get("Type") == STREAM_TYPE


def _retention(template: Template, resource: Mapping[str, Any]) -> Any:
    hours = template.evaluate(mapping(resource.get("Properties")).get("DataRetentionInHours", 0))
    if isinstance(hours, Reference):
        return hours
    return int(hours) if str(hours).isdigit() else 0


def _is_unknown(value: object) -> bool:
    """Return whether a value is known only at deployment, or depends on the account or region of the credentials."""
    return isinstance(value, Reference) or (isinstance(value, str) and "${AWS::" in value)


def _steps(path: str) -> _Path:
    return tuple(path.split(".")) if path else ()


def _loops(template: Template) -> Iterator[FileFault]:
    """Yield a note for each Fn::ForEach, which CloudFormation expands during the deployment."""
    for name in mapping(template.content.get("Resources")):
        if name.startswith("Fn::ForEach::"):
            path = ("Resources", name)
            message = f"{name} is expanded by CloudFormation at deployment: its edge configurations are not read"
            yield FileFault(FileCode.NOT_READ, message, template.root.at(path), dotted(path))
