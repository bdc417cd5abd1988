"""Paths of files as reports show them."""

import os
from pathlib import Path


def relative(file: Path) -> str:
    """Return the path from the working directory, with forward slashes; unchanged for a file elsewhere."""
    if not file.is_absolute() or not file.is_relative_to(Path.cwd()):
        return file.as_posix()
    return file.relative_to(Path.cwd()).as_posix()


def uri(file: Path) -> str:
    """Return the relative path as a URI reference [RFC 3986]; the file's name may have any bytes."""
    from urllib.parse import quote

    name = relative(file)
    # A colon in the first part of a relative reference would make it a scheme.
    return ("file://" if name.startswith("/") else "") + quote(os.fsencode(name), safe="/")
