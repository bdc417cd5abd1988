"""The identity of a finding, by which platforms recognize it in later runs."""

import hashlib

from kvs_edge_gitops.source_root import SourceRoot
from kvs_edge_preflight.files import Diagnostic


def identity(finding: Diagnostic, root: SourceRoot) -> str:
    """Return a hash without places and numbers: it is the same for a default and a stream, and in another checkout."""
    field = finding.path
    if finding.stream:
        # Behind `streams.3.` or `defaults.`
        field = field.split(".", 1 if field.startswith("defaults.") else 2)[-1]
    parts = (finding.code, root.uri(finding.file), finding.hub or "", finding.stream or "", field)
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
