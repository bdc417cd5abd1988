"""The hubs of the command line: by ARN or by name, all in one region and account."""

import re
from collections.abc import Sequence
from dataclasses import replace

from kvs_edge import schema
from kvs_edge_gitops.aws.access import Aws
from kvs_edge_gitops.aws.arguments import Settings
from kvs_edge_gitops.errors import UsageError

_REGION, _ACCOUNT = 3, 4
"""The positions in an ARN."""
_NAME = re.compile(r"[a-zA-Z0-9_.-]{1,128}")


def hubs_given(given: Sequence[str]) -> tuple[str, ...]:
    """Return the hubs of the command line without duplicates.

    Raises:
        UsageError: A hub is neither an ARN nor a name.
    """
    pattern = schema.load()["definitions"]["EdgeConfig"]["properties"]["HubDeviceArn"]["pattern"]
    for hub in given:
        if not (_NAME.fullmatch(hub) or re.match(pattern, hub)):
            raise UsageError(
                f"{hub!r:.120} is not a hub: give its ARN, arn:aws:iot:REGION:ACCOUNT:thing/NAME, or its name as an"
                " IoT thing"
            )
    return tuple(dict.fromkeys(given))


def region_of(hubs: Sequence[str], stated: str | None) -> str | None:
    """Return the region of the hubs; the stated region if all hubs are given by name.

    Raises:
        UsageError: The hubs are in several regions, or not in the stated region.
    """
    regions = _parts(hubs, _REGION)
    if len(regions) > 1:
        raise UsageError(
            f"the hubs are in {' and '.join(regions)}, and a file is for one region: import each separately"
        )
    if regions and stated not in {None, *regions}:
        raise UsageError(f"the hub {_first_arn(hubs)} is in {regions[0]}, and --region is {stated}: remove --region")
    return regions[0] if regions else stated


def session_for(hubs: Sequence[str], settings: Settings) -> tuple[Aws, list[str]]:
    """Return a session for the hubs, and their ARNs. The region of an ARN takes precedence over the environment.

    Raises:
        UsageError: The hubs are not in the account of the credentials, in several regions, or not in the stated one.
        AwsError: A request fails.
    """
    aws = Aws(replace(settings, region=region_of(hubs, settings.region)))
    aws.edge()  # fails for a region without the API before any other request goes there
    for account in _parts(hubs, _ACCOUNT):
        if account != aws.account:
            raise UsageError(
                f"the hub {next(hub for hub in hubs if f':{account}:' in hub)} is in account {account}, and the"
                f" credentials are for {aws.account}: use credentials of {account} (--profile)"
            )
    return aws, aws.hub_arns(hubs)


def _parts(hubs: Sequence[str], part: int) -> list[str]:
    return list(dict.fromkeys(hub.split(":")[part] for hub in hubs if hub.startswith("arn:")))


def _first_arn(hubs: Sequence[str]) -> str:
    return next(hub for hub in hubs if hub.startswith("arn:"))
