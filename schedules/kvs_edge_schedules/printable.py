"""Text as an error message shows it."""

_LONGEST = 60


def printable(text: str) -> str:
    """The text with what is not printable ASCII spelled out, and cut where it is long."""
    cut = text if len(text) <= _LONGEST else text[: _LONGEST - 3] + "..."
    return cut if cut.isascii() and cut.isprintable() else ascii(cut)[1:-1]
