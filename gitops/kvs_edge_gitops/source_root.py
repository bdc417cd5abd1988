"""The root of a repository, and paths from it, as the platforms of pipelines expect them in reports."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

_CHECKOUTS = ("GITHUB_WORKSPACE", "CI_PROJECT_DIR")
"""Variables with the folder of the checkout in GitHub Actions [workflows, variables reference] and GitLab CI/CD
[predefined variables]."""


@dataclass(frozen=True, slots=True)
class SourceRoot:
    """The root of the repository that holds the examined files.

    Attributes:
        folder: Absolute, without symbolic links.
    """

    folder: Path

    @classmethod
    def of(cls, files: Sequence[Path]) -> "SourceRoot":
        """Return the root of the first file's repository; without files, that of the working directory.

        It is the checkout of the pipeline, if the file is in it; else the closest folder with `.git`; else the working
        directory.
        """
        start = _resolved(files[0]).parent if files else Path.cwd()
        checkouts = (Path(os.environ[name]).resolve() for name in _CHECKOUTS if os.environ.get(name))
        repositories = (folder for folder in (start, *start.parents) if (folder / ".git").exists())
        inside = (checkout for checkout in checkouts if start.is_relative_to(checkout))
        return cls(next(inside, None) or next(repositories, None) or Path.cwd())

    def path(self, file: Path) -> str:
        """Return the file's path from the root, with forward slashes; absolute for a file elsewhere."""
        found = _resolved(file)
        return (found.relative_to(self.folder) if self.holds(file) else found).as_posix()

    def uri(self, file: Path) -> str:
        """Return the path as a URI reference [RFC 3986]; the file's name may have any bytes."""
        name = _quoted(self.path(file))
        return name if self.holds(file) else f"file://{name}"

    def holds(self, file: Path) -> bool:
        """Return whether the file is below the root."""
        return _resolved(file).is_relative_to(self.folder)

    @property
    def own_uri(self) -> str:
        """The root's URI, with the slash at the end that makes others relative to it."""
        return f"file://{_quoted(self.folder.as_posix()).rstrip('/')}/"


def _resolved(file: Path) -> Path:
    """Return the absolute path: symbolic links to folders are followed, one to the file itself is the file."""
    return file.parent.resolve() / file.name


def _quoted(path: str) -> str:
    # A colon in the first part of a relative reference would make it a scheme.
    return quote(os.fsencode(path), safe="/")
