"""The streams and hubs that a file declares."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kvs_edge.configuration import EdgeConfig, Stream
from kvs_edge_preflight.files.defaults import is_inherited, named_hubs
from kvs_edge_preflight.files.environment import Environment, hub_arn
from kvs_edge_preflight.files.location import Located, Place, Step, dotted
from kvs_edge_preflight.files.references import Reference, reference_in

_Path = tuple[Step, ...]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class _Entry:
    """What stands in a list of a file.

    Attributes:
        file: As it was named.
        path: From the file's top.
        located: What stands there.
        values: What holds of it, defaults included.
        environment: The file's.
    """

    file: Path
    path: _Path
    located: Located
    values: Mapping[str, Any]
    environment: Environment
    defaults: Located | None = None

    @property
    def source(self) -> str:
        """The file and the place in it, for people."""
        return f"{self.file.name}:{self.place().line}"

    @property
    def region(self) -> str | None:
        """The region that its file states."""
        return self.environment.region

    @property
    def account(self) -> str | None:
        """The account that its file states."""
        return self.environment.account

    def fact(self, name: str) -> Any:
        """What is stated of it, by itself or as a default; None where it is not."""
        return self.values.get(name)

    def is_default(self, *path: Step) -> bool:
        """Whether the value at a path within it stands in the file's defaults."""
        return self.defaults is not None and is_inherited(self.defaults, path, self.located)

    def place(self, *path: Step) -> Place:
        """The place of what stands at a path within it, or of its nearest parent; in the defaults if it is one."""
        if self.defaults is not None and self.is_default(*path):
            return self.defaults.at(path)
        return self.located.at(path)

    def dotted(self, *path: Step) -> str:
        """The path from the file's top."""
        return dotted(("defaults", *path) if self.is_default(*path) else (*self.path, *path))


class DeclaredStream(_Entry):
    """A stream whose entry in a file, with the file's defaults, breaks no rule of the schema."""

    __slots__ = ()

    @property
    def stream(self) -> str | Reference:
        """Its name or ARN, or a reference to it, as it is declared."""
        subject: str | Reference = _referred(self._subject)
        return subject

    @property
    def stream_name(self) -> str:
        """Its name, from its ARN if that was given; of a reference, the reference's name."""
        reference = reference_in(self._subject)
        return Stream.named_in(self.values).name if reference is None else reference.name

    @property
    def edge_config(self) -> EdgeConfig:
        """The request's EdgeConfig, with the hub.

        HubDeviceArn is the ARN, with CloudFormation's pseudo parameters (``${AWS::Region}``) as far as the file states
        no region and account; or a reference. References are as they stand in the file.
        """
        config: EdgeConfig = self.values["EdgeConfig"]
        hub = self.values.get("hub")
        if hub is None:
            return config
        arn = hub_arn(hub, self.environment.pseudo) if isinstance(hub, str) else hub
        return {"HubDeviceArn": arn, **config}

    @property
    def request(self) -> dict[str, Any]:
        """The StartEdgeConfigurationUpdate request, with `edge_config`; `substitute` makes it literal."""
        return {self.stream_path[0]: self._subject, "EdgeConfig": self.edge_config}

    @property
    def hub(self) -> str:
        """The ARN of its hub, as in `edge_config`; of a reference its text, ``{Ref: NAME}``."""
        return str(_referred(self.edge_config["HubDeviceArn"]))

    @property
    def stream_path(self) -> tuple[str]:
        """Path of the stream's name, ARN or reference in the entry."""
        return ("StreamName" if self.values.get("StreamName") else "StreamARN",)

    @property
    def hub_path(self) -> _Path:
        """Where within it the hub is named."""
        return ("hub",) if "hub" in self.values else ("EdgeConfig", "HubDeviceArn")

    @property
    def _subject(self) -> Any:
        return self.values[self.stream_path[0]]


class DeclaredHub(_Entry):
    """What a file states of a hub."""

    __slots__ = ()

    @property
    def hub(self) -> str:
        """The ARN of the hub, with pseudo parameters as in `DeclaredStream.edge_config`; of a reference its text."""
        return hubs_of(self.values, self.environment)[0]

    @property
    def hub_path(self) -> _Path:
        """Where within it the hub is named."""
        return ("hub",) if "hub" in self.values else ("HubDeviceArn",)


def hubs_of(values: Mapping[str, Any], environment: Environment) -> list[str]:
    """The hubs that an entry names, well formed or not: one, where it breaks no rule."""
    named = [*named_hubs(values), *([values["HubDeviceArn"]] if "HubDeviceArn" in values else [])]
    texts = (_referred(hub) for hub in named)
    return [
        hub_arn(text, environment.pseudo) if isinstance(text, str) else str(text) for text in texts if _is_hub(text)
    ]


def _is_hub(value: object) -> bool:
    return isinstance(value, str | Reference)


def _referred(value: Any) -> Any:
    return reference_in(value) or value
