"""An examination in one sentence."""

from collections import Counter

from kvs_edge_gitops.examination import Examination


def counts(examination: Examination) -> Counter[str]:
    """How many diagnostics there are of each severity."""
    return Counter(one.severity.value for one in examination.found)


def sentence(examination: Examination) -> str:
    """Such as "1 error and 2 warnings in 3 streams of 1 file"."""
    found = counts(examination)
    parts = [
        _number(found[name], word) for name, word in (("error", "error"), ("warning", "warning"), ("info", "note"))
    ]
    told = [part for part in parts if not part.startswith("0 ")]
    what = " and ".join(filter(None, [", ".join(told[:-1]), *told[-1:]])) or "nothing"
    where = f"{_number(examination.streams, 'stream')} of {_number(len(examination.files), 'file')}"
    known = f", {len(examination.acknowledged)} acknowledged" if examination.acknowledged else ""
    return f"{what} found in {where}{known}"


def _number(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
