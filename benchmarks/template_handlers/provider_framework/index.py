"""For the CDK's Provider framework: starts, and says whether it is over."""

from contextlib import suppress

import boto3

client = boto3.client("kinesisvideo")
GONE = (client.exceptions.ResourceNotFoundException, client.exceptions.StreamEdgeConfigurationNotFoundException)


def on_event(event, context):
    properties = event["ResourceProperties"]
    stream = properties["StreamName"]
    if event["RequestType"] == "Delete":
        with suppress(*GONE):
            client.delete_edge_configuration(StreamName=stream)
    else:
        client.start_edge_configuration_update(StreamName=stream, EdgeConfig=_typed(properties["EdgeConfig"]))
    return {"PhysicalResourceId": stream}


def is_complete(event, context):
    stream = event["ResourceProperties"]["StreamName"]
    try:
        seen = client.describe_edge_configuration(StreamName=stream)
    except client.exceptions.StreamEdgeConfigurationNotFoundException:
        return {"IsComplete": event["RequestType"] == "Delete"}
    if seen["SyncStatus"] in ("SYNC_FAILED", "DELETE_FAILED"):
        raise RuntimeError(seen.get("FailedStatusDetails", seen["SyncStatus"]))
    done = event["RequestType"] != "Delete" and seen["SyncStatus"] == "IN_SYNC"
    return {"IsComplete": done, "Data": {"SyncStatus": seen["SyncStatus"]}} if done else {"IsComplete": False}


def _typed(value):
    """CloudFormation makes strings of numbers and booleans."""
    if isinstance(value, dict):
        return {name: _typed(member) for name, member in value.items()}
    return {"true": True, "false": False}.get(value, int(value) if value.isdigit() else value)
