"""CDK app with one stream, shaped by its context (-c name=value)."""

from aws_cdk import App, CfnOutput, Duration, RemovalPolicy, Stack
from aws_cdk import aws_kinesisvideo as kinesisvideo

from cdk_kvs_edge import ScheduleConfig, StreamEdgeConfiguration


def build(app: App) -> None:
    """Add the stack to the app."""
    context = app.node.try_get_context
    stack = Stack(app, context("stack"))
    stream = kinesisvideo.CfnStream(stack, "Stream", name=context("stream"), data_retention_in_hours=24)
    edge = StreamEdgeConfiguration(
        stack,
        "Edge",
        stream=stream,
        hub_device_arn="arn:aws:iot:us-west-2:123456789012:thing/" + context("hub"),
        media_uri_secret="arn:aws:secretsmanager:us-west-2:123456789012:secret:front-door-camera",
        uploader_schedule=ScheduleConfig(expression="0 0 22 * * ? *", duration=Duration.hours(1)),
        edge_retention=Duration.hours(int(context("hours") or 24)),
        removal_policy=RemovalPolicy[context("removal") or "RETAIN"],
    )
    CfnOutput(stack, "SyncStatus", value=edge.sync_status)


if __name__ == "__main__":
    small = App()
    build(small)
    small.synth()
