"""Notices about the secrets of changed streams."""

from collections.abc import Iterator

from kvs_edge_gitops.aws.access import Aws
from kvs_edge_gitops.checks.secrets.judged import JudgedSecret
from kvs_edge_gitops.checks.secrets.reading import judge, unknown_secret
from kvs_edge_gitops.comparison.model import Comparison, SecretNotice
from kvs_edge_gitops.terminal import Progress
from kvs_edge_preflight.media_secret import Severity


def read(comparison: Comparison, aws: Aws, progress: Progress) -> tuple[SecretNotice, ...]:
    """Return the errors and warnings of the changed streams' secrets, and which secrets were not read.

    A secret that is known only at deployment is left out.

    Args:
        comparison: The comparison of the streams.
        aws: The session; a failed request is a notice.
        progress: The progress bar.
    """
    streams = [stream for stream in comparison.changed if not unknown_secret(stream)]
    secrets = judge(streams, aws, lambda done: progress.show("reading secrets", done, len(streams)))
    return tuple(notice for secret in secrets for notice in _notices(secret))


def _notices(secret: JudgedSecret) -> Iterator[SecretNotice]:
    streams = tuple(stream.stream.name for stream in secret.streams)
    for issue in secret.issues:
        if issue.severity is not Severity.INFO:
            yield SecretNotice(secret.name, issue.code.value, issue.message, streams)
    if secret.failure is not None:
        yield SecretNotice(secret.name, "NotChecked", f"not checked: {secret.failure}", streams)
