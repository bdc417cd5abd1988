"""Differences between two edge configurations, field by field."""

from dataclasses import dataclass

from kvs_edge.configuration import DOCUMENTED_DEFAULTS, EdgeConfig, leaves


@dataclass(frozen=True)
class Difference:
    """A field that differs between two configurations; None means absent.

    Attributes:
        field: Its path in the EdgeConfig, such as DeletionConfig.EdgeRetentionInHours.
    """

    field: str
    observed: object
    desired: object


def differences(observed: EdgeConfig, desired: EdgeConfig) -> tuple[Difference, ...]:
    """Return what changes if the desired configuration replaces the observed one.

    Declared fields come first, in their order, then fields that are no longer declared.
    """
    there, declared = dict(leaves(observed)), dict(leaves(desired))
    other = [
        Difference(field, there.get(field), value)
        for field, value in declared.items()
        if field not in there or there[field] != value
    ]
    gone = [
        Difference(field, value, None)
        for field, value in there.items()
        if field not in declared and DOCUMENTED_DEFAULTS.get(field) != value
    ]
    return (*other, *gone)
