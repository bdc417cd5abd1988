"""Plain scalars that YAML 1.1 and YAML 1.2 read differently.

PyYAML, and with it the CDK in Python, reads YAML 1.1; most editors and linters read YAML 1.2. ``024`` is 20 to one and
24 to the other.

Sources: YAML 1.2.2, 10.3.2 "Tag Resolution" of the core schema [https://yaml.org/spec/1.2.2/#103-core-schema]; YAML
1.1, "Boolean Language-Independent Type" [https://yaml.org/type/bool.html], whose single letters PyYAML reads as text.
"""

import re
from datetime import date

Scalar = str | int | float | bool | date | None

_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_BOOLEANS = {text: word == "true" for word in ("true", "false") for text in (word, word.title(), word.upper())}
_DECIMAL = re.compile(r"[-+]?[0-9]+")
_OCTAL = re.compile(r"0o[0-7]+")
_HEXADECIMAL = re.compile(r"0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_INFINITY = re.compile(r"[-+]?\.(inf|Inf|INF)")
_NOT_A_NUMBER = frozenset({".nan", ".NaN", ".NAN"})
_LETTERS = {"y": True, "Y": True, "n": False, "N": False}
"""Booleans of YAML 1.1 that PyYAML does not know."""
_FIRST = frozenset("+-.0123456789~nNtTfFyY")
"""First characters of plain scalars that either version may read as something other than text."""
_MAX_DIGITS = 4000
"""Python's limit for a number in text is 4300; longer text stays text, which no field takes."""


def core_value(text: str) -> Scalar:
    """Return the value of a plain scalar by the core schema of YAML 1.2."""
    if text in _NULL:
        return None
    if text in _BOOLEANS:
        return _BOOLEANS[text]
    return text if len(text) > _MAX_DIGITS else _number(text)


def ambiguity(text: str, value: Scalar, *, is_key: bool = False) -> str | None:
    """Return what is wrong with a plain scalar, and the fix; None if YAML 1.1 and 1.2 read it alike.

    Args:
        text: The scalar as it is in the file.
        value: Its value in YAML 1.1.
        is_key: Whether it is a key of a mapping, which is always text.
    """
    if text and text[0] not in _FIRST and isinstance(value, str):
        return None  # the usual case, in a tenth of the time
    newer = core_value(text)
    older = _LETTERS.get(text, value) if isinstance(value, str) else value
    if _same(older, newer):
        return None
    problem = f"{text:.60} is {_shown(older)} in YAML 1.1, and {_shown(newer)} in YAML 1.2, which editors read"
    literals = " or ".join(dict.fromkeys(filter(None, (_literal(older), _literal(newer)))))
    quoted = f'write "{text:.60}" in quotes'
    if is_key or not literals:
        return f"{problem}; {quoted}"
    return f"{problem}; write {literals}; for text, {quoted}"


def _number(text: str) -> Scalar:
    if _DECIMAL.fullmatch(text):
        return int(text)
    if _OCTAL.fullmatch(text):
        return int(text[2:], 8)
    if _HEXADECIMAL.fullmatch(text):
        return int(text, 16)
    if _FLOAT.fullmatch(text) or _INFINITY.fullmatch(text) or text in _NOT_A_NUMBER:
        return float(text.lower().replace(".inf", "inf").replace(".nan", "nan"))
    return text


def _same(older: Scalar, newer: Scalar) -> bool:
    return type(older) is type(newer) and (
        older == newer or repr(older) == repr(newer)
    )  # repr: NaN differs from itself


def _shown(value: Scalar) -> str:
    if isinstance(value, str):
        return "text"
    if isinstance(value, date):
        return "a date"
    return _literal(value) or f"the number {value}"


def _literal(value: Scalar) -> str | None:
    """Return a value that both versions read alike; None for text, dates and fractions, which no field takes."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value) if isinstance(value, int) else None
