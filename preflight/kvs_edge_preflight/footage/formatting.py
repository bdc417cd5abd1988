"""Numbers and instants in the text of a finding."""

from datetime import tzinfo

from kvs_edge_schedules.zone import instant_of

_HOUR = 3600
_BITS_OF_A_GIGABYTE = 8e9


def hours(seconds: float) -> str:
    """Format a span in hours, such as ``15 h``."""
    return f"{_short(seconds / _HOUR)} h"


def hours_per_week(value: float) -> str:
    """Format the loss of an average week."""
    return f"{_short(value)} hours per week"


def instant(seconds: float, zone: tzinfo) -> str:
    """Format an instant in seconds since 1970; the last second of a minute counts as the next minute."""
    return f"{instant_of(int(seconds) + 1).astimezone(zone):%Y-%m-%d %H:%M} {zone}"


def bit_rate(bits_per_second: float) -> str:
    """Format a bit rate in Mbit/s."""
    return f"{_short(bits_per_second / 1e6)} Mbit/s"


def gigabytes(bits: float) -> str:
    """Format an amount of footage in GB of a billion bytes."""
    return f"{_short(bits / _BITS_OF_A_GIGABYTE)} GB"


def count(number: int, noun: str) -> str:
    """Format a number with its noun."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _short(value: float) -> str:
    rounded = f"{value:.1f}" if value >= 1 else f"{value:.2g}"
    return rounded.removesuffix(".0")
