"""What can be wrong with a declaration."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """One rule that a declaration breaks: where, with which value, and what would be right."""

    path: str
    value: object
    rule: str

    def __str__(self) -> str:
        return f"{self.path or 'the whole'}: {self.rule}"


class ConfigurationError(ValueError):
    """A declaration that breaks rules; `faults` holds each of them."""

    def __init__(self, subject: str, faults: Sequence[Fault]) -> None:
        self.subject = subject
        self.faults = tuple(faults)
        super().__init__(subject + "".join(f"\n  - {fault}" for fault in self.faults))
