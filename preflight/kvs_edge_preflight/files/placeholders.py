"""Placeholders of templates, which must be filled in before a file is read."""

import re

_OPENING = re.compile(r"\{\{|\{%|<%|\$\{|\$\(")


def placeholder_in(text: str) -> str | None:
    """Return the mark that opens a placeholder of Jinja, Helm, ERB or a shell; None if there is none."""
    found = _OPENING.search(text)
    return found[0] if found else None
