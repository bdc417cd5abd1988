"""Edge configurations compared."""

import copy

import pytest

from kvs_edge.configuration import (
    DOCUMENTED_DEFAULTS,
    Stream,
    holds,
    hub_name,
    hub_of,
    matches,
)
from kvs_edge_gitops.comparison.differences import Difference, differences

SCHEDULE = {"ScheduleExpression": "0 0 9-16 * * ? *", "DurationInSeconds": 3599}


def _with(config, **changes):
    return {**copy.deepcopy(config), **changes}


def test_a_configuration_matches_itself(cfn):
    """Equal is equal, however deep."""
    config = cfn.edge_config()
    assert holds(config, copy.deepcopy(config))
    assert matches(config, copy.deepcopy(config))


def test_defaults_that_the_service_filled_in_are_no_difference(cfn):
    """A stream that declares no deletion has retention 720 and deletion after upload."""
    desired = cfn.edge_config(hours=None)
    filled = _with(desired, DeletionConfig={"EdgeRetentionInHours": 720, "DeleteAfterUpload": True})
    assert holds(filled, desired)
    assert matches(filled, desired)


@pytest.mark.parametrize(
    "extra",
    [
        {"UploaderConfig": {"ScheduleConfig": SCHEDULE}},
        {"DeletionConfig": {"EdgeRetentionInHours": 12}},
        {"DeletionConfig": {"DeleteAfterUpload": False}},
        {"DeletionConfig": {"LocalSizeConfig": {"MaxLocalMediaSizeInMB": 64}}},
    ],
    ids=str,
)
def test_a_field_that_is_no_longer_declared_is_a_difference_to_make(cfn, extra):
    """It is still held, but replacing it would change something."""
    desired = cfn.edge_config(hours=None)
    observed = _with(desired, **extra)
    assert holds(observed, desired)
    assert not matches(observed, desired)


@pytest.mark.parametrize(
    "desired",
    [
        {"DeletionConfig": {"EdgeRetentionInHours": 12}},
        {"DeletionConfig": {"EdgeRetentionInHours": 24, "DeleteAfterUpload": True}},
        {"UploaderConfig": {"ScheduleConfig": SCHEDULE}},
    ],
    ids=str,
)
def test_a_declared_field_with_another_value_or_none_is_a_difference(cfn, desired):
    """A declared field must be present, even if it is a default, because the service may not add it."""
    observed = cfn.edge_config(hours=24)
    assert not holds(observed, _with(observed, **desired))
    assert not matches(observed, _with(observed, **desired))


def test_differences_are_told_field_by_field(cfn):
    """Changed fields come first, with both values, then fields that are no longer declared."""
    observed = _with(cfn.edge_config(hours=24), UploaderConfig={"ScheduleConfig": SCHEDULE}, Note="kept by no default")
    desired = _with(cfn.edge_config(), DeletionConfig={"EdgeRetentionInHours": 48, "DeleteAfterUpload": False})
    assert differences(observed, desired) == (
        Difference("DeletionConfig.EdgeRetentionInHours", 24, 48),
        Difference("DeletionConfig.DeleteAfterUpload", None, False),
        Difference("UploaderConfig.ScheduleConfig.ScheduleExpression", SCHEDULE["ScheduleExpression"], None),
        Difference("UploaderConfig.ScheduleConfig.DurationInSeconds", 3599, None),
        Difference("Note", "kept by no default", None),
    )


def test_an_empty_structure_declares_nothing(cfn):
    """An empty DeletionConfig asks for nothing that the service would have to show."""
    desired = _with(cfn.edge_config(hours=None), DeletionConfig={})
    assert matches(cfn.edge_config(hours=None), desired)


def test_the_documented_defaults_are_of_fields_that_exist(cfn):
    """A path that nothing has would excuse nothing."""
    assert set(DOCUMENTED_DEFAULTS) == {"DeletionConfig.EdgeRetentionInHours", "DeletionConfig.DeleteAfterUpload"}


def test_hubs_are_known_by_their_arn_and_named_by_their_thing(cfn):
    """People know the thing's name."""
    assert hub_name(hub_of(cfn.edge_config("hub-b"))) == "hub-b"


@pytest.mark.parametrize(
    ("properties", "name", "parameter"),
    [
        ({"StreamName": "front-door"}, "front-door", {"StreamName": "front-door"}),
        (
            {"StreamARN": "arn:aws:kinesisvideo:eu-west-1:123456789012:stream/front-door/1700000000000"},
            "front-door",
            {"StreamARN": "arn:aws:kinesisvideo:eu-west-1:123456789012:stream/front-door/1700000000000"},
        ),
    ],
    ids=["name", "ARN"],
)
def test_a_stream_is_named_by_its_name_or_its_arn(properties, name, parameter):
    """The name is the same either way; the service is given what the user gave."""
    stream = Stream.named_in(properties)
    assert (stream.name, stream.parameter) == (name, parameter)
