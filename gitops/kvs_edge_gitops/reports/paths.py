"""Files as reports name them."""

import os
from pathlib import Path


def relative(file: Path) -> str:
    """The file from the working directory, with forward slashes; as it was named where it lies elsewhere."""
    if not file.is_absolute() or not file.is_relative_to(Path.cwd()):
        return file.as_posix()
    return file.relative_to(Path.cwd()).as_posix()


def uri(file: Path) -> str:
    """The same as a URI reference [RFC 3986], whatever bytes the file's name has."""
    from urllib.parse import quote

    name = relative(file)
    # A colon in the first part of a relative reference would make it a scheme.
    return ("file://" if name.startswith("/") else "") + quote(os.fsencode(name), safe="/")
