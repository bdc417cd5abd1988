"""Conditions of a statement: the string operators, which suffice for least privilege on streams.

Source: "IAM JSON policy elements: Condition operators". An unknown operator is refused by name, never evaluated as true
or false.
"""

from collections.abc import Callable, Mapping, Sequence

from kvs_edge_local.iam.patterns import UnsupportedPolicyError, matches, matches_arn

Context = Mapping[str, str]
"""Condition keys of a request with their values; an absent key has no value."""

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
    """Return True if all conditions hold. Raise UnsupportedPolicyError for an unknown operator."""
    given = {key.casefold(): value for key, value in context.items()}
    return all(
        _holds(operator, as_list(wanted), given.get(key.casefold()))
        for operator, keys in conditions.items()
        for key, wanted in keys.items()
    )


def as_list(value: str | Sequence[str]) -> Sequence[str]:
    """Return a list: a policy may have one string or several."""
    return [value] if isinstance(value, str) else value


def _holds(operator: str, wanted: Sequence[str], given: str | None) -> bool:
    if operator == _NULL:
        return (given is None) == (str(wanted[0]).lower() == "true")
    plain = operator.removesuffix(_IF_EXISTS)
    compare = _OPERATORS.get(_NEGATED.get(plain, plain))
    if compare is None:
        raise UnsupportedPolicyError(
            f"condition operator {operator!r} is not supported: use one of "
            f"{', '.join(sorted([*_OPERATORS, *_NEGATED, _NULL]))}"
        )
    if given is None:
        # A negated operator holds for an absent key.
        return operator.endswith(_IF_EXISTS) or plain in _NEGATED
    found = any(compare(each, given) for each in wanted)
    return found != (plain in _NEGATED)
