"""Sources of an earlier commit, so that a benchmark can measure the build before a change in the same run."""

import os
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

REPOSITORY = Path(__file__).parent.parent


@contextmanager
def source_roots(commit: str, *roots: str) -> Iterator[dict[str, str]]:
    """Give an environment whose Python imports the source roots of a commit.

    Raises:
        SystemExit: this is not a clone, or it does not have the commit.
    """
    archive = subprocess.run(["git", "archive", commit, *roots], cwd=REPOSITORY, capture_output=True, check=False)
    if archive.returncode:
        raise SystemExit(
            f"commit {commit!r} is not available: {archive.stderr.decode().strip()}; fetch it, or give --before"
        )
    with tempfile.TemporaryDirectory(prefix="before-") as folder:
        with tarfile.open(fileobj=BytesIO(archive.stdout)) as sources:
            sources.extractall(folder, filter="data")
        yield {**os.environ, "PYTHONPATH": os.pathsep.join(str(Path(folder, root)) for root in roots)}
