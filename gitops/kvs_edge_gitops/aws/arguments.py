"""The AWS settings that commands share, named as the AWS CLI names them."""

import argparse
from dataclasses import dataclass
from typing import Self


def add_aws(parser: argparse.ArgumentParser) -> None:
    """Which AWS to ask, where the environment and the profile do not say it already."""
    aws = parser.add_argument_group("AWS", "Without these, what AWS_PROFILE, AWS_REGION and ~/.aws say.")
    aws.add_argument("--profile", metavar="NAME", help="a profile of ~/.aws")
    aws.add_argument("--region", metavar="REGION", help="such as eu-west-1; a file's own region goes before")
    aws.add_argument("--endpoint-url", metavar="URL", help="another AWS, such as the local one's http://localhost:4566")


@dataclass(frozen=True)
class Settings:
    """Which AWS to ask; None leaves it to the environment and the profile."""

    profile: str | None = None
    region: str | None = None
    endpoint_url: str | None = None

    @classmethod
    def of(cls, options: argparse.Namespace) -> Self:
        """What the command line gives."""
        return cls(options.profile, options.region, options.endpoint_url)
