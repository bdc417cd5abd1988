"""What one file declares: streams, and what is known of hubs."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kvs_edge.configuration import EdgeConfig, Stream, hub_of
from kvs_edge.files.codes import FileCode
from kvs_edge.files.located import FileFault, Located, Place, Step, dotted
from kvs_edge.files.shape import faults_of
from kvs_edge.quartz import judge

MOST_FAULTS = 10_000
"""Of one file; who has so many has one, and can't read the rest."""


@dataclass(frozen=True, slots=True, eq=False)
class _Entry:
    file: Path
    path: tuple[Step, ...]
    located: Located

    @property
    def source(self) -> str:
        """The file and the place in it, for people."""
        return f"{self.file.name}:{self.place().line}"

    def place(self, *path: Step) -> Place:
        """The place of what stands at a path within it, or of its nearest parent."""
        return self.located.at(path)

    def dotted(self, *path: Step) -> str:
        """The path from the file's top."""
        return dotted((*self.path, *path))


class DeclaredStream(_Entry):
    """A stream whose entry in a file breaks no rule of the schema."""

    __slots__ = ()

    @property
    def stream(self) -> str:
        """Its name or ARN, as it is declared."""
        request = self.located.value
        return str(request.get("StreamName") or request["StreamARN"])

    @property
    def stream_name(self) -> str:
        """Its name, from its ARN if that was given."""
        return Stream.named_in(self.located.value).name

    @property
    def edge_config(self) -> EdgeConfig:
        """The request's EdgeConfig."""
        config: EdgeConfig = self.located.value["EdgeConfig"]
        return config

    @property
    def hub(self) -> str:
        """The ARN of its hub."""
        return hub_of(self.edge_config)

    def fact(self, name: str) -> Any:
        """What else is stated of it; None where it is not."""
        return self.located.value.get(name)


class DeclaredHub(_Entry):
    """What a file states of a hub."""

    __slots__ = ()

    @property
    def hub(self) -> str:
        """The ARN of the hub."""
        return str(self.located.value["HubDeviceArn"])

    def fact(self, name: str) -> Any:
        """What is stated of it; None where it is not."""
        return self.located.value.get(name)


@dataclass(slots=True, eq=False)
class DeclaredFile:
    """A file, what it declares as far as it breaks no rule, and its faults.

    Attributes:
        file: As it was named.
        root: All of it; None where nothing could be read.
        entries: How many streams it has, those with faults included.
        refused: The hub of each stream that broke a rule, where it names one.
    """

    file: Path
    root: Located | None = None
    entries: int = 0
    streams: list[DeclaredStream] = field(default_factory=list)
    hubs: list[DeclaredHub] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    faults: list[FileFault] = field(default_factory=list)

    @property
    def time_zone(self) -> str | None:
        """The time zone of the file's hubs that state none of their own."""
        zone = self.root.value.get("time_zone") if self.root and isinstance(self.root.value, dict) else None
        return zone if isinstance(zone, str) else None


def declared_in(file: Path, root: Located) -> DeclaredFile:
    """What the values of a file declare."""
    found = DeclaredFile(file, root)
    _fill(found, root)
    if len(found.faults) > MOST_FAULTS:
        last = found.faults[MOST_FAULTS - 1]
        found.faults[MOST_FAULTS:] = [FileFault(last.code, f"there are more than {MOST_FAULTS} faults", last.place)]
    return found


def _fill(found: DeclaredFile, root: Located) -> None:
    found.faults.extend(faults_of(_shell(root), "EdgeFile"))
    for path, entry in _entries(root, "hubs"):
        faults = list(faults_of(entry, "DeclaredHub", path))
        found.faults.extend(faults)
        if not faults:
            found.hubs.append(DeclaredHub(found.file, path, entry))
    for path, entry in _entries(root, "streams"):
        found.entries += 1
        if len(found.faults) > MOST_FAULTS:
            continue
        faults = list(faults_of(entry, "DeclaredStream", path))
        found.faults.extend(faults)
        if not faults:
            found.streams.append(DeclaredStream(found.file, path, entry))
        else:
            found.refused.extend(_hub_named_in(entry.value))
            found.faults.extend(_schedules_of_refused(entry, path))


def _shell(root: Located) -> Located:
    """The file without the members of its lists, which are looked at one by one."""
    if not isinstance(root.value, dict):
        return root
    value = {name: [] if isinstance(member, list) else member for name, member in root.value.items()}
    return Located(value, root.place, root.key, root.members)


def _entries(root: Located, name: str) -> Iterator[tuple[tuple[Step, ...], Located]]:
    entries = (root.members or {}).get(name) if isinstance(root.value, dict) else None
    if entries is not None and isinstance(entries.value, list) and entries.members:
        for index, entry in entries.members.items():
            yield (name, index), entry


def _hub_named_in(request: Any) -> Iterable[str]:
    config = request.get("EdgeConfig") if isinstance(request, dict) else None
    hub = config.get("HubDeviceArn") if isinstance(config, dict) else None
    return [hub] if isinstance(hub, str) else []


_LATEST_YEAR = 2899
"""Whether Quartz looks so far ahead depends on the day; the analysis says so, once the stream can be looked at."""
_SCHEDULES = tuple(
    ("EdgeConfig", job, "ScheduleConfig", "ScheduleExpression") for job in ("RecorderConfig", "UploaderConfig")
)


def _schedules_of_refused(entry: Located, path: tuple[Step, ...]) -> Iterator[FileFault]:
    """Schedules that are no Quartz expression, of a stream that the footage analysis can't look at."""
    for steps in _SCHEDULES:
        here: Any = entry.value
        for step in steps:
            here = here.get(step) if isinstance(here, dict) else None
        error = judge(here, this_year=_LATEST_YEAR).error if isinstance(here, str) else None
        if error is not None:
            yield FileFault(FileCode.SCHEDULE_NOT_UNDERSTOOD, str(error), entry.at(steps), dotted((*path, *steps)))
