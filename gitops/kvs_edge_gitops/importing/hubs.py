"""The hubs that are asked for: by ARN or by name, all of one region and account."""

import re
from collections.abc import Sequence
from dataclasses import replace

from kvs_edge import schema
from kvs_edge_gitops.aws.access import Aws
from kvs_edge_gitops.aws.arguments import Settings
from kvs_edge_gitops.cli import UsageError

_REGION, _ACCOUNT = 3, 4
"""Parts of an ARN."""
_NAME = re.compile(r"[a-zA-Z0-9_.-]{1,128}")


def hubs_given(given: Sequence[str]) -> tuple[str, ...]:
    """The hubs of the command line, each once.

    Raises:
        UsageError: One is neither an ARN nor a name.
    """
    pattern = schema.load()["definitions"]["EdgeConfig"]["properties"]["HubDeviceArn"]["pattern"]
    for hub in given:
        if not (_NAME.fullmatch(hub) or re.match(pattern, hub)):
            raise UsageError(
                f"{hub!r:.120} is no hub: give its ARN, arn:aws:iot:REGION:ACCOUNT:thing/NAME, or its name as an"
                " IoT thing"
            )
    return tuple(dict.fromkeys(given))


def region_of(hubs: Sequence[str], stated: str | None) -> str | None:
    """The one region of the hubs; that which is stated, where all of them are given by name.

    Raises:
        UsageError: They are in several, or in another one than is stated.
    """
    regions = _parts(hubs, _REGION)
    if len(regions) > 1:
        raise UsageError(
            f"the hubs are in {' and '.join(regions)}, and a file is for one region: import each by itself"
        )
    if regions and stated not in {None, *regions}:
        raise UsageError(f"the hub {_first_arn(hubs)} is in {regions[0]}, and --region says {stated}: leave it out")
    return regions[0] if regions else stated


def asked(hubs: Sequence[str], settings: Settings) -> tuple[Aws, list[str]]:
    """The AWS that has the hubs, and their ARNs. The region of an ARN goes before that of the environment.

    Raises:
        UsageError: They are in another account than the credentials, in several, or in another region than stated.
        AwsError: AWS can't be asked.
    """
    aws = Aws(replace(settings, region=region_of(hubs, settings.region)))
    aws.edge()  # refuses a region without the API before any other service is asked there
    for account in _parts(hubs, _ACCOUNT):
        if account != aws.account:
            raise UsageError(
                f"the hub {next(hub for hub in hubs if f':{account}:' in hub)} is in the account {account}, and the"
                f" credentials are of {aws.account}: use those of {account}, with --profile say"
            )
    return aws, aws.hub_arns(hubs)


def _parts(hubs: Sequence[str], part: int) -> list[str]:
    return list(dict.fromkeys(hub.split(":")[part] for hub in hubs if hub.startswith("arn:")))


def _first_arn(hubs: Sequence[str]) -> str:
    return next(hub for hub in hubs if hub.startswith("arn:"))
