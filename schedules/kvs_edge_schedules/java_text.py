"""Text functions of Java that differ from Python's."""

import unicodedata

LARGEST_INT = 2**31 - 1
_LARGEST_CHAR = 0xFFFF
_LONGEST = len(str(LARGEST_INT))


def is_digit(character: str) -> bool:
    """Return whether Character.digit reads one char (a UTF-16 unit) as a decimal digit of some script."""
    return character.isdecimal() and ord(character) <= _LARGEST_CHAR


def parse_int(text: str) -> int | None:
    """Return the result of Integer.parseInt; None if it throws."""
    if text.isascii() and text.isdigit() and len(text) < _LONGEST:
        return int(text)
    significant = _significant(text[1:] if text[:1] in ("+", "-") else text)
    if significant is None or len(significant) > _LONGEST:
        return None
    number = int(significant or "0") * (-1 if text[0] == "-" else 1)
    return number if -LARGEST_INT - 1 <= number <= LARGEST_INT else None


def _significant(digits: str) -> str | None:
    """Return digits of any script in ASCII, without leading zeros; None if there are none, or other characters."""
    if digits.isascii():
        return digits.lstrip("0") if digits.isdigit() else None
    if not all(map(is_digit, digits)):
        return None
    return "".join(str(unicodedata.decimal(digit)) for digit in digits).lstrip("0")


def units(text: str) -> int:
    """Return String.length, in UTF-16 units."""
    return len(text) + sum(ord(character) > _LARGEST_CHAR for character in text)
