"""Declared streams without open references, ready to compare with AWS."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from kvs_edge.configuration import EdgeConfig, Stream, hub_of
from kvs_edge_gitops.paths import relative
from kvs_edge_preflight.files import DeclaredStream, HubPlan, Reference, Step


class StatedZone(NamedTuple):
    """The time zone of a hub, as files state it.

    Attributes:
        name: The IANA name; None if no file states it.
        plan: The hub in the files.
    """

    name: str | None = None
    plan: HubPlan | None = None

    @property
    def place(self) -> str | None:
        """FILE:LINE of the statement, from the working directory. Places of a JSON file are read for it."""
        found = self.plan.zone_place if self.plan else None
        return f"{relative(found[0])}:{found[1].line}" if found else None


UNSTATED = StatedZone()
"""The time zone of a hub that no file states."""


@dataclass(frozen=True, eq=False)
class ResolvedStream:
    """A stream of a file, with every value of its edge configuration known.

    Attributes:
        entry: The entry in the file.
        config: The EdgeConfig, without references and with hubs as ARNs. It has no unknown values, except for the hub:
            an unknown hub is the text of what it depends on.
        region: The region that the stream is declared for.
        unknown: The unknown values of a template, by path in the EdgeConfig.
        zone: The time zone of its hub.
    """

    entry: DeclaredStream
    stream: Stream
    config: EdgeConfig
    region: str
    unknown: Mapping[tuple[Step, ...], Reference] = field(default_factory=dict)
    zone: StatedZone = UNSTATED

    def with_live_values(self, live: EdgeConfig) -> "ResolvedStream":
        """Return the stream with live values in place of the unknown ones, which are no differences then."""
        config = dict(self.config)
        for path in self.unknown:
            config = _with_value(config, path, live)
        return replace(self, config=config)

    @property
    def is_hub_known(self) -> bool:
        """False if the hub is known only at deployment."""
        return ("HubDeviceArn",) not in self.unknown

    @property
    def notes(self) -> Iterator[str]:
        """A note for each value that is known only at deployment."""
        for path, reference in self.unknown.items():
            yield f"{'.'.join(map(str, path))} is {reference}, known only at deployment: not compared"
        if self.entry.origin and (condition := self.entry.origin.unknown.get(("Condition",))):
            yield f"it is declared only if the condition {condition.name} holds, which is known only at deployment"

    @property
    def hub(self) -> str:
        """The ARN of its hub."""
        return hub_of(self.config)

    @property
    def place(self) -> str:
        """FILE:LINE, from the working directory."""
        return place_of_entry(self.entry)


@dataclass(frozen=True, eq=False)
class UnnamedStream:
    """A stream of a template whose name is known only at deployment, so that AWS cannot be asked about it.

    Attributes:
        hub: The ARN of its hub, or what it depends on.
        fix: How to name the stream.
    """

    entry: DeclaredStream
    region: str
    hub: str
    fix: str

    @property
    def message(self) -> str:
        """The reason, and the fix."""
        unknown = self.entry.unknown_values[0]
        return f"its name is known only at deployment ({unknown}), so AWS cannot be asked about it: {self.fix}"


def place_of_entry(entry: DeclaredStream) -> str:
    """Return FILE:LINE, from the working directory."""
    return f"{relative(entry.file)}:{entry.place().line}"


def _with_value(config: dict[str, Any], path: Sequence[Step], live: Mapping[str, Any]) -> dict[str, Any]:
    """Return the configuration with the live value at a path, if there is one."""
    name, rest = str(path[0]), path[1:]
    if name not in live:
        return config
    if not rest:
        return {**config, name: live[name]}
    inner = live[name] if isinstance(live[name], Mapping) else {}
    return {**config, name: _with_value(dict(config.get(name, {})), rest, inner)}
