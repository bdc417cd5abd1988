"""The check of the hubs' Greengrass deployments."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kvs_edge.configuration import hub_name
from kvs_edge_gitops.aws.access import Aws
from kvs_edge_gitops.aws.parallel import parallel_map
from kvs_edge_gitops.checks.hubs.selection import needs_of, split_unknown
from kvs_edge_gitops.commands.doctor.check import Result, failed, mixed
from kvs_edge_gitops.commands.doctor.site import Site
from kvs_edge_gitops.commands.doctor.words import Words, explain
from kvs_edge_gitops.errors import AwsError, DeniedError
from kvs_edge_gitops.exit_codes import AWS_FAILED, USAGE
from kvs_edge_gitops.formatting import plural
from kvs_edge_gitops.hubs.gaps import Gap, GapCode
from kvs_edge_gitops.hubs.needs import HubNeeds
from kvs_edge_gitops.state.hub_gaps import gaps_of

_UNCHECKED = frozenset({GapCode.NOT_A_CORE_DEVICE, GapCode.CLOUD_SECRETS_UNKNOWN})
"""Gaps that say only that the deployments cannot be checked."""


@dataclass(frozen=True)
class _Checked:
    """A hub with its gaps, or with the error of a request."""

    needs: HubNeeds
    gaps: Sequence[Gap] = ()
    error: AwsError | None = None

    @property
    def name(self) -> str:
        return hub_name(self.needs.hub)


def check(site: Site) -> Result:
    """Return what the Greengrass deployments of the declared hubs lack."""
    known, unknown = split_unknown(site.streams)
    hubs = [needs_of(hub, known) for hub in dict.fromkeys(stream.hub for stream in known.streams)]
    checked = []
    for hub in parallel_map(lambda needs: _checked(needs, site.aws), hubs):
        checked.append(hub)
        site.progress.show("checking hubs", len(checked), len(hubs))
    failures = list(dict.fromkeys(_failure(hub) for hub in checked if hub.error))
    bad, unchecked = list(_gaps(checked, is_unchecked=False)), list(_gaps(checked, is_unchecked=True))
    return mixed(
        _sentence(checked),
        bad,
        [*unchecked, *failures, *unknown],
        list(_next(checked, site.words)),
        AWS_FAILED if failures else USAGE if unknown else 0,
    )


def _checked(needs: HubNeeds, aws: Aws) -> _Checked:
    try:
        return _Checked(needs, gaps_of(needs, aws))
    except AwsError as error:
        return _Checked(needs, error=error)


def _gaps(checked: Sequence[_Checked], *, is_unchecked: bool) -> Iterator[str]:
    for hub in checked:
        for gap in hub.gaps:
            if not gap.code.is_note and (gap.code in _UNCHECKED) is is_unchecked:
                about = f" {gap.secret.rpartition(':')[2]} (of {', '.join(gap.streams)})" if gap.secret else ""
                yield f"{hub.name}: {gap.code.value}{about}: {gap.message}"


def _failure(hub: _Checked) -> str:
    if isinstance(hub.error, DeniedError):
        return failed(hub.error)
    return f"{hub.name}: {hub.error}"


def _sentence(checked: Sequence[_Checked]) -> str:
    lacking = sum(any(not gap.code.is_note and gap.code not in _UNCHECKED for gap in hub.gaps) for hub in checked)
    unknown = sum(hub.error is not None or any(gap.code in _UNCHECKED for gap in hub.gaps) for hub in checked)
    counts = {"with gaps": lacking, "not checked": unknown}
    listed = ", ".join(f"{count:,} {word}" for word, count in counts.items() if count)
    fine = "all secrets are in the Greengrass deployments" if checked else "nothing to check"
    return f"{plural(len(checked), 'hub')}: {listed or fine}"


def _next(checked: Sequence[_Checked], words: Words) -> Iterator[str]:
    """Yield the commands for the first hub with a gap or an error, and the pages of all gaps."""
    for hub in checked:
        if hub.error or any(not gap.code.is_note for gap in hub.gaps):
            yield words.on_aws("hub", hub.name, options=["--check"])
            break
    codes = [gap.code.value for hub in checked for gap in hub.gaps if not gap.code.is_note]
    if GapCode.SECRET_MISSING.value in codes:
        lacking = next(hub for hub in checked if any(gap.code is GapCode.SECRET_MISSING for gap in hub.gaps))
        yield words.on_aws("hub", lacking.name, options=["--part", "configuration-update"])
    if codes:
        yield explain(*codes)
