"""Markdown of text that somebody else wrote, and comments that fit."""

import re
from collections.abc import Iterable

from kvs_edge_gitops.terminal import printable

LIMIT = 65_000
"""Bytes; GitHub takes 65,536 characters a comment, and a workflow may add a line of its own."""
_LEFT_OUT = "\n{count} more {entries} left out: a comment holds no more. `kvs-edge plan` tells them all.\n"
_FOR_THE_END = 200
"""Bytes that are kept free for it, and for what closes a part."""
_MARKS = re.compile(r"([!-&(-+:<-@\[-`{-~])")
_MENTIONS = re.compile(r"(\\[@#])")


def prose(text: str) -> str:
    """The text as it stands: no emphasis, link, HTML, table cell or mention comes of it."""
    return _MENTIONS.sub(r"\1<!-- -->", _MARKS.sub(r"\\\1", printable(text)))


def fence_for(text: str) -> str:
    """A code fence that the text does not end."""
    longest = max(map(len, re.findall(r"`+", text)), default=0)
    return "`" * max(3, longest + 1)


class Comment:
    """A comment in parts of whole entries, until it is full; what comes first stays."""

    def __init__(self, head: str) -> None:
        self._parts = [head]
        self._free = LIMIT - _FOR_THE_END - _size(head)
        self._left_out = 0

    def add(self, opening: str, entries: Iterable[str], closing: str) -> None:
        """Add a part, if it has entries: as many of them as there is room for."""
        taken: list[str] = []
        free = self._free - _size(opening) - _size(closing)
        for entry in entries:
            free -= _size(entry)
            # Once one had to be left out, so have all after it: a shorter one would look as if nothing were missing.
            if free < 0 or self._left_out:
                self._left_out += 1
            else:
                taken.append(entry)
        if taken:
            added = f"{opening}{''.join(taken)}{closing}"
            self._parts.append(added)
            self._free -= _size(added)

    @property
    def text(self) -> str:
        """All of it, with a sentence on what is missing."""
        if not self._left_out:
            return "".join(self._parts)
        entries = "entry is" if self._left_out == 1 else "entries are"
        return "".join(self._parts) + _LEFT_OUT.format(count=f"{self._left_out:,}", entries=entries)


def _size(text: str) -> int:
    return len(text.encode("utf-8", "backslashreplace"))
