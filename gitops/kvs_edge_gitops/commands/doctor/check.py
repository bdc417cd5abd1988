"""Checks of a site, as data: state, text, details, and what to type next."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from kvs_edge_gitops.errors import AwsError, DeniedError
from kvs_edge_gitops.exit_codes import AWS_FAILED, FINDINGS, OK


class Subject(StrEnum):
    """Subject of a check, in the order of the report."""

    CREDENTIALS = "credentials"
    FILES = "files"
    SECRETS = "secrets"
    CAMERAS = "cameras"
    HUBS = "hubs"
    STATUS = "status"
    DEPLOYMENT = "deployment"


class State(StrEnum):
    """Result of a check."""

    GOOD = "good"
    BAD = "bad"
    NOT_ASKED = "not asked"


@dataclass(frozen=True)
class Result:
    """Result of a check.

    Attributes:
        text: The result as one sentence, without a full stop.
        details: What is wrong, one sentence per thing.
        next_steps: Commands to type, the most useful one first.
        exit_code: The exit code that this result alone would have.
        blocks: Why checks that depend on this one cannot be made; empty if they can.
    """

    state: State
    text: str
    details: Sequence[str] = ()
    next_steps: Sequence[str] = ()
    exit_code: int = OK
    blocks: str = ""


@dataclass(frozen=True)
class Check:
    """A subject with its result."""

    subject: Subject
    result: Result


def good(text: str, *next_steps: str) -> Result:
    """Return the result of a check that found nothing wrong."""
    return Result(State.GOOD, text, next_steps=next_steps)


def not_asked(text: str, *next_steps: str, exit_code: int = OK) -> Result:
    """Return the result of a check that was not made."""
    return Result(State.NOT_ASKED, text, next_steps=next_steps, exit_code=exit_code, blocks=text)


def mixed(text: str, bad: Sequence[str], unknown: Sequence[str], next_steps: Sequence[str], exit_code: int) -> Result:
    """Return the result for several things: bad if one of them is, else not asked if one is unknown.

    Args:
        text: The result as one sentence.
        bad: What is wrong.
        unknown: What could not be asked, and why.
        next_steps: Commands to type; without anything bad or unknown, none is needed.
        exit_code: The exit code of what is unknown.
    """
    if not bad and not unknown:
        return good(text)
    state = State.BAD if bad else State.NOT_ASKED
    codes = [FINDINGS] * bool(bad) + [exit_code] * bool(unknown)
    return Result(state, text, (*bad, *unknown), next_steps, max(codes))


def failed(error: AwsError) -> str:
    """Return the text for a failed request."""
    if isinstance(error, DeniedError):
        return no_right_to(error.action, error.region)
    return str(error)


def no_right_to(action: str, region: str) -> str:
    """Return the text for a request that the credentials do not allow."""
    return f"no right to {action} in {region}: allow it for these credentials"


def unanswered(error: AwsError, *next_steps: str) -> Result:
    """Return the result of a check whose request failed."""
    return not_asked(failed(error), *next_steps, exit_code=AWS_FAILED)


def exit_code(checks: Iterable[Check]) -> int:
    """Return the highest exit code of the checks: a result that is not known outweighs one that is bad."""
    return max((check.result.exit_code for check in checks), default=OK)
