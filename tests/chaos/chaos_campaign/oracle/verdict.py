"""One finding of the oracle."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Verdict:
    """A violation, or something that looks like one and cannot be avoided in principle."""

    kind: str
    stream: str
    """The stream that it is about; empty if it is about none in particular."""
    text: str
    at: float
    unavoidable: str = ""
    """Why no handler could have avoided it; empty for a violation (docs/reliability.md, Limits)."""
