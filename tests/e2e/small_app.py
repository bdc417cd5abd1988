"""CDK app with one stream, shaped by its context (-c name=value)."""

from aws_cdk import App, CfnOutput, Duration, RemovalPolicy, Stack
from aws_cdk import aws_kinesisvideo as kinesisvideo

from cdk_kvs_edge import ScheduleConfig, StreamEdgeConfiguration


def build(app: App) -> None:
    """Add the stack of the context to the app."""
    shape = {name: app.node.try_get_context(name) for name in ("stack", "stream", "hub", "hours", "removal")}
    add_stack(app, **{name: value for name, value in shape.items() if value is not None})


def add_stack(app: App, *, stack: str, stream: str, hub: str, hours: str | int = 24, removal: str = "RETAIN") -> None:
    """Add a stack with a stream and its edge configuration to the app."""
    scope = Stack(app, stack)
    camera = kinesisvideo.CfnStream(scope, "Stream", name=stream, data_retention_in_hours=24)
    edge = StreamEdgeConfiguration(
        scope,
        "Edge",
        stream=camera,
        hub_device_arn="arn:aws:iot:us-west-2:123456789012:thing/" + hub,
        media_uri_secret="arn:aws:secretsmanager:us-west-2:123456789012:secret:front-door-camera",
        uploader_schedule=ScheduleConfig(expression="0 0 22 * * ? *", duration=Duration.hours(1)),
        edge_retention=Duration.hours(int(hours)),
        removal_policy=RemovalPolicy[removal],
    )
    CfnOutput(scope, "SyncStatus", value=edge.sync_status)


if __name__ == "__main__":
    small = App()
    build(small)
    small.synth()
