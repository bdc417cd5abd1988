"""The result in one sentence."""

from collections import Counter

from kvs_edge_gitops.checks.files.examination import Examination
from kvs_edge_gitops.formatting import plural


def counts(examination: Examination) -> Counter[str]:
    """Return the number of findings of each severity."""
    return Counter(finding.severity.value for finding in examination.found)


def sentence(examination: Examination) -> str:
    """Return a sentence such as "1 error and 2 warnings found in 3 streams of 1 file"."""
    found = counts(examination)
    words = (("error", "error"), ("warning", "warning"), ("info", "info"))
    parts = [plural(found[severity], word) for severity, word in words if found[severity]]
    what = " and ".join(filter(None, [", ".join(parts[:-1]), *parts[-1:]])) or "nothing"
    where = f"{plural(examination.streams, 'stream')} of {plural(len(examination.files), 'file')}"
    acknowledged = f", {len(examination.acknowledged)} acknowledged" if examination.acknowledged else ""
    return f"{what} found in {where}{acknowledged}"
