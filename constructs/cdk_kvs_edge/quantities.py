"""Durations and sizes of the CDK as numbers of the API, and the text in which a message shows them."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from aws_cdk import Duration, Size, SizeRoundingBehavior

_SECONDS_PER_MINUTE = 60


@dataclass(frozen=True)
class Unit:
    """Unit of a number in the API.

    Attributes:
        kind: The CDK's class of such a quantity.
        name: Name of the unit, in the plural.
        factory: Method that makes a quantity of a number in this unit.
        convert: Conversion of a quantity to a number in this unit, perhaps with decimals. It raises RuntimeError for a
            token in another unit.
        typical: A typical number.
    """

    kind: type[Duration] | type[Size]
    name: str
    factory: str
    convert: Callable[[Any], float]
    typical: int

    def suggestion(self, value: object) -> str:
        """Return the quantity that was probably meant by a value of another type."""
        if type(value) is not int or value <= 0:
            return f"{self.factory}({self.typical})"
        if self is SECONDS and value < _SECONDS_PER_MINUTE:
            # Each duration that the API has in seconds is a minute or longer.
            return f"Duration.minutes({value})"
        return f"{self.factory}({value})"

    def whole(self, quantity: Any) -> str:
        """Return the next greater quantity that is whole in this unit, as Python code."""
        return f"{self.factory}({math.ceil(self.convert(quantity))})"


SECONDS = Unit(Duration, "seconds", "Duration.seconds", lambda given: given.to_seconds(integral=False), 1800)
HOURS = Unit(Duration, "hours", "Duration.hours", lambda given: given.to_hours(integral=False), 24)
MEBIBYTES = Unit(
    Size,
    "mebibytes",
    "Size.mebibytes",
    lambda given: given.to_mebibytes(rounding=SizeRoundingBehavior.NONE),
    2048,
)


def shown_quantity(quantity: Duration | Size) -> str:
    """Return a duration or a size as a message shows it."""
    if quantity.is_unresolved():
        return "a token"
    if isinstance(quantity, Duration):
        return str(quantity.to_human_string())
    return f"{MEBIBYTES.convert(quantity):.10g} {MEBIBYTES.name}"
