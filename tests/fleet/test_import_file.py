"""The file of an import, as text and read back."""

import json
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kvs_edge_gitops.commands.import_.document import ImportedStream, document, in_order
from kvs_edge_gitops.commands.import_.renderings.json import render as as_json
from kvs_edge_gitops.commands.import_.renderings.yaml import render as as_yaml
from kvs_edge_gitops.commands.import_.shared_defaults import shared_values, without
from kvs_edge_preflight.files import parse_file

REGION, ACCOUNT = "eu-west-1", "123456789012"
SECRET = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:"
HUB = f"arn:aws:iot:{REGION}:{ACCOUNT}:thing/"

names = st.text("abcXYZ019_.-", min_size=1, max_size=140)
schedules = st.fixed_dictionaries(
    {
        # Whatever the API's pattern lets through, not only what Quartz understands.
        "ScheduleExpression": st.one_of(
            st.sampled_from(["0 0 9-16 ? * MON-FRI *", "* * * ? * * *", "0 0 9 * * ? # no", "0 0 9 * * ?: "]),
            st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\n"), min_size=11, max_size=100),
        ),
        "DurationInSeconds": st.sampled_from([60, 3599, 3600]),
    }
)
local_sizes = st.fixed_dictionaries(
    {},
    optional={
        "MaxLocalMediaSizeInMB": st.sampled_from([64, 2_000_000]),
        "StrategyOnFullSize": st.sampled_from(["DELETE_OLDEST_MEDIA", "DENY_NEW_MEDIA"]),
    },
)
sources = st.fixed_dictionaries(
    {"MediaUriSecretArn": names.map(SECRET.__add__), "MediaUriType": st.sampled_from(["RTSP_URI", "FILE_URI"])}
)
edge_configs = st.fixed_dictionaries(
    {
        "HubDeviceArn": st.sampled_from(["hub", "1", "true", "null", "x" * 200]).map(HUB.__add__),
        "RecorderConfig": st.fixed_dictionaries({"MediaSourceConfig": sources}, optional={"ScheduleConfig": schedules}),
    },
    optional={
        "UploaderConfig": st.fixed_dictionaries({"ScheduleConfig": schedules}),
        "DeletionConfig": st.fixed_dictionaries(
            {},
            optional={
                "EdgeRetentionInHours": st.sampled_from([1, 720]),
                "LocalSizeConfig": local_sizes,
                "DeleteAfterUpload": st.booleans(),
            },
        ),
    },
)
fleets = st.dictionaries(
    names, st.tuples(edge_configs, st.none() | st.sampled_from([0, 1, 24])), min_size=1, max_size=6
)


@pytest.mark.parametrize("line_break", ["\x85", "\u2028", "\u2029"])
def test_a_line_break_of_yaml_in_an_expression_is_kept(line_break):
    """PyYAML folds these into a space unless the scalar is quoted and escaped."""
    content = {"hub": {"time_zone": "UTC"}, "streams": [{"StreamName": f"0 0{line_break}"}]}
    assert yaml.safe_load(as_yaml(content, [])) == content


@pytest.mark.parametrize("suffix", [".yaml", ".json"])
@settings(derandomize=True, database=None, deadline=None, max_examples=150, suppress_health_check=list(HealthCheck))
@given(fleet=fleets)
def test_what_is_written_reads_back_as_it_was(suffix, fleet):
    """For any valid configurations: the very same ones with defaults merged, and no fault of the file."""
    streams = [
        ImportedStream(name, config, hours, {"NoDataRetention": "Known."}) for name, (config, hours) in fleet.items()
    ]
    content = document(REGION, ACCOUNT, "Europe/Berlin", streams)
    text = as_json(content) if suffix == ".json" else as_yaml(content, ["a comment"])
    declared = parse_file(Path(f"site{suffix}"), text)
    assert declared.faults == []
    assert {one.stream_name: one.edge_config for one in declared.streams} == {
        name: config for name, (config, _) in fleet.items()
    }
    assert {one.stream_name: one.fact("DataRetentionInHours") for one in declared.streams} == {
        name: hours for name, (_, hours) in fleet.items()
    }
    assert all(one.fact("create_stream") is False for one in declared.streams)
    assert [one.stream_name for one in declared.streams] == sorted(fleet)
    assert (declared.region, declared.account) == (REGION, ACCOUNT)


