"""The values of references in edge files."""

from collections.abc import Mapping
from dataclasses import dataclass

from kvs_edge_gitops.aws.access import Aws
from kvs_edge_preflight.files import Reference, stream_field


@dataclass(frozen=True)
class References:
    """The sources of values.

    Attributes:
        aws: The session for imported exports; used only if a file imports one.
        given: The value of each {Ref: NAME}.
    """

    aws: Aws
    given: Mapping[str, str]

    def value(self, reference: Reference, region: str) -> str | None:
        """Return the value of a reference in a region, if it has one.

        Raises:
            AwsError: A request fails.
        """
        if reference.kind == "Fn::ImportValue":
            return self.aws.exports(region).get(reference.name)
        return self.given.get(reference.name)


def stream_named_by(value: str) -> Mapping[str, str]:
    """Return the request parameter that names a stream by its name or its ARN."""
    return {stream_field(value): value}
