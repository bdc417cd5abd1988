"""Cloud assemblies of one stack in several shapes, made by one process: `assemblies.py FOLDER JSON`.

Its stream exists already, since the second emulator has no Kinesis Video Streams; `video` in the JSON is the endpoint
of the service for the tick function.
"""

import json
import sys

from aws_cdk import App, CfnOutput, Duration, RemovalPolicy, Stack
from aws_cdk import aws_lambda as lambda_

from cdk_kvs_edge import ScheduleConfig, StreamEdgeConfiguration

STACK = "SecondOpinion"
STREAM = "front-door"
HUB = "arn:aws:iot:us-east-1:123456789012:thing/hub-1"
SECRET = "arn:aws:secretsmanager:us-east-1:123456789012:secret:front-door-camera"


def make(folder: str, *, video: str, hours: int, removal: str) -> None:
    """Write the assembly of one shape."""
    app = App(outdir=folder)
    stack = Stack(app, STACK)
    edge = StreamEdgeConfiguration(
        stack,
        "Edge",
        stream=STREAM,
        hub_device_arn=HUB,
        media_uri_secret=SECRET,
        uploader_schedule=ScheduleConfig(expression="0 0 22 * * ? *", duration=Duration.hours(1)),
        edge_retention=Duration.hours(hours),
        removal_policy=RemovalPolicy[removal],
    )
    for construct in stack.node.find_all():
        if isinstance(construct, lambda_.CfnFunction):
            construct.add_property_override("Environment.Variables.AWS_ENDPOINT_URL_KINESIS_VIDEO", video)
    CfnOutput(stack, "SyncStatus", value=edge.sync_status)
    app.synth()


if __name__ == "__main__":
    for name, shape in json.loads(sys.argv[2]).items():
        make(f"{sys.argv[1]}/{name}", **shape)
