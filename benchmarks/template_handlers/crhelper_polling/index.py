"""For crhelper with its own polling: starts, and is asked every other minute whether it is over."""

from contextlib import suppress

import boto3
from crhelper import CfnResource

helper = CfnResource(log_level="INFO", sleep_on_delete=0)
client = boto3.client("kinesisvideo")
GONE = (client.exceptions.ResourceNotFoundException, client.exceptions.StreamEdgeConfigurationNotFoundException)


@helper.create
@helper.update
def start(event, context):
    properties = event["ResourceProperties"]
    client.start_edge_configuration_update(
        StreamName=properties["StreamName"], EdgeConfig=_typed(properties["EdgeConfig"])
    )


@helper.poll_create
@helper.poll_update
def is_complete(event, context):
    stream = event["ResourceProperties"]["StreamName"]
    seen = client.describe_edge_configuration(StreamName=stream)
    if seen["SyncStatus"] == "SYNC_FAILED":
        raise RuntimeError(seen.get("FailedStatusDetails", seen["SyncStatus"]))
    helper.Data["SyncStatus"] = seen["SyncStatus"]
    return stream if seen["SyncStatus"] == "IN_SYNC" else None


@helper.delete
def delete(event, context):
    with suppress(*GONE):
        client.delete_edge_configuration(StreamName=event["ResourceProperties"]["StreamName"])


def _typed(value):
    """CloudFormation makes strings of numbers and booleans."""
    if isinstance(value, dict):
        return {name: _typed(member) for name, member in value.items()}
    return {"true": True, "false": False}.get(value, int(value) if value.isdigit() else value)


def handler(event, context):
    helper(event, context)
