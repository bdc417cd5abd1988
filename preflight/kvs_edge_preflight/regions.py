"""AWS regions, and whether Kinesis Video Streams has edge configurations there.

AWS has no list of regions with the edge API. Its pages name the regions of Kinesis Video Streams that lack it
(`REGIONS_WITHOUT_EDGE`). The service's own regions are botocore's. For a region that this release does not know, the
data of the installed botocore decides, so that a newer boto3 adds a new region.
"""

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from kvs_edge.configuration import REGIONS_WITHOUT_EDGE
from kvs_edge_preflight.suggestions import similar

EDGE_REGIONS = frozenset(
    {
        "ap-east-1",
        "ap-northeast-1",
        "ap-northeast-2",
        "ap-south-1",
        "ap-southeast-1",
        "ap-southeast-2",
        "ap-southeast-5",
        "ca-central-1",
        "eu-central-1",
        "eu-south-2",
        "eu-west-1",
        "eu-west-2",
        "eu-west-3",
        "il-central-1",
        "me-south-1",
        "sa-east-1",
        "us-east-1",
        "us-east-2",
        "us-gov-east-1",
        "us-gov-west-1",
        "us-iso-east-1",
        "us-west-2",
    }
)
"""Regions with edge configurations. A test compares them with botocore's regions of Kinesis Video Streams."""


def region_fault(region: str) -> str | None:
    """Return why a region has no edge configurations, and the fix; None if it has them."""
    if region in EDGE_REGIONS:
        return None
    if region in REGIONS_WITHOUT_EDGE:
        return _without("Kinesis Video Streams has no edge configurations", region)
    regions, of_service = _regions()
    if region in of_service:
        return None
    if region in regions:
        return _without("Kinesis Video Streams is not available", region)
    meant = similar(region, sorted(EDGE_REGIONS))
    fix = _choices() if meant is None else f"did you mean {meant}?"
    shown = region if region.replace("-", "").isalnum() else repr(region)
    return f"{shown:.64} is not a region of AWS; {fix} (a new region needs a newer boto3)"


def _without(problem: str, region: str) -> str:
    return f"{problem} in {region}; {_choices()}"


def _choices() -> str:
    usual = sorted(region for region in EDGE_REGIONS if not region.startswith(("us-gov-", "us-iso-")))
    return f"use one of {', '.join(usual)}"


@cache
def _regions() -> tuple[frozenset[str], frozenset[str]]:
    """Return all regions, and those of Kinesis Video Streams, from the data of the installed botocore.

    The data are read as a file, because an import of botocore takes longer than all other checks.
    """
    from importlib.resources import files  # for unknown regions only

    partitions = json.loads((files("botocore") / "data" / "endpoints.json").read_text("utf-8"))["partitions"]
    regions = frozenset(name for partition in partitions for name in partition["regions"])
    services: list[Mapping[str, Any]] = [partition["services"].get("kinesisvideo", {}) for partition in partitions]
    return regions, regions.intersection(name for service in services for name in service.get("endpoints", ()))
