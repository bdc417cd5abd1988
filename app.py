"""CDK app: deploys the files in edge/, one stack per file, and creates their streams."""

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
