"""Declarations of one file: streams, and facts about hubs."""

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
from kvs_edge_preflight.files.semantic_rules import entry_violations, region_violations, stream_violations
from kvs_edge_preflight.files.shapes import output_entry
from kvs_edge_preflight.files.window_words import expanded
from kvs_edge_schedules import judge

MAX_FAULTS = 10_000
"""Limit for one file; more faults would not be read."""
_HUB = frozenset({"HubDeviceArn"})


@dataclass(slots=True, eq=False)
class DeclaredFile:
    """File with its valid declarations and its faults.

    Attributes:
        file: Path as given.
        root: Whole content; None if the file is unreadable.
        environment: Region and account of the file, if valid.
        entries: Number of its streams, including those with faults.
        hub_facts: Facts about hubs in the Metadata of a template; those in edge files take precedence.
        refused: The hub of each invalid stream that names a hub.
        notes: What is known only at deployment; these are no faults.
        stack: Name of the stack that a template of a cloud assembly deploys.
    """

    file: Path
    root: Located | None = None
    environment: Environment = field(default_factory=Environment)
    entries: int = 0
    streams: list[DeclaredStream] = field(default_factory=list)
    hubs: list[DeclaredHub] = field(default_factory=list)
    hub_facts: list[DeclaredHub] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    faults: list[FileFault] = field(default_factory=list)
    notes: list[FileFault] = field(default_factory=list)
    stack: str | None = None

    @property
    def region(self) -> str | None:
        """Region of the file."""
        return self.environment.region

    @property
    def account(self) -> str | None:
        """Account of the file."""
        return self.environment.account

    @property
    def time_zone(self) -> str | None:
        """Time zone of the file's hubs that have no own time zone."""
        zone = self.root.value.get("time_zone") if self.root and isinstance(self.root.value, dict) else None
        return zone if isinstance(zone, str) else None


def read_declarations(file: Path, root: Located) -> DeclaredFile:
    """Return the declarations of a file's values, which are a mapping."""
    found = DeclaredFile(file, root)
    _Reader(found, root).read()
    if len(found.faults) > MAX_FAULTS:
        last = found.faults[MAX_FAULTS - 1]
        found.faults[MAX_FAULTS:] = [
            FileFault(last.code, f"there are more than {MAX_FAULTS} faults; the others are not listed", last.place)
        ]
    return found


