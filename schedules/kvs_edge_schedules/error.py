"""Error of a rejected schedule."""

from enum import StrEnum
from typing import Self


class Leniency(StrEnum):
    """Reason to reject an expression that Quartz accepts: it breaks the scheduler, or has another meaning."""

    explanation: str

    def __new__(cls, code: str, explanation: str) -> Self:
        """Create the member whose value is its code; `explanation` says what Quartz does."""
        member = str.__new__(cls, code)
        member._value_ = code
        member.explanation = explanation
        return member

    NEVER_ENDS = (
        "never-ends",
        "Quartz searches for the next fire time forever: the hub's scheduler hangs.",
    )
    TOO_MANY_VALUES = (
        "too-many-values",
        "Quartz stores each value of a range: the hub runs out of memory.",
    )
    NO_VALUES = (
        "no-values",
        "The field has no values: Quartz throws, or finds no fire time.",
    )
    TEXT_IGNORED = (
        "text-ignored",
        "Quartz stops reading a field early and drops the rest.",
    )
    FIELDS_IGNORED = (
        "fields-ignored",
        "Quartz drops everything after the seventh field.",
    )
    ITEMS_IGNORED = (
        "items-ignored",
        "In a list with W, # or ?, Quartz uses one item and drops the others.",
    )
    EMPTY_ITEM = (
        "empty-item",
        "Quartz skips an empty item of a list, as in 1,,2.",
    )
    MAGIC_NUMBER = (
        "magic-number",
        "99 and 98 are Quartz's own codes for * and ?, so it reads them as those.",
    )
    ODD_STEP = (
        "odd-step",
        "A step below 1, or larger than its field: Quartz uses only the first value, or every value.",
    )
    ODD_NUMBER = (
        "odd-number",
        "A number outside its field's range that Quartz does not check, a sign, or a missing number.",
    )
    ODD_LAST = (
        "odd-last",
        "A day-of-month form of L in the day of week, which Quartz reads as Saturday.",
    )
    YEAR_OUT_OF_REACH = (
        "year-out-of-reach",
        "A year before 1970, or later than Quartz searches.",
    )
    ODD_CHARACTER = (
        "odd-character",
        "A character outside printable ASCII that Quartz folds, skips or reads as a digit.",
    )


class ScheduleError(ValueError):
    """Rejected schedule. The message names the field, the value and the fix.

    Attributes:
        quartz_valid: True if Quartz 2.3.2 itself accepts the expression.
        leniency: Reason to reject what Quartz accepts; None if Quartz rejects it too, or is not concerned.
        meant: Whole valid expression that was probably meant, with which the message ends; None where that is not sure.
    """

    def __init__(self, message: str, *, leniency: Leniency | None = None, meant: str | None = None) -> None:
        super().__init__(message if meant is None else f'{message}; probably meant: "{meant}"')
        self.leniency = leniency
        self.meant = meant
        self.quartz_valid = leniency is not None
