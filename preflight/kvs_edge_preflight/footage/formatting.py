"""Numbers and instants as they stand in a finding's sentence."""

from datetime import tzinfo

from kvs_edge_schedules.zone import instant_of

_HOUR = 3600
_BITS_OF_A_GIGABYTE = 8e9


def hours(seconds: float) -> str:
    """A span in hours, such as ``15 h``."""
    return f"{_short(seconds / _HOUR)} h"


def hours_per_week(value: float) -> str:
    """What is lost in an average week."""
    return f"{_short(value)} hours per week"


def instant(seconds: float, zone: tzinfo) -> str:
    """Date, time and time zone of an instant in seconds since 1970; the last second of a minute is the next one's."""
    return f"{instant_of(int(seconds) + 1).astimezone(zone):%Y-%m-%d %H:%M} {zone}"


def bit_rate(bits_a_second: float) -> str:
    """A bit rate in Mbit/s."""
    return f"{_short(bits_a_second / 1e6)} Mbit/s"


def gigabytes(bits: float) -> str:
    """An amount of footage in GB of a billion bytes."""
    return f"{_short(bits / _BITS_OF_A_GIGABYTE)} GB"


def count(number: int, noun: str) -> str:
    """A number with its noun."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _short(value: float) -> str:
    rounded = f"{value:.1f}" if value >= 1 else f"{value:.2g}"
    return rounded.removesuffix(".0")
