"""CDK app that deploys the files in edge/: one stack per file."""

from pathlib import Path

from aws_cdk import App

from cdk_kvs_edge import EdgeFleet

app = App()
EdgeFleet.from_directory(app, "KvsEdge", Path(__file__).with_name("edge"))
app.synth()
