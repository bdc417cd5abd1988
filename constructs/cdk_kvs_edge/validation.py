"""Validation of the construct tree by a function."""

from collections.abc import Callable, Iterable

import jsii
from constructs import IValidation


@jsii.implements(IValidation)
class Validation:
    """Validation that the CDK runs after all Aspects, and before it writes annotations.

    The function returns one sentence per fault.
    """

    def __init__(self, faults: Callable[[], Iterable[str]]) -> None:
        self._faults = faults

    def validate(self) -> list[str]:
        """Return the faults."""
        return list(self._faults())
