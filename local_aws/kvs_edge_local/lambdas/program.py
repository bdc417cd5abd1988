"""Program of a worker's process."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Program:
    """Handler in a folder, with environment variables, and the file descriptors for its output and its pauses."""

    task: Path
    handler: str
    variables: Mapping[str, str]
    output: int
    pauses: int
