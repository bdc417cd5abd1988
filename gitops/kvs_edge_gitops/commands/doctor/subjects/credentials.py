"""The check of credentials and region."""

from kvs_edge_gitops.aws.failures import NO_REGION
from kvs_edge_gitops.commands.doctor.check import Result, State, good
from kvs_edge_gitops.commands.doctor.site import Site
from kvs_edge_gitops.errors import AwsError
from kvs_edge_gitops.exit_codes import AWS_FAILED
from kvs_edge_preflight.regions import region_fault

_BLOCKS = "needs AWS credentials and a region"


def check(site: Site) -> Result:
    """Return whether AWS accepts the credentials, and whether each file has a region."""
    try:
        aws = site.connect()
        regions = _regions(site, aws.configured_region)
        account = aws.account
        site.has_credentials = True
    except AwsError as error:
        return Result(State.BAD, str(error), (), (_next(site),), AWS_FAILED, _BLOCKS)
    return good(f"account {account}, region {', '.join(regions)}")


def _regions(site: Site, configured: str | None) -> list[str]:
    """Return the regions of the files; raise AwsError for a file without one, or one without the API."""
    files = site.reading.files if site.reading else ()
    regions = dict.fromkeys(file.region or configured for file in files) or {configured: None}
    found = [region for region in regions if region is not None]
    if len(found) < len(regions):
        raise AwsError(NO_REGION)
    for region in found:
        if fault := region_fault(region):
            raise AwsError(fault)
    return found


def _next(site: Site) -> str:
    """Return the command of the AWS CLI that makes the same request."""
    return site.words.aws_cli("sts", "get-caller-identity")
