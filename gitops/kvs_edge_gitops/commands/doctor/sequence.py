"""The order of the checks: one that depends on a failed check is not made."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

from kvs_edge_gitops.commands.doctor.check import Check, Result, Subject, not_asked, unanswered
from kvs_edge_gitops.errors import AwsError, UsageError
from kvs_edge_gitops.exit_codes import USAGE

SKIPPED = "skipped with --skip"


@dataclass(frozen=True)
class Step:
    """A check to make.

    Attributes:
        needs: The subjects without whose results it cannot be made.
        make: Makes the check. AwsError and UsageError mean that there is no answer.
    """

    subject: Subject
    make: Callable[[], Result]
    needs: Sequence[Subject] = ()


def run(steps: Sequence[Step], skipped: Collection[Subject]) -> Iterator[Check]:
    """Yield each check as soon as it is made."""
    blocked: dict[Subject, str] = {}
    for step in steps:
        reason = next((blocked[need] for need in step.needs if need in blocked), "")
        result = _result(step, reason, is_skipped=step.subject in skipped)
        if result.blocks:
            blocked[step.subject] = result.blocks
        yield Check(step.subject, result)


def _result(step: Step, reason: str, *, is_skipped: bool) -> Result:
    if is_skipped:
        return not_asked(SKIPPED)
    if reason:
        return not_asked(reason)
    try:
        return step.make()
    except AwsError as error:
        return unanswered(error)
    except UsageError as error:
        return not_asked(str(error), exit_code=USAGE)
