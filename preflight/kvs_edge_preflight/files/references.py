"""What is made elsewhere and stands in a file as ``{Ref: NAME}`` or ``{Fn::ImportValue: EXPORT}``."""

from collections.abc import Mapping
from dataclasses import dataclass

REFERABLE = frozenset({"StreamName", "StreamARN", "hub", "HubDeviceArn", "MediaUriSecretArn"})
"""The fields that take a reference, wherever in a file they are."""
KINDS = ("Ref", "Fn::ImportValue")


@dataclass(frozen=True, slots=True)
class Reference:
    """A reference.

    Attributes:
        kind: ``Ref``: what the app or --reference hands over; ``Fn::ImportValue``: a CloudFormation export.
        name: Of what is handed over, or of the export.
    """

    kind: str
    name: str

    def __str__(self) -> str:
        return f"{{{self.kind}: {self.name}}}"

    @property
    def as_value(self) -> dict[str, str]:
        """As it stands in a file."""
        return {self.kind: self.name}


def reference_in(value: object) -> Reference | None:
    """The reference that a value is, if it is one."""
    if isinstance(value, Mapping) and len(value) == 1:
        ((kind, name),) = value.items()
        if kind in KINDS and isinstance(name, str):
            return Reference(kind, name)
    return None
