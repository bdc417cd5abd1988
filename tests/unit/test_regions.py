"""Regions with edge configurations, and what is said of all others."""

import json
from pathlib import Path

import pytest

from kvs_edge.configuration import REGIONS_WITHOUT_EDGE
from kvs_edge_preflight import regions
from kvs_edge_preflight.files import Environment, environment_violations, parse_file
from kvs_edge_preflight.regions import EDGE_REGIONS, region_fault
from kvs_edge_preflight.suggestions import similar
from support.declarations import edge_config, hub_arn, media_secret, stream_arn

_TOKENS = "arn:${Token[AWS.Partition.3]}:kinesisvideo:${Token[AWS.Region.4]}:123456789012:stream/a/1"
_NOT_IN_HERE = "use an ARN of that region, or a separate stack"


@pytest.mark.parametrize("region", sorted(EDGE_REGIONS))
def test_a_region_with_edge_configurations_passes(region):
    """Also those of other partitions."""
    assert region_fault(region) is None


@pytest.mark.parametrize(
    ("region", "start"),
    [
        ("eu-wset-1", "eu-wset-1 is not a region of AWS; did you mean eu-west-1? (a new region needs a newer boto3)"),
        ("eu-west1", "eu-west1 is not a region of AWS; did you mean eu-west-1? "),
        ("EU-WEST-1", "EU-WEST-1 is not a region of AWS; did you mean eu-west-1? "),
        ("us-east-2b", "us-east-2b is not a region of AWS; did you mean us-east-2? "),
        ("eu west 1", "'eu west 1' is not a region of AWS; did you mean eu-west-1? "),
        ("Frankfurt", "Frankfurt is not a region of AWS; use one of ap-east-1, "),
        ("", "'' is not a region of AWS; use one of ap-east-1, "),
        ("x" * 200, f"{'x' * 64} is not a region of AWS; use one of "),
        ("us-west-1", "Kinesis Video Streams is not available in us-west-1; use one of "),
        ("cn-north-1", "Kinesis Video Streams has no edge configurations in cn-north-1; use one of "),
        ("af-south-1", "Kinesis Video Streams has no edge configurations in af-south-1; use one of "),
        ("cn-northwest-1", "Kinesis Video Streams is not available in cn-northwest-1; use one of "),
    ],
)
def test_any_other_region_is_refused_with_what_was_meant(region, start):
    """A misspelt name, a region without the service, a region without its edge API."""
    fault = region_fault(region)
    assert fault is not None
    assert fault.startswith(start)


def test_a_new_region_of_botocore_passes(monkeypatch):
    """An upgrade of boto3 is enough."""
    monkeypatch.setattr(regions, "_regions", lambda: (frozenset({"eu-west-9"}), frozenset({"eu-west-9"})))
    assert region_fault("eu-west-9") is None


def test_regions_without_edge_are_never_offered():
    """Botocore lists them as regions of the service."""
    assert not REGIONS_WITHOUT_EDGE & EDGE_REGIONS


def test_a_misspelt_region_of_a_file_is_its_only_fault():
    """Its ARNs are not compared with it."""
    stream = {"StreamName": "gate", "EdgeConfig": edge_config()}
    for region in ("eu-wset-1", "EU West 1"):
        (fault,) = parse_file(Path("a.json"), json.dumps({"region": region, "streams": [stream]})).faults
        assert (fault.path, "did you mean eu-west-1?" in fault.message) == ("region", True)


@pytest.mark.parametrize(
    ("values", "rules"),
    [
        (
            {"StreamARN": stream_arn(region="us-east-1")},
            [f"the stream is in region us-east-1, but {{here}}; {_NOT_IN_HERE}"],
        ),
        (
            {"StreamARN": stream_arn(account="444455556666")},
            [
                ("the stream is in account 444455556666, but this stack is for account 123456789012; use an ARN of that"
                " account, or a separate stack")
            ],
        ),
        (
            {"EdgeConfig": edge_config(hub_arn(region="us-east-1"), media_secret(region="us-east-1"))},
            [
                f"the hub is in region us-east-1, but {{here}}; {_NOT_IN_HERE}",
                f"the secret is in region us-east-1, but {{here}}; {_NOT_IN_HERE}",
            ],
        ),
        ({"EdgeConfig": edge_config(secret=media_secret(account="444455556666"))}, []),
        ({"StreamARN": _TOKENS}, []),
        (
            {"StreamARN": "arn:${Token[AWS.Partition.3]}:kinesisvideo:us-east-1:${Token[A.5]}:stream/a/1"},
            [f"the stream is in region us-east-1, but {{here}}; {_NOT_IN_HERE}"],
        ),
        ({"StreamARN": "${Token[TOKEN.12]}"}, []),
        ({"StreamARN": "arn:aws:kinesisvideo"}, []),
        ({"StreamARN": 5, "EdgeConfig": []}, []),
        (
            {"StreamARN": stream_arn().replace("arn:aws:", "arn:aws-cn:")},
            ["the stream is in region eu-west-1, which is in the partition aws, not aws-cn; write arn:aws:..."],
        ),
    ],
)  # fmt: skip
def test_an_arn_is_of_the_stacks_environment(values, rules):
    """A secret may be in another account; parts that are known only at deployment pass."""
    found = environment_violations(values, Environment("eu-west-1", "123456789012"), owner="stack")
    here = "this stack is for region eu-west-1"
    assert [violation.rule for violation in found] == [rule.format(here=here) for rule in rules]


def test_the_region_of_an_arn_is_checked_without_an_environment():
    """A misspelt region is never right."""
    (violation,) = environment_violations({"hub": hub_arn(region="eu-wset-1")}, Environment())
    assert violation.rule.startswith("the hub's ARN: eu-wset-1 is not a region of AWS; did you mean eu-west-1?")


@pytest.mark.parametrize(
    ("name", "known", "meant"),
    [
        ("edge_config", ["EdgeConfig", "hub"], "EdgeConfig"),
        ("Hubs", ["hubs", "hub"], "hubs"),
        ("colour", ["EdgeConfig", "hub"], None),
        ("x" * 101, ["x" * 100], None),
        ("", ["hub"], None),
    ],
)
def test_a_suggestion_is_a_name_of_almost_the_same_letters(name, known, meant):
    """Case and hyphens do not count."""
    assert similar(name, known) == meant
