"""Numbers on the command line, as types of argparse with messages that name the value and the limits."""

import argparse
import math
import re
from collections.abc import Callable

_HAS_UNIT = re.compile(r"\d[\d.]*\s*[a-zA-Z]+")


def number_of(unit: str, minimum: float, maximum: float) -> Callable[[str], float]:
    """Return a type for a number of a unit, such as seconds, between two limits."""

    def number(text: str) -> float:
        try:
            found = float(text)
        except ValueError:
            found = math.nan
        if not minimum <= found <= maximum:
            unit_hint = "; write it without a unit" if _HAS_UNIT.fullmatch(text) else ""
            raise argparse.ArgumentTypeError(
                f"{text!r:.40} is not a number of {unit} from {minimum:g} to {maximum:g}{unit_hint}"
            )
        return found

    return number


def whole_number(minimum: int, maximum: int) -> Callable[[str], int]:
    """Return a type for a whole number between two limits."""

    def number(text: str) -> int:
        is_whole = text.isascii() and text.removeprefix("-").isdecimal() and len(text) <= len(str(maximum)) + 1
        if not is_whole or not minimum <= int(text) <= maximum:
            raise argparse.ArgumentTypeError(f"{text!r:.40} is not a whole number from {minimum} to {maximum}")
        return int(text)

    return number
