"""Streams by the names of the command line."""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from kvs_edge.configuration import Stream
from kvs_edge_gitops.comparison.resolved import ResolvedStream, UnnamedStream
from kvs_edge_gitops.errors import UsageError
from kvs_edge_gitops.state.desired import Desired
from kvs_edge_preflight.files import stream_field
from kvs_edge_preflight.suggestions import did_you_mean

_STREAM = re.compile(
    r"(?:arn:[a-z\d-]+:kinesisvideo:(?P<region>[a-z0-9-]+):[0-9]+:stream/)?"
    r"(?P<name>[a-zA-Z0-9_.-]{1,256})(?(region)/[0-9]+)"
)

_FILES = frozenset({".yaml", ".yml", ".json"})


class UndeclaredStream(NamedTuple):
    """A stream that no file declares; `region` is None if its name is no ARN."""

    stream: Stream
    region: str | None


def declared_as(name: str, declared: Desired) -> list[ResolvedStream]:
    """Return the declared streams with a name, an ARN, or a path of a construct; empty without one.

    Raises:
        UsageError: The name of that stream is known only at deployment.
    """
    if matching := [stream for stream in declared.streams if name in _names_of(stream)]:
        return matching
    for unnamed in declared.unnamed:
        if name in _names_of(unnamed):
            raise UsageError(f"{unnamed.entry.label}: {unnamed.message}")
    return []


def undeclared(name: str, declared: Desired) -> UndeclaredStream:
    """Return the stream with a name or an ARN; raise UsageError for a text that is neither."""
    parts = _STREAM.fullmatch(name)
    if parts is None:
        hint = suggestion(name, declared)
        raise UsageError(f"{name!r:.200} is neither the name of a stream, nor its ARN, nor a declared construct{hint}")
    return UndeclaredStream(Stream.named_in({stream_field(name): name}), parts["region"])


def suggestion(name: str, declared: Desired) -> str:
    """Return the end of a message, with what a name was probably meant to be: a declared stream, or a path."""
    if Path(name).suffix in _FILES:
        return "; neither is it the path of a file here"
    parts = _STREAM.fullmatch(name)
    return did_you_mean(parts["name"] if parts else name, _names(declared.streams))


def _names_of(stream: ResolvedStream | UnnamedStream) -> set[str]:
    origin = stream.entry.origin
    found = {stream.entry.stream_name}
    if isinstance(stream, ResolvedStream):
        found |= {stream.stream.name, stream.stream.arn or stream.stream.name}
    if origin is not None:
        construct = origin.construct or origin.logical_id
        found |= {origin.logical_id, construct, construct.removesuffix("/Resource")}
    return found


def _names(streams: Sequence[ResolvedStream]) -> Iterable[str]:
    constructs = (stream.entry.origin.construct for stream in streams if stream.entry.origin)
    return [*(stream.stream.name for stream in streams), *(construct for construct in constructs if construct)]
