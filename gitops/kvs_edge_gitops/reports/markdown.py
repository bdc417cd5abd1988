"""Escaped Markdown, and comments within the size limit."""

import re
from collections.abc import Iterable

from kvs_edge_gitops.terminal import printable

LIMIT = 65_000
"""Bytes. GitHub accepts 65,536 characters in a comment or an issue, and a workflow may add a line of its own."""
_OMITTED = "\n{count} more {entries} omitted: the comment is at its size limit. `{command}` shows all.\n"
_RESERVED = 200
"""Bytes that are kept free for that sentence, and for the closing of a part."""
_MARKS = re.compile(r"([!-&(-+:<-@\[-`{-~])")
_MENTIONS = re.compile(r"(\\[@#])")


def prose(text: str) -> str:
    """Return the text escaped: it cannot become emphasis, a link, HTML, a table cell or a mention."""
    return _MENTIONS.sub(r"\1<!-- -->", _MARKS.sub(r"\\\1", printable(text)))


def fence_for(text: str) -> str:
    """Return a code fence that the text does not close."""
    longest = max(map(len, re.findall(r"`+", text)), default=0)
    return "`" * max(3, longest + 1)


class Comment:
    """A comment of whole entries up to the size limit; earlier parts take precedence.

    Args:
        head: The first part.
        command: The command that shows all entries.
    """

    def __init__(self, head: str, command: str) -> None:
        self._command = command
        self._parts = [head]
        self._free = LIMIT - _RESERVED - _size(head)
        self._omitted = 0

    def add(self, opening: str, entries: Iterable[str], closing: str) -> None:
        """Add a part with as many of its entries as fit; without entries, add nothing."""
        taken: list[str] = []
        free = self._free - _size(opening) - _size(closing)
        for entry in entries:
            free -= _size(entry)
            # After the first omitted entry, all others are omitted: a shorter one would hide the gap.
            if free < 0 or self._omitted:
                self._omitted += 1
            else:
                taken.append(entry)
        if taken:
            added = f"{opening}{''.join(taken)}{closing}"
            self._parts.append(added)
            self._free -= _size(added)

    @property
    def text(self) -> str:
        """The comment, with a sentence on omitted entries."""
        if not self._omitted:
            return "".join(self._parts)
        entries = "entry is" if self._omitted == 1 else "entries are"
        return "".join(self._parts) + _OMITTED.format(
            count=f"{self._omitted:,}", entries=entries, command=self._command
        )


def _size(text: str) -> int:
    return len(text.encode("utf-8", "backslashreplace"))
