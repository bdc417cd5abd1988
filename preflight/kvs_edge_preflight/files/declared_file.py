"""What one file declares: streams, and what is known of hubs."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kvs_edge_preflight.files.codes import FileCode
from kvs_edge_preflight.files.defaults import MAX_DEFAULT_VALUES, merge_defaults, value_count, without_nulls
from kvs_edge_preflight.files.entries import DeclaredHub, DeclaredStream, hubs_of
from kvs_edge_preflight.files.environment import Environment
from kvs_edge_preflight.files.location import FileFault, Located, Step, dotted
from kvs_edge_preflight.files.schema_check import Violation, every_field, violations
from kvs_edge_preflight.files.semantic_rules import entry_violations, file_violations, stream_violations
from kvs_edge_schedules import judge

MAX_FAULTS = 10_000
"""Of one file; who has so many has one, and can't read the rest."""
_HUB = frozenset({"HubDeviceArn"})


@dataclass(slots=True, eq=False)
class DeclaredFile:
    """A file, what it declares as far as it breaks no rule, and its faults.

    Attributes:
        file: As it was named.
        root: All of it; None where nothing could be read.
        environment: The region and account that it states, as far as they break no rule.
        entries: How many streams it has, those with faults included.
        refused: The hub of each stream that broke a rule, where it names one.
    """

    file: Path
    root: Located | None = None
    environment: Environment = field(default_factory=Environment)
    entries: int = 0
    streams: list[DeclaredStream] = field(default_factory=list)
    hubs: list[DeclaredHub] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    faults: list[FileFault] = field(default_factory=list)

    @property
    def region(self) -> str | None:
        """The region that it states."""
        return self.environment.region

    @property
    def account(self) -> str | None:
        """The account that it states."""
        return self.environment.account

    @property
    def time_zone(self) -> str | None:
        """The time zone of the file's hubs that state none of their own."""
        zone = self.root.value.get("time_zone") if self.root and isinstance(self.root.value, dict) else None
        return zone if isinstance(zone, str) else None


def read_declarations(file: Path, root: Located) -> DeclaredFile:
    """What the values of a file declare."""
    found = DeclaredFile(file, root)
    _Reader(found, root).read()
    if len(found.faults) > MAX_FAULTS:
        last = found.faults[MAX_FAULTS - 1]
        found.faults[MAX_FAULTS:] = [FileFault(last.code, f"there are more than {MAX_FAULTS} faults", last.place)]
    return found


