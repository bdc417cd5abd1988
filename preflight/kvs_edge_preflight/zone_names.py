"""IANA names that mistyped names of time zones probably mean."""

from functools import lru_cache
from zoneinfo import available_timezones

_CUTOFF = 0.85
_MAX_LENGTH = 50
"""A longer text is no mistyped name, and the comparison takes quadratic time."""


def zone_hint(name: str) -> str:
    """Return the end of a message on an invalid name, such as "; did you mean Europe/Berlin?"; empty without one."""
    meant = probable_zone(name)
    return f"; did you mean {meant}?" if meant else ""


@lru_cache(maxsize=64)
def probable_zone(name: str) -> str | None:
    """Return the IANA name with this city, or the most similar one; None if there is none.

    Only names of the form Area/City count. An abbreviation such as CEST is similar to EST, and GMT+1 to Etc/GMT+1: both
    would be another time.
    """
    if len(name) > _MAX_LENGTH:
        return None
    plain = name.strip().replace(" ", "_").lower()
    by_lower = _cities()
    for lower, zone in by_lower.items():
        if plain in (lower, lower.rpartition("/")[2]):
            return zone
    from difflib import get_close_matches  # correct names need none

    near = get_close_matches(plain, by_lower, n=1, cutoff=_CUTOFF)
    return by_lower[near[0]] if near else None


@lru_cache(maxsize=1)
def _cities() -> dict[str, str]:
    """Return the names by their lower case."""
    return {zone.lower(): zone for zone in sorted(available_timezones()) if "/" in zone and not zone.startswith("Etc/")}
