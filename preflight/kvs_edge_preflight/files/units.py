"""Numbers in another unit than that of their field: seconds for hours, bytes for MB, or text such as ``8h``."""

import re
from collections.abc import Mapping

_NUMBER_WITH_UNIT = re.compile(r"(\d+(?:\.\d+)?) *([a-zA-Z/]+)")
_ISO_DURATION = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?")
"""Days, hours, minutes and seconds of ISO 8601."""
_ISO_SECONDS = (86_400, 3600, 60, 1)

_TIME = {
    **dict.fromkeys(("ms", "millisecond"), 1 / 1000),
    **dict.fromkeys(("s", "sec", "second"), 1.0),
    **dict.fromkeys(("m", "min", "minute"), 60.0),
    **dict.fromkeys(("h", "hr", "hour"), 3600.0),
    **dict.fromkeys(("d", "day"), 86_400.0),
    **dict.fromkeys(("w", "week"), 604_800.0),
}
_SIZE = {
    **dict.fromkeys(("b", "byte"), 1 / 2**20),
    **dict.fromkeys(("k", "kb", "kib"), 1 / 2**10),
    **dict.fromkeys(("m", "mb", "mib"), 1.0),
    **dict.fromkeys(("g", "gb", "gib"), 2.0**10),
    **dict.fromkeys(("t", "tb", "tib"), 2.0**20),
}
_RATE = {
    **dict.fromkeys(("b", "bp", "bit", "bit/", "b/"), 1.0),
    **dict.fromkeys(("k", "kbp", "kbit", "kbit/", "kb/"), 1e3),
    **dict.fromkeys(("m", "mbp", "mbit", "mbit/", "mb/"), 1e6),
    **dict.fromkeys(("g", "gbp", "gbit", "gbit/", "gb/"), 1e9),
}
"""Factors by unit, in lower case and without a final s: seconds, MB (1,048,576 bytes) and bits per second."""
_FIELDS: Mapping[str, tuple[Mapping[str, float], float, tuple[str, ...]]] = {
    "InHours": (_TIME, 3600, ("second", "minute", "millisecond")),
    "InSeconds": (_TIME, 1, ("millisecond",)),
    "InMB": (_SIZE, 1, ("byte", "kib")),
    "bit_rate": (_RATE, 1, ()),
}
"""By the end of a field's name: factors, its own unit, and the units that its number may be in, likeliest first."""
_SHOWN = {"byte": "bytes", "kib": "KiB", "second": "seconds", "minute": "minutes", "millisecond": "milliseconds"}


def in_unit(name: str, value: object, minimum: int, maximum: int) -> str | None:
    """Return the number that a field's value probably means, as a hint; None if it is in no known unit.

    Args:
        name: The field; its name ends with its unit.
        value: The invalid value: text with a unit, or a number out of the field's range.
        minimum: The field's smallest number.
        maximum: The field's largest number.
    """
    found = next((units for end, units in _FIELDS.items() if name.endswith(end)), None)
    if found is None or isinstance(value, bool):
        return None
    factors, own, others = found
    if isinstance(value, str):
        number = _meant(value, factors, own)
        return None if number is None or not minimum <= number <= maximum else f"write {number}"
    if not isinstance(value, int) or value <= maximum:
        return None
    for unit in others:
        meant = value * factors[unit] / own
        if meant.is_integer() and minimum <= meant <= maximum:
            return f"if {value} are {_SHOWN[unit]}, write {int(meant)}"
    return None


def _meant(text: str, factors: Mapping[str, float], own: float) -> int | None:
    amount: float | None = None
    if found := _NUMBER_WITH_UNIT.fullmatch(text.strip()):
        factor = factors.get(found[2].lower().removesuffix("s"))
        amount = None if factor is None else float(found[1]) * factor
    elif factors is _TIME and text and (iso := _ISO_DURATION.fullmatch(text)):
        amount = sum(int(part or 0) * seconds for part, seconds in zip(iso.groups(), _ISO_SECONDS, strict=True))
    meant = None if amount is None else amount / own
    return int(meant) if meant is not None and float(meant).is_integer() else None
