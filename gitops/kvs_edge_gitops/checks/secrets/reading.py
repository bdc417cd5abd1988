"""Reading of secrets, each of which is forgotten once it is judged."""

import json
from collections.abc import Callable, Sequence

from kvs_edge_gitops.aws.access import Aws
from kvs_edge_gitops.aws.parallel import parallel_map
from kvs_edge_gitops.aws.secrets_client import SecretAbsentError, StoredSecret
from kvs_edge_gitops.checks.secrets.judged import (
    JudgedSecret,
    absence,
    is_rtsp,
    place_issues,
    rotation_issues,
    secret_of,
)
from kvs_edge_gitops.comparison.resolved import ResolvedStream
from kvs_edge_gitops.errors import AwsError, DeniedError, UsageError
from kvs_edge_gitops.state.desired import Desired
from kvs_edge_gitops.state.selection import declared_as, suggestion
from kvs_edge_preflight.media_secret import KEY, Issue, IssueCode, Severity, judge_content

_FIELD = ("RecorderConfig", "MediaSourceConfig", "MediaUriSecretArn")


def streams_of(names: Sequence[str], declared: Desired) -> list[ResolvedStream]:
    """Return the named streams, or all declared ones without a name.

    Raises:
        UsageError: A stream is not declared, or its name or secret is known only at deployment.
    """
    if not names:
        for unnamed in declared.unnamed:
            raise UsageError(f"{unnamed.entry.label}: {unnamed.message}")
    chosen = [stream for name in names for stream in _declared(name, declared)] if names else declared.streams
    for stream in chosen:
        if reason := unknown_secret(stream):
            raise UsageError(reason)
    return list(dict.fromkeys(chosen))


def unknown_secret(stream: ResolvedStream) -> str:
    """Return why the secret of a stream is not known; empty if it is."""
    reference = stream.unknown.get(_FIELD)
    if reference is None:
        return ""
    return (
        f"{stream.place}: the secret of {stream.stream.name} is {reference}, known only at deployment: pass"
        " --reference NAME=VALUE"
    )


def judge(streams: Sequence[ResolvedStream], aws: Aws, done: Callable[[int], None]) -> list[JudgedSecret]:
    """Return the judged secrets, in the order of their streams; a failed request is a result."""
    judged = []
    for secret, _ in parallel_map(lambda given: judge_one(*given, aws), by_secret(streams)):
        judged.append(secret)
        done(len(judged))
    return judged


def by_secret(streams: Sequence[ResolvedStream]) -> list[tuple[str, list[ResolvedStream]]]:
    """Return the ARN of each secret with the streams that need it, in the order of the streams."""
    by_arn: dict[str, list[ResolvedStream]] = {}
    for stream in streams:
        by_arn.setdefault(secret_of(stream), []).append(stream)
    return list(by_arn.items())


def judge_one(arn: str, streams: Sequence[ResolvedStream], aws: Aws) -> tuple[JudgedSecret, str | None]:
    """Return a judged secret, and the URI in it; None instead of a URI that no client can use, or that is no camera's.

    Args:
        arn: The ARN of the secret.
        streams: The streams that need it.
        aws: The session; a failed request is a result.
    """
    of_place = tuple(place_issues(arn, streams))
    try:
        stored = aws.secrets(arn.split(":")[3]).read(arn)
    except SecretAbsentError as error:
        return JudgedSecret(arn, streams, (*of_place, absence(is_being_deleted=error.is_being_deleted))), None
    except AwsError as error:
        denied = error.action if isinstance(error, DeniedError) else None
        return JudgedSecret(arn, streams, of_place, str(error), denied), None
    of_content = _of_content(stored, is_rtsp=is_rtsp(streams))
    judged = JudgedSecret(arn, streams, (*of_place, *rotation_issues(stored.is_rotated), *of_content))
    is_usable = is_rtsp(streams) and not any(issue.severity is Severity.ERROR for issue in of_content)
    return judged, json.loads(stored.text)[KEY] if stored.text is not None and is_usable else None


def _declared(name: str, declared: Desired) -> list[ResolvedStream]:
    if matching := declared_as(name, declared):
        return matching
    raise UsageError(f"no file declares a stream {name!r:.200}{suggestion(name, declared)}")


def _of_content(stored: StoredSecret, *, is_rtsp: bool) -> list[Issue]:
    if stored.text is None:
        message = "the secret is binary: store it as a text (SecretString)"
        return [Issue(IssueCode.SECRET_BINARY, message)]
    return judge_content(stored.text, is_rtsp=is_rtsp)
