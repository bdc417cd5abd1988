"""Paths of files as people see them: from the working directory."""

from pathlib import Path


def relative(file: Path) -> str:
    """Return the path from the working directory, with forward slashes; unchanged for a file elsewhere."""
    if not file.is_absolute() or not file.is_relative_to(Path.cwd()):
        return file.as_posix()
    return file.relative_to(Path.cwd()).as_posix()
