"""Return values of resources that their own template determines [Template reference, AWS CloudFormation].

Ref and Fn::GetAtt of other resources are known only once CloudFormation has created them.
"""

from collections.abc import Mapping

STREAM_TYPE = "AWS::KinesisVideo::Stream"
EDGE_TYPE = "Custom::KinesisVideoEdgeConfiguration"
THING_TYPE = "AWS::IoT::Thing"
NESTED_STACK_TYPE = "AWS::CloudFormation::Stack"
ACKNOWLEDGE_METADATA = "kvs-edge:acknowledge"
"""The key in a resource's Metadata with acknowledged findings of the construct, each with code and reason."""

REFS: Mapping[str, str] = {
    STREAM_TYPE: "Name",
    THING_TYPE: "ThingName",
    "AWS::SSM::Parameter": "Name",
}
"""The property that Ref returns, by type, if the template sets it."""

ATTRIBUTES: Mapping[tuple[str, str], str] = {
    (THING_TYPE, "Arn"): "arn:${AWS::Partition}:iot:${AWS::Region}:${AWS::AccountId}:thing/${ThingName}",
    ("AWS::SSM::Parameter", "Value"): "${Value}",
    (EDGE_TYPE, "StreamName"): "${StreamName}",
}
"""The value of an attribute, by type and name, with the properties that it depends on.

The Arn of a stream is missing here: it ends in the time of the stream's creation.
"""
