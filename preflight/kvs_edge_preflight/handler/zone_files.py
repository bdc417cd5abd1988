"""Rules of a time zone as a file, from this machine's time zone database."""

from importlib.resources import files
from pathlib import Path
from zoneinfo import TZPATH

_MAGIC = b"TZif"


class ZoneNotFoundError(LookupError):
    """A time zone of which this machine has no rules."""


def read_zone(name: str, folders: tuple[str, ...] | None = None) -> bytes:
    """Return the rules of an IANA time zone in the format TZif.

    Args:
        name: The name, such as Europe/Berlin.
        folders: Folders to search before the package `tzdata`; those of `zoneinfo` by default.

    Raises:
        ZoneNotFoundError: Neither a folder nor the package has the zone.
    """
    for folder in TZPATH if folders is None else folders:
        file = Path(folder) / name
        if file.is_file():
            return _checked(name, file.read_bytes())
    try:
        return _checked(name, files("tzdata").joinpath("zoneinfo", *name.split("/")).read_bytes())
    except (ModuleNotFoundError, OSError):
        raise ZoneNotFoundError(
            f"this machine has no rules of the time zone {name}: install the Python package tzdata"
        ) from None


def _checked(name: str, content: bytes) -> bytes:
    if not content.startswith(_MAGIC):
        raise ZoneNotFoundError(f"the file of the time zone {name} is not in the format TZif: reinstall tzdata")
    return content
