"""What references in files stand for, and what a value of one names."""

from collections.abc import Mapping
from dataclasses import dataclass

from kvs_edge_gitops.aws.access import Aws
from kvs_edge_preflight.files import Reference, stream_field


@dataclass(frozen=True)
class References:
    """Where values come from.

    Attributes:
        aws: Whose exports are imported; it is asked only if a file imports one.
        given: What each {Ref: NAME} stands for.
    """

    aws: Aws
    given: Mapping[str, str]

    def value(self, reference: Reference, region: str) -> str | None:
        """What a reference stands for in a region; None if nobody tells.

        Raises:
            AwsError: AWS can't be asked.
        """
        if reference.kind == "Ref":
            return self.given.get(reference.name)
        return self.aws.exports(region).get(reference.name)


def stream_named_by(value: str) -> Mapping[str, str]:
    """The member of a request that names a stream by its name or its ARN."""
    return {stream_field(value): value}
