"""Facts that a fleet's edge files state beside the configurations, in the Metadata of its template.

No resource has them as properties: CloudFormation does not update anything when they change. A fleet writes them under
FACTS_METADATA, in the form of an edge file: `hubs`, and `streams` without their EdgeConfig. All values are literal,
except for pseudo parameters in HubDeviceArn, because CloudFormation evaluates no function there.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from kvs_edge_preflight.files.entries import DeclaredHub
from kvs_edge_preflight.files.location import Located
from kvs_edge_preflight.templates.scope import mapping
from kvs_edge_preflight.templates.template import Template

FACTS_METADATA = "kvs-edge:facts"
"""The key in a template's Metadata; a fleet in a stack of the app appends a colon and its path."""
OF_STREAM = ("camera_bit_rate", "DataRetentionInHours", "acknowledge")
"""Facts of a stream."""
OF_HUB = ("time_zone", "uplink_bit_rate", "stream_count", "cloud_secrets", "acknowledge")
"""Facts of a hub."""
_NAMES = ("StreamName", "StreamARN")
_TEXTS = frozenset({"time_zone"})
_LISTS = frozenset({"cloud_secrets", "acknowledge"})


@dataclass(frozen=True, eq=False)
class FileFacts:
    """Facts of a template.

    Attributes:
        hubs: The hubs whose ARN is known.
        streams: Facts of each stream by `subject_of`.
    """

    hubs: tuple[DeclaredHub, ...]
    streams: Mapping[str, Mapping[str, Any]]

    @classmethod
    def of(cls, template: Template) -> "FileFacts":
        """Return the facts of a template; what has another form is left out."""
        metadata = mapping(template.content.get("Metadata"))
        keys = [key for key in metadata if key == FACTS_METADATA or key.startswith(f"{FACTS_METADATA}:")]
        return cls(
            tuple(hub for key in keys for hub in _hubs(template, key)),
            {subject: facts for key in keys for subject, facts in _streams(metadata[key])},
        )


def subject_of(entry: Mapping[str, Any]) -> str:
    """Return a text that is equal for the evaluated StreamName or StreamARN of equal streams; empty without both."""
    return next((f"{name} {entry[name]}" for name in _NAMES if name in entry), "")


def facts_of(entry: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    """Return the facts of an entry, without values of another type."""
    return {name: entry[name] for name in names if name in entry and _is_valid(name, entry[name])}


def acknowledged(value: Any) -> Iterator[dict[str, str]]:
    """Yield the acknowledged findings in a value, each with code and reason."""
    for entry in value if isinstance(value, list) else ():
        match entry:
            case {"code": str(code), "reason": str(reason)}:
                yield {"code": code, "reason": reason}


def _is_valid(name: str, value: object) -> bool:
    if name in _TEXTS:
        return isinstance(value, str)
    if name == "acknowledge":
        return isinstance(value, list) and list(acknowledged(value)) == value
    if name in _LISTS:
        return isinstance(value, list) and all(isinstance(item, str) for item in value)
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _hubs(template: Template, key: str) -> Iterator[DeclaredHub]:
    path = ("Metadata", key, "hubs")
    for index, located in _members(template.root, path):
        entry = mapping(located.value)
        raw, facts = str(entry.get("HubDeviceArn")), facts_of(entry, OF_HUB)
        arn = template.evaluate({"Fn::Sub": raw}) if raw.startswith("arn:") else None
        if isinstance(arn, str) and facts:
            yield DeclaredHub(
                file=template.file,
                path=(*path, index),
                located=located,
                values={"HubDeviceArn": arn, **facts},
                environment=template.environment,
            )


def _members(root: Located, path: tuple[str, ...]) -> Iterator[tuple[int, Located]]:
    here: Located | None = root
    for step in path:
        here = here.member(step) if here else None
    if here is not None and isinstance(here.value, list):
        yield from ((int(index), member) for index, member in here.items())


def _streams(metadata: Any) -> Iterator[tuple[str, Mapping[str, Any]]]:
    entries = mapping(metadata).get("streams")
    for entry in map(mapping, entries if isinstance(entries, list) else ()):
        if named := subject_of(entry):
            yield named, facts_of(entry, OF_STREAM)
