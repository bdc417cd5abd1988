"""From hubs to the text of their file."""

import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from kvs_edge.configuration import hub_name
from kvs_edge_gitops.aws.access import Aws
from kvs_edge_gitops.importing.choice import Choice, Taken, choose
from kvs_edge_gitops.importing.document import Imported, document
from kvs_edge_gitops.importing.footage import Verdict, examined
from kvs_edge_gitops.importing.layout import as_json, as_yaml
from kvs_edge_gitops.importing.survey import on_hubs, retentions
from kvs_edge_gitops.importing.target import Target, beside, declared_in
from kvs_edge_gitops.instants import utc
from kvs_edge_gitops.terminal import Progress
from kvs_edge_preflight.files import Diagnostic, Reading, parse_file


@dataclass(frozen=True)
class Made:
    """What came of an import.

    Attributes:
        text: The file's; None where there is nothing to import.
        notes: A sentence on each thing that wants a look.
        summary: What the file holds, in a sentence.
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

    def make(self, target: Target) -> Made:
        """Ask the service, and compose the file that the target is to hold."""
        others, progress = beside(target.file), Progress()
        edge = self._aws.edge()
        try:
            listed = on_hubs(edge, self._hubs, progress.show)
            choice = choose(listed, declared_in(others))
            hours = retentions(edge, [one.name for one in choice.taken], progress.show)
        finally:
            progress.clear()
        idle = [hub for hub in self._hubs if hub not in {one.hub for one in listed}]
        notes = [*map(self._idle, idle), *choice.notes]
        if not choice.taken:
            names = ", ".join(map(hub_name, self._hubs))
            return Made(None, (*notes, f"there is nothing to import of {names}: no file is written"))
        text, verdict = self._composed(target, others, choice, hours)
        return Made(text, (*notes, *self._to_look_at(verdict)), self._summary(target, choice))

    def _composed(
        self, target: Target, others: Reading, choice: Choice, hours: Mapping[str, int | None]
    ) -> tuple[str, Verdict]:
        bare = self._text(target, choice.taken, hours, {})
        verdict = examined(parse_file(target.file, bare), others, self._now)
        return self._text(target, choice.taken, hours, verdict.acknowledgeable), verdict

    def _text(
        self,
        target: Target,
        taken: Sequence[Taken],
        hours: Mapping[str, int | None],
        acknowledged: Mapping[str, Sequence[str]],
    ) -> str:
        reason = f"It ran like this when it was imported on {self._now:%Y-%m-%d}."
        streams = [
            Imported(one.name, one.found.config, hours[one.name], dict.fromkeys(acknowledged.get(one.name, ()), reason))
            for one in taken
        ]
        content = document(self._aws.region, self._aws.account, self._time_zone, streams)
        return as_json(content) if target.is_json else as_yaml(content, list(self._comment()))

    def _comment(self) -> Iterator[str]:
        names = ", ".join(map(hub_name, self._hubs))
        command = shlex.join(["kvs-edge", "import", *(part for hub in self._hubs for part in ("--hub", hub))])
        yield f"What ran on {names} at {utc(self._now)}, as the service had it. It was written by"
        yield f"  {command}"
        yield "The first deployment of it writes nothing. Before that: kvs-edge validate, then kvs-edge plan."
        if self._time_zone is None:
            yield "State the hub's time zone, in which its schedules run: time_zone, such as Europe/Berlin."

    def _idle(self, hub: str) -> str:
        return f"nothing runs on {hub_name(hub)} in {self._aws.region}, account {self._aws.account}: is it its name?"

    def _to_look_at(self, verdict: Verdict) -> Iterator[str]:
        if self._time_zone is None:
            yield (
                "AWS does not know a hub's time zone, and schedules are taken to run in UTC until it is stated:"
                " pass --time-zone, or write time_zone into the file"
            )
        yield from map(_unsolved, verdict.rest)
        yield from _acknowledged(verdict.acknowledgeable)

    def _summary(self, target: Target, choice: Choice) -> str:
        names = ", ".join(map(hub_name, self._hubs))
        left_out = f", {choice.left_out} left out" if choice.left_out else ""
        return f"{target}: {_count(len(choice.taken), 'stream')} of {names}{left_out}"


def _acknowledged(codes: Mapping[str, Sequence[str]]) -> Iterator[str]:
    count = sum(map(len, codes.values()))
    if count:
        yield (
            f"{_count(count, 'error')} of the footage analysis {'is' if count == 1 else 'are'} acknowledged in the"
            f" file, so that it can be deployed; look at each (acknowledge:) before: {', '.join(codes)}"
        )


def _unsolved(one: Diagnostic) -> str:
    is_of_hub = one.stream is None and one.hub is not None
    fix = "acknowledge it with the hub's facts (hubs:), or mend it" if is_of_hub else "mend it in the file"
    subject = one.stream or one.hub or one.path
    about = f"{subject}: " if subject else ""
    return f"{about}{one.message} [{one.code}]; {fix}, or a deployment is refused"


def _count(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
