"""References to resources that are created elsewhere: ``{Ref: NAME}`` and ``{Fn::ImportValue: EXPORT}``."""

from collections.abc import Mapping
from dataclasses import dataclass

REFERABLE = frozenset({"StreamName", "StreamARN", "hub", "HubDeviceArn", "MediaUriSecretArn"})
"""Fields that accept a reference, anywhere in a file."""
KINDS = ("Ref", "Fn::ImportValue")
"""Kinds that an edge file accepts. Values of a template may depend on any intrinsic function."""


@dataclass(frozen=True, slots=True)
class Reference:
    """Reference in a file.

    Attributes:
        kind: ``Ref``: a value from the app or --reference; ``Fn::ImportValue``: a CloudFormation export. In a template
            also other intrinsic functions.
        name: Name of the value or of the export; for ``Fn::GetAtt`` RESOURCE.ATTRIBUTE, for ``Fn::Sub`` the text.
    """

    kind: str
    name: str

    def __str__(self) -> str:
        return f"{{{self.kind}: {self.name}}}"

    @property
    def as_value(self) -> dict[str, str]:
        """Reference as written in a file."""
        return {self.kind: self.name}


def reference_in(value: object) -> Reference | None:
    """Return the value as a reference, or None."""
    if isinstance(value, Mapping) and len(value) == 1:
        ((kind, name),) = value.items()
        if isinstance(name, str) and (kind in {"Ref", "Condition"} or kind.startswith("Fn::")):
            return Reference(kind, name)
    return None
