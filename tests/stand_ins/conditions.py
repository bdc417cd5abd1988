"""Conditions of both platforms' jobs and steps: names, texts, ==, !=, && and || only."""

import re
from collections.abc import Callable

_TOKEN = re.compile(r"""\s*(?:(?P<text>'[^']*'|"[^"]*")|(?P<operator>==|!=|&&|\|\|)|(?P<name>\$?[A-Za-z_][\w.-]*))""")
_OPERATORS = {"==": "==", "!=": "!=", "&&": "and", "||": "or"}


def value(expression: str, look_up: Callable[[str], object]) -> object:
    """Return the value of an expression.

    Raises:
        SyntaxError: It contains something unsupported.
    """
    names: list[object] = []
    parts: list[str] = []
    position = 0
    text = expression.strip()
    while position < len(text):
        found = _TOKEN.match(text, position)
        if found is None:
            raise SyntaxError(f"{text[position:]!r} in {expression!r}")
        position = found.end()
        if found["operator"]:
            parts.append(_OPERATORS[found["operator"]])
        else:
            names.append(found["text"][1:-1] if found["text"] else look_up(found["name"]))
            parts.append(f"names[{len(names) - 1}]")
    return eval(" ".join(parts), {"names": names})
