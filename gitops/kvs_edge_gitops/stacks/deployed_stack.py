"""A deployed stack, with the edge configurations and streams that its template declares."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_FILE = re.compile(r" as (\S+\.(?:yaml|yml|json)) declares it$")
"""The end of the description of a stack that `EdgeFleet` created."""


@dataclass(frozen=True, eq=False)
class StackSummary:
    """A stack of DescribeStacks.

    Attributes:
        stack_id: Its ARN.
        parameters: The values of its parameters.
    """

    name: str
    stack_id: str
    region: str
    status: str
    description: str = ""
    parameters: Mapping[str, str] = field(default_factory=dict)

    @property
    def file_stem(self) -> str | None:
        """The name, without its suffix, of the file for which a fleet created the stack."""
        match = _FILE.search(self.description)
        return None if match is None else Path(match[1]).stem

    def may_be_of(self, file: Path) -> bool:
        """Return whether the stack looks like that of a file, by its description or else by its name."""
        return self.file_stem == file.stem or (self.file_stem is None and self.is_named_after(file))

    @property
    def has_failed(self) -> bool:
        """True if its last operation failed, was rolled back, or is being rolled back."""
        return self.status.endswith("_FAILED") or "ROLLBACK" in self.status

    def is_named_after(self, file: Path) -> bool:
        """Return whether the stack's name ends with the file's, as with a fleet in stacks of its own."""
        return self.name == file.stem or self.name.endswith(f"-{file.stem}")


@dataclass(frozen=True, eq=False)
class DeployedResource:
    """An edge configuration in a deployed template.

    Attributes:
        stack: The stack's name.
        stream: The stream's name; None if only CloudFormation knows it.
        properties: The properties, with `Unknown` for values that only CloudFormation knows.
        is_retained: Whether the handler keeps the configuration when the resource is removed.
    """

    stack: str
    logical_id: str
    stream: str | None
    properties: Mapping[str, Any]
    is_retained: bool


@dataclass(frozen=True, eq=False)
class DeployedStack:
    """A stack and what its template declares.

    Attributes:
        resources: The edge configurations.
        streams: The names of the streams that the stack created.
    """

    summary: StackSummary
    resources: Sequence[DeployedResource]
    streams: frozenset[str]

    @property
    def name(self) -> str:
        """The stack's name."""
        return self.summary.name

    @property
    def region(self) -> str:
        """The stack's region."""
        return self.summary.region
