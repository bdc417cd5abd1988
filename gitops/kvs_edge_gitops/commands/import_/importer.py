"""The import: from hubs to the text of their file."""

import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from kvs_edge.configuration import hub_name
from kvs_edge_gitops.aws.access import Aws
from kvs_edge_gitops.commands.import_.discovery import retentions, streams_on
from kvs_edge_gitops.commands.import_.document import ImportedStream, document
from kvs_edge_gitops.commands.import_.footage import FileErrors, find_errors
from kvs_edge_gitops.commands.import_.renderings import json, yaml
from kvs_edge_gitops.commands.import_.selection import SelectedStream, Selection, select
from kvs_edge_gitops.commands.import_.target import Target, other_files, places_of_streams
from kvs_edge_gitops.formatting import plural
from kvs_edge_gitops.instants import utc
from kvs_edge_gitops.terminal import Progress
from kvs_edge_preflight.files import Diagnostic, Reading, parse_file


@dataclass(frozen=True)
class Result:
    """The result of an import.

    Attributes:
        text: The text of the file; None if there is nothing to import.
        notes: A sentence on each thing that needs attention.
        summary: The content of the file in one sentence.
    """

    text: str | None
    notes: tuple[str, ...]
    summary: str = ""


class Import:
    """An import of the hubs of one region and account, at an instant."""

    def __init__(self, aws: Aws, hubs: Sequence[str], time_zone: str | None, now: datetime) -> None:
        self._aws = aws
        self._hubs = hubs
        self._time_zone = time_zone
        self._now = now

    def run(self, target: Target) -> Result:
        """Fetch the configurations, and compose the file for a target."""
        others = other_files(target.file)
        edge = self._aws.edge()
        with Progress() as progress:
            listed = streams_on(edge, self._hubs, progress.show)
            selection = select(listed, places_of_streams(others))
            hours = retentions(edge, [stream.name for stream in selection.selected], progress.show)
        bare = [hub for hub in self._hubs if hub not in {stream.hub for stream in listed}]
        notes = [*map(self._bare, bare), *selection.notes]
        if not selection.selected:
            return Result(None, (*notes, f"nothing to import from {self._names()}: no file is written"))
        text, errors = self._composed(target, others, selection, hours)
        return Result(text, (*notes, *self._advice(errors)), self._summary(target, selection))

    def _composed(
        self, target: Target, others: Reading, selection: Selection, hours: Mapping[str, int | None]
    ) -> tuple[str, FileErrors]:
        bare = self._text(target, selection.selected, hours, {})
        errors = find_errors(parse_file(target.file, bare), others, self._now)
        return self._text(target, selection.selected, hours, errors.acknowledgeable), errors

    def _text(
        self,
        target: Target,
        selected: Sequence[SelectedStream],
        hours: Mapping[str, int | None],
        acknowledged: Mapping[str, Sequence[str]],
    ) -> str:
        reason = f"It ran like this when it was imported on {self._now:%Y-%m-%d}."
        streams = [
            ImportedStream(
                stream.name,
                stream.found.config,
                hours[stream.name],
                dict.fromkeys(acknowledged.get(stream.name, ()), reason),
            )
            for stream in selected
        ]
        content = document(self._aws.region, self._aws.account, self._time_zone, streams)
        return json.render(content) if target.is_json else yaml.render(content, list(self._comment()))

    def _comment(self) -> Iterator[str]:
        command = shlex.join(["kvs-edge", "import", *(part for hub in self._hubs for part in ("--hub", hub))])
        yield f"The edge configurations of {self._names()} at {utc(self._now)}, written by"
        yield f"  {command}"
        yield "Its first deployment writes nothing. Before that: kvs-edge validate, then kvs-edge plan."
        if self._time_zone is None:
            yield "Add the time zone in which the hub runs its schedules: time_zone, such as Europe/Berlin."

    def _names(self) -> str:
        return ", ".join(map(hub_name, self._hubs))

    def _bare(self, hub: str) -> str:
        where = f"in {self._aws.region}, account {self._aws.account}"
        return f"hub {hub_name(hub)} has no streams {where}: check the name"

    def _advice(self, errors: FileErrors) -> Iterator[str]:
        if self._time_zone is None:
            yield (
                "AWS does not know the time zone of a hub, and UTC is assumed for its schedules: pass --time-zone, or"
                " add time_zone to the file"
            )
        yield from map(_unsolved, errors.rest)
        yield from _acknowledged(errors.acknowledgeable)

    def _summary(self, target: Target, selection: Selection) -> str:
        skipped = f", {selection.skipped} skipped" if selection.skipped else ""
        return f"{target}: {plural(len(selection.selected), 'stream')} of {self._names()}{skipped}"


def _acknowledged(codes: Mapping[str, Sequence[str]]) -> Iterator[str]:
    count = sum(map(len, codes.values()))
    if count:
        yield (
            f"{plural(count, 'error')} of the footage analysis {'is' if count == 1 else 'are'} acknowledged in the"
            f" file, so that it can be deployed; review each (acknowledge:) first: {', '.join(codes)}"
        )


def _unsolved(error: Diagnostic) -> str:
    is_of_hub = error.stream is None and error.hub is not None
    fix = "acknowledge it at the hub (hubs:), or correct it" if is_of_hub else "correct it in the file"
    subject = error.stream or error.hub or error.path
    about = f"{subject}: " if subject else ""
    return f"{about}{error.message} [{error.code}]; {fix}, or the deployment fails"
