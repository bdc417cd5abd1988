"""What files declare: YAML or JSON, each with `streams`, a list of StartEdgeConfigurationUpdate requests."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from kvs_edge.errors import ConfigurationError, Fault
from kvs_edge.faults import find_faults

_SUFFIXES = frozenset({".yaml", ".yml", ".json"})


@dataclass(frozen=True)
class DeclaredRequest:
    """One request of a file.

    Attributes:
        source: The file's name and the request's place in it, for people.
        stream: The stream's name or ARN.
        edge_config: The request's EdgeConfig.
    """

    source: str
    stream: str
    edge_config: Mapping[str, object]

    @property
    def stream_name(self) -> str:
        """The stream's name, from its ARN if that was given."""
        return self.stream.split("/")[1] if self.stream.startswith("arn:") else self.stream


def read_requests(directory: Path) -> list[DeclaredRequest]:
    """All requests of the directory's files, in the order of the files' names.

    Raises:
        ConfigurationError: The directory holds no file, or the files hold faults; it names all of them,
            each with file, stream, path, value and rule.
    """
    files = sorted(file for file in directory.glob("*") if file.suffix in _SUFFIXES)
    if not files:
        rule = "holds no .yaml, .yml or .json file: give a directory with one file a hub or site"
        raise ConfigurationError("nothing is declared:", [Fault(directory.name, None, rule)])
    faults: list[Fault] = []
    requests = [request for file in files for request in _requests(file, faults)]
    faults.extend(_declared_twice(requests))
    if faults:
        raise ConfigurationError("what the files declare is wrong:", faults)
    return requests


def _requests(file: Path, faults: list[Fault]) -> Iterator[DeclaredRequest]:
    try:
        content = _parsed(file)
    except (ValueError, yaml.YAMLError) as error:
        faults.append(Fault(file.name, None, f"is not {file.suffix[1:]}: {' '.join(str(error).split())}"))
        return
    streams = content.get("streams") if isinstance(content, dict) and len(content) == 1 else None
    if not isinstance(streams, list):
        rule = "give one key, streams, with a list of StartEdgeConfigurationUpdate requests"
        faults.append(Fault(file.name, content, rule))
        return
    for index, request in enumerate(streams):
        found = find_faults(request, "StartEdgeConfigurationUpdate")
        source = f"{file.name} streams.{index}{_named(request)}"
        if found:
            faults.extend(Fault(f"{source} {fault.path}".rstrip(), fault.value, fault.rule) for fault in found)
        else:
            stream = request.get("StreamName") or request["StreamARN"]
            yield DeclaredRequest(source, stream, request["EdgeConfig"])


def _parsed(file: Path) -> object:
    text = file.read_text("utf-8")
    return json.loads(text) if file.suffix == ".json" else yaml.safe_load(text)


def _named(request: object) -> str:
    if not isinstance(request, dict):
        return ""
    name = request.get("StreamName") or request.get("StreamARN")
    return f" ({name})" if isinstance(name, str) else ""


def _declared_twice(requests: list[DeclaredRequest]) -> Iterator[Fault]:
    first: dict[str, str] = {}
    for request in requests:
        name = request.stream_name
        if name in first:
            rule = f"the stream {name} is declared in {first[name]} already, and takes one edge configuration"
            yield Fault(request.source, name, rule)
        first.setdefault(name, request.source)
