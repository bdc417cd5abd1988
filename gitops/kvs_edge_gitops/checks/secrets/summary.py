"""The result for some secrets in one sentence."""

from collections.abc import Sequence

from kvs_edge_gitops.checks.secrets.judged import JudgedSecret
from kvs_edge_gitops.formatting import plural


def sentence(secrets: Sequence[JudgedSecret]) -> str:
    """Return a summary such as "3 secrets: 1 with errors, 1 not read"."""
    counts = {
        "with errors": sum(secret.has_error for secret in secrets),
        "not read": sum(secret.failure is not None for secret in secrets),
    }
    listed = ", ".join(f"{count:,} {word}" for word, count in counts.items() if count)
    return f"{plural(len(secrets), 'secret')}: {listed or 'no errors'}"
