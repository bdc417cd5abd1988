"""Text of a file, with limits that are checked before any parser runs."""

import re
from bisect import bisect_right
from pathlib import Path

from kvs_edge_preflight.files.codes import FileCode
from kvs_edge_preflight.files.location import FileFault, Place, UnreadableError

MAX_BYTES = 32 * 2**20
MAX_LINES = 500_000
"""Ten thousand streams in one file need about half of this."""

_BYTE_ORDER_MARKS = {
    b"\xff\xfe\x00\x00": "UTF-32",
    b"\x00\x00\xfe\xff": "UTF-32",
    b"\xff\xfe": "UTF-16",
    b"\xfe\xff": "UTF-16",
}
_CONTROL_CHARACTER = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x84\x86-\x9f\ufffe\uffff]")
"""Characters that neither YAML nor JSON allows unescaped."""


def read_text(file: Path) -> str:
    """Read the text of a file; a UTF-8 byte order mark is allowed.

    Raises:
        UnreadableError: It cannot be opened, is too large, or is not UTF-8.
    """
    try:
        with file.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise UnreadableError(FileFault(FileCode.FILE_UNREADABLE, f"cannot be read: {reason}")) from None
    return decode(data)


def decode(data: bytes) -> str:
    """Decode bytes as `read_text` does."""
    if len(data) > MAX_BYTES:
        message = f"is larger than {MAX_BYTES // 2**20} MiB; use one file per hub or site"
        raise UnreadableError(FileFault(FileCode.FILE_TOO_LARGE, message))
    for mark, encoding in _BYTE_ORDER_MARKS.items():
        if data.startswith(mark):
            raise UnreadableError(FileFault(FileCode.ENCODING_NOT_UTF8, f"is {encoding}; save it as UTF-8"))
    if b"\0" in data[:2]:
        message = "is UTF-16 or UTF-32 without a byte order mark; save it as UTF-8"
        raise UnreadableError(FileFault(FileCode.ENCODING_NOT_UTF8, message))
    if data.count(b"\n") >= MAX_LINES and len(lines := data.split(b"\n", MAX_LINES)) > MAX_LINES and lines[-1]:
        message = f"has more than {MAX_LINES} lines; use one file per hub or site"
        raise UnreadableError(FileFault(FileCode.FILE_TOO_LARGE, message, Place(MAX_LINES + 1, 1)))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # The decoder counts from the end of a byte order mark: error.object is what it decoded.
        place = Lines(error.object[: error.start].decode()).end
        message = f"has byte 0x{error.object[error.start]:02x}, which is not UTF-8; save it as UTF-8"
        raise UnreadableError(FileFault(FileCode.ENCODING_NOT_UTF8, message, place)) from None
    if control := _CONTROL_CHARACTER.search(text):
        message = f"has the control character U+{ord(control[0]):04X}; remove it, or write it as an escape in quotes"
        place = Lines(text[: control.start()]).end
        raise UnreadableError(FileFault(FileCode.SYNTAX_NOT_UNDERSTOOD, message, place))
    return text


class Lines:
    """Lines of a text, to convert offsets to places."""

    _BREAK = re.compile(r"\r\n|\r|\n")

    def __init__(self, text: str) -> None:
        self._starts = [0, *(found.end() for found in self._BREAK.finditer(text))]
        self._length = len(text)

    def place(self, offset: int) -> Place:
        """Return the place of the character at an offset."""
        line = bisect_right(self._starts, offset)
        return Place(line, offset - self._starts[line - 1] + 1)

    @property
    def end(self) -> Place:
        """Place after the last character."""
        return self.place(self._length)