def imported(name, **more):
    source = {"MediaUriType": "RTSP_URI", "MediaUriSecretArn": f"{SECRET}camera-aBcDeF"}
    return ImportedStream(
        name, {"RecorderConfig": {"MediaSourceConfig": source}, "HubDeviceArn": f"{HUB}hub", **more}, 24
    )


def schedule(expression):
    return {"ScheduleConfig": {"DurationInSeconds": 3599, "ScheduleExpression": expression}}


def test_a_site_in_yaml_to_the_letter():
    """The file is easy to review: the API's order, one line per field, unfolded schedules, few quotes."""
    long = "0 0 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23 ? JAN-DEC MON,TUE,WED,THU,FRI *"
    streams = [
        imported("gate", UploaderConfig=schedule("* 0/5 9 ? * * *"), DeletionConfig={"DeleteAfterUpload": True}),
        imported(
            "dock",
            DeletionConfig={"DeleteAfterUpload": True, "EdgeRetentionInHours": 15},
            UploaderConfig=schedule(long),
        ),
    ]
    assert (
        as_yaml(document(REGION, ACCOUNT, None, streams), ["Imported."])
        == f"""\
# Imported.
region: eu-west-1
account: "123456789012"
defaults:
  hub: hub
  create_stream: false
  DataRetentionInHours: 24
  EdgeConfig:
    RecorderConfig:
      MediaSourceConfig:
        MediaUriType: RTSP_URI
    DeletionConfig:
      DeleteAfterUpload: true
streams:
  - StreamName: dock
    EdgeConfig:
      RecorderConfig:
        MediaSourceConfig:
          MediaUriSecretArn: arn:aws:secretsmanager:eu-west-1:123456789012:secret:camera-aBcDeF
      UploaderConfig:
        ScheduleConfig:
          ScheduleExpression: {long}
          DurationInSeconds: 3599
      DeletionConfig:
        EdgeRetentionInHours: 15

  - StreamName: gate
    EdgeConfig:
      RecorderConfig:
        MediaSourceConfig:
          MediaUriSecretArn: arn:aws:secretsmanager:eu-west-1:123456789012:secret:camera-aBcDeF
      UploaderConfig:
        ScheduleConfig:
          ScheduleExpression: '* 0/5 9 ? * * *'
          DurationInSeconds: 3599
"""
    )


def test_one_stream_alone_keeps_what_is_its_own():
    """With one stream, only hub and create_stream are in defaults."""
    content = document(REGION, ACCOUNT, None, [imported("gate")])
    assert content["defaults"] == {"hub": "hub", "create_stream": False}
    assert content["streams"][0]["DataRetentionInHours"] == 24


def test_json_holds_the_same():
    """A file that ends in .json has the same content."""
    content = document(REGION, ACCOUNT, None, [imported("gate"), imported("dock")])
    assert json.loads(as_json(content)) == yaml.safe_load(as_yaml(content, ["Imported."])) == content


def test_a_field_that_the_schema_does_not_know_is_kept():
    """A field that the API adds later comes last, and is not lost."""
    config = {"New": {"B": 1, "A": 2}, "HubDeviceArn": f"{HUB}hub"}
    assert list(in_order(config)) == ["HubDeviceArn", "New"]
    assert in_order(config) == config


def test_a_schedule_is_lifted_whole_or_not_at_all():
    """Half of a schedule says nothing."""
    alike, other = schedule("0 0 9 ? * * *"), schedule("0 0 10 ? * * *")
    assert shared_values([alike, alike]) == alike
    assert shared_values([alike, other]) == {}


def test_a_secret_is_never_lifted():
    """A camera that is added later must not inherit another camera's secret."""
    source = {"MediaUriSecretArn": SECRET + "x", "MediaUriType": "RTSP_URI"}
    assert shared_values([source, source]) == {"MediaUriType": "RTSP_URI"}
    assert without(source, {"MediaUriType": "RTSP_URI"}) == {"MediaUriSecretArn": SECRET + "x"}


def test_true_is_not_one():
    """Values that Python takes for equal, and YAML does not, are not common."""
    assert shared_values([{"Value": True}, {"Value": 1}]) == {}
