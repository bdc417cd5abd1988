"""What is said of a schedule that is not taken."""

from enum import StrEnum
from typing import Self


class Leniency(StrEnum):
    """Why an expression that Quartz accepts is refused here: it breaks the scheduler, or says something else."""

    explanation: str

    def __new__(cls, code: str, explanation: str) -> Self:
        """A member is its code; `explanation` says what Quartz does."""
        member = str.__new__(cls, code)
        member._value_ = code
        member.explanation = explanation
        return member

    NEVER_ENDS = (
        "never-ends",
        "Quartz searches for the next fire time for ever: the hub's scheduler hangs.",
    )
    TOO_MANY_VALUES = (
        "too-many-values",
        "Quartz keeps each value of a range apart: the hub runs out of memory.",
    )
    NO_VALUES = (
        "no-values",
        "The field is left empty: Quartz throws, or finds no fire time, whenever it is asked for one.",
    )
    TEXT_IGNORED = (
        "text-ignored",
        "Quartz stops reading a field where it has understood enough, and drops the rest.",
    )
    FIELDS_IGNORED = (
        "fields-ignored",
        "Quartz drops everything after the seventh field.",
    )
    ITEMS_IGNORED = (
        "items-ignored",
        "In a list with W, # or ?, Quartz honours one item and drops the others.",
    )
    EMPTY_ITEM = (
        "empty-item",
        "Quartz skips an empty item of a list, as in 1,,2.",
    )
    MAGIC_NUMBER = (
        "magic-number",
        "Quartz's own marks for * and ?, 99 and 98, are taken as numbers of a field.",
    )
    ODD_STEP = (
        "odd-step",
        "A step of nothing, or longer than its field: Quartz takes the first value alone, or every value.",
    )
    ODD_NUMBER = (
        "odd-number",
        "A number out of its field's range that Quartz does not check, a sign, or a number left out.",
    )
    ODD_LAST = (
        "odd-last",
        "A form of L for days of the month in the day of week, where Quartz takes all of it for Saturday.",
    )
    YEAR_OUT_OF_REACH = (
        "year-out-of-reach",
        "A year before 1970, or so far off that Quartz no longer looks for it.",
    )
    ODD_CHARACTER = (
        "odd-character",
        "A character outside printable ASCII that Quartz folds, skips, or takes for a digit.",
    )


class ScheduleError(ValueError):
    """A schedule that is not taken. The message names the field, the value and the fix.

    Attributes:
        quartz_valid: whether Quartz 2.3.2 itself accepts the expression.
        leniency: why we refuse what Quartz accepts; None where Quartz refuses too, or none was asked.
    """

    def __init__(self, message: str, *, leniency: Leniency | None = None) -> None:
        super().__init__(message)
        self.leniency = leniency
        self.quartz_valid = leniency is not None
