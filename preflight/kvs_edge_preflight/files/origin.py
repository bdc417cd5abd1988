"""Origin of a declaration in a CloudFormation template."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from kvs_edge_preflight.files.location import Step
from kvs_edge_preflight.files.references import Reference


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Origin:
    """Resource of a template that declares a stream.

    Attributes:
        logical_id: Logical id of the custom resource.
        construct: Path of its construct in the app, such as ``Site/Entrance/Resource``; None without the CDK.
        stack: Name of the stack, if it is known; None for a template by itself and for a nested stack.
        unknown: Values that are known only at deployment, by path in the entry.
    """

    logical_id: str
    construct: str | None = None
    stack: str | None = None
    unknown: Mapping[tuple[Step, ...], Reference] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """Path of the construct, or the logical id."""
        return self.construct or self.logical_id