class _Reader:
    """Reader of a file's declarations; it checks defaults once alone, and again under each stream."""

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
            if len(self._found.faults) <= MAX_FAULTS:
                self._check_hub(path, entry)
        for path, entry in _entries(self._root, "streams"):
            self._found.entries += 1
            if len(self._found.faults) <= MAX_FAULTS:
                self._check_stream(path, entry)

    def _check_shell(self) -> None:
        """Check the file without its defaults and list members, which are checked one by one."""
        value: dict[str, Any] = {name: _shell(name, member) for name, member in self._root.value.items()}
        of_region = list(region_violations(value.get("region")))
        of_schema = list(violations(value, "EdgeFile"))
        if of_region:  # the schema's fault of a region offers none
            of_schema = [violation for violation in of_schema if violation.path != ("region",)]
        wrong = [*of_schema, *of_region]
        refused = {violation.path[:1] for violation in wrong}
        given = (None if (name,) in refused else value.get(name) for name in ("region", "account"))
        self._found.environment = Environment(*(member if isinstance(member, str) else None for member in given))
        self._report(self._root, (), wrong)

    def _check_defaults(self) -> bool:
        """Check the defaults; return False if streams cannot be checked with them."""
        defaults = self._root.member("defaults")
        if defaults is None or not isinstance(defaults.value, dict):
            return True
        path = ("defaults",)
        if value_count(defaults.value) > MAX_DEFAULT_VALUES:
            rule = f"defaults have more than {MAX_DEFAULT_VALUES} values, or too much text; the rest is not checked"
            self._report(self._root, (), [Violation(path, rule)])
            return False
        self._defaults, self._default_values = defaults, without_nulls(defaults.value)
        values, of_words = expanded(defaults.value, every_field())
        wrong = [
            *of_words,
            *violations(values, "Defaults", every_field()),
            *entry_violations(values, self._found.environment),
        ]
        self._report(defaults, path, wrong)
        self._reported = {dotted((*path, *violation.path)) for violation in wrong}
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
        if rule := output_entry(entry.value):
            self._report(entry, path, [Violation((), rule)])
            return
        stream, wrong = self._with_defaults(path, entry)
        wrong.extend(_stream_violations(stream))
        if not wrong:
            self._found.streams.append(stream)
            return
        own = [violation for violation in wrong if self._is_own_violation(stream, violation)]
        if not isinstance(stream.values, dict):
            self._report(entry, path, own)
            return
        of_schedules = list(self._schedule_faults(stream))
        # A text that is no schedule often has the wrong length, too: its fault says what is wrong with it.
        known = {fault.path for fault in of_schedules}
        self._report(entry, path, [violation for violation in own if dotted((*path, *violation.path)) not in known])
        self._found.refused.extend(hubs_of(stream.values, self._found.environment)[:1])
        self._found.faults.extend(of_schedules)

    def _with_defaults(self, path: tuple[Step, ...], entry: Located) -> tuple[DeclaredStream, list[Violation]]:
        """Return the stream with defaults, and the violations by its schedules in words."""
        is_mapping = isinstance(entry.value, dict)
        is_merged = self._defaults is not None and is_mapping
        merged = merge_defaults(entry.value, self._default_values) if is_merged else entry.value
        values, wrong = expanded(merged) if is_mapping else (merged, [])
        stream = DeclaredStream(
            file=self._found.file,
            path=path,
            located=entry,
            values=values,
            environment=self._found.environment,
            defaults=self._defaults if is_merged else None,
        )
        return stream, wrong

    def _report(self, located: Located, path: tuple[Step, ...], wrong: Iterable[Violation]) -> None:
        for violation in wrong:
            place = located.key_at(violation.path) if violation.is_unknown else located.at(violation.path)
            fault = FileFault(FileCode.VALUE_NOT_ACCEPTED, violation.rule, place, dotted((*path, *violation.path)))
            self._found.faults.append(fault)

    def _is_own_violation(self, stream: DeclaredStream, violation: Violation) -> bool:
        """Return whether a fault is the stream's: faults of defaults are reported already, missing fields are not."""
        return not stream.is_default(*violation.path) or (
            violation.is_missing and stream.dotted(*violation.path) not in self._reported
        )

    def _schedule_faults(self, stream: DeclaredStream) -> Iterator[FileFault]:
        """Yield invalid schedules of an invalid stream, which the footage analysis does not see."""
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
"""Limit that depends on the day; the analysis checks the real one once the stream is valid."""
_SCHEDULES = tuple(
    ("EdgeConfig", job, "ScheduleConfig", "ScheduleExpression") for job in ("RecorderConfig", "UploaderConfig")
)


def _stream_violations(stream: DeclaredStream) -> Iterator[Violation]:
    values = stream.values
    if not isinstance(values, dict):
        yield from violations(values, "DeclaredStream")
        return
    wrong = [
        _with_hint(violation, values)
        for violation in violations(values, "DeclaredStream", _HUB if "hub" in values else frozenset())
    ]
    yield from wrong or (*entry_violations(values, stream.environment), *stream_violations(values))


def _with_hint(violation: Violation, values: Mapping[str, Any]) -> Violation:
    """Return the violation; if the hub is missing, with the other field for it."""
    if (
        violation.path != ("EdgeConfig",)
        or not violation.is_missing
        or "hub" in values
        or "HubDeviceArn" in values["EdgeConfig"]
    ):
        return violation
    return violation._replace(rule=f"{violation.rule}; or name the hub as hub beside EdgeConfig")


def _shell(name: str, member: object) -> object:
    if isinstance(member, list):
        return []
    return {} if name == "defaults" and isinstance(member, dict) else member


def _entries(root: Located, name: str) -> Iterator[tuple[tuple[Step, ...], Located]]:
    entries = root.member(name)
    if entries is not None and isinstance(entries.value, list):
        for index, entry in entries.items():
            yield (name, index), entry
