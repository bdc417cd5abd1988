"""crhelper's own README, with one call to the service."""

import boto3
from crhelper import CfnResource

helper = CfnResource()
client = boto3.client("kinesisvideo")


@helper.create
def create(event, context):
    stream = event["ResourceProperties"]["StreamName"]
    helper.Data["SyncStatus"] = client.describe_edge_configuration(StreamName=stream)["SyncStatus"]
    return stream


def tick(state, context):
    helper(state["Event"], context)
