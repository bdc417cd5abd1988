"""Acknowledgements of findings, each with a reason."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from kvs_edge_preflight.footage.codes import ABOUT_ACKNOWLEDGEMENTS, FindingCode
from kvs_edge_preflight.footage.finding import Analysis, Field, Finding
from kvs_edge_preflight.footage.inputs import Acknowledgement
from kvs_edge_preflight.suggestions import did_you_mean

_CODES = frozenset(code.value for code in FindingCode if code not in ABOUT_ACKNOWLEDGEMENTS)


def apply_acknowledgements(
    found: Iterable[Finding], acknowledgements: Sequence[Acknowledgement], subject: Finding
) -> Analysis:
    """Separate acknowledged findings from the others, and check the acknowledgements.

    `subject` is any finding on the same stream or hub: findings on the acknowledgements copy its fields.
    """
    everything = tuple(found)
    silenced = {acknowledgement.code for acknowledgement in acknowledgements if acknowledgement.reason.strip()}
    faults = _faults(acknowledgements, {finding.code for finding in everything}, subject)
    return Analysis(
        (*(finding for finding in everything if finding.code not in silenced), *faults),
        tuple(finding for finding in everything if finding.code in silenced),
    )


def _faults(
    acknowledgements: Sequence[Acknowledgement], found: set[FindingCode], subject: Finding
) -> Iterator[Finding]:
    for place, acknowledgement in enumerate(acknowledgements):
        code, message = _fault(acknowledgement, found)
        if code is not None:
            path = f"{Field.ACKNOWLEDGEMENTS}.{place}"
            yield replace(subject, code=code, severity=code.severity, message=message, path=path)


def _fault(acknowledgement: Acknowledgement, found: set[FindingCode]) -> tuple[FindingCode | None, str]:
    if acknowledgement.code not in _CODES:
        return (
            FindingCode.ACKNOWLEDGEMENT_UNKNOWN,
            f"{acknowledgement.code!r:.80} is not the code of a finding that can be acknowledged; correct or remove it"
            + did_you_mean(acknowledgement.code, _CODES),
        )
    if not acknowledgement.reason.strip():
        return (
            FindingCode.ACKNOWLEDGEMENT_WITHOUT_REASON,
            f"{acknowledgement.code} is acknowledged without a reason, so it is reported; state the reason",
        )
    if acknowledgement.code not in found:
        return (
            FindingCode.ACKNOWLEDGEMENT_UNUSED,
            f"{acknowledgement.code} is acknowledged, but not found; remove the acknowledgement",
        )
    return None, ""
