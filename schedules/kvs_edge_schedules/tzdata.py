"""Release of the time zone database that `zoneinfo` reads."""

import re
from functools import cache
from importlib import import_module
from pathlib import Path
from zoneinfo import TZPATH

_PROBE = "Europe/Berlin"
_RELEASE = re.compile(r"\d{4}[a-z]{1,2}")


@cache
def tzdata_release() -> str:
    """Return the release, such as ``2026b``; ``unknown`` if the system does not say."""
    return release_in(TZPATH)


def release_in(folders: tuple[str, ...]) -> str:
    """Return the release in the first of the folders that has time zones, or else of the package ``tzdata``.

    zoneinfo searches in the same order [https://docs.python.org/3/library/zoneinfo.html#data-sources]. The release
    is in the first line of ``tzdata.zi`` on Linux, and in ``+VERSION`` on macOS and the BSDs.
    """
    for folder in map(Path, folders):
        if (folder / _PROBE).is_file():
            return next((found for name in ("tzdata.zi", "+VERSION") if (found := _release(folder / name))), "unknown")
    try:
        return str(import_module("tzdata").IANA_VERSION)
    except (ImportError, AttributeError):
        return "unknown"


def _release(file: Path) -> str | None:
    try:
        with file.open(encoding="utf-8") as lines:
            found = _RELEASE.search(lines.readline())
    except (OSError, ValueError):
        return None
    return found[0] if found else None
