"""Faults of a declaration."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """A rule that a declaration breaks.

    Attributes:
        path: The dotted path of the field; empty for the whole.
        value: The value of the field.
        rule: The value and what is valid.
        arn_field: The name of the field that takes an ARN in place of this one, if there is one.
    """

    path: str
    value: object
    rule: str
    arn_field: str | None = None

    @property
    def message(self) -> str:
        """The rule, and where an ARN goes."""
        return self.rule + (f"; an ARN goes into {self.arn_field}" if self.arn_field else "")

    def __str__(self) -> str:
        return f"{self.path or 'the whole'}: {self.message}"


class ConfigurationError(ValueError):
    """A declaration with `faults`."""

    def __init__(self, subject: str, faults: Sequence[Fault]) -> None:
        self.subject = subject
        self.faults = tuple(faults)
        super().__init__(subject + "".join(f"\n  - {fault}" for fault in self.faults))
