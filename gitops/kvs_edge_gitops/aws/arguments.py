"""The AWS settings that commands share, with the names of the AWS CLI."""

import argparse
from dataclasses import dataclass
from typing import Self

from kvs_edge_gitops.errors import UsageError


def add_aws(parser: argparse.ArgumentParser) -> None:
    """Add --profile, --region and --endpoint-url."""
    aws = parser.add_argument_group("AWS", "The defaults are AWS_PROFILE, AWS_REGION and ~/.aws.")
    aws.add_argument("--profile", metavar="NAME", help="a profile in ~/.aws")
    aws.add_argument("--region", metavar="REGION", help="such as eu-west-1; the region: of a file takes precedence")
    aws.add_argument(
        "--endpoint-url", metavar="URL", help="another endpoint, such as http://localhost:4566 of the local AWS"
    )


@dataclass(frozen=True)
class Settings:
    """The settings of a session; None leaves a setting to the environment and the profile."""

    profile: str | None = None
    region: str | None = None
    endpoint_url: str | None = None

    @classmethod
    def of(cls, options: argparse.Namespace) -> Self:
        """Return the settings of the command line; raise UsageError for a --region without edge configurations."""
        from kvs_edge_preflight.regions import region_fault  # not for --help

        if options.region is not None and (fault := region_fault(options.region)):
            raise UsageError(f"--region: {fault}")
        return cls(options.profile, options.region, options.endpoint_url)
