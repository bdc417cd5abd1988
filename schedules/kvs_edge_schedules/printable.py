"""Text for error messages."""

_LONGEST = 60


def printable(text: str) -> str:
    """Return the text with non-printable and non-ASCII characters escaped, and long text truncated."""
    cut = text if len(text) <= _LONGEST else text[: _LONGEST - 3] + "..."
    return cut if cut.isascii() and cut.isprintable() else ascii(cut)[1:-1]