class _Reader:
    """Fills in what is found; defaults are looked at once, and then under each stream."""

    def __init__(self, found: DeclaredFile, root: Located) -> None:
        self._found, self._root = found, root
        self._defaults: Located | None = None
        self._default_values: Mapping[str, Any] = {}
        self._reported: set[str] = set()

    def read(self) -> None:
        self._check_shell()
        if not self._check_defaults():
            return
        for path, entry in _entries(self._root, "hubs"):
            self._check_hub(path, entry)
        for path, entry in _entries(self._root, "streams"):
            self._found.entries += 1
            if len(self._found.faults) <= MAX_FAULTS:
                self._check_stream(path, entry)

    def _check_shell(self) -> None:
        """The file without the members of its lists and its defaults, which are looked at one by one."""
        value = self._root.value
        if isinstance(value, dict):
            value = {name: _shell(name, member) for name, member in value.items()}
        wrong = list(violations(value, "EdgeFile"))
        stated = {} if not isinstance(value, dict) else value
        refused = {one.path[:1] for one in wrong}
        region, account = (None if (name,) in refused else stated.get(name) for name in ("region", "account"))
        self._found.environment = Environment(region, account)
        self._report(self._root, (), [*wrong, *file_violations(self._found.environment)])

    def _check_defaults(self) -> bool:
        """Whether the streams can be looked at with the defaults."""
        defaults = (self._root.members or {}).get("defaults") if isinstance(self._root.value, dict) else None
        if defaults is None or not isinstance(defaults.value, dict):
            return True
        path = ("defaults",)
        if value_count(defaults.value) > MAX_DEFAULT_VALUES:
            rule = (
                f"defaults hold more than {MAX_DEFAULT_VALUES} values, or as much text; nothing under them is looked at"
            )
            self._report(self._root, (), [Violation(path, rule)])
            return False
        self._defaults, self._default_values = defaults, without_nulls(defaults.value)
        wrong = [
            *violations(defaults.value, "Defaults", every_field()),
            *entry_violations(defaults.value, self._found.environment),
        ]
        self._report(defaults, path, wrong)
        self._reported = {dotted((*path, *one.path)) for one in wrong}
        return True

    def _check_hub(self, path: tuple[Step, ...], entry: Located) -> None:
        environment = self._found.environment
        wrong = list(violations(entry.value, "DeclaredHub")) or list(entry_violations(entry.value, environment))
        self._report(entry, path, wrong)
        if not wrong:
            hub = DeclaredHub(
                file=self._found.file, path=path, located=entry, values=entry.value, environment=environment
            )
            self._found.hubs.append(hub)

    def _check_stream(self, path: tuple[Step, ...], entry: Located) -> None:
        stream = self._with_defaults(path, entry)
        wrong = list(_stream_violations(stream))
        if not wrong:
            self._found.streams.append(stream)
            return
        self._report(entry, path, [one for one in wrong if self._is_own_violation(stream, one)])
        if isinstance(stream.values, dict):
            self._found.refused.extend(hubs_of(stream.values, self._found.environment)[:1])
            self._found.faults.extend(self._schedule_faults(stream))

    def _with_defaults(self, path: tuple[Step, ...], entry: Located) -> DeclaredStream:
        is_merged = self._defaults is not None and isinstance(entry.value, dict)
        return DeclaredStream(
            file=self._found.file,
            path=path,
            located=entry,
            values=merge_defaults(entry.value, self._default_values) if is_merged else entry.value,
            environment=self._found.environment,
            defaults=self._defaults if is_merged else None,
        )

    def _report(self, located: Located, path: tuple[Step, ...], wrong: Iterable[Violation]) -> None:
        for one in wrong:
            place = located.key_at(one.path) if one.is_unknown else located.at(one.path)
            fault = FileFault(FileCode.VALUE_NOT_ACCEPTED, one.rule, place, dotted((*path, *one.path)))
            self._found.faults.append(fault)

    def _is_own_violation(self, stream: DeclaredStream, one: Violation) -> bool:
        """Whether a fault is the stream's: what is wrong with a default is told already, not what it lacks."""
        return not stream.is_default(*one.path) or (one.is_missing and stream.dotted(*one.path) not in self._reported)

    def _schedule_faults(self, stream: DeclaredStream) -> Iterator[FileFault]:
        """Schedules that are no Quartz expression, of a stream that the footage analysis can't look at."""
        for steps in _SCHEDULES:
            here: Any = stream.values
            for step in steps:
                here = here.get(step) if isinstance(here, dict) else None
            error = judge(here, this_year=_LATEST_YEAR).error if isinstance(here, str) else None
            path = stream.dotted(*steps)
            if error is not None and path not in self._reported:
                self._reported.add(path)
                yield FileFault(FileCode.SCHEDULE_NOT_UNDERSTOOD, str(error), stream.place(*steps), path)


_LATEST_YEAR = 2899
"""Whether Quartz looks so far ahead depends on the day; the analysis says so, once the stream can be looked at."""
_SCHEDULES = tuple(
    ("EdgeConfig", job, "ScheduleConfig", "ScheduleExpression") for job in ("RecorderConfig", "UploaderConfig")
)


def _stream_violations(stream: DeclaredStream) -> Iterator[Violation]:
    values = stream.values
    if not isinstance(values, dict):
        yield from violations(values, "DeclaredStream")
        return
    wrong = [
        _with_hint(one, values)
        for one in violations(values, "DeclaredStream", _HUB if "hub" in values else frozenset())
    ]
    yield from wrong or (*entry_violations(values, stream.environment), *stream_violations(values))


def _with_hint(one: Violation, values: Mapping[str, Any]) -> Violation:
    """The same; where the hub is missing, with the other place that it can be named at."""
    if one.path != ("EdgeConfig",) or not one.is_missing or "hub" in values or "HubDeviceArn" in values["EdgeConfig"]:
        return one
    return one._replace(rule=f"{one.rule}; the hub may be named as hub beside EdgeConfig instead")


def _shell(name: str, member: object) -> object:
    if isinstance(member, list):
        return []
    return {} if name == "defaults" and isinstance(member, dict) else member


def _entries(root: Located, name: str) -> Iterator[tuple[tuple[Step, ...], Located]]:
    entries = (root.members or {}).get(name) if isinstance(root.value, dict) else None
    if entries is not None and isinstance(entries.value, list) and entries.members:
        for index, entry in entries.members.items():
            yield (name, index), entry
