"""Substitution of references, as the construct and the command line share it."""

import pytest

from kvs_edge_preflight.files import stream_field, substitute_values


def test_references_are_replaced_at_any_depth_with_their_path():
    values = {
        "StreamName": {"Ref": "gate"},
        "EdgeConfig": {"Recorder": {"Secret": {"Fn::ImportValue": "camera"}, "Zone": "${AWS::Region}"}, "Hours": 24},
    }
    found = substitute_values(values, lambda path, reference: (path, str(reference)), str.lower)
    assert found == {
        "StreamName": (("StreamName",), "{Ref: gate}"),
        "EdgeConfig": {
            "Recorder": {
                "Secret": (("EdgeConfig", "Recorder", "Secret"), "{Fn::ImportValue: camera}"),
                "Zone": "${aws::region}",
            },
            "Hours": 24,
        },
    }


@pytest.mark.parametrize(
    ("stream", "field"),
    [("gate", "StreamName"), ("arn:aws:kinesisvideo:eu-west-1:123456789012:stream/gate/1", "StreamARN")],
)
def test_a_stream_is_given_by_name_or_arn(stream, field):
    assert stream_field(stream) == field
