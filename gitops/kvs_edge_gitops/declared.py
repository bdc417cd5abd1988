"""A stream of the files as a value that can be held against what AWS has."""

from dataclasses import dataclass

from kvs_edge.configuration import EdgeConfig, Stream, hub_of
from kvs_edge_gitops.reports.paths import relative
from kvs_edge_preflight.files import DeclaredStream


@dataclass(frozen=True, eq=False)
class Declared:
    """A stream of a file, with all that its edge configuration is made of known.

    Attributes:
        entry: Where it stands, and what else is stated of it.
        config: The EdgeConfig, without references or names to fill in.
        region: Where it is to be.
    """

    entry: DeclaredStream
    stream: Stream
    config: EdgeConfig
    region: str

    @property
    def hub(self) -> str:
        """The ARN of its hub."""
        return hub_of(self.config)

    @property
    def place(self) -> str:
        """FILE:LINE, from the working directory."""
        return place_of_entry(self.entry)


def place_of_entry(entry: DeclaredStream) -> str:
    """FILE:LINE, from the working directory."""
    return f"{relative(entry.file)}:{entry.place().line}"
