"""Faults of a declaration."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """A rule that a declaration breaks: the path, the value, what is valid, and the field that takes an ARN instead."""

    path: str
    value: object
    rule: str
    arn_field: str | None = None

    @property
    def message(self) -> str:
        """The whole text about the value."""
        return self.rule + (f"; an ARN goes into {self.arn_field}" if self.arn_field else "")

    def __str__(self) -> str:
        return f"{self.path or 'the whole'}: {self.message}"


class ConfigurationError(ValueError):
    """A declaration with `faults`."""

    def __init__(self, subject: str, faults: Sequence[Fault]) -> None:
        self.subject = subject
        self.faults = tuple(faults)
        super().__init__(subject + "".join(f"\n  - {fault}" for fault in self.faults))
