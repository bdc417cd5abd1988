"""Faults of a declaration."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """A rule that a declaration breaks: the path, the value, and what is valid."""

    path: str
    value: object
    rule: str

    def __str__(self) -> str:
        return f"{self.path or 'the whole'}: {self.rule}"


class ConfigurationError(ValueError):
    """A declaration with `faults`."""

    def __init__(self, subject: str, faults: Sequence[Fault]) -> None:
        self.subject = subject
        self.faults = tuple(faults)
        super().__init__(subject + "".join(f"\n  - {fault}" for fault in self.faults))
