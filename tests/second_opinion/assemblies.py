"""Cloud assemblies of one stack in several shapes.

Its stream exists already, since the second emulator has no Kinesis Video Streams.
"""

from pathlib import Path

from aws_cdk import App, CfnOutput, Duration, RemovalPolicy, Stack
from aws_cdk import aws_lambda as lambda_

from cdk_kvs_edge import ScheduleConfig, StreamEdgeConfiguration

STACK = "SecondOpinion"
STREAM = "front-door"
HUB = "arn:aws:iot:us-east-1:123456789012:thing/hub-1"
SECRET = "arn:aws:secretsmanager:us-east-1:123456789012:secret:front-door-camera"


def synthesize(folder: Path, *, video: str, hours: int) -> None:
    """Write the assembly with a retention; `video` is the endpoint of the service for the tick function."""
    app = App(outdir=str(folder))
    stack = Stack(app, STACK)
    edge = StreamEdgeConfiguration(
        stack,
        "Edge",
        stream=STREAM,
        hub_device_arn=HUB,
        media_uri_secret=SECRET,
        uploader_schedule=ScheduleConfig(expression="0 0 22 * * ? *", duration=Duration.hours(1)),
        edge_retention=Duration.hours(hours),
        removal_policy=RemovalPolicy.DESTROY,
    )
    for construct in stack.node.find_all():
        if isinstance(construct, lambda_.CfnFunction):
            construct.add_property_override("Environment.Variables.AWS_ENDPOINT_URL_KINESIS_VIDEO", video)
    CfnOutput(stack, "SyncStatus", value=edge.sync_status)
    app.synth()
