"""A small CDK app: deploys what the files in edge/ declare, and the streams themselves."""

from pathlib import Path

from aws_cdk import App, CfnOutput, Duration, Stack

from cdk_kvs_edge import EdgeFleet

app = App()
stack = Stack(app, "KvsEdge", description="Kinesis Video streams, and what their hubs record, upload and keep")

fleet = EdgeFleet.from_directory(
    stack,
    "Fleet",
    Path(__file__).with_name("edge"),
    stream_retention=Duration.days(7),
)

CfnOutput(
    stack,
    "SyncStatus",
    description="What each hub said when the deployment ended",
    value=" ".join(f"{name}={edge.sync_status}" for name, edge in fleet.configurations.items()),
)

app.synth()
