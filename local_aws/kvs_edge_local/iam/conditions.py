"""Conditions of a statement: the string operators, which is what least privilege for streams needs.

Source: "IAM JSON policy elements: Condition operators". Whatever is not known here is refused by name, never
taken for true or for false.
"""

from collections.abc import Callable, Mapping, Sequence

from kvs_edge_local.iam.patterns import UnsupportedPolicyError, matches, matches_arn

Context = Mapping[str, str]
"""Condition keys of a request with their values; a key that is absent has no value."""

Conditions = Mapping[str, Mapping[str, str | Sequence[str]]]


def _equals(wanted: str, given: str) -> bool:
    return wanted == given


def _equals_in_any_case(wanted: str, given: str) -> bool:
    return wanted.casefold() == given.casefold()


_OPERATORS: Mapping[str, Callable[[str, str], bool]] = {
    "StringEquals": _equals,
    "StringEqualsIgnoreCase": _equals_in_any_case,
    "StringLike": matches,
    "ArnEquals": matches_arn,
    "ArnLike": matches_arn,
}
_NEGATED = {
    "StringNotEquals": "StringEquals",
    "StringNotEqualsIgnoreCase": "StringEqualsIgnoreCase",
    "StringNotLike": "StringLike",
    "ArnNotEquals": "ArnEquals",
    "ArnNotLike": "ArnLike",
}
_IF_EXISTS = "IfExists"
_NULL = "Null"


def hold(conditions: Conditions, context: Context) -> bool:
    """Tell whether all hold. Raises UnsupportedPolicyError for an operator that is not known here."""
    given = {key.casefold(): value for key, value in context.items()}
    return all(
        _holds(operator, as_list(wanted), given.get(key.casefold()))
        for operator, keys in conditions.items()
        for key, wanted in keys.items()
    )


def as_list(value: str | Sequence[str]) -> Sequence[str]:
    """Make a list of what a policy may write as one string or as several."""
    return [value] if isinstance(value, str) else value


def _holds(operator: str, wanted: Sequence[str], given: str | None) -> bool:
    if operator == _NULL:
        return (given is None) == (str(wanted[0]).lower() == "true")
    plain = operator.removesuffix(_IF_EXISTS)
    compare = _OPERATORS.get(_NEGATED.get(plain, plain))
    if compare is None:
        raise UnsupportedPolicyError(
            f"condition operator {operator!r} is not supported; known are "
            f"{', '.join(sorted([*_OPERATORS, *_NEGATED, _NULL]))}"
        )
    if given is None:
        # A negated operator holds for a key that is not there.
        return operator.endswith(_IF_EXISTS) or plain in _NEGATED
    found = any(compare(each, given) for each in wanted)
    return found != (plain in _NEGATED)
