"""The check of the files: faults, findings, and the account and references that they need."""

from collections.abc import Sequence

from kvs_edge_gitops.checks.files.examination import Examination, examine_reading
from kvs_edge_gitops.checks.files.summary import sentence
from kvs_edge_gitops.commands.doctor.check import Result, State, failed
from kvs_edge_gitops.commands.doctor.site import Site
from kvs_edge_gitops.errors import AwsError, UsageError
from kvs_edge_gitops.exit_codes import AWS_FAILED, FINDINGS, OK, USAGE
from kvs_edge_gitops.reports.diagnostics import diagnostic_text
from kvs_edge_gitops.state import desired
from kvs_edge_preflight.files import Diagnostic, Reading
from kvs_edge_preflight.footage import Severity

_FAULTS = "the files have errors"
_UNRESOLVED = "the streams of the files are not known"


def check(site: Site) -> Result:
    """Return what is wrong with the files, and keep their streams if they can be resolved."""
    if site.reading is None:
        return Result(State.BAD, site.problem, (), ("kvs-edge init",), USAGE, "no files")
    examination = examine_reading(site.reading, site.now, show=site.progress.show)
    if any(True for _ in site.reading.faults()):
        return _result(examination, site, _FAULTS)
    reason, code = _resolve(site, site.reading)
    return _result(examination, site, _UNRESOLVED if site.declared is None else "", reason, code)


def _resolve(site: Site, reading: Reading) -> tuple[str, int]:
    """Return why the streams cannot be resolved, and the exit code of that; without credentials, that is no news."""
    if not site.has_credentials:
        return "", OK
    try:
        site.declared = desired.resolve(reading, site.aws, site.references)
    except UsageError as error:
        return str(error), USAGE
    except AwsError as error:
        return failed(error), AWS_FAILED
    return "", OK


def _result(examination: Examination, site: Site, blocks: str, reason: str = "", code: int = OK) -> Result:
    errors = [finding for finding in examination.found if finding.severity is Severity.ERROR]
    details = [*map(diagnostic_text, errors), *filter(None, [reason])]
    steps = [site.words.offline("validate")] if examination.found else []
    state = State.BAD if errors or code == USAGE else State.GOOD
    return Result(state, sentence(examination), details, steps, max(_code(errors), code), blocks)


def _code(errors: Sequence[Diagnostic]) -> int:
    if any(error.is_unreadable for error in errors):
        return USAGE
    return FINDINGS if errors else OK
