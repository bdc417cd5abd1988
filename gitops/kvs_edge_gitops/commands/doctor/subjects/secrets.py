"""The check of the cameras' secrets."""

from collections.abc import Iterator, Sequence

from kvs_edge_gitops.checks.secrets.judged import JudgedSecret
from kvs_edge_gitops.checks.secrets.reading import judge, unknown_secret
from kvs_edge_gitops.checks.secrets.summary import sentence
from kvs_edge_gitops.commands.doctor.check import Result, mixed, no_right_to
from kvs_edge_gitops.commands.doctor.site import Site
from kvs_edge_gitops.commands.doctor.words import Words, explain
from kvs_edge_gitops.exit_codes import AWS_FAILED, USAGE
from kvs_edge_gitops.state.desired import Desired
from kvs_edge_preflight.media_secret import SUFFIX_WILDCARD, IssueCode, Severity, is_partial


def check(site: Site) -> Result:
    """Return whether the hubs can use the secrets of the declared streams."""
    known = [stream for stream in site.streams.streams if not unknown_secret(stream)]
    judged = judge(known, site.aws, lambda done: site.progress.show("reading secrets", done, len(known)))
    site.usable = [stream for secret in judged if not (secret.failure or secret.has_error) for stream in secret.streams]
    unread = [secret for secret in judged if secret.failure is not None]
    return mixed(
        sentence(judged),
        list(_errors(judged)),
        [*dict.fromkeys(map(_failure, unread)), *_unknown(site.streams)],
        [site.words.on_aws("secret"), *_making(judged, site.words), *_pages(judged)],
        AWS_FAILED if unread else USAGE,
    )


def _unknown(declared: Desired) -> Iterator[str]:
    """Yield why the secrets of some streams are not known."""
    for unnamed in declared.unnamed:
        yield f"{unnamed.entry.label}: {unnamed.message}"
    yield from filter(None, map(unknown_secret, declared.streams))


def _errors(judged: Sequence[JudgedSecret]) -> Iterator[str]:
    for secret in judged:
        streams = ", ".join(stream.stream.name for stream in secret.streams)
        for issue in secret.issues:
            if issue.severity is Severity.ERROR:
                yield f"{secret.name} (of {streams}): {issue.code.value}: {issue.message}"


def _failure(secret: JudgedSecret) -> str:
    """Return one text for all secrets that lack the same right; the service's own text names each."""
    if secret.denied_action is None:
        return f"{secret.name}: {secret.failure}"
    return no_right_to(secret.denied_action, secret.region)


def _making(judged: Sequence[JudgedSecret], words: Words) -> Iterator[str]:
    """Yield the command that makes the first absent secret; its ARN has another suffix then."""
    for secret in judged:
        if any(issue.code is IssueCode.SECRET_ABSENT for issue in secret.issues):
            name = secret.name if is_partial(secret.arn) else secret.name[: -len(SUFFIX_WILDCARD)]
            yield words.aws_only("secret", "--write", name)
            return


def _pages(judged: Sequence[JudgedSecret]) -> list[str]:
    codes = [issue.code.value for secret in judged for issue in secret.issues if issue.severity is Severity.ERROR]
    return [explain(*codes)] if codes else []
