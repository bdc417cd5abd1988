"""The capabilities of a terminal or a pipe."""

import shutil
from dataclasses import dataclass
from typing import TextIO

from kvs_edge_gitops.terminal import is_for_people

WIDTH_OF_A_PIPE = 80


@dataclass(frozen=True)
class Screen:
    """The width in characters, and whether the output supports only ASCII, and colours."""

    width: int = WIDTH_OF_A_PIPE
    is_ascii: bool = False
    has_colour: bool = False

    @classmethod
    def of(cls, stream: TextIO) -> "Screen":
        """Return the capabilities of an output."""
        return cls(
            width=shutil.get_terminal_size((WIDTH_OF_A_PIPE, 24)).columns if stream.isatty() else WIDTH_OF_A_PIPE,
            is_ascii=(stream.encoding or "ascii").lower().replace("-", "") != "utf8",
            has_colour=is_for_people(stream),
        )
