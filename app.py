"""A small CDK app: deploys what the files in edge/ declare, one stack a file, and the streams themselves."""

from pathlib import Path

from aws_cdk import App, CfnOutput, Stack

from cdk_kvs_edge import EdgeFleet

app = App()
fleet = EdgeFleet.from_directory(app, "KvsEdge", Path(__file__).with_name("edge"))

for stack in fleet.stacks.values():
    synced = [f"{name}={edge.sync_status}" for name, edge in fleet.configurations.items() if Stack.of(edge) is stack]
    CfnOutput(
        stack,
        "SyncStatus",
        description="What each hub said when the deployment ended",
        value=" ".join(synced),
    )

app.synth()
