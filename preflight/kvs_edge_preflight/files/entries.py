"""Streams and hubs that a file declares."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kvs_edge.configuration import EdgeConfig, Stream
from kvs_edge_preflight.files.defaults import is_inherited, named_hubs
from kvs_edge_preflight.files.environment import Environment, hub_arn
from kvs_edge_preflight.files.location import Located, Place, Step, dotted, short_path
from kvs_edge_preflight.files.origin import Origin
from kvs_edge_preflight.files.references import REFERABLE, Reference, reference_in

_Path = tuple[Step, ...]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class _Entry:
    """Entry in a list of a file.

    Attributes:
        file: Path as given.
        path: Path from the top of the file.
        located: Value with its place.
        values: Values, with defaults merged and schedules in words as AWS's fields.
        environment: Environment of the file.
        defaults: Defaults of the file, if it has any.
        origin: Origin in a template; None in an edge file.
    """

    file: Path
    path: _Path
    located: Located
    values: Mapping[str, Any]
    environment: Environment
    defaults: Located | None = None
    origin: Origin | None = None

    @property
    def source(self) -> str:
        """File, with its folder, and line, for messages."""
        return f"{short_path(self.file)}:{self.place().line}"

    @property
    def region(self) -> str | None:
        """Region of its file."""
        return self.environment.region

    @property
    def account(self) -> str | None:
        """Account of its file."""
        return self.environment.account

    def fact(self, name: str) -> Any:
        """Return a stated fact, own or default; None if it is not stated."""
        return self.values.get(name)

    def is_default(self, *path: Step) -> bool:
        """Return whether the value at a path comes from the file's defaults."""
        return self.defaults is not None and is_inherited(self.defaults, path, self.located)

    def place(self, *path: Step) -> Place:
        """Return the place of the value at a path or of its nearest parent; defaults have theirs."""
        if self.defaults is not None and self.is_default(*path):
            return self.defaults.at(path)
        return self.located.at(path)

    def dotted(self, *path: Step) -> str:
        """Return the dotted path from the top of the file."""
        return dotted(("defaults", *path) if self.is_default(*path) else (*self.path, *path))


class DeclaredStream(_Entry):
    """Stream with a valid entry in a file, defaults included."""

    __slots__ = ()

    @property
    def stream(self) -> str | Reference:
        """Declared name, ARN or reference."""
        subject: str | Reference = _referred(self._subject)
        return subject

    @property
    def stream_name(self) -> str:
        """Stream name, from the ARN if that is given; for a reference, the reference's name.

        In a template it is the text ``{Ref: NAME}``, because the logical id of a stream could be the name of another.
        """
        reference = reference_in(self._subject)
        if reference is None:
            return Stream.named_in(self.values).name
        return reference.name if self.origin is None else str(reference)

    @property
    def identity(self) -> str:
        """Text that is equal for entries of the same stream, as far as their files show it.

        An app's stacks may declare streams of one name in several regions, and parameters of one name.
        """
        if self.origin is None:
            return self.stream_name
        where = self.file if isinstance(self.stream, Reference) else f"{self.account}/{self.region}"
        return f"{where}/{self.stream_name}"

    @property
    def unknown(self) -> Mapping[_Path, Reference]:
        """Values that are known only at deployment, by path in the entry; always empty in an edge file."""
        return {} if self.origin is None else self.origin.unknown

    @property
    def unknown_values(self) -> tuple[str, ...]:
        """Unknown values, each with its field, such as ``StreamName is {Ref: Camera}``."""
        return tuple(f"{dotted(path)} is {reference}" for path, reference in self.unknown.items())

    @property
    def label(self) -> str:
        """Stream name, and the construct in an app: an unknown name alone does not identify a stream."""
        return self.stream_name if self.origin is None else f"{self.stream_name} ({self.origin.label})"

    @property
    def is_analysable(self) -> bool:
        """True if every value is known that the footage analysis reads."""
        return not any(path[0] == "EdgeConfig" and path[-1] not in REFERABLE for path in self.unknown)

    @property
    def edge_config(self) -> EdgeConfig:
        """EdgeConfig of the request, with the hub.

        HubDeviceArn is a reference or an ARN, with CloudFormation's pseudo parameters (``${AWS::Region}``) for what the
        file does not state. References are as in the file.
        """
        config: EdgeConfig = self.values["EdgeConfig"]
        hub = self.values.get("hub")
        if hub is None:
            return config
        arn = hub_arn(hub, self.environment.pseudo) if isinstance(hub, str) else hub
        return {"HubDeviceArn": arn, **config}

    @property
    def request(self) -> dict[str, Any]:
        """StartEdgeConfigurationUpdate request, with `edge_config`; `substitute` makes it literal."""
        return {self.stream_path[0]: self._subject, "EdgeConfig": self.edge_config}

    @property
    def hub(self) -> str:
        """ARN of its hub, as in `edge_config`; the text ``{Ref: NAME}`` for a reference.

        An ARN with unknown parts has them as ``${NAME}``.
        """
        hub = _referred(self.edge_config["HubDeviceArn"])
        return hub.name if isinstance(hub, Reference) and hub.kind == "Fn::Sub" else str(hub)

    @property
    def stream_path(self) -> tuple[str]:
        """Path of the stream's name, ARN or reference in the entry."""
        return ("StreamName" if self.values.get("StreamName") else "StreamARN",)

    @property
    def hub_path(self) -> _Path:
        """Path of the hub within the entry."""
        return ("hub",) if "hub" in self.values else ("EdgeConfig", "HubDeviceArn")

    @property
    def _subject(self) -> Any:
        return self.values[self.stream_path[0]]


class DeclaredHub(_Entry):
    """Facts about a hub in a file."""

    __slots__ = ()

    @property
    def hub(self) -> str:
        """ARN of the hub, with pseudo parameters as in `DeclaredStream.edge_config`; the text of a reference."""
        return hubs_of(self.values, self.environment)[0]

    @property
    def hub_path(self) -> _Path:
        """Path of the hub within the entry."""
        return ("hub",) if "hub" in self.values else ("HubDeviceArn",)


def hubs_of(values: Mapping[str, Any], environment: Environment) -> list[str]:
    """Return the hubs that an entry names, valid or not; a valid entry names one."""
    named = [*named_hubs(values), *([values["HubDeviceArn"]] if "HubDeviceArn" in values else [])]
    texts = (_referred(hub) for hub in named)
    return [
        hub_arn(text, environment.pseudo) if isinstance(text, str) else str(text) for text in texts if _is_hub(text)
    ]


def _is_hub(value: object) -> bool:
    return isinstance(value, str | Reference)


def _referred(value: Any) -> Any:
    return reference_in(value) or value
