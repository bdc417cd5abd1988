"""Unchanged pass of AWS's own JSON through the construct."""

import string
from itertools import count

from aws_cdk import App, Stack
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cdk_kvs_edge import StreamEdgeConfiguration

names = st.text(string.ascii_letters + string.digits + "_.-", min_size=1, max_size=40)
# Each of them fires every day, so that footage that is kept for two days is never lost, which would be refused.
expressions = st.builds(
    "0 {} {} {} *".format,
    st.integers(0, 59),
    st.sampled_from(["*", "5", "9-16", "19,20,21", "0/6"]),
    st.sampled_from(["? * *", "* * ?", "? JAN-DEC MON-SUN"]),
)
schedules = st.fixed_dictionaries(
    {
        "ScheduleExpression": expressions,
        "DurationInSeconds": st.integers(60, 3600),
    }
)
media_sources = st.fixed_dictionaries(
    {
        "MediaUriSecretArn": names.map(lambda name: f"arn:aws:secretsmanager:us-west-2:1:secret:{name}"),
        "MediaUriType": st.sampled_from(["RTSP_URI", "FILE_URI"]),
    }
)
local_sizes = st.fixed_dictionaries(
    {},
    optional={
        "MaxLocalMediaSizeInMB": st.integers(64, 2_000_000),
        "StrategyOnFullSize": st.sampled_from(["DELETE_OLDEST_MEDIA", "DENY_NEW_MEDIA"]),
    },
)
edge_configs = st.fixed_dictionaries(
    {
        "HubDeviceArn": names.map(lambda name: f"arn:aws:iot:us-west-2:123456789012:thing/{name}"),
        "RecorderConfig": st.fixed_dictionaries(
            {"MediaSourceConfig": media_sources}, optional={"ScheduleConfig": schedules}
        ),
    },
    optional={
        "UploaderConfig": st.fixed_dictionaries({"ScheduleConfig": schedules}),
        "DeletionConfig": st.fixed_dictionaries(
            {},
            optional={
                "EdgeRetentionInHours": st.integers(48, 720),
                "LocalSizeConfig": local_sizes,
                "DeleteAfterUpload": st.booleans(),
            },
        ),
    },
)

_BATCH = 20


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(edge_configs, min_size=_BATCH, max_size=_BATCH))
def test_a_valid_edge_config_comes_out_as_it_went_in(batch):
    """No field is lost, renamed, or changed in type; many at a time, since a synthesis takes seconds."""
    stack = Stack(App(), "Test")
    for number, edge_config in zip(count(), batch, strict=False):
        # Sixteen streams a hub are another test's.
        edge_config["HubDeviceArn"] += f".{number}"
        StreamEdgeConfiguration.from_edge_config(
            stack, f"Edge{number}", stream=f"camera-{number}", edge_config=edge_config
        )

    template = stack.node.root.synth().get_stack_by_name("Test").template

    made = [
        one["Properties"]["EdgeConfig"]
        for one in template["Resources"].values()
        if one["Type"] == "Custom::KinesisVideoEdgeConfiguration"
    ]
    assert made == batch
    assert repr(made) == repr([_ordered_like(edge_config, one) for edge_config, one in zip(batch, made, strict=True)])


def _ordered_like(value, example):
    """Return the value with its fields in the example's order; repr() then distinguishes 1 from True."""
    if not isinstance(value, dict):
        return value
    return {name: _ordered_like(value[name], example[name]) for name in example}
