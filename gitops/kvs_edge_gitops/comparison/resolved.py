"""Declared streams without open references, ready to compare with AWS."""

from dataclasses import dataclass

from kvs_edge.configuration import EdgeConfig, Stream, hub_of
from kvs_edge_gitops.paths import relative
from kvs_edge_preflight.files import DeclaredStream


@dataclass(frozen=True, eq=False)
class ResolvedStream:
    """A stream of a file, with every value of its edge configuration known.

    Attributes:
        entry: The entry in the file.
        config: The EdgeConfig, without references and with hubs as ARNs.
        region: The region that the stream is declared for.
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
    """Return FILE:LINE, from the working directory."""
    return f"{relative(entry.file)}:{entry.place().line}"
